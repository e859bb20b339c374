/**
 * What holds of every history of a model: it comes to rest, in the same state from the same seed, by hooks in Juju's order, and its
 * log leads there again.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Applications,
  type HookRecord,
  type Log,
  type Model,
  model,
  type ModelEvent,
  type ModelHook,
  type ModelState,
  pending,
  replay,
} from '../../../adapters/memory/mod.ts';
import { answering, asking, modelOf, refusedWith, settled, some, watching, writing } from './charms.ts';
import { runs } from '../../runs.ts';

const APPLICATIONS: Applications = {
  web: { requires: { certificates: asking } },
  db: { requires: { tls: asking, more: watching } },
  easyrsa: { provides: { client: answering } },
};

const unit = fc.constantFrom('web/0', 'web/1', 'web/2', 'db/0', 'easyrsa/0', 'easyrsa/1');
const application = fc.constantFrom('web', 'db', 'easyrsa');
const requirer = fc.constantFrom('web:certificates', 'db:tls', 'db:more');

const event: fc.Arbitrary<ModelEvent> = fc.oneof(
  fc.record({ event: fc.constant('add-unit' as const), application }),
  fc.record({ event: fc.constant('remove-unit' as const), unit }),
  fc.record({
    event: fc.constant('integrate' as const),
    endpoints: fc.tuple(requirer, fc.constant('easyrsa:client')),
    crossModel: fc.boolean(),
  }),
  fc.record({ event: fc.constant('remove-relation' as const), relation: fc.nat(3) }),
  fc.record({ event: fc.constant('set-leader' as const), unit }),
  fc.record({
    event: fc.constant('configure' as const),
    application,
    config: fc.record({
      sans: fc.constantFrom(['10.0.0.7'], ['x', 'y'], []),
      names: fc.constantFrom(['a'], ['a', 'b', 'c'], []),
      ca: fc.constantFrom('CA 1', 'CA 2'),
    }, { requiredKeys: [] }),
  }),
  fc.record({ event: fc.constant('advance' as const), seconds: fc.nat(100) }),
  fc.record({
    event: fc.constant('wake' as const),
    unit,
    hook: fc.constantFrom('update-status' as const, 'config-changed' as const),
  }),
  fc.record({ event: fc.constant('fail-next-hook' as const), unit, times: fc.nat(3) }),
  fc.record({ event: fc.constant('resolved' as const), unit }),
);

/** Events, and how many hooks run after each. */
const history = fc.array(fc.tuple(event, fc.nat(12)), { maxLength: 14 });
const seed = fc.nat(1_000_000);

/** Plays a history from three applications that have just been deployed, two of them related, until it is at rest. */
const played = async (
  seed: number,
  events: ReadonlyArray<readonly [ModelEvent, number]>,
  applications = APPLICATIONS,
): Promise<Model> => {
  const juju = model({ seed, applications });
  juju.deploy('web', 2);
  juju.deploy('easyrsa', 1);
  juju.deploy('db', 1);
  juju.integrate('web:certificates', 'easyrsa:client');
  for (const [event, hooks] of events) {
    await juju.apply(event);
    for (let i = 0; i < hooks; i++) await juju.step();
  }
  const { atRest } = await settled(juju, 2_000);
  assert.ok(atRest, 'it comes to rest');
  return juju;
};

const recordsOf = ({ entries }: Log): ReadonlyArray<HookRecord> =>
  entries.flatMap((entry) => ('ran' in entry ? [entry.ran] : []));

const groupsOf = <A>(items: ReadonlyArray<A>, key: (item: A) => string): ReadonlyArray<ReadonlyArray<A>> => {
  const groups = new Map<string, Array<A>>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
};

const failedAndAgain = (records: ReadonlyArray<HookRecord>, isResolved: boolean): void =>
  records.forEach(({ failed, hook, attempt }, i) => {
    const next = records[i + 1];
    if (failed === null || next === undefined || isResolved) return;
    assert.deepEqual([next.hook, next.attempt], [hook, attempt + 1], 'a failed hook comes again before anything else');
  });

