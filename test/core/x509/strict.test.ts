/**
 * Strictness of the reader: certificates that are wrong in one place, and those beside them that are right.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describe as read, verify } from '../../../core/x509/mod.ts';
import * as f from './forge.ts';

const NOW = new Date('2027-01-01T00:00:00Z');
const LEAF = [f.extended(f.SERVER), f.usage(0x80), f.sans('dns:web.example.com')];

const root = async () => {
  const signer = { subject: f.name('Root'), keys: await f.newKeys() };
  return { signer, der: await f.make({ ...signer, issuer: signer, extensions: [f.basic(true), f.usage(0x06)] }) };
};

/** What becomes of a leaf that is changed: its verdict, with the flaw where it cannot be read. */
const verdictOn = async (change: Partial<f.Make>): Promise<string> => {
  const { signer, der } = await root();
  const leaf = await f.make({
    subject: f.name('Leaf'),
    keys: await f.newKeys(),
    issuer: signer,
    extensions: LEAF,
    ...change,
  });
  const verdict = await verify({ certificate: leaf, ca: der, now: NOW, purpose: 'server' })();
  if (verdict._tag === 'Right') return 'ok';
  const [reason] = verdict.left.reasons;
  const flaw = reason !== undefined && 'fault' in reason ? ` ${reason.fault.flaw ?? ''}` : '';
  return `${verdict.left.verdict} ${reason?.code}${flaw}`;
};

const attribute = (type: string, value: f.Der): f.Der => f.der(0x31, f.der(0x30, f.oid(type), value));
const bits = (...content: ReadonlyArray<number>): f.Der => f.der(3, 0, ...content);
const CN = '2.5.4.3';

const TEXTS: ReadonlyArray<readonly [what: string, value: f.Der, expected: string]> = [
  ['a PrintableString', f.der(0x13, ...new TextEncoder().encode("A-z 0'()+,-./:=?")), 'ok'],
  ['a PrintableString with a star or an ampersand, as Go takes it', f.der(0x13, 0x2a, 0x26), 'ok'],
  ['a PrintableString with a NUL', f.der(0x13, 0x41, 0, 0x42), 'refused unreadable text'],
  ['a PrintableString with an at sign', f.der(0x13, 0x41, 0x40), 'refused unreadable text'],
  ['a PrintableString with an underscore', f.der(0x13, 0x41, 0x5f), 'refused unreadable text'],
  ['a PrintableString with a letter beyond ASCII', f.der(0x13, 0xe4), 'refused unreadable text'],
  ['a UTF8String with a NUL', f.der(0x0c, 0x41, 0, 0x42), 'refused unreadable text'],
  ['a UTF8String that is none', f.der(0x0c, 0xc3, 0x28), 'refused unreadable text'],
  ['an IA5String with a NUL', f.der(0x16, 0x41, 0), 'refused unreadable text'],
  ['an IA5String beyond ASCII', f.der(0x16, 0x80), 'refused unreadable text'],
  ['a TeletexString', f.der(0x14, 0xe4), 'ok'],
  ['a TeletexString with a NUL', f.der(0x14, 0), 'refused unreadable text'],
  ['a NumericString', f.der(0x12, 0x31, 0x20), 'ok'],
  ['a NumericString with a letter', f.der(0x12, 0x41), 'refused unreadable text'],
  ['a VisibleString with a control character', f.der(0x1a, 0x0a), 'refused unreadable text'],
  ['a BMPString', f.der(0x1e, 0, 0x41), 'ok'],
  ['a BMPString with a NUL', f.der(0x1e, 0, 0x41, 0, 0), 'refused unreadable text'],
  ['a BMPString of half a character', f.der(0x1e, 0x41), 'refused unreadable text'],
  ['a UniversalString with a NUL', f.der(0x1c, 0, 0, 0, 0), 'refused unreadable text'],
  ['a number', f.der(2, 5), 'refused unreadable text'],
  ['a boolean', f.der(1, 0xff), 'refused unreadable text'],
  ['nothing', f.der(5), 'refused unreadable text'],
  ['octets', f.der(4, 0x41), 'refused unreadable text'],
  ['an object identifier', f.oid('1.2.3'), 'refused unreadable text'],
  ['a time', f.der(0x17, ...new TextEncoder().encode('260101000000Z')), 'refused unreadable text'],
  ['bits', f.der(3, 0, 1), 'refused unreadable text'],
  ['a sequence', f.der(0x30), 'refused unreadable text'],
  ['a set', f.der(0x31), 'refused unreadable text'],
  ['a tagged text', f.der(0xa0, f.der(0x0c, 0x41)), 'refused unreadable text'],
];

