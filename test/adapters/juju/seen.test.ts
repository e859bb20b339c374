/**
 * A provider that reads what has changed: it decides what it would decide if it read everything, whatever has happened.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Juju, withJuju } from '../../juju/juju.ts';
import type { ModelRelation } from '../../juju/model.ts';
import { comparing, type Compared, CSRS, KEY, PROVIDERS } from './seen-charm.ts';

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
  { sans: JSON.stringify(Array.from({ length: 9_000 }, (_, i) => `san-${i}.example`)) },
  { sans: '["\ud7ff\ufffe"]', common_name: 'ü.example' },
];

type Step =
  | { readonly do: 'publish'; readonly unit: number; readonly bag: number }
  | { readonly do: 'publish as'; readonly bag: number }
  | { readonly do: 'add' | 'remove'; readonly unit: number }
  | { readonly do: 'relate' | 'break'; readonly application: number }
  | { readonly do: 'fire'; readonly hook: string }
  | { readonly do: 'lead'; readonly unit: number }
  | { readonly do: 'fail'; readonly call: number; readonly how: 'kill before' | 'kill after' | 'commit'; readonly givenUp: boolean }
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
      call: fc.nat(12),
      how: fc.constantFrom('kill before' as const, 'kill after' as const, 'commit' as const),
      givenUp: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'settle' as const }) },
);

/** A provider of two units, and what is done to it; gives what its hooks found. */
const live = async (
  charm: (compares: (compared: Compared) => void) => Parameters<Juju['deploy']>[1],
  steps: ReadonlyArray<Step>,
): Promise<ReadonlyArray<Compared>> => {
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
      } else if (one.do === 'fire') for (const name of ['ca/0', 'ca/1']) juju.fire(name, one.hook);
      else if (one.do === 'lead') juju.lead(`ca/${one.unit}`);
      else if (one.do === 'fail') failing = one;
      else if (one.do === 'settle') await juju.settle({ retries: 3 });
    }
    await juju.settle({ retries: 3 });
    failing = null;
    // Whatever has been read or not, nothing is left to be done, but for what a hook had to do that was given up.
    const before = found.length;
    for (const name of ['ca/0', 'ca/1']) juju.fire(name, 'config-changed');
    await juju.settle();
    if (!isLost) for (const { writes } of found.slice(before)) assert.equal(writes, 0);
    for (const name of ['ca/0', 'ca/1']) {
      assert.doesNotMatch(JSON.stringify(juju.unit(name).state), /PRIVATE KEY|SECRET/);
    }
  });
  return found;
};

describe('jujuHost() for a provider', () => {
  it('jujuHost() decides byte for byte what it would by reading everything, in the reactive protocol', async () => {
    const charm = (compares: (compared: Compared) => void) => comparing(PROVIDERS.reactive, compares);
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
      await live(charm, steps);
    }), { numRuns: 60 });
  });

  it('jujuHost() decides byte for byte what it would by reading everything, in the CSR protocol', async () => {
    const charm = (compares: (compared: Compared) => void) => comparing(PROVIDERS.csr, compares);
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
      await live(charm, steps);
    }), { numRuns: 60 });
  });

  it('jujuHost() decides byte for byte what it would by reading everything, for both protocols at once', async () => {
    const charm = (compares: (compared: Compared) => void) => comparing(PROVIDERS.any, compares);
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
      await live(charm, steps);
    }), { numRuns: 60 });
  });
});
