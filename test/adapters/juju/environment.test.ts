/**
 * What the environment says, in each kind of hook.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { environmentOf, type Variables } from '../../../adapters/charm/mod.ts';

const HOOK: Variables = {
  JUJU_CONTEXT_ID: 'web/0-x-0',
  JUJU_UNIT_NAME: 'web/0',
  JUJU_CHARM_DIR: '/charm',
  JUJU_HOOK_NAME: 'update-status',
  JUJU_DISPATCH_PATH: 'hooks/update-status',
  JUJU_VERSION: '3.6.8',
};

const RELATION: Variables = {
  ...HOOK,
  JUJU_HOOK_NAME: 'certificates-relation-changed',
  JUJU_DISPATCH_PATH: 'hooks/certificates-relation-changed',
  JUJU_RELATION: 'certificates',
  JUJU_RELATION_ID: 'certificates:3',
  JUJU_REMOTE_APP: 'easyrsa',
  JUJU_REMOTE_UNIT: 'easyrsa/0',
};

const environment = (variables: Variables) => {
  const result = environmentOf(variables);
  return result._tag === 'Right' ? result.right : assert.fail(result.left.message);
};

describe('environmentOf()', () => {
  it('environmentOf() reads a relation hook', () =>
    assert.deepEqual(environment(RELATION).relation, {
      id: 'certificates:3',
      endpoint: 'certificates',
      event: 'changed',
      remoteApplication: 'easyrsa',
      remoteUnit: 'easyrsa/0',
      departingUnit: null,
    }));

  it('environmentOf() takes empty for unset, as in broken', () => {
    const variables = { ...RELATION, JUJU_HOOK_NAME: 'certificates-relation-broken', JUJU_REMOTE_UNIT: '' };
    const { relation } = environment(variables);
    assert.deepEqual([relation?.event, relation?.remoteUnit], ['broken', null]);
  });

  it('environmentOf() takes the last word of a hook for the event, whatever the endpoint is called', () => {
    const variables = { ...RELATION, JUJU_HOOK_NAME: 'a-relation-broken-relation-joined', JUJU_RELATION: '' };
    assert.equal(environment(variables).relation?.event, 'joined');
    assert.equal(environment(variables).relation?.endpoint, 'certificates');
  });

  it('environmentOf() tells hooks, actions and juju exec apart', () => {
    const action = environment({ ...HOOK, JUJU_HOOK_NAME: '', JUJU_DISPATCH_PATH: 'actions/renew' });
    const exec = environment({ ...RELATION, JUJU_HOOK_NAME: '', JUJU_DISPATCH_PATH: undefined, JUJU_REMOTE_APP: '' });
    assert.deepEqual([environment(HOOK).hook, environment(HOOK).action], ['update-status', null]);
    assert.deepEqual([action.hook, action.action], [null, 'renew']);
    assert.deepEqual([exec.hook, exec.action, exec.relation?.event], [null, null, null]);
  });

  it('environmentOf() knows an action by its name alone, and a charm’s folder by its old name', () => {
    const action = environment({
      ...HOOK,
      JUJU_DISPATCH_PATH: '',
      JUJU_ACTION_NAME: 'renew',
      JUJU_CHARM_DIR: '',
      CHARM_DIR: '/old',
    });
    assert.deepEqual([action.hook, action.action, action.charmFolder], [null, 'renew', '/old']);
  });

  it('environmentOf() is read once: what it gives cannot be changed', () => {
    const read = environment(RELATION);
    assert.ok(Object.isFrozen(read) && Object.isFrozen(read.relation));
  });

  it('environmentOf() says what is missing outside of Juju', () => {
    for (const name of ['JUJU_CONTEXT_ID', 'JUJU_UNIT_NAME', 'JUJU_CHARM_DIR']) {
      const result = environmentOf({ ...HOOK, [name]: '' });
      assert.match(
        result._tag === 'Left' ? result.left.message : '',
        new RegExp(`not in a Juju hook: ${name} is not set`),
      );
    }
  });
});
