/**
 * What holds for the CSR sides in every world, however hostile: total, deterministic, idempotent, minimal, linear, and without secrets.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeInput, type Input } from '../../../core/csr/mod.ts';
import type { Outcome } from '../../../mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import { assertLinear } from '../../growth.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { providesDocument, requiresDocument } from './arbitrary.ts';
import { certificatePem, csrPem, ecKey } from './forge.ts';
import {
  answering,
  asking,
  decideProvides,
  decideRequires,
  entry,
  kept,
  providesInput,
  relation,
  requiresInput,
} from './world.ts';

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

for (const [name, documents] of [['csr/requires', requiresDocument], ['csr/provides', providesDocument]] as const) {
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

    it('writes only keys of the protocol that differ, and nothing that Juju would not keep', () => {
      fc.assert(
        fc.property(documents, (document) => {
          const input = read(document);
          const { writes } = input.decided();
          const own = new Map(input.snapshot.relations.map((one) => [one.id, one]));
          assert.deepEqual(
            writes.map(({ relationId, bag }) => `${relationId} ${bag}`).length,
            new Set(writes.map(({ relationId, bag }) => `${relationId} ${bag}`)).size,
          );
          for (const { relationId, bag, set, delete: gone } of writes) {
            const before = own.get(relationId)?.[bag === 'unit' ? 'localUnitData' : 'localApplicationData'] ?? {};
            assert.ok(bag === 'unit' || input.snapshot.isLeader);
            assert.ok(Object.keys(set).length + gone.length > 0);
            for (const [key, value] of Object.entries(set)) {
              assert.ok(value !== '' && value !== '[]' && before[key] !== value);
            }
            for (const key of gone) assert.ok(before[key] !== undefined && before[key] !== '');
            assert.ok(![...Object.keys(set), ...gone].includes('stranger'));
          }
        }),
        runs(150),
      );
    });

    it('does not throw on hostile values in any key of any bag', () => {
      const keys = ['certificate_signing_requests', 'certificates', 'request_errors', 'capabilities'];
      for (const text of HOSTILE) {
        const data = Object.fromEntries(keys.map((key) => [key, text]));
        const entries = { certificates: JSON.stringify([entry(text, text)]), ...asking(text) };
        for (const bag of [data, entries]) {
          const world = {
            isLeader: true,
            relations: [relation({
              localUnitData: bag,
              localApplicationData: bag,
              remoteApplicationData: bag,
              remoteUnits: { 'x/0': bag },
            })],
          };
          const outcome = name === 'csr/requires' ? decideRequires(world) : decideProvides(world);
          assert.ok(!JSON.stringify(outcome.findings).includes('x'.repeat(100)));
        }
      }
    });
  });
}

/** Processor time of one call, at its best. */
const bestOf = (work: () => unknown): number => {
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const began = performance.now();
    work();
    best = Math.min(best, performance.now() - began);
  }
  return best;
};

describe('time', () => {
  const key = ecKey(1);
  const names = (n: number) => Array.from({ length: n }, (_, i) => `n${i}.example`);
  const pairs = names(800).map((commonName) =>
    [csrPem({ key, commonName }), certificatePem({ key, commonName })] as const
  );

  /** Four times the work in less than sixteen times the time: far from linear's four, and far from what squares would take. */
  const isLinear = (work: (n: number) => () => unknown): boolean => {
    const [small, large] = [work(200), work(800)];
    small();
    return Array.from({ length: 4 }).some(() => bestOf(large) / bestOf(small) < 10);
  };

  /** So many requests as make about so many characters. */
  const some = (size: number) => pairs.slice(0, Math.max(1, Math.min(pairs.length, Math.ceil(size / 1_500))));

  it('grows with the requests and no faster, for a requirer', async () => {
    await assertLinear('requests', {
      make: (size) => {
        const csrs = some(size);
        return requiresInput({
          keys: [kept(key)],
          relations: [relation({
            localUnitData: asking(...csrs.map(([csr]) => csr)),
            remoteApplicationData: answering(
              ...csrs.map(([csr, certificate]) => entry(csr, certificate, { chain: [certificate] })),
            ),
          })],
          intent: {
            requests: names(csrs.length).map((commonName) => ({ certType: 'server', commonName })),
            made: csrs.map(([csr]) => csr),
          },
        });
      },
      work: (input) => input.decided(),
      most: pairs.length * 1_500,
    });
  });

  it('grows with the requests and no faster, for a provider', async () => {
    await assertLinear('requests', {
      make: (size) => {
        const csrs = some(size);
        return providesInput({
          relations: [relation({ remoteUnits: Object.fromEntries(csrs.map(([csr], i) => [`x/${i}`, asking(csr)])) })],
          intent: {
            answers: csrs.map(([csr, certificate]) => ({
              relationId: 'certificates:3',
              csr,
              certificate,
              ca: certificate,
              chain: [],
            })),
          },
        });
      },
      work: (input) => input.decided(),
      most: pairs.length * 1_500,
    });
  });

  it('grows with the length of one text and no faster', () => {
    const texts: ReadonlyArray<(n: number) => string> = [
      (n) => '-----BEGIN A-----'.repeat(n),
      (n) => '-----BEGIN '.repeat(n),
      (n) => `-----BEGIN CERTIFICATE REQUEST-----${'-----END '.repeat(n)}`,
      (n) => '-----BEGIN CERTIFICATE REQUEST-----\n'.repeat(n),
      (n) => `-----BEGIN CERTIFICATE REQUEST-----\n${'A \n'.repeat(n)}-----END CERTIFICATE REQUEST-----`,
      (n) => ' '.repeat(n),
    ];
    for (const text of texts) {
      assert.ok(
        isLinear((n) => {
          const hostile = text(n * 100);
          const world = {
            relations: [
              relation({
                localUnitData: asking(hostile),
                remoteApplicationData: answering(entry(hostile, hostile, { chain: null })),
              }),
            ],
          };
          return () => decideRequires(world);
        }),
        text(1),
      );
    }
  });
});
