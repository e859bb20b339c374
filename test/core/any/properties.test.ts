/**
 * What holds for the sides of both protocols in every world, however hostile: total, deterministic, idempotent, minimal, linear; and that a
 * side of both is the side of one where the other side speaks that one.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeInput, type Input } from '../../../core/any/mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import type { Outcome } from '../../../mod.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { certificatePem, csrPem, ecKey } from '../csr/forge.ts';
import { answering, asking, entry, kept } from '../csr/world.ts';
import { providesDocument, requiresDocument } from './arbitrary.ts';

const read = (document: unknown): Input => {
  const result = decodeInput(document);
  if (result._tag === 'Left') throw new Error(result.left.message);
  return result.right;
};

/** The same document once what was decided is applied; what counts once is gone from the intent. */
const applied = (document: unknown, input: Input, outcome: Outcome): unknown => ({
  ...(document as Readonly<Record<string, unknown>>),
  snapshot: JSON.parse(JSON.stringify(snapshotAfter(input.snapshot, outcome.writes))),
  intent: JSON.parse(JSON.stringify({ ...input.intent, revoked: undefined })),
  memory: outcome.memory,
});

const RELATION = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'x/0': {} } };

const documentOf = (side: string, relation: object, more: object = {}, intent: object = {}): unknown => ({
  side,
  snapshot: {
    localUnit: side.endsWith('requires') ? 'web/0' : 'ca/0',
    endpoint: 'certificates',
    isLeader: true,
    now: '2026-06-01T00:00:00Z',
    relations: [{ ...RELATION, ...relation }],
    ...more,
  },
  intent,
});

for (const [name, documents] of [['any/requires', requiresDocument], ['any/provides', providesDocument]] as const) {
  describe(name, () => {
    it('decides on any world, and the same each time', () => {
      fc.assert(
        fc.property(documents, (document) => {
          assert.deepEqual(read(document).decided(), read(JSON.parse(JSON.stringify(document))).decided());
        }),
        runs(150),
      );
    });

    it('changes nothing when it decides again on what it led to', () => {
      fc.assert(
        fc.property(documents, (document) => {
          const input = read(document);
          const outcome = input.decided();
          const again = read(applied(document, input, outcome)).decided();
          assert.deepEqual(again.writes, []);
          assert.deepEqual(again.flags, { set: [], clear: [] });
          assert.deepEqual(again.memory, outcome.memory);
        }),
        runs(150),
      );
    });

    it('writes each databag once, only keys that differ, and nothing that Juju would not keep', () => {
      fc.assert(
        fc.property(documents, (document) => {
          const input = read(document);
          const { writes } = input.decided();
          const own = new Map(input.snapshot.relations.map((one) => [one.id, one]));
          const bags = writes.map(({ relationId, bag }) => `${relationId} ${bag}`);
          assert.equal(bags.length, new Set(bags).size);
          for (const { relationId, bag, set, delete: gone } of writes) {
            const before = own.get(relationId)?.[bag === 'unit' ? 'localUnitData' : 'localApplicationData'] ?? {};
            assert.ok(bag === 'unit' || input.snapshot.isLeader);
            assert.ok(Object.keys(set).length + gone.length > 0);
            assert.deepEqual(Object.keys(set), Object.keys(set).toSorted());
            for (const [key, value] of Object.entries(set)) assert.ok(value !== '' && before[key] !== value);
            for (const key of gone) assert.ok(before[key] !== undefined && before[key] !== '');
            assert.ok(![...Object.keys(set), ...gone].includes('stranger'));
          }
        }),
        runs(150),
      );
    });

    it('does not throw on hostile values in any key of any bag', () => {
      const keys = [
        ...['certificate_signing_requests', 'certificates', 'request_errors', 'capabilities'],
        ...['unit_name', 'common_name', 'sans', 'cert_requests', 'client_cert_requests', 'application_cert_requests'],
        ...[
          'ca',
          'chain',
          'client.cert',
          'client.key',
          'web_0.server.cert',
          'web_0.server.key',
          'web_0.processed_requests',
        ],
      ];
      for (const hostile of HOSTILE) {
        const data = Object.fromEntries(keys.map((key) => [key, hostile]));
        const entries = {
          ...asking(hostile),
          certificates: JSON.stringify([entry(hostile, hostile)]),
          cert_requests: JSON.stringify({ [hostile]: { sans: [hostile] } }),
          [`${hostile}.processed_requests`]: JSON.stringify({ [hostile]: { cert: hostile, key: hostile } }),
        };
        for (const bag of [data, entries]) {
          const { findings } = read(documentOf(name, {
            localUnitData: bag,
            localApplicationData: bag,
            remoteApplicationData: bag,
            remoteUnits: { 'x/0': bag },
          })).decided();
          assert.ok(!JSON.stringify(findings.map(({ message }) => message)).includes('x'.repeat(100)));
        }
      }
    });
  });
}