const EC = '1.2.840.10045.2.1';
const P256 = '1.2.840.10045.3.1.7';
const spki = (algorithm: f.Der, key: f.Der): f.Der => f.der(0x30, algorithm, key);
const ecKey = (point: f.Der, curve: string | f.Der = P256): f.Der =>
  spki(f.der(0x30, f.oid(EC), typeof curve === 'string' ? f.oid(curve) : curve), point);

const x = '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296';
const y = '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5';
const p256 = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff';
const point = (hex: string): f.Der => bits(...f.bytes(hex));
const rsa = (modulus: f.Der, exponent: f.Der, ...more: ReadonlyArray<f.Der>): f.Der =>
  spki(f.der(0x30, f.oid('1.2.840.113549.1.1.1'), f.der(5)), bits(...f.der(0x30, modulus, exponent, ...more)));
const modulus = (size: number, last = 0xff): f.Der => f.der(2, 0, new Uint8Array(size - 1).fill(0xff), last);
const E65537 = f.der(2, 1, 0, 1);
const ed25519 = (size: number, ...more: ReadonlyArray<f.Der>): f.Der =>
  spki(f.der(0x30, f.oid('1.3.101.112'), ...more), bits(...new Uint8Array(size).fill(7)));
const mlDsa = (set: number, size: number, ...more: ReadonlyArray<f.Der>): f.Der =>
  spki(f.der(0x30, f.oid(`2.16.840.1.101.3.4.3.${set}`), ...more), bits(...new Uint8Array(size)));

const NO_KEY = 'refused unreadable public-key';
const NOT_JUDGED = 'not-judged own-key-unsupported';

const KEYS: ReadonlyArray<readonly [what: string, spki: f.Der, expected: string]> = [
  ['the base point of P-256', ecKey(point(`04${x}${y}`)), 'ok'],
  ['a point off its curve', ecKey(point(`04${x}${y.slice(0, -1)}4`)), NO_KEY],
  ['the point 0, 0', ecKey(point(`04${'0'.repeat(128)}`)), NO_KEY],
  ['the point at infinity', ecKey(point('00')), NO_KEY],
  ['no point', ecKey(bits()), NO_KEY],
  ['a coordinate beyond the field', ecKey(point(`04${p256}${y}`)), NO_KEY],
  ['a point that is too short', ecKey(point(`04${x}${y.slice(2)}`)), NO_KEY],
  ['a point that is too long', ecKey(point(`04${x}${y}00`)), NO_KEY],
  ['a point in hybrid form', ecKey(point(`07${x}${y}`)), NO_KEY],
  ['a compressed point', ecKey(point(`03${x}`)), NOT_JUDGED],
  ['a compressed point that is too long', ecKey(point(`03${x}00`)), NO_KEY],
  ['a point of P-256 on P-384', ecKey(point(`04${x}${y}`), '1.3.132.0.34'), NO_KEY],
  ['zeros on P-521', ecKey(point(`04${'0'.repeat(264)}`), '1.3.132.0.35'), NO_KEY],
  ['P-224', ecKey(point(`04${'1'.repeat(112)}`), '1.3.132.0.33'), NOT_JUDGED],
  ['secp256k1', ecKey(point(`04${x}${y}`), '1.3.132.0.10'), NOT_JUDGED],
  ['a curve that nobody knows', ecKey(point(`04${x}${y}`), '1.2.3.4'), NOT_JUDGED],
  ['parameters of a curve', ecKey(point(`04${x}${y}`), f.der(0x30, f.der(2, 1))), NOT_JUDGED],
  [
    'an EC key without a curve',
    spki(f.der(0x30, f.oid(EC)), point(`04${x}${y}`)),
    'refused unreadable unexpected-value',
  ],
  [
    'an EC key with something behind the curve',
    spki(f.der(0x30, f.oid(EC), f.oid(P256), f.der(5)), point(`04${x}${y}`)),
    'refused unreadable left-over',
  ],
  ['Ed25519', ed25519(32), 'ok'],
  ['Ed25519 of 31 bytes', ed25519(31), NO_KEY],
  ['Ed25519 of 33 bytes', ed25519(33), NO_KEY],
  ['Ed25519 of no bytes', ed25519(0), NO_KEY],
  ['Ed25519 with parameters', ed25519(32, f.der(5)), 'refused unreadable left-over'],
  ['Ed448', spki(f.der(0x30, f.oid('1.3.101.113')), bits(...new Uint8Array(57))), NOT_JUDGED],
  ['ML-DSA-44', mlDsa(17, 1312), 'ok'],
  ['ML-DSA-65', mlDsa(18, 1952), 'ok'],
  ['ML-DSA-87', mlDsa(19, 2592), 'ok'],
  ['ML-DSA-65 of the wrong size', mlDsa(18, 1312), NO_KEY],
  ['ML-DSA-65 with parameters', mlDsa(18, 1952, f.der(5)), 'refused unreadable left-over'],
  ['RSA', rsa(modulus(256), E65537), 'ok'],
  ['RSA of 1016 bits', rsa(modulus(127), E65537), 'refused own-key-too-short'],
  ['RSA of 8200 bits', rsa(modulus(1025), E65537), NOT_JUDGED],
  ['RSA with an even modulus', rsa(modulus(256, 0xfe), E65537), NO_KEY],
  ['RSA with the modulus 0', rsa(f.der(2, 0), E65537), NO_KEY],
  ['RSA with a negative modulus', rsa(f.der(2, 0x80, 1), E65537), 'refused unreadable value'],
  ['RSA with the exponent 1', rsa(modulus(256), f.der(2, 1)), NO_KEY],
  ['RSA with the exponent 0', rsa(modulus(256), f.der(2, 0)), NO_KEY],
  ['RSA with an even exponent', rsa(modulus(256), f.der(2, 4)), NO_KEY],
  ['RSA with the exponent 3', rsa(modulus(256), f.der(2, 3)), 'ok'],
  ['RSA with something behind the exponent', rsa(modulus(256), E65537, f.der(5)), 'refused unreadable left-over'],
  ['a kind that nobody knows', spki(f.der(0x30, f.oid('1.2.3.4')), bits(1)), NOT_JUDGED],
];

