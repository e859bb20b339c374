/**
 * The policy of an authority: how it is read, and which names it covers.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { uncovered } from '../../../core/authority/names.ts';
import { AuthorityState, createAuthority, openPolicy, Policy, rotateAuthority } from '../../../core/authority/mod.ts';
import { decodeWith } from '../../../core/model/input-error.ts';

const read = decodeWith(Policy);

const complaints = (value: unknown): ReadonlyArray<string> => {
  const result = read(value);
  return result._tag === 'Left' ? result.left.message.split('\n') : [];
};

describe('Policy', () => {
  it('is open where nothing is said', () => {
    const result = read({});
    assert.deepEqual(result._tag === 'Right' && result.right, openPolicy);
  });

  it('changes only what is said', () => {
    const result = read({ certTypes: ['server'], kinds: { server: { days: 7, keys: 'Ed25519' } }, renewAfter: 0.5 });
    assert.ok(result._tag === 'Right');
    assert.deepEqual(result.right.kinds.server, { days: 7, keys: 'Ed25519' });
    assert.deepEqual(result.right.kinds.client, openPolicy.kinds.client);
    assert.deepEqual([result.right.certTypes, result.right.renewAfter], [['server'], 0.5]);
  });

  it('says what is wrong, and where', () => {
    assert.deepEqual(
      complaints({
        certTypes: ['web'],
        kinds: { server: { days: 0, keys: 'DSA', colour: 1 } },
        allowedNames: ['10.0.0.0/33', ''],
        renewAfter: 1,
        overlap: 3,
      }),
      [
        'certTypes[0]: expected "server" or "client" or "application" or "intermediate", got a string of 3 characters',
        'kinds.server.days: expected a number of days above 0 and up to 36525, got 0',
        'kinds.server.keys: expected "P-256" or "P-384" or "P-521" or "Ed25519" or "RSA-2048" or "RSA-3072" or "RSA-4096" or "ML-DSA-44" or "ML-DSA-65" or "ML-DSA-87", got a string of 3 characters',
        'kinds.server.colour: no such field (known here: days, keys)',
        'allowedNames[0]: expected a name, a domain such as ".example.com", an address, a network or "*", got a string of 11 characters',
        'allowedNames[1]: expected a name, a domain such as ".example.com", an address, a network or "*", got a string of 0 characters',
        'renewAfter: expected a part between 0 and 1, got 1',
        'overlap: no such field (known here: certTypes, kinds, allowedNames, acceptedKeys, renewAfter, overlapDays, quota, announceDays, sharedClient)',
      ],
    );
  });

  it('takes a quota as a whole number, or the one that is there for whatever it does not say', () => {
    const result = read({ quota: { namesPerRequest: 3 } });
    assert.ok(result._tag === 'Right');
    assert.deepEqual(result.right.quota, { ...openPolicy.quota, namesPerRequest: 3 });
    assert.deepEqual(complaints({ quota: { requestsPerUnit: 0, namesPerRequest: 1.5, names: 1 } }), [
      'quota.requestsPerUnit: expected a whole number from 1 to 1000000, got 0',
      'quota.namesPerRequest: expected a whole number from 1 to 1000000, got 1.5',
      'quota.names: no such field (known here: requestsPerUnit, namesPerRequest)',
    ]);
  });

  const COVERED: ReadonlyArray<readonly [rule: string, ...names: ReadonlyArray<string>]> = [
    ['*', '', 'anything at all', '10.0.0.1', '*.example.com'],
    ['web.example.com', 'web.example.com', 'WEB.Example.com', 'web.example.com.'],
    ['.example.com', 'a.example.com', 'b.a.example.com', '*.example.com', '*.a.example.com'],
    ['.bücher.example', 'a.xn--bcher-kva.example'],
    ['10.0.0.0/8', '10.0.0.0', '10.255.255.255'],
    ['10.0.0.7', '10.0.0.7'],
    ['10.0.0.8/30', '10.0.0.8', '10.0.0.11'],
    ['fd00::/8', 'fd00::1', 'fdff::', 'FD00:0:0:0:0:0:0:1'],
    ['0.0.0.0/0', '1.2.3.4'],
    ['system:web', 'system:web'],
    ['*.example.com', '*.example.com'],
  ];
  for (const [rule, ...names] of COVERED) {
    it(`covers by "${rule}" ${names.join(', ')}`, () => assert.equal(uncovered([rule], names), null));
  }

  const UNCOVERED: ReadonlyArray<readonly [rule: string, ...names: ReadonlyArray<string>]> = [
    ['web.example.com', 'a.web.example.com', 'example.com', '*.example.com', 'xweb.example.com', ''],
    ['.example.com', 'example.com', 'xexample.com', 'example.com.evil', '*.com', '10.0.0.1'],
    ['10.0.0.0/8', '11.0.0.0', '::ffff:10.0.0.1', 'web.example', '10.0.0.256'],
    ['10.0.0.8/30', '10.0.0.7', '10.0.0.12'],
    ['::/0', '10.0.0.1'],
    ['*.example.com', 'a.example.com'],
    ['system:web', 'system:WEB', 'system'],
  ];
  for (const [rule, ...names] of UNCOVERED) {
    it(`does not cover by "${rule}" ${names.join(', ')}`, () => {
      for (const name of names) assert.equal(uncovered([rule], [name]), name);
    });
  }

  it('AuthorityState reads back what was kept', async () => {
    const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
    const made = await createAuthority({ commonName: 'One', keys: 'Ed25519' }, moment)();
    assert.ok(made._tag === 'Right');
    const rotated = await rotateAuthority(made.right, { commonName: 'Two' }, 7, moment)();
    assert.ok(rotated._tag === 'Right');
    assert.equal(rotated.right.retired[0]?.until, '2026-12-02T00:00:00.000Z');
    const kept = decodeWith(AuthorityState)(JSON.parse(JSON.stringify(rotated.right)));
    assert.deepEqual(kept._tag === 'Right' && { ...kept.right }, JSON.parse(JSON.stringify(rotated.right)));
    assert.equal(decodeWith(AuthorityState)({ certificate: 'x' })._tag, 'Left');
  });
});
