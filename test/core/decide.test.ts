/**
 * What is wrong with an input is said with its path, what was expected, and the kind of what came: never with its content.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide, type InputError } from '../../mod.ts';
import { documentOf, relation } from '../world.ts';

const SECRET = 'SECRET-MARKER';

const complaint = (document: unknown): InputError => {
  const result = decide(document);
  if (result._tag === 'Right') throw new Error('this was expected to be refused');
  return result.left;
};

const withIntent = (intent: unknown): unknown => documentOf({ intent });

/** A document without prototype pollution in it, but with the attempt. */
const polluting = (): unknown =>
  JSON.parse('{"__proto__": {"side": "reactive/requires"}, "constructor": {"prototype": {"polluted": 1}}}');

const CASES: ReadonlyArray<readonly [string, () => unknown, string]> = [
  ['nothing', () => undefined, 'expected an object, got nothing'],
  ['null', () => null, 'expected an object, got null'],
  ['a list', () => [1, 2], 'expected an object, got a list of 2 elements'],
  ['a string', () => SECRET, 'expected an object, got a string of 13 characters'],
  [
    'an unknown side',
    () => ({ ...documentOf(), side: SECRET }),
    'side: expected "reactive/requires" or "reactive/provides", got a string of 13 characters',
  ],
  [
    'a missing side',
    polluting,
    'side: expected "reactive/requires" or "reactive/provides", got nothing',
  ],
  [
    'a SAN that is a number',
    () =>
      withIntent({
        requests: [{ certType: 'client', commonName: 'a' }, { certType: 'client', commonName: 'b' }, {
          certType: 'server',
          commonName: 'c',
          sans: [7],
        }],
      }),
    'intent.requests[2].sans[0]: expected a string, got 7',
  ],
  [
    'SANs that are one string',
    () => withIntent({ requests: [{ certType: 'server', commonName: 'c', sans: SECRET }] }),
    'intent.requests[0].sans: expected a list, got a string of 13 characters',
  ],
  [
    'a misspelt field',
    () => withIntent({ request: [] }),
    'intent.request: no such field (known here: requests, withdraw, handled, onRepeat)',
  ],
  [
    'a misspelt field of a request',
    () => withIntent({ requests: [{ certType: 'server', commonName: 'a', san: [SECRET] }] }),
    'intent.requests[0].san: no such field (known here: certType, commonName, sans, certificateName)',
  ],
  [
    'a certificate name on a client request',
    () => withIntent({ requests: [{ certType: 'client', commonName: 'a', certificateName: 'x' }] }),
    'intent.requests[0].certificateName: no such field (known here: certType, commonName, sans)',
  ],
  [
    'a field called __proto__',
    () => withIntent(JSON.parse('{"__proto__": 1}')),
    'intent.__proto__: no such field (known here: requests, withdraw, handled, onRepeat)',
  ],
  [
    'an unknown kind',
    () => withIntent({ withdraw: [{ certType: 'peer', commonName: 'a' }] }),
    'intent.withdraw[0].certType: expected "server" or "client" or "application" or "intermediate", got a string of 4 characters',
  ],
  [
    'an unknown kind of request',
    () => withIntent({ requests: [{ certType: 'constructor', commonName: 'a' }] }),
    'intent.requests[0].certType: expected "server" or "client" or "application" or "intermediate", got a string of 11 characters',
  ],
  [
    'a strange onRepeat',
    () => withIntent({ onRepeat: true }),
    'intent.onRepeat: expected "replace" or "ignore", got true',
  ],
  [
    'a databag value that is a number',
    () =>
      documentOf({
        relations: [relation({ remoteUnits: { 'easyrsa/0': JSON.parse('{"ca": {"x": "SECRET-MARKER"}}') } })],
      }),
    'snapshot.relations[0].remoteUnits["easyrsa/0"].ca: expected a string, got an object of 1 field',
  ],
  [
    'a databag that is a string',
    () => ({
      ...documentOf(),
      snapshot: {
        localUnit: 'web/0',
        endpoint: 'c',
        relations: [{ id: 'c:1', localUnitData: SECRET, remoteUnits: {} }],
      },
    }),
    'snapshot.relations[0].localUnitData: expected an object, got a string of 13 characters',
  ],
  [
    'two relations with one id',
    () => documentOf({ relations: [relation(), relation({ id: 'x:1' }), relation()] }),
    'snapshot.relations[2].id: expected an id of its own, got the one of snapshot.relations[0]',
  ],
  [
    'no relations',
    () => ({ ...documentOf(), snapshot: { localUnit: 'web/0', endpoint: 'c' } }),
    'snapshot.relations: expected a list, got nothing',
  ],
  [
    'a time that is none',
    () => ({ ...documentOf(), snapshot: { localUnit: 'web/0', endpoint: 'c', relations: [], now: 'tomorrow' } }),
    'snapshot.now: expected a time such as "2026-11-23T21:00:00Z", got a string of 8 characters',
  ],
  [
    'a day that no month has',
    () => ({
      ...documentOf(),
      snapshot: { localUnit: 'web/0', endpoint: 'c', relations: [], now: '2026-02-30T12:00:00Z' },
    }),
    'snapshot.now: expected a time such as "2026-11-23T21:00:00Z", got a string of 20 characters',
  ],
  [
    'leadership that is a word',
    () => ({ ...documentOf(), snapshot: { localUnit: 'web/0', endpoint: 'c', relations: [], isLeader: 'yes' } }),
    'snapshot.isLeader: expected true or false, got a string of 3 characters',
  ],
  [
    'a memory whose flags are one string',
    () => documentOf({ memory: { flags: SECRET } }),
    'memory.flags: expected a list, got a string of 13 characters',
  ],
];