const SHA256 = f.der(0x30, f.oid('2.16.840.1.101.3.4.2.1'), f.der(5));
const SHA384 = f.der(0x30, f.oid('2.16.840.1.101.3.4.2.2'), f.der(5));
const SHA1 = f.der(0x30, f.oid('1.3.14.3.2.26'), f.der(5));
const mask = (hash: f.Der, ...more: ReadonlyArray<f.Der>): f.Der =>
  f.der(0x30, f.oid('1.2.840.113549.1.1.8'), hash, ...more);
const pss = (...members: ReadonlyArray<readonly [number, ...ReadonlyArray<f.Der>]>): f.Der =>
  f.der(
    0x30,
    f.oid('1.2.840.113549.1.1.10'),
    f.der(0x30, ...members.map(([n, ...value]) => f.der(0xa0 + n, ...value))),
  );
const KNOWN = 'RSA-PSS SHA-256';

/** What is read of the parameters of RSA-PSS. */
const PSS: ReadonlyArray<readonly [what: string, algorithm: f.Der, expected: string]> = [
  ['all that is needed', pss([0, SHA256], [1, mask(SHA256)], [2, f.der(2, 32)]), `${KNOWN} 32`],
  [
    'the trailer that is the default, written',
    pss([0, SHA256], [1, mask(SHA256)], [2, f.der(2, 32)], [3, f.der(2, 1)]),
    `${KNOWN} 32`,
  ],
  ['the salt’s default', pss([0, SHA256], [1, mask(SHA256)]), `${KNOWN} 20`],
  ['the salt’s default, written', pss([0, SHA256], [1, mask(SHA256)], [2, f.der(2, 20)]), `${KNOWN} 20`],
  [
    'hashes without a NULL',
    pss([0, f.der(0x30, f.oid('2.16.840.1.101.3.4.2.1'))], [1, mask(f.der(0x30, f.oid('2.16.840.1.101.3.4.2.1')))]),
    `${KNOWN} 20`,
  ],
  ['nothing at all, which means SHA-1', pss(), 'other'],
  ['two hashes', pss([0, SHA256], [1, mask(SHA384)]), 'other'],
  ['SHA-1', pss([0, SHA1], [1, mask(SHA1)]), 'other'],
  ['another mask', pss([0, SHA256], [1, f.der(0x30, f.oid('1.2.3'), SHA256)]), 'other'],
  ['another trailer', pss([0, SHA256], [1, mask(SHA256)], [3, f.der(2, 2)]), 'other'],
  ['something behind the hash', pss([0, SHA256, f.der(5)], [1, mask(SHA256)]), 'left-over'],
  ['something behind the mask', pss([0, SHA256], [1, mask(SHA256), f.der(5)]), 'left-over'],
  ['something inside of the mask', pss([0, SHA256], [1, mask(SHA256, f.der(5))]), 'left-over'],
  ['something behind the salt', pss([0, SHA256], [1, mask(SHA256)], [2, f.der(2, 32), f.der(5)]), 'left-over'],
  ['something behind the trailer', pss([0, SHA256], [1, mask(SHA256)], [3, f.der(2, 1), f.der(5)]), 'left-over'],
  ['a fifth member', pss([0, SHA256], [1, mask(SHA256)], [4, f.der(2, 1)]), 'left-over'],
  ['a negative salt', pss([0, SHA256], [1, mask(SHA256)], [2, f.der(2, 0xff)]), 'value'],
  ['a salt that is no number', pss([0, SHA256], [1, mask(SHA256)], [2, f.der(4, 32)]), 'unexpected-value'],
  ['members in disorder', pss([1, mask(SHA256)], [0, SHA256]), 'left-over'],
];

