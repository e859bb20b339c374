/**
 * A provider that reads what has changed: it decides what it would decide if it read everything, whatever has happened.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hookCommand } from '../../../adapters/charm/command.ts';
import { type CharmFunction, type Juju, withJuju } from '../../juju/juju.ts';
import type { ModelRelation } from '../../juju/model.ts';
import { type Compared, comparing, CSRS, KEY, PROVIDERS } from './seen-charm.ts';
import { SEEDED } from '../../runs.ts';

type Values = Readonly<Record<string, string>>;

const csrs = (...of: ReadonlyArray<number>): string =>
  JSON.stringify(of.map((i) => ({ certificate_signing_request: CSRS[i % CSRS.length], ca: false })));

/** What a unit may publish: each takes the place of what it had under these keys. */
const BAGS: ReadonlyArray<Values> = [
  { common_name: 'a.example', sans: '["10.0.0.7"]', unit_name: 'web_0' },
  { common_name: 'b.example', sans: '', cert_requests: '{"c.example":{"sans":[]},"d.example":{}}' },
  { client_cert_requests: '{"e.example":{"sans":["x"]}}', application_cert_requests: '{"f.example":{}}' },
  { common_name: '', sans: '', cert_requests: '', client_cert_requests: '', unit_name: '' },
  { certificate_signing_requests: csrs(0, 1) },
  { certificate_signing_requests: csrs(1, 2) },
  { certificate_signing_requests: '' },
  { certificate_signing_requests: '[broken', cert_requests: '{"__proto__":{}}', other: 'key' },
  { cert_requests: JSON.stringify({ [KEY]: {} }) },
  { ca: 'a provider?', 'web_0.server.key': KEY, common_name: '\u{1F600}\u0000=\n1' },
  { ca: '', 'web_0.server.key': '', common_name: 'a.example' },
  { certificate_name: 'x'.repeat(61_000) },
  { sans: '["\ud7ff\ufffe"]', common_name: 'ü.example' },
];

type Step =
  | { readonly do: 'publish'; readonly unit: number; readonly bag: number }
  | { readonly do: 'publish as'; readonly bag: number }
  | { readonly do: 'add' | 'remove'; readonly unit: number }
  | { readonly do: 'relate' | 'break'; readonly application: number }
  | { readonly do: 'fire'; readonly hook: string }
  | { readonly do: 'lead'; readonly unit: number }
  | {
    readonly do: 'fail';
    readonly call: number;
    readonly how: 'kill before' | 'kill after' | 'commit';
    readonly givenUp: boolean;
  }
  | { readonly do: 'lose'; readonly unit: number; readonly bag: number; readonly how: 'kill after' | 'commit' }
  | { readonly do: 'settle' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('publish' as const), unit: fc.nat(5), bag: fc.nat(BAGS.length - 1) }),
  },
  fc.record({ do: fc.constant('publish as' as const), bag: fc.constantFrom(4, 5, 6, 7) }),
  fc.record({ do: fc.constantFrom('add' as const, 'remove' as const), unit: fc.nat(5) }),
  fc.record({ do: fc.constantFrom('relate' as const, 'break' as const), application: fc.nat(1) }),
  fc.record({ do: fc.constant('fire' as const), hook: fc.constantFrom('update-status', 'config-changed', 'start') }),
  fc.record({ do: fc.constant('lead' as const), unit: fc.nat(1) }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      call: fc.nat(6),
      how: fc.constantFrom('kill before' as const, 'kill after' as const, 'commit' as const),
      givenUp: fc.boolean(),
    }),
  },
  // What a hook has read is lost with it, and the next one is about something else.
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('lose' as const),
      unit: fc.nat(5),
      bag: fc.nat(BAGS.length - 1),
      how: fc.constantFrom('kill after' as const, 'commit' as const),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'settle' as const }) },
);

