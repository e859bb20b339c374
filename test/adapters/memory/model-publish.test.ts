/**
 * What a hook decides is kept as a whole or not at all; a hook that failed comes again; what cannot be is refused with a sentence.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  applyEvent,
  handler,
  handlerOf,
  type Model,
  model,
  type ModelEvent,
  type ModelHandler,
  settle,
  type Settled,
} from '../../../adapters/memory/mod.ts';
import { requires, type Write } from '../../../mod.ts';
import {
  answering,
  asking,
  configured,
  hooksOf,
  modelOf,
  plain,
  refusedWith,
  settled,
  some,
  until,
  watching,
  writeOf,
  writing,
} from './charms.ts';

/** A handler that writes what it is given, in hooks of one name. */
const writingIn = (name: string, writes: ReadonlyArray<Write>): ModelHandler =>
  handlerOf(plain, ({ hook }) => ({ intent: { writes: hook.name === name ? writes : [] } }));

/** One unit each, related, at rest. */
const related = async (juju: Model, web = 1): Promise<Model> => {
  juju.deploy('web', web);
  juju.deploy('easyrsa');
  juju.integrate('web:certificates', 'easyrsa:client');
  await settled(juju);
  return juju;
};

const wakeAndSettle = (juju: Model): Promise<Settled> => {
  juju.wake('web/0', 'update-status');
  return settled(juju);
};

const failingIn = (kind: string, fail: () => never | Promise<never>): ModelHandler => async (context) => {
  if (context.hook.kind === kind) await fail();
  return writing(() => ({ key: 'value' }))(context);
};

