/**
 * A bridge of several units with 22 relations and 60 units below, in any order of hooks: units of the bridge come and lead before they have seen
 * anything, hooks are killed, requirers join late. Everything is delivered, no key is shared, and nothing is asked for twice.
 *
 * Keys, certificate requests and certificates are made once for all orders, since making them takes most of the time. `BRIDGE_ORDERS=1000` runs
 * a thousand orders.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import process from 'node:process';
import fc from 'fast-check';
import { answerCsrs } from '../../../core/authority/mod.ts';
import { type KeyLabel, makeBridged, type MissingCsr } from '../../../core/bridge/mod.ts';
import { generateKey, type PrivateKey } from '../../../core/x509/mod.ts';
import { right } from '../authority/csr-world.ts';
import { BridgeWorld, byCsr, byName, newCsr, publicHalf, publicKeyOf } from './world.ts';
import { SEEDED } from '../../runs.ts';

const RELATIONS = 22;
const UNITS = 60;
const ORDERS = Number(process.env['BRIDGE_ORDERS'] ?? 2);

type Step =
  | { readonly do: 'ask'; readonly count: number }
  | { readonly do: 'hook'; readonly unit: number; readonly killed: 'keys kept' | 'keys lost' | null }
  | { readonly do: 'hear'; readonly unit: number; readonly count: number; readonly killed: boolean }
  | { readonly do: 'answer' }
  | { readonly do: 'lead'; readonly unit: number }
  | { readonly do: 'new unit' };

const unit = fc.nat(3);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), count: fc.integer({ min: 5, max: 40 }) }),
  fc.record({
    do: fc.constant('hook' as const),
    unit,
    killed: fc.constantFrom('keys kept' as const, 'keys lost' as const, null),
  }),
  fc.record({ do: fc.constant('hear' as const), unit, count: fc.integer({ min: 1, max: 6 }), killed: fc.boolean() }),
  fc.record({ do: fc.constant('answer' as const) }),
  fc.record({ do: fc.constant('lead' as const), unit }),
  fc.record({ do: fc.constant('new unit' as const) }),
);

/** The unit of a number, and how it asks: most by name, some for what they share, some by a request of their own. */
interface Asker {
  readonly id: string;
  readonly name: string;
  readonly kind: 'name' | 'application' | 'csr';
}

const askerOf = (i: number): Asker => ({
  id: `clients:${(i * 7) % RELATIONS}`,
  name: `web${(i * 7) % RELATIONS}/${i}`,
  // A relation has one protocol.
  kind: (i * 7) % RELATIONS % 5 === 4 ? 'csr' : i % 4 === 3 ? 'application' : 'name',
});
const ASKERS = Array.from({ length: UNITS }, (_, i) => askerOf(i));

const once = <A>(make: (key: string) => Promise<A>): (key: string) => Promise<A> => {
  const made = new Map<string, Promise<A>>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
};
const keyOf = once<PrivateKey>(() => right(generateKey('P-256')));
const ownCsrOf = once((name) => newCsr('web.example', [`${name.replace('/', '-')}.example`]));

const csrs = new Map<string, Awaited<ReturnType<ReturnType<typeof makeBridged>>>>();
/** The same certificate request for the same wish under the same key. */
const makeCsrs: typeof makeBridged = (missing, making) => async () => {
  const all = [];
  for (const one of missing) {
    const name = JSON.stringify([one.label, one.content, making.keyOf(one.label)]);
    const made = csrs.get(name) ?? await makeBridged([one], making)();
    csrs.set(name, made);
    all.push(made);
  }
  return { made: all.flatMap(({ made }) => made), faults: all.flatMap(({ faults }) => faults) };
};

const certificates = new Map<string, Awaited<ReturnType<ReturnType<typeof answerCsrs>>>>();
/** The same certificate for the same certificate request. */
const answering: typeof answerCsrs = (work, view) => async () => {
  const all = [];
  for (const request of view.requests) {
    if (request.state !== 'new') continue;
    const answered = certificates.get(request.csr) ?? await answerCsrs(work, { requests: [request] })();
    certificates.set(request.csr, answered);
    all.push(answered);
  }
  return { answers: all.flatMap(({ answers }) => answers), refusals: [], revoked: [], onWithdrawal: 'withdraw' };
};

