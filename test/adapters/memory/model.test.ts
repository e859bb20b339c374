/**
 * The model dispatches hooks as Juju does: which, in which order, and what can be seen in each.
 *
 * Source: the order of Juju's agents, juju/juju internal/worker/uniter/relation/resolver.go and uniter/resolver.go.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type HookContext,
  type Model,
  model,
  type ModelHandler,
  pending,
  runUnitHook,
} from '../../../adapters/memory/mod.ts';
import { requires } from '../../../mod.ts';
import {
  answering,
  asking,
  configured,
  holdUp,
  hooksOf,
  modelOf,
  plain,
  refusedWith,
  settled,
  some,
  until,
  watching,
  writing,
} from './charms.ts';

const STARTING = ['install', 'leader-elected', 'config-changed', 'start'];

/** Both applications at rest, not yet related. */
const apart = async (web: number, easyrsa: number, juju = modelOf(watching, watching)): Promise<Model> => {
  juju.deploy('web', web);
  juju.deploy('easyrsa', easyrsa);
  await settled(juju);
  return juju;
};

/** Both applications at rest and related. */
const related = async (web: number, easyrsa: number, juju = modelOf(watching, watching)): Promise<Model> => {
  await apart(web, easyrsa, juju);
  juju.integrate('web:certificates', 'easyrsa:client');
  await settled(juju);
  return juju;
};

/** What a unit saw in its last hook. */
const seenBy = (juju: Model, unit: string, endpoint = 'certificates') =>
  some(juju.unit(unit)?.outcome(plain, endpoint)).view;

/** A handler, by default one that writes nothing, that notes what it is given. */
const spying = (contexts: Array<HookContext>, charm = watching): ModelHandler => (context) => {
  contexts.push(context);
  return charm(context);
};

/** A handler that never writes the same twice. */
const restless: ModelHandler = writing(({ state }) => ({
  n: String(state.memory.digests[state.snapshot.endpoint] ?? ''),
}));

const bagsOf = (units: Readonly<Record<string, Readonly<Record<string, string>>>> = {}, key: string) =>
  Object.fromEntries(Object.entries(units).map(([unit, bag]) => [unit, bag[key]]));

const modelWithTwo = (): Model =>
  model({
    applications: {
      web: { requires: { certificates: watching } },
      easyrsa: { provides: { client: watching } },
      vault: { provides: { certificates: watching } },
    },
  });

/** What happens to a model at rest, and which hooks come of it, unit by unit. */
interface Row {
  readonly title: string;
  readonly begin: () => Model | Promise<Model>;
  readonly event: (juju: Model) => Promise<unknown>;
  readonly hooks: Readonly<Record<string, ReadonlyArray<string>>>;
}