describe('a side of both protocols', () => {
  const CAPABLE = { remoteApplicationData: { capabilities: '{}' } };

  it('writes for CSRs what the CSR side writes, where the provider speaks that', () => {
    fc.assert(
      fc.property(requiresDocument, (document) => {
        // One relation, so that both sides ask the same.
        const { snapshot, ...rest } = document as { snapshot: { relations: ReadonlyArray<Record<string, unknown>> } };
        const relations = snapshot.relations.slice(0, 1).map((relation) => ({
          ...relation,
          remoteApplicationData: { ...(relation['remoteApplicationData'] ?? {}), ...CAPABLE.remoteApplicationData },
        }));
        const of = (side: string) => read({ ...rest, side, snapshot: { ...snapshot, relations } }).decided();
        const csrs = ({ writes }: Outcome) =>
          writes.flatMap(({ bag, set, delete: gone }) => [
            ...Object.entries(set).map(([key, value]) => [bag, key, value]),
            ...gone.map((key) => [bag, key, null]),
          ]).filter(([, key]) => key === 'certificate_signing_requests');
        assert.deepEqual(csrs(of('any/requires')), csrs(of('csr/requires')));
      }),
      runs(150),
    );
  });

  it('asks in one form where it knows what is spoken, and never withdraws what cannot be read', () => {
    fc.assert(
      fc.property(requiresDocument, (document) => {
        const input = read(document);
        const outcome = input.decided();
        const after = snapshotAfter(input.snapshot, outcome.writes);
        const { view } = outcome;
        // The document was decoded as one of this side.
        const { protocols } = view as { readonly protocols: Readonly<Record<string, string>> };
        for (const write of outcome.writes) {
          const spoken = protocols[write.relationId];
          if (spoken === 'csr') {
            assert.ok(Object.keys(write.set).every((key) => key === 'certificate_signing_requests'));
          }
          if (spoken === 'reactive') {
            assert.ok(
              !('certificate_signing_requests' in write.set) || write.set['certificate_signing_requests'] !== '[]',
            );
          }
        }
        assert.equal(after.relations.length, Object.keys(protocols).length);
      }),
      runs(150),
    );
  });

  it('publishes no key where CSRs are asked with', () => {
    fc.assert(
      fc.property(providesDocument, (document) => {
        const input = read(document);
        const { writes } = input.decided();
        for (
          const { id, localUnitData, remoteApplicationData, remoteUnits } of snapshotAfter(input.snapshot, writes)
            .relations
        ) {
          const asks = [remoteApplicationData, ...Object.values(remoteUnits)]
            .some((bag) => (bag['certificate_signing_requests'] ?? '') !== '');
          if (asks && Object.keys(remoteUnits).some((unit) => unit !== input.snapshot.departing?.unit)) {
            assert.equal(localUnitData['client.key'] ?? '', '', id);
          }
        }
      }),
      runs(150),
    );
  });
});

/** Time of one call, at its best. */
const bestOf = (work: () => unknown): number => {
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const began = performance.now();
    work();
    best = Math.min(best, performance.now() - began);
  }
  return best;
};

describe('the time of a side of both protocols', () => {
  const key = ecKey(1);
  const names = (n: number) => Array.from({ length: n }, (_, i) => `n${i}.example`);
  const pairs = names(800).map((commonName) =>
    [csrPem({ key, commonName }), certificatePem({ key, commonName })] as const
  );

  /** Four times the work in less than ten times the time: far from the sixteen that squares would take. */
  const isLinear = (work: (n: number) => () => unknown): boolean => {
    const [small, large] = [work(200), work(800)];
    small();
    return Array.from({ length: 4 }).some(() => bestOf(large) / bestOf(small) < 10);
  };
  const named = (n: number) => JSON.stringify(Object.fromEntries(names(n).map((one) => [one, { sans: [one] }])));
  const wanted = (n: number) => ({ requests: names(n).map((commonName) => ({ certType: 'server', commonName })) });

  it('grows with the requests and no faster, for a requirer that asks in both forms', () => {
    assert.ok(isLinear((n) => {
      const some = pairs.slice(0, n);
      const input = read(documentOf(
        'any/requires',
        { localUnitData: { ...asking(...some.map(([csr]) => csr)), cert_requests: named(n) } },
        { keys: [kept(key)] },
        { ...wanted(n), made: some.map(([csr]) => csr) },
      ));
      return () => input.decided();
    }));
  });

  it('grows with the answers and no faster, in either form and both', () => {
    for (const spoken of ['csr', 'reactive']) {
      assert.ok(
        isLinear((n) => {
          const some = pairs.slice(0, n);
          const answers = Object.fromEntries(names(n).map((one) => [one, { cert: one, key: one }]));
          const input = read(documentOf(
            'any/requires',
            {
              localUnitData: spoken === 'csr' ? asking(...some.map(([csr]) => csr)) : { cert_requests: named(n) },
              remoteApplicationData: spoken === 'csr'
                ? answering(...some.map(([csr, certificate]) => entry(csr, certificate, { chain: [certificate] })))
                : {},
              remoteUnits: { 'x/0': { 'ca': 'CA', 'web_0.processed_requests': JSON.stringify(answers) } },
            },
            { keys: [kept(key)] },
            wanted(n),
          ));
          return () => input.decided();
        }),
        spoken,
      );
    }
  });

  it('grows with the units and no faster, for a provider that is asked in both forms', () => {
    assert.ok(isLinear((n) => {
      const units = pairs.slice(0, n).map(([csr], i) => [
        `x/${i}`,
        { ...asking(csr), unit_name: `x_${i}`, common_name: `n${i}.example`, cert_requests: named(3) },
      ]);
      const input = read(documentOf('any/provides', { remoteUnits: Object.fromEntries(units) }));
      return () => input.decided();
    }));
  });
});
