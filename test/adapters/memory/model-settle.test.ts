/**
 * Settling tells what a charm's code threw, gives up a hook that fails the same way every time, and throws for tests that want it to.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  handler,
  type HookContext,
  type Model,
  model,
  type ModelHandler,
  settle,
} from '../../../adapters/memory/mod.ts';
import { answering, asking, hooksOf, modelOf, plain, settled, some, watching, writing } from './charms.ts';

const throwing = (what: () => unknown): ModelHandler =>
  handler(() => {
    throw what();
  });

const deployed = (web: ModelHandler, client: ModelHandler = watching, units = 1): Model => {
  const juju = modelOf(web, client);
  juju.deploy('web', units);
  juju.deploy('easyrsa');
  juju.integrate('web:certificates', 'easyrsa:client');
  return juju;
};

describe('settling a model whose charms fail', () => {
  for (
    const [how, web] of [
      ['throws', throwing(() => new Error('boom'))],
      ['rejects', () => Promise.reject(new Error('boom'))],
      [
        'throws in react',
        handler(() => ({ side: plain, intent: plain.nothing, react: () => Promise.reject(new Error('boom')) })),
      ],
    ] as ReadonlyArray<readonly [string, ModelHandler]>
  ) {
    it(`settle() gives up a charm that always ${how}, lets the others go on, and hands out what it threw`, async () => {
      const juju = deployed(web, watching, 2);
      const { atRest, failing, records } = await settled(juju);
      assert.equal(atRest, false);
      assert.deepEqual(failing.map(({ hook, attempts }) => [hook.unit, hook.name, attempts]), [
        ['web/0', 'install', 10],
        ['web/1', 'install', 10],
      ]);
      for (const { cause } of failing) assert.equal(some(cause instanceof Error ? cause.message : null), 'boom');
      assert.ok(records.length < 40, `${records.length} hooks`);
      assert.ok(hooksOf(juju, 'easyrsa/0').some((title) => title === 'start'), 'easyrsa has started');
    });
  }

  it('settle() tries as often as it is told', async () => {
    const applications = { web: { requires: { certificates: throwing(() => new Error('boom')) } } };
    const juju = model({ applications });
    juju.deploy('web');
    const { failing } = await settle(applications, { tries: 3 })(juju.state())();
    assert.deepEqual(failing.map(({ attempts }) => attempts), [3]);
  });

  it('settle() goes on with a hook that fails another way each time, and with one that a test has made to fail', async () => {
    let tries = 0;
    const juju = deployed((context) => {
      if (++tries < 25) throw new Error(`try ${tries}`);
      return watching(context);
    });
    assert.equal((await settled(juju)).atRest, true);
    await juju.failNextHook('web/0', 40);
    juju.wake('web/0', 'update-status');
    assert.equal((await settled(juju)).atRest, true);
  });

  it('settle() tries again once another unit has changed something for a hook that was given up', async () => {
    let published = 0;
    const applications = {
      web: {
        requires: {
          certificates: (context: HookContext) => {
            if (context.hook.kind === 'relation-joined' && published < 3) throw new Error('not yet');
            return watching(context);
          },
        },
      },
      easyrsa: {
        provides: {
          client: writing(({ hook }) => {
            if (hook.kind === 'update-status') published += 1;
            return { published: String(published) };
          }),
        },
      },
    };
    const juju = model({ applications });
    juju.deploy('web');
    juju.deploy('easyrsa', 3);
    juju.integrate('web:certificates', 'easyrsa:client');
    const before = await settled(juju);
    assert.deepEqual([before.atRest, before.failing.length], [false, 1]);
    for (const unit of [0, 1, 2]) juju.wake(`easyrsa/${unit}`, 'update-status');
    assert.equal((await settled(juju)).atRest, true);
  });

  it('settle() begins to count anew each time', async () => {
    const juju = deployed(throwing(() => new Error('boom')));
    await settled(juju);
    assert.deepEqual((await settled(juju)).failing.map(({ attempts }) => attempts), [20]);
  });

  it('settle() takes whatever is thrown', async () => {
    for (const what of [undefined, null, 'text', 7, Object.create(null), { toString: () => assert.fail('no') }]) {
      const { failing } = await settled(deployed(throwing(() => what)));
      assert.equal(failing[0]?.attempts, 10);
    }
  });

  it('settleOrThrow() gives what settle() gives where all is well', async () => {
    const juju = deployed(asking, answering);
    assert.equal((await juju.settleOrThrow()).atRest, true);
  });

  it('settleOrThrow() names the hook and what its charm threw, which is the cause', async () => {
    const boom = new Error('boom');
    await assert.rejects(deployed(throwing(() => boom)).settleOrThrow(), (error: Error) => {
      assert.match(
        error.message,
        /^web\/0 install failed 10 times: the charm failed on its endpoint certificates: Error: boom$/,
      );
      assert.equal(error.cause, boom);
      return true;
    });
  });

  it('settleOrThrow() shows no private key that a charm has thrown', async () => {
    const key = '-----BEGIN PRIVATE KEY-----SECRET';
    await assert.rejects(deployed(throwing(() => new Error(key))).settleOrThrow(), (error: Error) => {
      assert.doesNotMatch(error.message, /SECRET/);
      return true;
    });
  });

  it('settleOrThrow() says when the limit was reached, and when an event was refused', async () => {
    const juju = deployed(asking, answering);
    await assert.rejects(juju.settleOrThrow(2), /not at rest after 2 hooks/);
    await juju.settleOrThrow();
    juju.removeUnit('web/7');
    await assert.rejects(juju.settleOrThrow(), /web\/7/);
  });
});
