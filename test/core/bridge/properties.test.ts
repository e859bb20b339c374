/**
 * A bridge in any order of steps, with hooks that are killed on the way: everything is answered, no key is shared, nothing is issued again.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { asPublished, bridge, decideAbove, emptyTable } from '../../../core/bridge/mod.ts';
import { anyProvides, decodeInput } from '../../../core/any/mod.ts';
import { emptyMemory } from '../../../mod.ts';
import { assertLinear } from '../../growth.ts';
import { anyText } from '../../text.ts';
import { type Bag, BridgeWorld, byCsr, byName, newCsr, publicHalf, publicKeyOf } from './world.ts';
import { SEEDED } from '../../runs.ts';

/** Certificate requests of units that keep their own keys; making them takes time. */
const CSRS = [await newCsr('one.example'), await newCsr('two.example'), await newCsr('three.example')];

const RELATIONS = ['clients:1', 'clients:2', 'clients:3'] as const;

type Step =
  | {
    readonly do: 'ask';
    readonly id: string;
    readonly unit: number;
    readonly names: ReadonlyArray<string>;
    readonly kind: string;
  }
  | { readonly do: 'pass'; readonly id: string; readonly csr: number }
  | { readonly do: 'hook'; readonly unit: number; readonly killed: boolean }
  | { readonly do: 'answer' }
  | { readonly do: 'lead'; readonly unit: number }
  | { readonly do: 'forget' };

const id = fc.constantFrom(...RELATIONS);
const ask: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('ask' as const),
  id,
  unit: fc.nat(2),
  names: fc.subarray(['a.example', 'b.example', '__proto__'], { minLength: 1 }),
  kind: fc.constantFrom('cert_requests', 'client_cert_requests', 'application_cert_requests'),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  ask,
  fc.record({ do: fc.constant('pass' as const), id, csr: fc.nat(CSRS.length - 1) }),
  fc.record({ do: fc.constant('hook' as const), unit: fc.nat(1), killed: fc.boolean() }),
  fc.record({ do: fc.constant('answer' as const) }),
  fc.record({ do: fc.constant('lead' as const), unit: fc.nat(1) }),
  fc.record({ do: fc.constant('forget' as const) }),
);

/** What is asked for by name, as the world's bags say it. */
interface Asked {
  readonly id: string;
  readonly unit: string;
  readonly kind: string;
  readonly names: ReadonlyArray<string>;
}

const run = async (steps: ReadonlyArray<Step>) => {
  const world = new BridgeWorld();
  world.relate('certificates:9');
  const asked = new Map<string, Asked>();
  for (const one of steps) {
    if (one.do === 'ask') {
      const unit = `web/${one.unit}`;
      const requests: Bag = byName(unit, Object.fromEntries(one.names.map((name) => [name, []])), one.kind);
      // A unit asks for one set of names, once: what it asks for later is for others to test.
      const key = `${one.id} ${unit}`;
      if (asked.has(key)) continue;
      asked.set(key, { id: one.id, unit, kind: one.kind, names: one.names });
      world.ask(one.id, unit, requests);
    } else if (one.do === 'pass') {
      world.ask(one.id, 'db/0', byCsr([CSRS[one.csr] ?? assert.fail('no such request')]));
    } else if (one.do === 'hook') await world.hook(`bridge/${one.unit}`, one.killed);
    else if (one.do === 'answer') await world.answer();
    else if (one.do === 'lead') world.leader = `bridge/${one.unit}`;
    else world.table = emptyTable;
  }
  await world.settle();
  await world.hook(world.leader === 'bridge/0' ? 'bridge/1' : 'bridge/0');
  return { world, asked: [...asked.values()] };
};

/** The answers in a bag: where they stand, certificate and key. */
const pairsIn = (bag: Bag): ReadonlyArray<readonly [string, { readonly cert: string; readonly key: string }]> =>
  Object.entries(bag).filter(([key]) => /^web_\d\.processed_/.test(key)).flatMap(([key, value]) =>
    Object.entries<{ readonly cert: string; readonly key: string }>(JSON.parse(value)).map(([name, pair]) =>
      [`${key.endsWith('application_requests') ? '' : key} ${name}`, pair] as const
    )
  );

const WHEN = { numRuns: 10, ...SEEDED };

