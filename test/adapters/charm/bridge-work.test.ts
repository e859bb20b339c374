/**
 * What a bridge has to find out in a hook, however many requests there are below.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keysToPublish } from '../../../adapters/charm/bridge-work.ts';
import { anyProvides } from '../../../core/any/provides.ts';
import { type KeptAnswer, nothingBelow } from '../../../core/bridge/below.ts';
import { decodeInput } from '../../../core/any/decide.ts';
import { emptyMemory } from '../../../core/model/memory.ts';
import type { Snapshot } from '../../../core/model/snapshot.ts';
import { assertLinear } from '../../growth.ts';
import { PATIENCE } from '../../patience.ts';

/** A relation on which one unit asks for so many certificates by name; `published` of them have an answer. */
const below = (count: number, published: number): Snapshot => {
  const names = Array.from({ length: count }, (_, i) => `n${i}.example`);
  const input = decodeInput({
    side: 'any/provides',
    snapshot: {
      localUnit: 'bridge/0',
      endpoint: 'clients',
      isLeader: true,
      relations: [{
        id: 'clients:1',
        localUnitData: {
          'web_0.processed_requests': JSON.stringify(
            Object.fromEntries(names.slice(0, published).map((name) => [name, { cert: `of ${name}`, key: 'KEY' }])),
          ),
        },
        remoteUnits: {
          'web/0': {
            unit_name: 'web_0',
            cert_requests: JSON.stringify(Object.fromEntries(names.map((name) => [name, { sans: [name] }]))),
          },
        },
      }],
    },
    intent: {},
  });
  if (input._tag === 'Left') assert.fail(input.left.message);
  return input.right.snapshot;
};

const worldOf = (count: number, published: number) => {
  const snapshot = below(count, published);
  const { view } = anyProvides.decide(snapshot, { ...anyProvides.nothing, onWithdrawal: 'keep' }, emptyMemory);
  const answers = view.allRequests.map((one): KeptAnswer => ({
    relationId: one.relationId,
    unit: one.unit,
    certType: one.certType,
    commonName: one.commonName,
    cert: `of ${one.commonName}`,
    keyName: `key of ${one.commonName}`,
  }));
  return { snapshot, view, answers };
};

describe('keysToPublish()', () => {
  it('names the keys of answers that are not published yet, and no others', () => {
    const { snapshot, view, answers } = worldOf(4, 2);
    const keys = keysToPublish({ ...nothingBelow, answers }, view, snapshot);
    assert.deepEqual([...keys].sort(), ['key of n2.example', 'key of n3.example']);
    const changed = answers.map((one) => ({ ...one, cert: `${one.cert}, renewed` }));
    assert.equal(keysToPublish({ ...nothingBelow, answers: changed }, view, snapshot).length, 4);
  });

  it('takes time in proportion to the number of requests', { timeout: PATIENCE }, () =>
    assertLinear('keysToPublish', {
      make: (size) => worldOf(Math.ceil(size / 100), 0),
      work: ({ snapshot, view, answers }) => keysToPublish({ ...nothingBelow, answers }, view, snapshot),
    }));
});
