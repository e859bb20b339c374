/**
 * What holds of the provider whatever anybody publishes: ARCHITECTURE.md, Principles.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import fc from 'fast-check';
import {
  type Databag,
  decide,
  decideInput,
  emptyMemory,
  nothingToPublish,
  type PrivateKey,
  provides,
  publish,
  setCert,
} from '../../../mod.ts';
import { type ProvidesInput, snapshotAfter } from '../../../adapters/port.ts';
import * as arbitrary from '../../arbitrary.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { decodedProvides } from '../../world.ts';

const anyInput = arbitrary.providerDocument.map(decodedProvides);

const REQUEST_KEYS = [
  'unit_name',
  'common_name',
  'sans',
  'certificate_name',
  'cert_requests',
  'client_cert_requests',
  'application_cert_requests',
  'intermediate_cert_requests',
];

const OWN_KEYS = [
  'ca',
  'chain',
  'client.cert',
  'web_0.server.cert',
  'web_0.server.key',
  'web_0.processed_requests',
  'web_0.processed_application_requests',
];

const input = (local: Databag, remoteUnits: Readonly<Record<string, Databag>>, id = 'certificates:3'): ProvidesInput =>
  decodedProvides({
    side: 'reactive/provides',
    snapshot: {
      localUnit: 'easyrsa/0',
      endpoint: 'certificates',
      relations: [{ id, localUnitData: local, remoteUnits }],
    },
  });

/** The state after a hook in which every new request was answered. */
const afterAnswering = (before: ProvidesInput): ProvidesInput => {
  const { view } = provides.decide(before.snapshot, nothingToPublish, before.memory);
  const answers = view.newRequests.map((request) => setCert(request, 'CERT', 'SECRET' as PrivateKey));
  const { writes, memory } = provides.decide(before.snapshot, publish(...answers), before.memory);
  return { ...before, snapshot: snapshotAfter(before.snapshot, writes), intent: nothingToPublish, memory };
};

describe('provides.decide(), whatever is published', () => {
  it('is total on arbitrary databags', () => {
    fc.assert(
      fc.property(arbitrary.providerDocument, (value) => assert.equal(decide(value)._tag, 'Right')),
      runs(500),
    );
  });

  it('takes each hostile text as an ordinary value, name, SAN and unit', () => {
    for (const text of HOSTILE) {
      for (const key of REQUEST_KEYS) afterAnswering(input({}, { 'web/0': { [key]: text } }));
      for (const key of OWN_KEYS) afterAnswering(input({ [key]: text }, { 'web/0': { common_name: 'a' } }));
      const named = input(
        Object.fromEntries([[text, text]]),
        Object.fromEntries([[text, {
          client_cert_requests: JSON.stringify(Object.fromEntries([[text, { sans: [text] }]])),
        }]]),
        text,
      );
      const { view } = decideInput(afterAnswering(named));
      // A unit without a name cannot be answered under it; Juju has none.
      if (text !== '') {
        assert.deepEqual(view.allRequests.map(({ isHandled }) => isHandled), [true], JSON.stringify(text.slice(0, 20)));
      }
    }
    assert.equal(Object.keys(Object.prototype).length, 0);
  });

  it('gives the same bytes for the same input, whatever the order of relations', () => {
    fc.assert(fc.property(anyInput, (one) => {
      const snapshot = { ...one.snapshot, relations: [...one.snapshot.relations].reverse() };
      assert.equal(
        JSON.stringify(decideInput({ ...one, snapshot })),
        JSON.stringify(decideInput(structuredClone(one))),
      );
    }));
  });

  it('changes nothing when it is asked again after its outcome was applied', () => {
    fc.assert(
      fc.property(anyInput, (before) => {
        const first = decideInput(before);
        const second = decideInput({
          ...before,
          snapshot: snapshotAfter(before.snapshot, first.writes),
          memory: first.memory,
        });
        assert.deepEqual([second.writes, second.flags], [[], { set: [], clear: [] }]);
        assert.deepEqual(second.memory, first.memory);
        assert.deepEqual(second.view, first.view);
      }),
      runs(500),
    );
  });

  it('has nothing new once every new request was answered, and every answer stands with its request', () => {
    fc.assert(
      fc.property(anyInput, (before) => {
        const after = afterAnswering(before);
        const { view, writes } = decideInput(after);
        assert.deepEqual(view.newRequests, []);
        assert.deepEqual(writes, []);
        assert.equal(view.publishedCerts.length, view.allRequests.length);
      }),
      runs(300),
    );
  });

  it('leaves no answer to anybody when nobody asks any more', () => {
    fc.assert(fc.property(anyInput, (before) => {
      const answered = afterAnswering({ ...before, intent: nothingToPublish });
      const silent = {
        ...answered.snapshot,
        relations: answered.snapshot.relations.map((relation) => ({ ...relation, remoteUnits: {} })),
      };
      const { writes, memory } = provides.decide(silent, nothingToPublish, answered.memory);
      for (const { localUnitData } of snapshotAfter(silent, writes).relations) {
        const left = Object.entries(localUnitData)
          .filter(([key, value]) => value !== '' && /\.(server\.|processed_)/.test(key));
        assert.deepEqual(left, []);
      }
      assert.deepEqual(Object.keys(memory.digests).filter((name) => name.startsWith('certificates.')), []);
    }));
  });

  it('writes only real differences, and never what a requirer writes', () => {
    fc.assert(fc.property(anyInput, (before) => {
      for (const { relationId, set, ...write } of decideInput(before).writes) {
        const bag = before.snapshot.relations.find(({ id }) => id === relationId)?.localUnitData ?? {};
        for (const [key, value] of Object.entries(set)) assert.ok(bag[key] !== value && value !== '');
        for (const key of write.delete) assert.ok(key in bag && bag[key] !== '');
        assert.deepEqual([...Object.keys(set), ...write.delete].filter((key) => REQUEST_KEYS.includes(key)), []);
      }
    }));
  });

  it('keeps certificates and keys out of memory and findings', () => {
    fc.assert(fc.property(anyInput, (before) => {
      const { memory, findings } = decideInput({ ...before, memory: emptyMemory });
      assert.doesNotMatch(JSON.stringify([memory, findings]), /SECRET|CERT \d|BEGIN CERTIFICATE|CA \d|CHAIN \d/);
    }));
  });

  it('decodes each value once, however many answers it holds (D12)', () => {
    const decodedTimes = (n: number): number => {
      const names = Array.from({ length: n }, (_, i) => `name-${i}`);
      const requests = JSON.stringify(Object.fromEntries(names.map((name) => [name, { sans: [] }])));
      const before = afterAnswering(
        input({}, { 'web/0': { cert_requests: requests }, 'web/1': { cert_requests: requests } }),
      );
      const parse = mock.method(JSON, 'parse');
      try {
        decideInput(before);
        return parse.mock.callCount();
      } finally {
        parse.mock.restore();
      }
    };
    // Two units, each with a value that asks and one that answers.
    assert.deepEqual([1, 10, 500].map(decodedTimes), [4, 4, 4]);
  });
});