describe('reading strictly', () => {
  for (const [what, value, expected] of TEXTS) {
    it(`a common name that is ${what}: ${expected}`, async () =>
      assert.equal(await verdictOn({ subject: f.name(attribute(CN, value)) }), expected));
  }

  it('bits and sequences of attributes that nobody knows may stand there, and nothing else that is no text', async () => {
    const unique = '2.5.4.45';
    assert.equal(await verdictOn({ subject: f.name('Leaf', attribute(unique, f.der(3, 0, 1))) }), 'ok');
    assert.equal(await verdictOn({ subject: f.name('Leaf', attribute('1.2.3.4', f.der(0x30))) }), 'ok');
    assert.equal(
      await verdictOn({ subject: f.name('Leaf', attribute('1.2.3.4', f.der(2, 1))) }),
      'refused unreadable text',
    );
    assert.equal(
      await verdictOn({ subject: f.name('Leaf', attribute('2.5.4.10', f.der(0x30))) }),
      'refused unreadable text',
    );
  });

  it('the same of the issuer and of directory names', async () => {
    const nul = f.name(attribute(CN, f.der(0x13, 0x52, 0)));
    assert.equal(await verdictOn({ issuerName: nul }), 'refused unreadable text');
    const san = f.extension('2.5.29.17', f.der(0x30, f.der(0xa4, nul)));
    assert.equal(await verdictOn({ extensions: [san] }), 'refused unreadable text');
  });

  for (const [what, key, expected] of KEYS) {
    it(`${what} as key: ${expected}`, async () => assert.equal(await verdictOn({ spki: key }), expected));
  }

  it('keys of CAs are judged like those of certificates', async () => {
    const keys = await f.newKeys();
    const self = { subject: f.name('Root'), keys };
    const broken = await f.make({
      ...self,
      issuer: self,
      spki: ecKey(point(`04${x}${x}`)),
      extensions: [f.basic(true)],
    });
    const leaf = await f.make({ subject: f.name('Leaf'), keys: await f.newKeys(), issuer: self, extensions: LEAF });
    const verdict = await verify({ certificate: leaf, ca: broken, now: NOW, purpose: 'server' })();
    assert.equal(verdict._tag === 'Left' && verdict.left.reasons[0]?.code, 'unreadable');
    const other = await f.make({
      ...self,
      issuer: self,
      spki: ecKey(point('0411'), '1.3.132.0.33'),
      extensions: [f.basic(true), f.usage(6)],
    });
    const unknown = await verify({ certificate: leaf, ca: other, now: NOW, purpose: 'server' })();
    assert.deepEqual(unknown._tag === 'Left' && [unknown.left.verdict, unknown.left.reasons[0]?.code], [
      'not-judged',
      'key-unsupported',
    ]);
  });

  it('versions: 1 is left out, 2 and 3 are written', async () => {
    const self = { subject: f.name('x'), keys: await f.newKeys() };
    const flawOf = async (change: Partial<f.Make>): Promise<string | undefined> => {
      const { certificates, faults } = read(await f.make({ ...self, issuer: self, ...change }));
      return certificates[0] === undefined ? faults[0]?.flaw : `version ${certificates[0].version}`;
    };
    assert.equal(await flawOf({ version: 0 }), 'version 1');
    assert.equal(await flawOf({ version: 1 }), 'version 2');
    assert.equal(await flawOf({ version: 2 }), 'version 3');
    assert.equal(await flawOf({ version: 3 }), 'value');
    // The forge leaves 0 out; so it is put in by way of the serial number's place.
    const serial = (...versionThenSerial: ReadonlyArray<f.Der>): f.Der =>
      Uint8Array.from(versionThenSerial.flatMap((part) => [...part]));
    assert.equal(await flawOf({ version: 0, serial: serial(f.der(0xa0, f.der(2, 0)), f.der(2, 9)) }), 'value');
  });

  for (const [what, algorithm, expected] of PSS) {
    it(`RSA-PSS with ${what}: ${expected}`, async () => {
      const self = { subject: f.name('x'), keys: await f.newKeys() };
      const { certificates: [certificate], faults } = read(await f.make({ ...self, issuer: self, algorithm }));
      const signed = certificate?.signatureAlgorithm;
      const found = signed === undefined
        ? faults[0]?.flaw
        : signed.name === 'RSA-PSS'
        ? `RSA-PSS ${signed.hash} ${signed.saltLength}`
        : signed.name;
      assert.equal(found, expected);
    });
  }
});