/** Plays an order, and notes how often each certificate request was published. */
const play = async (steps: ReadonlyArray<Step>) => {
  const world = new BridgeWorld();
  Object.assign(world, { makeKey: (label: KeyLabel) => keyOf(label), makeCsrs, answering });
  const published = new Map<string, number>();
  let before = new Set<string>();
  const look = (): void => {
    const now = new Set(world.asked());
    for (const csr of now) if (!before.has(csr)) published.set(csr, (published.get(csr) ?? 0) + 1);
    before = now;
  };
  const units = ['bridge/0', 'bridge/1'];
  for (const name of units) world.sight.set(name, new Map());
  world.relate('certificates:99');
  for (let i = 0; i < RELATIONS; i++) world.relate(`clients:${i}`);
  // Of several units that join, the bridge often sees more than one when it decides.
  const hear = async (name: string, most = Infinity, killed = false): Promise<void> => {
    for (let i = 0; i < most; i++) {
      const next = world.unheard(name);
      if (next === null) break;
      if (next.remote !== null && i % 9 > 0) {
        world.see(name, next);
        continue;
      }
      await world.hear(name, next, killed && i === 0);
      look();
    }
    await world.hook(name);
    look();
  };
  // The first leader is there from the beginning: relations are created for it before anybody joins them.
  await hear('bridge/0', RELATIONS + 1);
  let asked = 0;
  const ask = async (count: number): Promise<void> => {
    for (const { id, name, kind } of ASKERS.slice(asked, asked + count)) {
      world.ask(
        id,
        name,
        kind === 'csr'
          ? byCsr([await ownCsrOf(name)])
          : byName(name, { 'web.example': ['web.example'] }, kind === 'name' ? undefined : 'application_cert_requests'),
      );
    }
    asked += count;
  };
  for (const one of steps) {
    const name = units['unit' in one ? one.unit % units.length : 0] ?? '';
    if (one.do === 'ask') await ask(one.count);
    else if (one.do === 'hook') {
      const keys = [...world.keys];
      await world.hook(name, one.killed !== null);
      // Of a hook that Juju undoes, a file stays and a secret does not.
      if (one.killed === 'keys lost') world.keys = keys;
    } else if (one.do === 'hear') await hear(name, one.count, one.killed);
    else if (one.do === 'answer') await world.answer();
    else if (one.do === 'lead') world.leader = name;
    else if (units.length < 4) {
      const fresh = `bridge/${units.length}`;
      units.push(fresh);
      world.sight.set(fresh, new Map());
      // Its first hook comes before any relation.
      await world.hook(fresh);
    }
    look();
  }
  await ask(UNITS);
  await hear(world.leader);
  await world.settle();
  look();
  return { world, published };
};

describe('a bridge between 22 relations with 60 units and a provider', () => {
  it(`delivers everything in any order, with no key twice and nothing asked for again (${ORDERS} orders)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
        const { world, published } = await play(steps);
        const owners = new Map<string, string>();
        const labels = new Set<string>();
        for (const { id, name, kind } of ASKERS) {
          if (kind === 'csr') {
            const given = JSON.parse(world.below.get(id)?.local.get('application')?.['certificates'] ?? '[]');
            const own = (await ownCsrOf(name)).trim();
            assert.ok(
              given.some((one: Record<string, string>) => one['certificate_signing_request']?.trim() === own),
              name,
            );
            labels.add(name);
            continue;
          }
          const pair = kind === 'name'
            ? world.pair(id, name, 'web.example')
            : world.pair(id, name, 'app_data', 'application_');
          assert.ok(pair, `${id} ${name} is not answered`);
          assert.equal(publicKeyOf(pair.cert), await publicHalf(pair.key));
          const owner = kind === 'name' ? `${id} ${name}` : `${id} shared`;
          assert.equal(owners.get(pair.key) ?? owner, owner, 'a key is shared');
          owners.set(pair.key, owner);
          labels.add(owner);
        }
        const again = [...published].filter(([, times]) => times > 1);
        assert.deepEqual(again, [], 'a request that was withdrawn came back');
        assert.equal(published.size, labels.size, 'each request was asked for once');
        assert.equal(world.asked().length, labels.size);
        assert.equal((await world.hook()).wrote, false, 'it is at rest');
      }),
      { numRuns: ORDERS, ...SEEDED },
    );
  });

  it('has orders in which the leader is new: what it has not seen is held, and goes once it is seen to be gone', async () => {
    const missing: ReadonlyArray<MissingCsr['label']> = [];
    const { world } = await play([
      { do: 'ask', count: UNITS },
      { do: 'hear', unit: 0, count: 200, killed: false },
      { do: 'answer' },
      { do: 'hook', unit: 0, killed: null },
      { do: 'new unit' },
      { do: 'lead', unit: 2 },
      { do: 'hook', unit: 2, killed: null },
    ]);
    assert.equal(world.leader, 'bridge/2');
    assert.deepEqual(world.read().decide([]).missing, missing);
    const before = world.asked().length;
    world.below.get(ASKERS[0]?.id ?? '')?.remote.delete(ASKERS[0]?.name ?? '');
    await world.settle();
    assert.equal(world.asked().length, before - 1);
  });
});
