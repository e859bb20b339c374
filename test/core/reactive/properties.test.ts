/**
 * What holds of the requirer whatever anybody publishes: ARCHITECTURE.md, Principles.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decide, decideInput, emptyMemory, type Input, requires } from '../../../mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import * as arbitrary from '../../arbitrary.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { answers, decoded, documentOf, flagNames, input, relation, topAnswer } from '../../world.ts';

const anyInput = arbitrary.document.map(decoded);

/** The same value with the fields of every object in another order. */
const reordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, reordered(member)]));
};

const REMOTE_KEYS = [
  'ca',
  'chain',
  'client.cert',
  'client.key',
  ...Object.keys(topAnswer('', '')),
  'web_0.processed_requests',
  'web_0.processed_client_requests',
  'web_0.processed_application_requests',
  'web_0.processed_intermediate_requests',
];

const LOCAL_KEYS = [
  'unit_name',
  'common_name',
  'sans',
  'certificate_name',
  'cert_requests',
  'client_cert_requests',
  'application_cert_requests',
  'intermediate_cert_requests',
];

const EVERYTHING = {
  requests: ['server', 'client', 'application', 'intermediate'].map((certType) => ({
    certType,
    commonName: 'web.example',
  })),
};

describe('requires.decide()', () => {
  it('decide() is total on arbitrary values', () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true }), (value) => {
      const result = decide(value);
      assert.ok(result._tag === 'Left' && result.left.issues.length > 0);
    }));
  });

  it('decide() is total on arbitrary databags', () => {
    fc.assert(fc.property(arbitrary.document, (value) => assert.equal(decide(value)._tag, 'Right')), runs(500));
  });

  it('decide() takes each hostile text as an ordinary value of each key', () => {
    for (const text of HOSTILE) {
      for (const key of REMOTE_KEYS) {
        const outcome = decideInput(
          input({ relations: [relation({ remoteUnits: { 'easyrsa/0': { [key]: text } } })], intent: EVERYTHING }),
        );
        assert.deepEqual(outcome.writes.map(({ relationId }) => relationId), ['certificates:3']);
      }
      for (const key of LOCAL_KEYS) {
        decideInput(input({ relations: [relation({ localUnitData: { [key]: text } })], intent: EVERYTHING }));
      }
    }
    assert.equal(Object.keys(Object.prototype).length, 0);
  });

  it('decide() takes each hostile text as a common name, a SAN, a key, a unit and an endpoint', () => {
    for (const text of HOSTILE) {
      const requests = ['server', 'client'].map((certType) => ({ certType, commonName: text, sans: [text] }));
      const once = input({
        localUnit: text,
        endpoint: text,
        relations: [{
          id: text,
          localUnitData: Object.fromEntries([[text, text]]),
          remoteUnits: Object.fromEntries([[text, { ca: 'CA' }]]),
        }],
        intent: { requests },
      });
      const outcome = decideInput(once);
      assert.equal(outcome.view.rootCaCert, 'CA');
      assert.deepEqual(
        JSON.parse(outcome.writes[0]?.set['client_cert_requests'] ?? ''),
        Object.fromEntries([[text, { sans: [text] }]]),
      );
    }
  });

  it('decide() gives the same bytes for the same input', () => {
    fc.assert(fc.property(arbitrary.document, (value) => {
      assert.equal(JSON.stringify(decide(structuredClone(value))), JSON.stringify(decide(value)));
    }));
  });

  it('decide() does not mind the order of fields, nor of relations', () => {
    fc.assert(fc.property(anyInput, (one) => {
      const snapshot = { ...one.snapshot, relations: [...one.snapshot.relations].reverse() };
      const other = decoded(reordered({ ...one, snapshot }));
      assert.equal(JSON.stringify(decideInput(other)), JSON.stringify(decideInput(one)));
    }));
  });

  it('decide() changes nothing when it is asked again after its outcome was applied', () => {
    fc.assert(
      fc.property(anyInput, (before) => {
        const first = decideInput(before);
        const after: Input = {
          ...before,
          snapshot: snapshotAfter(before.snapshot, first.writes),
          // Handled changes were handled once.
          intent: { ...before.intent, handled: [] },
          memory: first.memory,
        };
        const second = decideInput(after);
        assert.deepEqual(second.writes, []);
        assert.deepEqual(second.flags, { set: [], clear: [] });
        assert.deepEqual(second.memory, first.memory);
      }),
      runs(500),
    );
  });

  it('decide() writes only real differences, and only keys of its own', () => {
    fc.assert(fc.property(anyInput, (before) => {
      const { writes } = decideInput(before);
      assert.equal(new Set(writes.map(({ relationId }) => relationId)).size, writes.length);
      for (const write of writes) {
        const bag = before.snapshot.relations.find(({ id }) => id === write.relationId)?.localUnitData ?? {};
        assert.ok(Object.keys(write.set).length + write.delete.length > 0);
        for (const [key, value] of Object.entries(write.set)) {
          assert.notEqual(bag[key], value);
          assert.notEqual(value, '');
          assert.ok(LOCAL_KEYS.includes(key));
        }
        for (const key of write.delete) assert.ok(LOCAL_KEYS.includes(key) && bag[key] !== '' && key in bag);
      }
    }));
  });

  it('decide() lets a flag delta say exactly how the memory changed', () => {
    fc.assert(fc.property(anyInput, (before) => {
      const { flags, memory } = decideInput(before);
      const expected = new Set(before.memory.flags);
      for (const flag of flags.clear) assert.ok(expected.delete(flag));
      for (const flag of flags.set) {
        assert.ok(!expected.has(flag));
        expected.add(flag);
      }
      assert.deepEqual([...expected].sort(), [...memory.flags].sort());
    }));
  });

  it('decide() keeps certificates and keys out of writes, memory and findings', () => {
    fc.assert(fc.property(anyInput, (before) => {
      const { view: _view, ...rest } = decideInput({ ...before, memory: emptyMemory });
      const own = JSON.stringify(before.snapshot.relations.map(({ localUnitData }) => localUnitData));
      fc.pre(!own.includes('SECRET') && !own.includes('CERT'));
      assert.doesNotMatch(JSON.stringify(rest), /SECRET|CERT |BEGIN CERTIFICATE|CA \d|CHAIN \d/);
    }));
  });

  it('digests are as long whatever they are of', () => {
    fc.assert(fc.property(anyInput, (before) => {
      for (const digest of Object.values(decideInput({ ...before, memory: emptyMemory }).memory.digests)) {
        assert.match(digest, /^[0-9a-f]{64}(:[0-9a-f]{64})?$/);
      }
    }));
  });

  it('a .changed flag is set from a change until the charm has dealt with it, and no change is lost', () => {
    const content = fc.constantFrom<readonly [string, string] | null>(null, ['C1', 'K1'], ['C1', 'K2'], ['C2', 'K1']);
    fc.assert(fc.property(fc.array(fc.record({ content, isHandled: fc.boolean() }), { maxLength: 12 }), (hooks) => {
      let memory = emptyMemory;
      let lastSeen: string | null = null;
      let pending = false;
      for (const { content: pair, isHandled } of hooks) {
        const bag = pair === null ? {} : answers({ a: { cert: pair[0], key: pair[1] } });
        const { snapshot, intent } = input({
          relations: [relation({ remoteUnits: { 'easyrsa/0': bag } })],
          intent: { handled: isHandled ? ['certificates.server.certs.changed'] : [] },
        });
        memory = requires.decide(snapshot, intent, memory).memory;
        const seen: string | null = pair === null ? null : pair.join();
        pending = seen !== null && ((pending && !isHandled) || seen !== lastSeen);
        lastSeen = seen;
        assert.equal(flagNames(memory).includes('server.certs.changed'), pending);
      }
    }));
  });

  it('decide() takes as long for each of many relations as for one', () => {
    const many = (n: number): Input => {
      const relations = Array.from(
        { length: n },
        (_, i) =>
          relation({
            id: `certificates:${i}`,
            localUnitData: { common_name: 'a' },
            remoteUnits: { 'easyrsa/0': topAnswer('C', 'K') },
          }),
      );
      const withdraw = Array.from({ length: n }, (_, i) => ({ certType: 'client', commonName: `c${i}` }));
      const before = input({ relations, intent: { withdraw } });
      return { ...before, memory: decideInput(before).memory };
    };
    const [small, large] = [many(500), many(5_000)];
    const timed = (one: Input): number => {
      const began = performance.now();
      decideInput(one);
      return performance.now() - began;
    };
    timed(small);
    // Ten times the relations: ten times the work, where it was a hundred times before. The bound is far from both, and what else the
    // machine does at a time is no reason to fail: one quiet moment is enough.
    const isLinear = (): boolean => timed(large) / timed(small) < 40;
    assert.ok(Array.from({ length: 20 }).some(isLinear));
  });

  it('decide() of a document of 100 MB ends with what is in it', () => {
    const filler = 'x'.repeat(1_000_000);
    const remoteUnits = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`easyrsa/${i}`, { ca: `${i}`, filler }]),
    );
    const result = decide(documentOf({ relations: [relation({ remoteUnits })] }));
    assert.ok(result._tag === 'Right' && result.right.view.rootCaCert === '0');
  });
});