/** A provider of two units, and what is done to it. */
const live = async (
  charm: (compares: (compared: Compared) => void) => Parameters<Juju['deploy']>[1],
  steps: ReadonlyArray<Step>,
): Promise<void> => {
  let failing: Extract<Step, { do: 'fail' }> | null = null;
  let isLost = false;
  const found: Array<Compared> = [];
  const options = {
    refuseCommit: () => {
      const refuses = failing?.how === 'commit';
      if (refuses && failing?.givenUp === false) failing = null;
      return refuses;
    },
    giveUp: () => {
      const isGivenUp = failing?.givenUp === true;
      isLost ||= isGivenUp;
      failing = null;
      return isGivenUp;
    },
  };
  await withJuju(options, async (juju) => {
    juju.interfere = ({ unit, index }) => {
      if (failing === null || failing.how === 'commit' || !unit.startsWith('ca/') || index !== failing.call) return;
      return failing.how;
    };
    juju.deploy('ca', charm((compared) => found.push(compared)), { units: 2 });
    const relations = new Map<string, ModelRelation>();
    for (const application of ['web', 'db']) {
      juju.deploy(application, null);
      relations.set(application, juju.relate('ca:client', `${application}:certificates`));
    }
    const unitsOf = () => ['web', 'db'].flatMap((name) => juju.unitsOf(name));
    for (const one of steps) {
      const application = 'application' in one ? ['web', 'db'][one.application] ?? 'web' : 'web';
      const relation = relations.get(application);
      const units = unitsOf();
      const unit = 'unit' in one ? units[one.unit % Math.max(units.length, 1)] : undefined;
      const of = relations.get(unit?.split('/')[0] ?? '');
      if (one.do === 'publish' && unit !== undefined && of !== undefined) {
        juju.publish(of, unit, BAGS[one.bag] ?? {});
      } else if (one.do === 'publish as' && relation !== undefined) {
        juju.publishAs(relation, 'web', BAGS[one.bag] ?? {});
      } else if (one.do === 'add') juju.addUnit(one.unit % 2 === 0 ? 'web' : 'db');
      else if (one.do === 'remove' && unit !== undefined) juju.removeUnit(unit);
      else if (one.do === 'relate' && relation === undefined) {
        relations.set(application, juju.relate('ca:client', `${application}:certificates`));
      } else if (one.do === 'break' && relation !== undefined) {
        juju.removeRelation(relation);
        relations.delete(application);
      } else if (one.do === 'fire') { for (const name of ['ca/0', 'ca/1']) juju.fire(name, one.hook); }
      else if (one.do === 'lead') juju.lead(`ca/${one.unit}`);
      else if (one.do === 'fail') failing = one;
      else if (one.do === 'lose' && unit !== undefined && of !== undefined) {
        await juju.settle({ retries: 3 });
        juju.publish(of, unit, BAGS[one.bag] ?? {});
        failing = { do: 'fail', call: 3, how: one.how, givenUp: true };
        await juju.settle({ retries: 3 });
        for (const name of ['ca/0', 'ca/1']) juju.fire(name, 'update-status');
        await juju.settle({ retries: 3 });
      } else if (one.do === 'settle') await juju.settle({ retries: 3 });
    }
    await juju.settle({ retries: 3 });
    failing = null;
    // Whatever has been read or not, nothing is left to be done, but for what a hook had to do that was given up.
    const before = found.length;
    for (const name of ['ca/0', 'ca/1']) juju.fire(name, 'config-changed');
    await juju.settle();
    if (!isLost) { for (const { writes } of found.slice(before)) assert.equal(writes, 0); }
    for (const name of ['ca/0', 'ca/1']) {
      assert.doesNotMatch(JSON.stringify(juju.unit(name).state), /PRIVATE KEY|SECRET/);
    }
  });
};

/** How often histories are tried for each side. */
const RUNS = { numRuns: 12, ...SEEDED };

const HISTORY = fc.array(step, { maxLength: 16 });

/** A provider of one unit at rest, whose agent has met n units of `web`, and all that they ask for has been read. */
const withUnits = async (
  charm: (compares: (compared: Compared) => void) => Parameters<Juju['deploy']>[1],
  n: number,
  bag: (i: number) => Values,
  work: (juju: Juju, relation: ModelRelation, found: Array<Compared>) => Promise<void>,
  options: ConstructorParameters<typeof Juju>[0] = {},
): Promise<void> =>
  await withJuju(options, async (juju) => {
    const found: Array<Compared> = [];
    juju.deploy('ca', charm((compared) => found.push(compared)));
    juju.deploy('web', null, { units: 0 });
    const relation = juju.relate('ca:client', 'web:certificates');
    await juju.settle();
    for (let i = 0; i < n; i++) {
      const unit = juju.addUnit('web');
      juju.publish(relation, unit, bag(i));
      // As if there had been hooks about it.
      juju.unit('ca/0').relations.get(relation)?.members.set(unit, relation.bag('units', unit).version);
    }
    juju.fire('ca/0', 'config-changed');
    await juju.settle();
    found.length = 0;
    await work(juju, relation, found);
  });

const REACTIVE = (compares: (compared: Compared) => void) => comparing(PROVIDERS.reactive, compares);
const named = (i: number): Values => ({ common_name: `unit-${i}.example`, unit_name: `web_${i}` });
const count = ({ calls }: Compared, tool: string): number => calls.filter((one) => one === tool).length;