describe('decide()', () => {
  for (const [title, document, message] of CASES) {
    it(`decide() refuses ${title}`, () => {
      const error = complaint(document());
      assert.equal(error.message, message);
      assert.equal(error._tag, 'InputError');
      assert.doesNotMatch(JSON.stringify(error), new RegExp(SECRET));
    });
  }

  it('decide() takes null for an absent optional field', () => {
    const { snapshot } = documentOf();
    assert.equal(
      decide({
        ...documentOf(),
        intent: null,
        memory: null,
        snapshot: { ...Object(snapshot), departing: null, now: null, isLeader: null },
      })._tag,
      'Right',
    );
    assert.equal(decide(withIntent({ requests: [{ certType: 'server', commonName: 'a', sans: null }] }))._tag, 'Right');
  });

  it('decide() ignores unknown fields outside of the intent', () => {
    const snapshot = { ...Object(documentOf()['snapshot']), model: 'prod' };
    // In a literal the compiler refuses them; in a file nobody does.
    const document: unknown = { ...documentOf(), comment: 'x', snapshot };
    assert.equal(decide(document)._tag, 'Right');
  });

  it('decide() tells the first faults of very many', () => {
    const sans = Array.from({ length: 100_000 }, () => 7);
    const error = complaint(withIntent({ requests: [{ certType: 'server', commonName: 'a', sans }] }));
    assert.equal(error.issues.length, 32);
    assert.match(error.message, /… and more that are not listed$/);
  });

  it('decide() shortens a key of a megabyte in a path', () => {
    const error = complaint(
      documentOf({ relations: [relation({ remoteUnits: JSON.parse(`{"${'x'.repeat(1_000_000)}": 5}`) })] }),
    );
    assert.ok(error.message.length < 300, `${error.message.length}`);
  });

  it('decide() leaves the prototypes of the runtime alone', () => {
    decide(
      documentOf({
        relations: [
          relation({
            localUnitData: JSON.parse('{"__proto__": "x"}'),
            remoteUnits: JSON.parse('{"__proto__": {"__proto__": "y"}}'),
          }),
        ],
        memory: JSON.parse('{"digests": {"__proto__": "z"}}'),
      }),
    );
    assert.equal(Object.getOwnPropertyNames({}).length, 0);
    assert.equal('polluted' in {}, false);
  });
});
