/**
 * Properties of both sides about trust, over arbitrary worlds: deciding again changes nothing, nothing is lost, nothing throws, and what one
 * side publishes is what the other reads. And the work grows with what is published.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { snapshotAfter } from '../../../adapters/port.ts';
import { emptyMemory, type Outcome, type Snapshot } from '../../../mod.ts';
import { trustProvides, trustRequires } from '../../../core/trust/mod.ts';
import { assertLinear } from '../../growth.ts';
import { HOSTILE } from '../../hostile.ts';
import { A, afterProviding, B, C, D, pems, published, relation, requiring, snapshotOf } from './world.ts';

const certificate = fc.constantFrom(A, B, C, D).chain((pem) =>
  fc.constantFrom(
    pem,
    `${pem}\n`,
    pem.replaceAll('\n', '\r\n'),
    `text\n${pem}`,
    `${pem}\n${A}`,
    pem.replaceAll('\n', ' '),
  )
);
const odd = fc.oneof(fc.constantFrom(...HOSTILE.filter((text) => text.length < 1_000)), fc.string(), fc.json());
const entry = fc.oneof({ weight: 5, arbitrary: certificate }, { weight: 1, arbitrary: odd });
const list = fc.oneof(
  { weight: 5, arbitrary: fc.array(entry, { maxLength: 5 }).map((entries) => JSON.stringify(entries)) },
  { weight: 1, arbitrary: entry },
);
const version = fc.constantFrom('0', '1', '2', '"1"', 'null', '{}', '');
const text = fc.oneof(entry, entry.map((pem) => JSON.stringify(pem)));

const bag = fc.record({ certificates: list, version, stranger: fc.string() }, { requiredKeys: [] });
const unitBag = fc.record({ ca: text, certificate: text, chain: list, version, stranger: fc.string() }, {
  requiredKeys: [],
});

const relations = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('trust:3', 'trust:10', '__proto__'),
    localUnitData: unitBag,
    localApplicationData: bag,
    remoteApplicationData: bag,
    remoteUnits: fc.dictionary(fc.constantFrom('x/0', 'x/1', '__proto__'), unitBag),
  }, { requiredKeys: ['id', 'localUnitData', 'remoteUnits'] }),
  { selector: ({ id }) => id, maxLength: 3 },
);

const world = fc.record({
  isLeader: fc.boolean(),
  relations,
  departing: fc.option(fc.constantFrom({ relationId: 'trust:3', unit: 'x/0' }), { nil: undefined }),
});

const intent = fc.option(fc.array(certificate, { maxLength: 4 }), { nil: undefined }).map((certificates) =>
  certificates === undefined ? {} : { certificates }
);

type Decide = (snapshot: Snapshot, memory: Outcome['memory']) => Outcome;

/** Deciding once more on what it led to changes nothing. */
const settles = (snapshot: Snapshot, decide: Decide): void => {
  const first = decide(snapshot, emptyMemory);
  const again = decide(snapshotAfter(snapshot, first.writes), first.memory);
  assert.deepEqual([again.writes, again.flags, again.memory], [[], { set: [], clear: [] }, first.memory]);
};

describe('the sides about trust', () => {
  it('trustRequires settles, and its view does not depend on the order of relations', () => {
    fc.assert(fc.property(world, (given) => {
      const snapshot = snapshotOf('web/0', given);
      settles(snapshot, (seen, memory) => trustRequires.decide(seen, trustRequires.nothing, memory));
      const reversed = { ...snapshot, relations: [...snapshot.relations].reverse() };
      const view = (seen: Snapshot) => trustRequires.decide(seen, trustRequires.nothing, emptyMemory).view;
      assert.deepEqual(view(reversed), view(snapshot));
    }));
  });

  it('trustProvides settles, writes no empty value, and only the leader writes for the application', () => {
    fc.assert(fc.property(world, intent, (given, wanted) => {
      const snapshot = snapshotOf('ca/0', given);
      const decoded = trustProvides.intent.decode(wanted);
      assert.ok(decoded._tag === 'Right');
      const decide: Decide = (seen, memory) => trustProvides.decide(seen, decoded.right, memory);
      settles(snapshot, decide);
      for (const { bag: whose, set } of decide(snapshot, emptyMemory).writes) {
        assert.ok(whose === 'unit' || given.isLeader);
        assert.ok(Object.values(set).every((value) => value !== ''));
        assert.ok(!('stranger' in set));
      }
    }));
  });

  it('what trustProvides publishes in either version is what trustRequires reads', () => {
    fc.assert(
      fc.property(fc.array(certificate, { maxLength: 5 }), fc.constantFrom('', '0', '1', '2'), (certificates, said) => {
        const bags = afterProviding({
          relations: [relation({ remoteApplicationData: said === '' ? {} : { version: said } })],
          intent: { certificates },
        });
        const wanted = pems(
          requiring({ relations: [relation({ remoteApplicationData: published(...certificates) })] }),
        );
        const remoteUnits = { 'ca/0': { ...bags?.localUnitData } };
        const both = relation({ remoteApplicationData: { ...bags?.localApplicationData }, remoteUnits });
        assert.deepEqual(pems(requiring({ relations: [both] })), wanted);
        if (said === '1') return;
        assert.deepEqual(pems(requiring({ relations: [relation({ remoteUnits })] })), wanted, 'version 0 alone');
      }),
    );
  });

  it('trustRequires takes time in proportion to what is published', async () => {
    const bags = {
      'many certificates in a list': (size: number) =>
        relation({ remoteApplicationData: published(...Array.from({ length: size / 600 }, () => A)) }),
      'many entries that are none': (size: number) =>
        relation({ remoteApplicationData: published(...Array.from({ length: size / 10 }, (_, i) => `x${i}`)) }),
      'one long text': (size: number) =>
        relation({ remoteApplicationData: { certificates: '-----BEGIN CERTIFICATE-----\n'.repeat(size / 28) } }),
      'many units': (size: number) =>
        relation({
          remoteUnits: Object.fromEntries(Array.from({ length: size / 700 }, (_, i) => [`x/${i}`, { ca: B }])),
        }),
    };
    for (const [name, make] of Object.entries(bags)) {
      await assertLinear(name, {
        make: (size) => snapshotOf('web/0', { relations: [make(size)] }),
        work: (snapshot) => trustRequires.decide(snapshot, trustRequires.nothing, emptyMemory),
      });
    }
  });
});