/** One relation of one unit: created, then members that join, change and depart, then broken; nothing after. */
const inOrder = (hooks: ReadonlyArray<ModelHook>): void => {
  const members = new Set<string>();
  hooks.forEach(({ kind, remoteUnit = '' }, i) => {
    switch (kind) {
      case 'relation-created':
        return assert.equal(i, 0);
      case 'relation-joined':
        assert.ok(!members.has(remoteUnit));
        members.add(remoteUnit);
        return assert.deepEqual([hooks[i + 1]?.kind, hooks[i + 1]?.remoteUnit], ['relation-changed', remoteUnit]);
      case 'relation-changed':
        return assert.ok(remoteUnit === '' || members.has(remoteUnit));
      case 'relation-departed':
        return assert.ok(members.delete(remoteUnit));
      case 'relation-broken':
        return assert.deepEqual([members.size, hooks.length], [0, i + 1]);
    }
  });
};

/** Databags that a test can compare: what is published, by relation, end and unit. */
const publishedIn = ({ relations }: ModelState) =>
  Object.entries(relations).map(([number, { requires, provides }]) => [number, requires.units, provides.units]);

/** Databags by the number of their unit, whatever the unit is called on either side. */
const byNumber = (bags: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(bags).map(([unit, bag]) => [unit.replace(/.*\//, ''), bag]));

describe('the histories of a model', () => {
  it('replay() of a log leads to the same state, from its JSON too', async () => {
    await fc.assert(
      fc.asyncProperty(seed, history, async (seed, events) => {
        const juju = await played(seed, events);
        const log: Log = JSON.parse(JSON.stringify(juju.log()));
        const replayed = await replay(log, APPLICATIONS)();
        assert.equal(refusedWith(replayed), '');
        assert.deepEqual(replayed._tag === 'Right' && replayed.right, juju.state());
      }),
      runs(100),
    );
  });

  it('settle() does the same from the same seed', async () => {
    await fc.assert(
      fc.asyncProperty(seed, history, async (seed, events) => {
        const [one, other] = [await played(seed, events), await played(seed, events)];
        assert.deepEqual(one.log(), other.log());
        assert.deepEqual(one.state(), other.state());
      }),
      runs(100),
    );
  });

  it('settle() orders hooks otherwise from another seed, and what is published at rest is the same', async () => {
    const tried = runs(100);
    let differing = 0;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(seed, { minLength: 2, maxLength: 2 }), async (seeds) => {
        const events: ReadonlyArray<readonly [ModelEvent, number]> = [
          [{ event: 'configure', application: 'web', config: { names: ['a', 'b'], sans: ['x'] } }, 0],
          [{ event: 'add-unit', application: 'web' }, 0],
          [{ event: 'remove-unit', unit: 'web/1' }, 0],
        ];
        const [one, other] = await Promise.all(seeds.map((seed) => played(seed, events)));
        const titles = (juju: Model | undefined) =>
          recordsOf(some(juju).log()).map(({ hook }) => [hook.unit, hook.name]);
        if (JSON.stringify(titles(one)) !== JSON.stringify(titles(other))) differing += 1;
        assert.deepEqual(publishedIn(some(one).state()), publishedIn(some(other).state()));
      }),
      tried,
    );
    assert.ok(differing > 0.85 * tried.numRuns, `${differing} of ${tried.numRuns}`);
  });

  it('hooks come in the order of Juju, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(seed, history, async (seed, events) => {
        const records = recordsOf((await played(seed, events)).log());
        const isResolved = events.some(([{ event }]) => event === 'resolved');
        for (const ofUnit of groupsOf(records, ({ hook }) => hook.unit)) {
          failedAndAgain(ofUnit, isResolved);
          // A hook counts once it has ended well, or been resolved.
          const ended = ofUnit.filter(({ failed }, i) => failed === null || (ofUnit[i + 1]?.attempt ?? 2) === 1).map((
            { hook },
          ) => hook);
          assert.equal(ended[0]?.kind, 'install');
          const removed = ended.findIndex(({ kind }) => kind === 'remove');
          assert.ok(removed === -1 || removed === ended.length - 1);
          groupsOf(ended.filter(({ relationId }) => relationId !== undefined), ({ relationId }) => String(relationId))
            .forEach(inOrder);
        }
      }),
      runs(300),
    );
  });

  it('a model at rest has told every unit of everything', async () => {
    await fc.assert(
      fc.asyncProperty(seed, history, async (seed, events) => {
        const state = (await played(seed, events)).state();
        assert.deepEqual(pending(state), []);
        for (const [name, { relations, life, stage }] of Object.entries(state.units)) {
          assert.deepEqual([life, stage], ['alive', 'started']);
          for (const [number, { members, created, changedDue, endpoint }] of Object.entries(relations)) {
            const { requires, provides } = some(state.relations[number]);
            const other = requires.application === state.units[name as never]?.application ? provides : requires;
            assert.deepEqual([created, changedDue], [true, null], endpoint);
            assert.deepEqual(byNumber(members), byNumber(other.units));
          }
        }
      }),
      runs(100),
    );
  });

  it('a log holds no content of databags, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(seed, history, async (seed, events) => {
        assert.doesNotMatch(JSON.stringify((await played(seed, events)).log()), /SECRET|CERT /);
      }),
      runs(100),
    );
  });

  it('a state holds private keys in databags and decisions alone', async () => {
    await fc.assert(
      fc.asyncProperty(seed, history, async (seed, events) => {
        const { units, relations: _published, ...rest } = (await played(seed, events)).state();
        const others = Object.values(units).map((unit) => ({
          ...unit,
          decisions: Object.values(unit.decisions).map(({ outcome }) => ({ ...outcome, writes: [], view: null })),
          relations: Object.values(unit.relations).map((relation) => ({
            ...relation,
            members: Object.keys(relation.members),
          })),
        }));
        assert.doesNotMatch(JSON.stringify([rest, others]), /SECRET|CERT /);
      }),
      runs(100),
    );
  });

  it('an event leaves the state before as it was', async () => {
    const freeze = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
      Object.values(Object.freeze(value)).forEach(freeze);
    };
    await fc.assert(
      fc.asyncProperty(seed, history, async (seed, events) => {
        const juju = model({ seed, applications: APPLICATIONS, onEntry: () => freeze(juju.state()) });
        juju.deploy('web', 2);
        juju.deploy('easyrsa');
        juju.integrate('web:certificates', 'easyrsa:client');
        for (const [event, hooks] of events) {
          await juju.apply(event);
          for (let i = 0; i < hooks; i++) await juju.step();
        }
        // In strict mode, changing what is frozen throws.
        assert.ok((await settled(juju, 2_000)).atRest);
      }),
      runs(100),
    );
  });

  it('settle() brings one provider of many requirers to rest in a number of hooks that grows hardly faster than they', async () => {
    const hooksFor = async (units: number): Promise<number> => {
      const naming = writing(({ state: { snapshot } }) =>
        Object.fromEntries(Object.keys(snapshot.relations[0]?.remoteUnits ?? {}).map((unit) => [unit, 'answered']))
      );
      const juju = modelOf(writing(() => ({ asks: 'yes' })), naming);
      juju.deploy('web', units);
      juju.deploy('easyrsa');
      juju.integrate('web:certificates', 'easyrsa:client');
      const { atRest, records } = await settled(juju);
      assert.ok(atRest);
      return records.length;
    };
    const [few, many] = [await hooksFor(20), await hooksFor(200)];
    assert.ok(many / few < 20, `${few} hooks for 20 units, ${many} for 200`);
  });

  it('replay() tells where a log and a charm no longer fit', async () => {
    const juju = modelOf(asking, answering);
    juju.deploy('web');
    juju.deploy('easyrsa');
    juju.integrate('web:certificates', 'easyrsa:client');
    await settled(juju);
    const log = juju.log();
    const other = { web: { requires: { certificates: watching } }, easyrsa: { provides: { client: answering } } };
    assert.match(
      refusedWith(await replay(log, other)()),
      /^entries\[\d+\]: web\/0 install did something else than the log has/,
    );
    const torn = { ...log, entries: log.entries.slice(1) };
    assert.match(refusedWith(await replay(torn, other)()), /^entries\[1\]: no application "web" is deployed/);
  });

  it('replay() and apply() answer what they do not know with a sentence', async () => {
    const unknown = JSON.parse('{"seed":1,"charms":{},"entries":[{"did":{"event":"nope"}}]}');
    const replayed = await replay(unknown, {})();
    assert.match(replayed._tag === 'Left' ? replayed.left.message : '', /^entries\[0\]: there is no such event/);
    const juju = model({ applications: { web: {} } });
    await juju.deploy('web');
    const woken = await juju.apply(JSON.parse('{"event":"wake","unit":"web/0","hook":"bogus"}'));
    assert.match(woken._tag === 'Left' ? woken.left.message : '', /there is config-changed, update-status$/);
  });

  it('model() rejects, and does not throw, when somebody who is told of everything throws', async () => {
    const juju = model({
      applications: { web: {} },
      onEntry: () => {
        throw new Error('nobody is to be told');
      },
    });
    const deployed = juju.deploy('web');
    await assert.rejects(deployed, /nobody is to be told/);
  });
});