describe('jujuHost() for a provider', () => {
  it('jujuHost() decides byte for byte what it would by reading everything, in the reactive protocol', () =>
    fc.assert(fc.asyncProperty(HISTORY, (steps) => live(REACTIVE, steps)), RUNS));

  it('jujuHost() decides byte for byte what it would by reading everything, in the CSR protocol', () =>
    fc.assert(
      fc.asyncProperty(HISTORY, (steps) => live((compares) => comparing(PROVIDERS.csr, compares), steps)),
      RUNS,
    ));

  it('jujuHost() decides byte for byte what it would by reading everything, for both protocols at once', () =>
    fc.assert(
      fc.asyncProperty(HISTORY, (steps) => live((compares) => comparing(PROVIDERS.any, compares), steps)),
      RUNS,
    ));

  it('jujuHost() makes as many calls in a hook about one of 1,000 units as about one of 10', async () => {
    const callsAt = async (n: number): Promise<ReadonlyArray<ReadonlyArray<string>>> => {
      let calls: ReadonlyArray<ReadonlyArray<string>> = [];
      await withUnits(REACTIVE, n, named, async (juju, relation, found) => {
        juju.publish(relation, 'web/7', { common_name: 'other.example' });
        await juju.settle();
        juju.addUnit('web');
        await juju.settle();
        juju.removeUnit('web/8');
        await juju.settle();
        calls = found.map((one) => one.calls);
      });
      return calls;
    };
    const [few, many] = [await callsAt(10), await callsAt(1_000)];
    assert.deepEqual(many, few);
    const reading = ['state-get', 'relation-list', 'relation-get', 'relation-get'];
    assert.deepEqual(few[0], [...reading, 'relation-set', 'state-set']);
    assert.ok(few.every(({ length }) => length <= 6), 'with what a charm asks besides, eight at most');
  });

  it('jujuHost() makes eight calls at most for a charm that issues, in each protocol', async () => {
    for (const protocol of ['reactive', 'csr', 'any']) {
      await withJuju({}, async (juju) => {
        const charm = (name: string, configuration: object) => {
          const path = join(juju.folder, `${name}.json`);
          writeFileSync(path, JSON.stringify(configuration));
          const code: CharmFunction = (variables, runTool) => hookCommand(path, { variables, runTool });
          return code;
        };
        const ca = { side: `${protocol}/provides`, endpoint: 'client', authority: { commonName: 'Test CA' } };
        const requests = [{ certType: 'server', commonName: 'www.example' }];
        const side = protocol === 'csr' ? 'csr/requires' : 'reactive/requires';
        juju.deploy('ca', charm('ca', ca));
        juju.deploy('web', charm('web', { side, endpoint: 'certificates', requests }), { units: 4 });
        const relation = juju.relate('ca:client', 'web:certificates');
        await juju.settle();
        const before = juju.hooks.length;
        juju.addUnit('web');
        await juju.settle();
        juju.removeUnit('web/1');
        await juju.settle();
        const hooks = juju.hooks.slice(before).filter(({ unit }) => unit === 'ca/0');
        assert.deepEqual(hooks.filter(({ calls }) => calls.length > 8), []);
        assert.ok(hooks.some(({ calls }) => calls.some(({ tool }) => tool === 'relation-set')), 'it has issued');
        assert.ok(JSON.stringify(juju.publishedBy(relation, 'ca')).length > 0);
        assert.doesNotMatch(JSON.stringify(juju.unit('ca/0').state), /PRIVATE KEY/);
      });
    }
  });

  it('jujuHost() reads everything in hooks that do not tell what has changed', () =>
    withUnits(REACTIVE, 20, named, async (juju, _, found) => {
      for (const hook of ['update-status', 'secret-rotate', 'other-relation-changed']) juju.fire('ca/0', hook);
      await juju.settle();
      assert.deepEqual(found.map((one) => count(one, 'relation-get')), [1, 1, 1]);
      found.length = 0;
      const whole = [
        'config-changed',
        'upgrade-charm',
        'leader-elected',
        'start',
        'leader-settings-changed',
        'a-pebble-ready',
      ];
      for (const hook of whole) juju.fire('ca/0', hook);
      juju.act('ca/0');
      await juju.settle();
      assert.deepEqual(found.map((one) => count(one, 'relation-get')), [...whole, 'an action'].map(() => 21));
      assert.deepEqual(found.map((one) => count(one, 'state-set')), [...whole, 'an action'].map(() => 0));
    }));

  it('jujuHost() reads everything after a hook that failed, and where somebody is there of whom nobody has told', () =>
    withUnits(REACTIVE, 20, named, async (juju, relation, found) => {
      let kills = true;
      juju.interfere = (
        { tool, unit },
      ) => (kills && unit === 'ca/0' && tool === 'state-set' ? 'kill before' : undefined);
      juju.publish(relation, 'web/3', { common_name: 'third.example' });
      await assert.rejects(juju.settle());
      kills = false;
      await juju.settle();
      assert.deepEqual(found.map((one) => count(one, 'relation-get')), [21]);
      juju.publish(relation, 'web/3', { common_name: 'fourth.example' });
      await juju.settle();
      assert.equal(count(found[1] ?? assert.fail(), 'relation-get'), 2);
      const unit = juju.addUnit('web');
      juju.unit('ca/0').relations.get(relation)?.members.set(unit, relation.bag('units', unit).version);
      juju.publish(relation, 'web/3', { common_name: 'fifth.example' });
      await juju.settle();
      assert.equal(count(found[2] ?? assert.fail(), 'relation-get'), 22);
    }));

  it('jujuHost() reads everything once in a while: after an hour, or after a day in a hook about a unit', async () => {
    let now = Date.parse('2026-03-01T00:00:00Z');
    const charm = (compares: (compared: Compared) => void) =>
      comparing(PROVIDERS.reactive, compares, () => new Date(now));
    await withUnits(charm, 20, named, async (juju, relation, found) => {
      const hour = 3_600_000;
      const changed = async (name: string): Promise<void> => {
        juju.publish(relation, 'web/1', { common_name: name });
        await juju.settle();
      };
      now += 2 * hour;
      await changed('a.example');
      juju.fire('ca/0', 'update-status');
      juju.fire('ca/0', 'update-status');
      await juju.settle();
      now += 25 * hour;
      await changed('b.example');
      await changed('c.example');
      now -= hour;
      await changed('d.example');
      assert.deepEqual(found.map((one) => count(one, 'relation-get')), [2, 21, 1, 21, 2, 21]);
    });
  });

  it('jujuHost() reads each time what it may not keep: a private key, and more than an entry of the state takes', () =>
    withUnits(REACTIVE, 20, named, async (juju, relation, found) => {
      juju.publish(relation, 'web/1', { certificate_name: 'x'.repeat(61_000) });
      juju.publish(relation, 'web/2', { cert_requests: JSON.stringify({ x: { sans: [KEY] } }) });
      juju.publish(relation, 'web/3', { sans: '["PRIVATE\\u0020KEY"]' });
      await juju.settle();
      found.length = 0;
      juju.publish(relation, 'web/4', { common_name: 'a.example' });
      await juju.settle();
      assert.deepEqual(found.map((one) => count(one, 'relation-get')), [5]);
      assert.doesNotMatch(JSON.stringify(juju.unit('ca/0').state), /PRIVATE|SECRET/);
    }));

  it('jujuHost() keeps nothing where the state would have no room for it, and reads everything', async () => {
    const large = (i: number): Values => ({ ...named(i), certificate_name: 'x'.repeat(50_000) });
    await withUnits(REACTIVE, 40, large, async (juju, relation, found) => {
      const size = (): number =>
        Object.entries(juju.unit('ca/0').state).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
      assert.ok(size() < 200_000);
      const changed = async (name: string): Promise<void> => {
        juju.publish(relation, 'web/4', { common_name: name });
        await juju.settle();
      };
      await changed('a.example');
      assert.equal(count(found[0] ?? assert.fail(), 'relation-get'), 41);
      for (let i = 30; i < 40; i++) juju.publish(relation, `web/${i}`, { certificate_name: '' });
      await juju.settle();
      found.length = 0;
      await changed('b.example');
      assert.equal(count(found[0] ?? assert.fail(), 'relation-get'), 2, 'there is room again');
    });
  });

  it('jujuHost() keeps less where Juju has refused what a hook kept, and goes on', async () => {
    let refusals = 0;
    const options = { refuseCommit: () => refusals > 0 && refusals-- > 0 };
    await withUnits(REACTIVE, 20, named, async (juju, relation, found) => {
      refusals = 1;
      juju.publish(relation, 'web/4', { common_name: 'a.example' });
      await juju.settle({ retries: 1 });
      found.length = 0;
      juju.publish(relation, 'web/4', { common_name: 'b.example' });
      await juju.settle();
      assert.equal(count(found[0] ?? assert.fail(), 'relation-get'), 21, 'half the room was not enough');
      assert.ok(Object.values(juju.unit('ca/0').state).join('').length < 3_000);
      juju.fire('ca/0', 'config-changed');
      juju.publish(relation, 'web/4', { common_name: 'c.example' });
      await juju.settle();
      assert.equal(count(found.at(-1) ?? assert.fail(), 'relation-get'), 2, 'and then it is tried again');
    }, options);
  });
});