const ROWS: ReadonlyArray<Row> = [
  {
    title: 'starts a leader with leader-elected before config-changed, and others without',
    begin: () => modelOf(watching, watching),
    event: (juju) => juju.deploy('web', 2),
    hooks: { 'web/0': STARTING, 'web/1': ['install', 'config-changed', 'start'] },
  },
  {
    title: 'creates a relation first, then joins units in the order of names, each with its first change',
    begin: () => apart(1, 2),
    event: (juju) => juju.integrate('web:certificates', 'easyrsa:client'),
    hooks: {
      'web/0': [
        'certificates-relation-created',
        'certificates-relation-joined easyrsa/0',
        'certificates-relation-changed easyrsa/0',
        'certificates-relation-joined easyrsa/1',
        'certificates-relation-changed easyrsa/1',
      ],
      'easyrsa/0': ['client-relation-created', 'client-relation-joined web/0', 'client-relation-changed web/0'],
    },
  },
  {
    title: 'joins units in the order of their names as text',
    begin: () => apart(1, 11),
    event: (juju) => juju.integrate('web:certificates', 'easyrsa:client'),
    hooks: {
      'web/0': [
        'certificates-relation-created',
        ...[0, 1, 10, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((n) => [
          `certificates-relation-joined easyrsa/${n}`,
          `certificates-relation-changed easyrsa/${n}`,
        ]),
      ],
    },
  },
  {
    title: 'creates the relations of a new unit between its install and its start',
    begin: () => related(1, 1),
    event: (juju) => juju.addUnit('web'),
    hooks: {
      'web/1': [
        'install',
        'certificates-relation-created',
        'config-changed',
        'start',
        'certificates-relation-joined easyrsa/0',
        'certificates-relation-changed easyrsa/0',
      ],
      'web/0': [],
      'easyrsa/0': ['client-relation-joined web/1', 'client-relation-changed web/1'],
    },
  },
  {
    title: 'lets a unit that is removed depart from each remote unit, break, stop and go, and others see it depart',
    begin: () => related(2, 2),
    event: (juju) => juju.removeUnit('web/0'),
    hooks: {
      'web/1': ['leader-elected'],
      'easyrsa/0': ['client-relation-departed web/0'],
      'easyrsa/1': ['client-relation-departed web/0'],
    },
  },
  {
    title: 'breaks a relation that is removed on both sides, after all have departed',
    begin: () => related(1, 1),
    event: (juju) => juju.removeRelation('certificates:0'),
    hooks: {
      'web/0': ['certificates-relation-departed easyrsa/0', 'certificates-relation-broken'],
      'easyrsa/0': ['client-relation-departed web/0', 'client-relation-broken'],
    },
  },
  {
    title: 'runs nothing for time that goes by',
    begin: () => related(1, 1),
    event: (juju) => juju.advance(3600),
    hooks: { 'web/0': [], 'easyrsa/0': [] },
  },
  {
    title: 'wakes one unit, once',
    begin: () => related(2, 1),
    event: async (juju) => [await juju.wake('web/1', 'update-status'), await juju.wake('web/1', 'update-status')],
    hooks: { 'web/0': [], 'web/1': ['update-status'], 'easyrsa/0': [] },
  },
  {
    title: 'runs config-changed on all units of an application whose configuration differs',
    begin: () => related(2, 1),
    event: async (juju) => [await juju.configure('web', { a: 1 }), await juju.configure('easyrsa', {})],
    hooks: { 'web/0': ['config-changed'], 'web/1': ['config-changed'], 'easyrsa/0': [] },
  },
  {
    title: 'runs leader-elected on the new leader only',
    begin: () => related(2, 1),
    event: (juju) => juju.setLeader('web/1'),
    hooks: { 'web/0': [], 'web/1': ['leader-elected'] },
  },
  {
    title: 'runs leader-elected again when the leadership comes back',
    begin: () => related(2, 1),
    event: async (juju) => {
      juju.setLeader('web/1');
      await settled(juju);
      await juju.setLeader('web/0');
    },
    hooks: { 'web/0': ['leader-elected'], 'web/1': ['leader-elected'] },
  },
  {
    title: 'does not run leader-elected on a unit that has lost the leadership before',
    begin: () => modelOf(watching, watching),
    event: async (juju) => {
      juju.deploy('web', 2);
      await juju.setLeader('web/1');
    },
    hooks: { 'web/0': ['install', 'config-changed', 'start'], 'web/1': STARTING },
  },
  {
    title: 'lets a unit go at once that has run nothing',
    begin: () => modelOf(watching, watching),
    event: async (juju) => {
      juju.deploy('web', 2);
      await juju.removeUnit('web/0');
    },
    hooks: { 'web/0': [], 'web/1': STARTING },
  },
];

describe('model', () => {
  for (const { title, begin, event, hooks } of ROWS) {
    it(`settle() ${title}`, async () => {
      const juju = await begin();
      const since = juju.log().entries.length;
      await event(juju);
      assert.equal((await settled(juju)).atRest, true);
      for (const [unit, expected] of Object.entries(hooks)) {
        assert.deepEqual(hooksOf(juju, unit, since), expected, unit);
      }
    });
  }

  it('settle() lets a unit that is removed run its last hooks and then nothing', async () => {
    const juju = await related(1, 2);
    const since = juju.log().entries.length;
    juju.removeUnit('web/0');
    await settled(juju);
    const hooks = hooksOf(juju, 'web/0', since);
    assert.deepEqual([...hooks.slice(0, 2)].sort(), [
      'certificates-relation-departed easyrsa/0',
      'certificates-relation-departed easyrsa/1',
    ]);
    assert.deepEqual(hooks.slice(2), ['certificates-relation-broken', 'stop', 'remove']);
    assert.equal(juju.unit('web/0'), null);
  });

  it('settle() runs -changed only where a byte of the databag differs', async () => {
    const juju = await related(1, 1, modelOf(watching, configured));
    const changes = async (value: string): Promise<ReadonlyArray<string>> => {
      const since = juju.log().entries.length;
      juju.configure('easyrsa', { unit: ['key', value] });
      await settled(juju);
      return hooksOf(juju, 'web/0', since);
    };
    const changed = 'certificates-relation-changed easyrsa/0';
    assert.deepEqual(await changes('a'), [changed]);
    juju.wake('easyrsa/0', 'update-status');
    assert.deepEqual(await changes('a'), []);
    assert.deepEqual(await changes('b'), [changed]);
    assert.deepEqual(await changes(''), [changed], 'an empty value deletes');
    assert.deepEqual(await changes(''), []);
  });

  it('settle() runs -changed once for several changes, and not for one that was taken back', async () => {
    const juju = await related(1, 1, modelOf(watching, configured));
    const runOf = async (...values: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
      const since = juju.log().entries.length;
      await holdUp(juju, 'web/0', async () => {
        for (const value of values) {
          juju.configure('easyrsa', { unit: ['key', value] });
          await until(juju, () => juju.state().units['easyrsa/0' as never]?.wakes.length === 0);
        }
      });
      await settled(juju);
      return hooksOf(juju, 'web/0', since).filter((hook) => !hook.includes('update-status'));
    };
    assert.deepEqual(await runOf('a'), ['certificates-relation-changed easyrsa/0']);
    assert.deepEqual(await runOf('b', 'c', 'd'), ['certificates-relation-changed easyrsa/0']);
    assert.deepEqual(await runOf('e', 'd'), []);
  });

  it('settle() tells of the databag of the application in a -changed without a unit', async () => {
    const juju = await related(1, 2, modelOf(watching, configured));
    const since = juju.log().entries.length;
    juju.configure('easyrsa', { application: ['key', 'value'] });
    await settled(juju);
    assert.deepEqual(hooksOf(juju, 'web/0', since), ['certificates-relation-changed']);
    assert.equal(seenBy(juju, 'web/0').relations[0]?.remoteApplicationData['key'], 'value');
  });

  it('settle() lets only the leader see and write the databag of its application', async () => {
    const juju = await related(1, 2, modelOf(watching, configured));
    juju.configure('easyrsa', { application: ['key', 'value'] });
    await settled(juju);
    assert.deepEqual(seenBy(juju, 'easyrsa/0', 'client').isLeader, true);
    assert.equal(seenBy(juju, 'easyrsa/1', 'client').isLeader, false);
    juju.wake('easyrsa/0', 'update-status');
    juju.wake('easyrsa/1', 'update-status');
    await settled(juju);
    assert.equal(seenBy(juju, 'easyrsa/0', 'client').relations[0]?.localApplicationData['key'], 'value');
    assert.deepEqual(seenBy(juju, 'easyrsa/1', 'client').relations[0]?.localApplicationData, {});
    assert.equal(juju.unit('easyrsa/1')?.databag('client:0', 'application')?.['key'], 'value');
  });

  it('a hook shows the databag of another unit as of the last hook about that unit', async () => {
    const contexts: Array<HookContext> = [];
    const juju = await related(1, 2, modelOf(spying(contexts), configured));
    await holdUp(juju, 'web/0', async () => {
      juju.configure('easyrsa', { unit: ['key', 'value'] });
      await until(
        juju,
        () =>
          Object.values(juju.state().units).every(({ application, wakes }) =>
            application === 'web' || wakes.length === 0
          ),
      );
    });
    contexts.length = 0;
    await settled(juju);
    const seen = contexts
      .filter(({ hook }) => hook.kind === 'relation-changed')
      .map(({ hook, state }) => [hook.remoteUnit, bagsOf(state.snapshot.relations[0]?.remoteUnits, 'key')]);
    const first = some(seen[0]);
    assert.equal(seen.length, 2);
    assert.deepEqual(first[1], { 'easyrsa/0': undefined, 'easyrsa/1': undefined, [String(first[0])]: 'value' });
    assert.deepEqual(seen[1]?.[1], { 'easyrsa/0': 'value', 'easyrsa/1': 'value' });
  });

  it('a hook shows a unit from its -joined to its -departed, where it is named as departing', async () => {
    const contexts: Array<HookContext> = [];
    const juju = await related(1, 2, modelOf(spying(contexts), watching));
    juju.removeUnit('easyrsa/1');
    juju.wake('web/0', 'update-status');
    await settled(juju);
    const units = contexts.map(({ hook, state: { snapshot } }) => [
      hook.kind,
      Object.keys(snapshot.relations[0]?.remoteUnits ?? {}),
      snapshot.departing?.unit,
    ]);
    assert.deepEqual(units.filter(([kind]) => String(kind).startsWith('relation')), [
      ['relation-created', [], undefined],
      ['relation-joined', ['easyrsa/0'], undefined],
      ['relation-changed', ['easyrsa/0'], undefined],
      ['relation-joined', ['easyrsa/0', 'easyrsa/1'], undefined],
      ['relation-changed', ['easyrsa/0', 'easyrsa/1'], undefined],
      ['relation-departed', ['easyrsa/0', 'easyrsa/1'], 'easyrsa/1'],
    ]);
    const departed = some(contexts.find(({ hook }) => hook.kind === 'relation-departed'));
    assert.equal(departed.hook.departingUnit, 'easyrsa/1');
    assert.ok(departed.state.snapshot.relations[0]?.remoteUnits['easyrsa/1' as never]?.['private-address']);
  });

  it('a hook of a unit that is removed names that very unit as the one that departs, and the remote one as gone', async () => {
    const contexts: Array<HookContext> = [];
    const juju = await related(1, 1, modelOf(spying(contexts), watching));
    juju.removeUnit('web/0');
    await settled(juju);
    const departed = some(contexts.find(({ hook }) => hook.kind === 'relation-departed'));
    assert.equal(departed.hook.departingUnit, 'web/0');
    assert.deepEqual(departed.state.snapshot.departing, { relationId: 'certificates:0', unit: 'easyrsa/0' });
  });

  it('a hook shows a relation before its -created and no more in its -broken', async () => {
    const contexts: Array<HookContext> = [];
    const juju = await related(1, 1, modelOf(spying(contexts), watching));
    juju.removeRelation('certificates:0');
    await settled(juju);
    juju.wake('web/0', 'update-status');
    await settled(juju);
    const count = (kind: string) =>
      contexts.findLast(({ hook }) => hook.kind === kind)?.state.snapshot.relations.length;
    assert.deepEqual(['relation-created', 'relation-departed', 'relation-broken', 'update-status'].map(count), [
      1,
      1,
      0,
      0,
    ]);
    assert.deepEqual(juju.state().relations, {});
  });

  it('a unit publishes its addresses from when it is installed, and others may see it before it has started', async () => {
    const juju = modelOf(watching, watching);
    juju.deploy('easyrsa');
    juju.deploy('web');
    await juju.integrate('web:certificates', 'easyrsa:client');
    assert.deepEqual(juju.unit('web/0')?.relationIds, []);
    await until(juju, () => juju.unit('web/0')?.stage !== 'new');
    assert.deepEqual({ ...juju.unit('web/0')?.databag('certificates:0') }, {
      'egress-subnets': '10.0.0.2/32',
      'ingress-address': '10.0.0.2',
      'private-address': '10.0.0.2',
    });
    await settled(juju);
    assert.ok(Object.keys(seenBy(juju, 'easyrsa/0', 'client').relations[0]?.remoteUnits ?? {}).includes('web/0'));
  });

  it('a relation across models shows the provider another application, and the requirer its own names', async () => {
    const contexts: Array<HookContext> = [];
    const juju = modelOf(asking, spying(contexts, answering));
    juju.deploy('web', 2);
    juju.deploy('easyrsa');
    juju.integrate('web:certificates', 'easyrsa:client', { crossModel: true });
    await settled(juju);
    const { remoteApplication, remoteUnits } = some(contexts.at(-1)?.state.snapshot.relations[0]);
    assert.match(String(remoteApplication), /^remote-[0-9a-f]{32}$/);
    assert.deepEqual(Object.keys(remoteUnits).sort(), [`${remoteApplication}/0`, `${remoteApplication}/1`]);
    const { view } = some(juju.unit('web/1')?.outcome(requires, 'certificates'));
    assert.deepEqual(view.serverCerts.map(({ commonName, cert }) => [commonName, cert]), [
      ['web-1', 'CERT web-1 '],
    ]);
    juju.removeUnit('web/0');
    await settled(juju);
    assert.ok(hooksOf(juju, 'easyrsa/0').includes(`client-relation-departed ${remoteApplication}/0`));
  });

  it('several relations of one endpoint each have a number of their own, and all are seen in each hook', async () => {
    const juju = modelWithTwo();
    juju.deploy('web');
    juju.deploy('easyrsa');
    juju.deploy('vault');
    juju.integrate('web:certificates', 'easyrsa:client');
    juju.integrate('vault:certificates', 'web:certificates');
    await settled(juju);
    assert.deepEqual(juju.unit('web/0')?.relationIds, ['certificates:0', 'certificates:1']);
    assert.deepEqual(juju.unit('vault/0')?.relationIds, ['certificates:1']);
    const units = seenBy(juju, 'web/0').relations.map(({ id, remoteUnits }) => [id, Object.keys(remoteUnits)]);
    assert.deepEqual(units, [['certificates:0', ['easyrsa/0']], ['certificates:1', ['vault/0']]]);
    juju.removeRelation('certificates:0');
    await settled(juju);
    assert.deepEqual(juju.unit('web/0')?.relationIds, ['certificates:1']);
  });

  it('a unit hands its memory from endpoint to endpoint', async () => {
    const juju = model({ applications: { web: { requires: { b: watching, a: watching } } } });
    juju.deploy('web');
    const { records } = await settled(juju);
    assert.deepEqual(juju.unit('web/0')?.memory.digests, { a: `${records.length}`, b: `${records.length}` });
  });

  it('outcome() is of the side that decided, and of no other', async () => {
    const juju = await related(1, 1, modelOf(watching, answering));
    assert.notEqual(juju.unit('web/0')?.outcome(plain, 'certificates'), null);
    assert.equal(juju.unit('web/0')?.outcome(requires, 'certificates'), null);
    assert.equal(juju.unit('web/0')?.outcome(plain, 'nope'), null);
  });

  it('a hook knows the time of the model', async () => {
    const contexts: Array<HookContext> = [];
    const juju = modelOf(spying(contexts), watching);
    juju.deploy('web');
    juju.setTime('2026-11-23T22:00:00.5+01:00');
    juju.advance(90);
    await settled(juju);
    assert.deepEqual(
      new Set(contexts.map(({ now, state }) => `${now} ${state.snapshot.now}`)),
      new Set(['2026-11-23T21:01:30Z 2026-11-23T21:01:30Z']),
    );
  });

  it('pending() has the departure of a unit for others as soon as it is being removed, and nobody joins it any more', async () => {
    const juju = await related(1, 1);
    await juju.addUnit('web');
    await until(juju, () => juju.unit('web/1')?.stage === 'started');
    const joined = Object.keys(juju.state().units['easyrsa/0' as never]?.relations['0']?.members ?? {});
    await juju.removeUnit('web/0');
    await juju.removeUnit('web/1');
    const ofProvider = pending(juju.state()).filter((hook) =>
      hook.unit === 'easyrsa/0' && hook.kind !== 'relation-changed'
    );
    assert.deepEqual(
      ofProvider.map(({ name, remoteUnit }) => [name, remoteUnit]),
      joined.map((unit) => ['client-relation-departed', unit]),
    );
    await settled(juju);
    assert.deepEqual(juju.state().relations['0']?.requires.units, {});
  });

  it('settle() lets a late unit see nothing of a relation that is being removed, or its -broken alone', async () => {
    const juju = await apart(1, 1);
    juju.addUnit('web');
    juju.integrate('web:certificates', 'easyrsa:client');
    juju.removeRelation('certificates:0');
    await settled(juju);
    const about = (unit: string) => hooksOf(juju, unit).filter((hook) => hook.includes('relation'));
    assert.deepEqual([about('web/0'), about('web/1')], [['certificates-relation-broken'], []]);
    assert.deepEqual(juju.state().relations, {});
  });

  it('pending() has one hook for a unit that starts, and several where Juju leaves the order open', async () => {
    const titles = (juju: Model) =>
      pending(juju.state()).map(({ unit, name, remoteUnit }) => [unit, name, remoteUnit].join(' ').trim());
    const juju = await apart(1, 2);
    assert.deepEqual(titles(juju), []);
    await juju.addUnit('web');
    assert.deepEqual(titles(juju), ['web/1 install']);
    await settled(juju);
    await juju.wake('web/1', 'update-status');
    await juju.wake('web/1', 'update-status');
    assert.deepEqual(titles(juju), ['web/1 update-status']);
    await settled(juju);
    juju.integrate('web:certificates', 'easyrsa:client');
    await settled(juju);
    await juju.removeRelation('certificates:0');
    assert.deepEqual(titles(juju).filter((title) => title.startsWith('web/0')), [
      'web/0 certificates-relation-departed easyrsa/0',
      'web/0 certificates-relation-departed easyrsa/1',
    ]);
  });

  it('runUnitHook() runs no hook that is not pending', async () => {
    const juju = await apart(1, 1);
    const hook = { unit: 'web/0' as never, kind: 'start', name: 'start' } as const;
    const ran = await runUnitHook(hook, {})(juju.state())();
    assert.equal(refusedWith(ran), 'web/0 start is not to run now; pending for that unit: nothing');
  });

  it('settle() says when a model does not come to rest', async () => {
    const juju = await related(1, 1, modelOf(restless, restless));
    const { atRest, records, failing } = await settled(juju, 100);
    assert.deepEqual([atRest, records.length, failing], [false, 100, []]);
  });

  it('settle() comes to rest again after a limit that was reached', async () => {
    const juju = modelOf(asking, answering);
    juju.deploy('web', 3);
    assert.equal((await settled(juju, 4)).atRest, false);
    assert.equal((await settled(juju)).atRest, true);
  });
});