describe('a hook of the model', () => {
  it('failNextHook() loses all that the hook decided, and the hook comes again', async () => {
    const juju = await related(modelOf(asking, answering));
    const before = some(juju.unit('web/0'));
    const since = juju.log().entries.length;
    juju.configure('web', { names: ['web-0', 'another'] });
    await juju.failNextHook('web/0');
    await until(juju, () => juju.unit('web/0')?.failed !== null);
    const failed = some(juju.unit('web/0'));
    assert.deepEqual(failed.memory, before.memory);
    assert.deepEqual(failed.databag('certificates:0'), before.databag('certificates:0'));
    assert.deepEqual(failed.outcome(requires, 'certificates'), before.outcome(requires, 'certificates'));
    assert.deepEqual([failed.failed?.attempts, failed.failed?.reason], [1, 'it was made to fail']);
    await settled(juju);
    assert.deepEqual(hooksOf(juju, 'web/0', since), [
      'config-changed failed',
      'config-changed',
      'certificates-relation-changed easyrsa/0',
    ]);
    assert.equal(juju.unit('web/0')?.outcome(requires, 'certificates')?.view.serverCerts.length, 2);
  });

  it('failNextHook() holds the unit up until the hook ends well, which then sees what is there by then', async () => {
    const juju = await related(modelOf(watching, configured));
    const since = juju.log().entries.length;
    juju.configure('easyrsa', { unit: ['key', 'old'] });
    juju.failNextHook('web/0', 3);
    await until(juju, () => juju.unit('web/0')?.failed !== null);
    juju.configure('easyrsa', { unit: ['key', 'new'] });
    juju.wake('web/0', 'update-status');
    await until(juju, () => juju.unit('easyrsa/0')?.databag('client:0')?.['key'] === 'new');
    await settled(juju);
    const changed = 'certificates-relation-changed easyrsa/0';
    const hooks = hooksOf(juju, 'web/0', since);
    assert.deepEqual(hooks.slice(0, 4), [`${changed} failed`, `${changed} failed`, `${changed} failed`, changed]);
    // The last attempt saw the new value: there is nothing left to tell of.
    assert.deepEqual(hooks.slice(4), ['update-status']);
  });

  it('a hook counts its attempts', async () => {
    const attempts: Array<number> = [];
    const counting: ModelHandler = (context) => {
      attempts.push(context.attempt);
      return watching(context);
    };
    const juju = modelOf(counting, watching);
    juju.deploy('web');
    juju.failNextHook('web/0', 2);
    await settled(juju);
    assert.deepEqual(attempts.slice(0, 4), [1, 2, 3, 1]);
    const tried = juju.log().entries.flatMap((entry) => 'ran' in entry ? [entry.ran.attempt] : []);
    assert.deepEqual(tried, attempts);
  });

  for (
    const [how, charm] of [
      [
        'throws',
        handler(() => {
          throw new Error('SECRET');
        }),
      ],
      ['rejects', () => Promise.reject(new Error('SECRET'))],
      [
        'rejects in react',
        handler(() => ({ side: plain, intent: plain.nothing, react: () => Promise.reject(new Error('SECRET')) })),
      ],
    ] as ReadonlyArray<readonly [string, ModelHandler]>
  ) {
    it(`a charm that ${how} fails the hook, and what it says is in no log and no state`, async () => {
      const juju = modelOf(charm, watching);
      juju.deploy('web');
      const { atRest, failing, state } = await settled(juju, 5);
      assert.deepEqual([atRest, failing.length, failing[0]?.attempts], [false, 1, 5]);
      assert.ok(failing[0]?.cause instanceof Error && failing[0].cause.message === 'SECRET');
      assert.equal(juju.unit('web/0')?.failed?.reason, 'the charm failed on its endpoint certificates');
      assert.doesNotMatch(JSON.stringify([juju.log(), state]), /SECRET/);
    });
  }

  it('a charm that fails on one endpoint loses what it decided on another', async () => {
    const fails = failingIn('update-status', () => {
      throw new Error('no');
    });
    const juju = model({
      applications: {
        web: { requires: { a: writing(({ hook }) => ({ hook: hook.name })), b: fails } },
        easyrsa: { provides: { client: watching } },
      },
    });
    juju.deploy('web');
    juju.deploy('easyrsa');
    juju.integrate('web:a', 'easyrsa:client');
    await settled(juju);
    const before = some(juju.unit('web/0'));
    juju.wake('web/0', 'update-status');
    await settled(juju, 10);
    assert.deepEqual(juju.unit('web/0')?.databag('a:0'), before.databag('a:0'));
    assert.deepEqual(juju.unit('web/0')?.memory, before.memory);
  });

  it('a hook fails that writes to the databag of the application without leading it, and none of its writes is there', async () => {
    const writes = [writeOf('certificates:0', { unit: '1' }), writeOf('certificates:0', { app: '1' }, 'application')];
    const juju = modelOf(writingIn('update-status', writes), watching);
    await related(juju, 2);
    juju.wake('web/0', 'update-status');
    juju.wake('web/1', 'update-status');
    const { failing } = await settled(juju, 20);
    assert.deepEqual(failing.map(({ hook, reason }) => [hook.unit, reason]), [
      ['web/1', "it wrote to the application's databag on certificates:0, which only the leader may"],
    ]);
    assert.equal(juju.unit('web/0')?.databag('certificates:0')?.['unit'], '1');
    assert.equal(juju.unit('web/1')?.databag('certificates:0')?.['unit'], undefined);
    juju.setLeader('web/1');
    assert.equal((await settled(juju)).atRest, true, 'it may once it leads');
  });

  it('a hook fails that writes to a relation that is not there, or is breaking', async () => {
    const cases = [
      ['start', 'certificates:9'],
      ['start', 'other:0'],
      ['certificates-relation-broken', 'certificates:0'],
    ] as const;
    for (const [name, id] of cases) {
      const juju = modelOf(writingIn(name, [writeOf(id, { key: 'value' })]), watching);
      juju.deploy('web');
      juju.deploy('easyrsa');
      juju.integrate('web:certificates', 'easyrsa:client');
      await settled(juju, 30);
      await juju.apply({ event: 'remove-relation', relation: 0 });
      const { failing } = await settled(juju, 30);
      assert.deepEqual(failing.map(({ reason }) => reason), ['it wrote to a relation that the unit is not in'], id);
    }
  });

  it('resolved() lets a failed hook count as done without what it would have written', async () => {
    const juju = modelOf(
      failingIn('relation-joined', () => {
        throw new Error('no');
      }),
      watching,
    );
    juju.deploy('web');
    juju.deploy('easyrsa');
    juju.integrate('web:certificates', 'easyrsa:client');
    assert.equal((await settled(juju, 50)).atRest, false);
    juju.resolved('web/0');
    assert.equal((await settled(juju)).atRest, true);
    assert.equal(hooksOf(juju, 'web/0').at(-1), 'certificates-relation-changed easyrsa/0');
  });

  it('resolved() lets a change count as told', async () => {
    const juju = await related(modelOf(watching, configured));
    const since = juju.log().entries.length;
    juju.failNextHook('web/0', 1_000);
    juju.configure('easyrsa', { unit: ['key', 'value'] });
    await until(juju, () => juju.unit('web/0')?.failed !== null);
    juju.failNextHook('web/0', 0);
    juju.resolved('web/0');
    await settled(juju);
    assert.deepEqual(
      new Set(hooksOf(juju, 'web/0', since)),
      new Set(['certificates-relation-changed easyrsa/0 failed']),
    );
  });

  it('a hook that writes what is there already writes nothing', async () => {
    const juju = await related(modelOf(writing(() => ({ key: 'value', gone: '' })), watching));
    const before = juju.state().relations;
    const { records, state } = await wakeAndSettle(juju);
    assert.deepEqual(records.map(({ hook, writes }) => [hook.name, writes]), [['update-status', []]]);
    assert.deepEqual(state.relations, before);
  });

  it('a hook that failed comes again although what it was about has gone, with the databag of then', async () => {
    const bags: Array<string | undefined> = [];
    const looking: ModelHandler = (context) => {
      if (context.hook.kind === 'relation-joined') {
        bags.push(context.state.snapshot.relations[0]?.remoteUnits['easyrsa/1' as never]?.['private-address']);
      }
      return watching(context);
    };
    const juju = await related(modelOf(looking, watching));
    const since = juju.log().entries.length;
    await juju.addUnit('easyrsa');
    await until(juju, () => Object.hasOwn(juju.state().relations['0']?.provides.units ?? {}, 'easyrsa/1'));
    await juju.failNextHook('web/0', 1_000);
    await until(juju, () => juju.unit('web/0')?.failed !== null);
    juju.removeUnit('easyrsa/1');
    await until(juju, () => juju.unit('easyrsa/1') === null);
    juju.failNextHook('web/0', 0);
    await settled(juju);
    const hooks = hooksOf(juju, 'web/0', since).filter((hook) => !hook.includes('failed'));
    assert.deepEqual(hooks, [
      'certificates-relation-joined easyrsa/1',
      'certificates-relation-changed easyrsa/1',
      'certificates-relation-departed easyrsa/1',
    ]);
    assert.equal(new Set(bags).size, 2);
    assert.equal(bags.at(-1), '10.0.0.3');
  });

  it('a unit that is removed can write to its databag in its last hooks, and it goes with the last of them', async () => {
    const juju = await related(modelOf(writing(({ hook }) => ({ last: hook.name })), watching));
    juju.removeUnit('web/0');
    await until(juju, () => hooksOf(juju, 'web/0').at(-1) === 'certificates-relation-departed easyrsa/0');
    assert.equal(juju.unit('web/0')?.databag('certificates:0')?.['last'], 'certificates-relation-departed');
    await settled(juju);
    assert.deepEqual(juju.state().relations['0']?.requires.units, {});
    assert.doesNotMatch(JSON.stringify(juju.state().relations), /relation-departed/);
    assert.deepEqual(juju.state().units['easyrsa/0' as never]?.relations['0']?.members, {});
  });

  it('the log has keys and sizes of what was written, and nothing of its content', async () => {
    const juju = modelOf(asking, answering);
    juju.deploy('web', 1, { names: ['ä'] });
    juju.deploy('easyrsa');
    juju.integrate('web:certificates', 'easyrsa:client');
    await settled(juju);
    const log = juju.log();
    assert.deepEqual(JSON.parse(JSON.stringify(log)), log);
    assert.doesNotMatch(JSON.stringify(log), /SECRET|CERT /);
    const written = log.entries.flatMap((entry) => 'ran' in entry ? entry.ran.writes : []);
    const answer = some(written.find(({ set }) => Object.hasOwn(set, 'web_0.server.cert')));
    assert.deepEqual([answer.relationId, answer.bag, answer.set['web_0.server.cert']], ['client:0', 'unit', 8]);
    assert.ok(written.some(({ set }) => set['common_name'] === 2), 'bytes, not characters');
  });

  it('a hook is told in the log with the flags that it set and cleared', async () => {
    const juju = await related(modelOf(asking, answering));
    juju.removeRelation('certificates:0');
    await settled(juju);
    const flags = juju.log().entries.flatMap((entry) =>
      'ran' in entry && entry.ran.hook.unit === 'web/0' ? [entry.ran.flags] : []
    );
    assert.ok(flags.some(({ set }) => set.some((flag) => flag === 'certificates.server.certs.available')));
    assert.ok(flags.some(({ clear }) => clear.some((flag) => flag === 'certificates.server.certs.available')));
    assert.deepEqual(juju.unit('web/0')?.flags, []);
  });

  it('apply() refuses what cannot be with a sentence, and changes nothing', async () => {
    const juju = await related(modelOf(watching, watching));
    juju.deploy('odd');
    const cases: ReadonlyArray<readonly [ModelEvent, string]> = [
      [{ event: 'deploy', application: 'nope' }, 'the model has no charm for "nope": there is web, easyrsa'],
      [
        { event: 'deploy', application: 'constructor' },
        'the model has no charm for "constructor": there is web, easyrsa',
      ],
      [{ event: 'deploy', application: 'web' }, 'web is deployed already: add a unit instead'],
      [{ event: 'add-unit', application: 'nope' }, 'no application "nope" is deployed: there is web, easyrsa'],
      [{ event: 'remove-unit', unit: 'web/7' }, 'there is no unit "web/7"'],
      [{ event: 'set-leader', unit: '__proto__' }, 'there is no unit "__proto__"'],
      [{ event: 'wake', unit: 'web', hook: 'update-status' }, 'there is no unit "web"'],
      [{ event: 'fail-next-hook', unit: 'web/0', times: -1 }, '-1 hooks of web/0 cannot fail: give a whole number'],
      [{ event: 'resolved', unit: 'web/0' }, 'web/0 has no failed hook'],
      [
        { event: 'configure', application: 'nope', config: {} },
        'no application "nope" is deployed: there is web, easyrsa',
      ],
      [{ event: 'remove-relation', relation: 7 }, 'there is no relation 7: there is 0'],
      [{ event: 'advance', seconds: -1 }, 'time cannot go on by -1 seconds: give a whole number'],
      [{ event: 'advance', seconds: 1e13 }, 'the clock cannot be set to that: stay before the year 10000'],
      [{ event: 'set-time', now: 'soon' }, 'the clock cannot be set to that: give a time such as 2026-11-23T21:00:00Z'],
      [
        { event: 'integrate', endpoints: ['web:certificates', 'nope:client'] },
        'no application "nope" is deployed: there is web, easyrsa',
      ],
      [
        { event: 'integrate', endpoints: ['web:nope', 'easyrsa:client'] },
        'web has no endpoint "nope": there is certificates',
      ],
      [
        { event: 'integrate', endpoints: ['web:certificates', 'web:certificates'] },
        'web:certificates and web:certificates do not fit: one has to require what the other provides',
      ],
      [
        { event: 'integrate', endpoints: ['easyrsa:client', 'web:certificates'] },
        'easyrsa:client and web:certificates are related already, or still being parted',
      ],
    ];
    for (const [event, message] of cases) {
      const before = juju.state();
      assert.equal(refusedWith(await juju.apply(event)), message);
      assert.equal(juju.state(), before);
    }
    juju.removeRelation('certificates:0');
    await juju.removeUnit('web/0');
    const late: ReadonlyArray<readonly [ModelEvent, string]> = [
      [{ event: 'remove-relation', relation: 0 }, 'relation 0 is being removed already'],
      [{ event: 'remove-unit', unit: 'web/0' }, 'web/0 is being removed already'],
      [{ event: 'set-leader', unit: 'web/0' }, 'web/0 is being removed: it cannot lead'],
      [{ event: 'wake', unit: 'web/0', hook: 'config-changed' }, 'web/0 is being removed: only its last hooks run'],
    ];
    for (const [event, message] of late) assert.equal(refusedWith(await juju.apply(event)), message);
  });

  it('apply() refuses names that Juju does not take', async () => {
    const juju = model({ applications: { 'Web App': {}, web: { requires: { 'a:b': watching } } } });
    assert.match(refusedWith(await juju.apply({ event: 'deploy', application: 'Web App' })), /^"Web App" is no name/);
    assert.match(refusedWith(await juju.apply({ event: 'deploy', application: 'web' })), /^"a:b" is no name/);
  });

  it('settle() tells of a refusal that nobody has looked at, once', async () => {
    const juju = modelOf(watching, watching);
    juju.deploy('wbe');
    juju.deploy('web');
    assert.match(refusedWith(await juju.settle()), /no charm for "wbe"/);
    assert.equal(juju.unit('web/0')?.stage, 'new', 'nothing has run');
    assert.equal((await settled(juju)).atRest, true);
    await juju.apply({ event: 'deploy', application: 'wbe' });
    assert.equal((await settled(juju)).atRest, true, 'who applies an event looks for himself');
  });

  it('a model does one thing at a time, in the order in which it was asked', async () => {
    const juju = modelOf(asking, answering);
    juju.deploy('web');
    const [first, , second] = await Promise.all([juju.settle(), juju.addUnit('web'), juju.settle()]);
    assert.deepEqual([first, second].map((result) => result._tag === 'Right' && result.right.records.length), [4, 3]);
  });

  it('a hook of an application without code fails', async () => {
    const { state } = await settled(await related(modelOf(watching, watching)));
    const woken = applyEvent({ event: 'wake', unit: 'web/0', hook: 'update-status' })(state);
    assert.ok(woken._tag === 'Right');
    const { failing, atRest } = await settle({}, { limit: 3 })(woken.right)();
    assert.deepEqual([atRest, failing[0]?.reason], [false, 'its application has no charm here']);
  });
});