describe('a bridge, whatever happens to it', () => {
  it('answers everything, each request with a key of its own beside the certificate that fits it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const { world, asked } = await run(steps);
        const owners = new Map<string, string>();
        for (const relation of world.below.keys()) {
          for (const [place, { cert, key }] of pairsIn(world.answers(relation))) {
            assert.equal(publicKeyOf(cert), await publicHalf(key));
            const owner = `${relation} ${place}`;
            assert.equal(owners.get(key) ?? owner, owner, 'a key is shared');
            owners.set(key, owner);
          }
        }
        for (const { id: relation, unit, kind, names } of asked) {
          const raw = world.answers(relation)[`${unit.replace('/', '_')}.processed_${kind.replace('cert_', '')}`] ??
            world.answers(relation)[`${unit.replace('/', '_')}.processed_requests`];
          const given = Object.keys(JSON.parse(raw ?? '{}'));
          assert.deepEqual(
            given.toSorted(),
            kind === 'application_cert_requests' ? ['app_data'] : names.toSorted(),
            `${relation} ${unit} ${kind}`,
          );
        }
      }),
      WHEN,
    );
  });

  it('has no key anywhere but with its keeper and in the answers of the leader', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const { world } = await run(steps);
        const elsewhere = JSON.stringify([
          [...world.above.values()].flatMap(({ local, remote }) => [...local.values(), ...remote.values()]),
          [...world.below.values()].flatMap(({ local }) =>
            [...local].filter(([unit]) => unit !== world.leader).map(([, bag]) => bag)
          ),
          world.table,
          world.read().decide([]),
        ]);
        assert.doesNotMatch(elsewhere, /PRIVATE KEY/);
        const keys = new Set(world.keys.map(({ key }) => key.trim()));
        for (const relation of world.below.keys()) {
          for (const [, { key }] of pairsIn(world.answers(relation))) assert.ok(keys.has(key.trim()));
        }
      }),
      WHEN,
    );
  });

  it('issues nothing again, comes to rest, and decides the same again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const { world, asked } = await run(steps);
        // An application's certificate changes with each unit that asks for it, every other request is made once.
        const most = asked.reduce(
          (sum, { kind, names }) => sum + (kind === 'application_cert_requests' ? 1 : names.length),
          0,
        );
        const passed = steps.filter((one) => one.do === 'pass').length;
        assert.ok(world.seen.size <= most + passed, `${world.seen.size} requests for ${most} and ${passed}`);
        const { decide } = world.read();
        assert.deepEqual(decide([]), decide([]));
        assert.deepEqual(decide([]).missing, []);
        assert.equal((await world.hook()).wrote, false);
      }),
      WHEN,
    );
  });

  it('serves 60 units on 22 relations through killed hooks and changes of its leader, with 60 requests above', async () => {
    const world = new BridgeWorld();
    world.relate('certificates:9');
    for (let i = 0; i < 60; i++) {
      // All ask for the same name: only who asks tells them apart.
      world.ask(`clients:${i % 22}`, `web/${i}`, byName(`web/${i}`, { 'a.example': ['a.example'] }));
      if (i % 7 === 0) await world.hook(world.leader, i % 2 === 0);
      if (i % 13 === 0) await world.answer();
      if (i % 17 === 0) world.leader = `bridge/${i % 3}`;
    }
    await world.settle();
    const pairs = Array.from({ length: 60 }, (_, i) => world.pair(`clients:${i % 22}`, `web/${i}`, 'a.example'));
    assert.ok(pairs.every((pair) => pair !== null));
    assert.equal(new Set(pairs.map((pair) => pair?.key)).size, 60);
    assert.deepEqual([world.seen.size, world.asked().length, world.keys.length], [60, 60, 60]);
  });

  it('never throws, whatever stands in the databags and in the table', () => {
    const text = fc.oneof(
      anyText(),
      fc.json(),
      fc.constantFrom('[{"certificate_signing_request": 1}]', '{"__proto__": {"sans": []}}', '[]', '{', 'null'),
    );
    const bag = fc.dictionary(
      fc.constantFrom(
        'certificate_signing_requests',
        'certificates',
        'request_errors',
        'capabilities',
        'cert_requests',
        'application_cert_requests',
        'unit_name',
        'common_name',
        'ca',
      ),
      text,
    );
    fc.assert(
      fc.property(bag, bag, bag, bag, (unit, application, above, own) => {
        const read = (side: string, relation: object) => {
          const snapshot = { localUnit: 'bridge/0', endpoint: side, isLeader: true, relations: [relation] };
          const input = decodeInput({ side, snapshot });
          return input._tag === 'Right' ? input.right.snapshot : assert.fail(input.left.message);
        };
        const remote = { localUnitData: {}, remoteUnits: { 'web/0': unit } };
        const lower = read('any/provides', { id: 'clients:1', ...remote, remoteApplicationData: application });
        const upper = read('any/requires', {
          id: 'certificates:9',
          ...remote,
          localApplicationData: own,
          remoteApplicationData: above,
        });
        const decided = bridge({
          snapshot: lower,
          below: anyProvides.decide(lower, anyProvides.nothing, emptyMemory),
          above: decideAbove(upper, asPublished, emptyMemory).view,
          table: emptyTable,
          keys: [],
          made: [],
        });
        decideAbove(upper, decided.above, emptyMemory);
        assert.deepEqual(decided.unused, []);
      }),
    );
  });

  it('takes time in proportion to what is asked for', async () => {
    const make = (size: number) => {
      const names = Array.from({ length: Math.ceil(size / 40) }, (_, i) => `host-${i}.example`);
      const world = new BridgeWorld();
      world.relate('certificates:9');
      world.ask('clients:1', 'web/0', byName('web/0', Object.fromEntries(names.map((name) => [name, [name]]))));
      return world.read();
    };
    await assertLinear('bridge', { make, work: ({ decide }) => decide([]), most: 400_000 });
  });
});
