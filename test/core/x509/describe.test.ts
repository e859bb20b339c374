/**
 * Describing: against real certificates, OpenSSL and the library's own reader, and against bytes that are no certificate.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { describe as read, type Description, type San } from '../../../core/x509/mod.ts';
import { writePem } from '../../../core/x509/pem.ts';
import { X509Certificate } from '../../../core/x509/lib.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import * as f from './forge.ts';
import { inFolder, without } from './openssl.ts';

const only = (encoded: string | Uint8Array): Description => {
  const { certificates: [first, ...more], faults } = read(encoded);
  assert.deepEqual([more, faults], [[], []]);
  assert.ok(first);
  return first;
};

const made = async (extensions: ReadonlyArray<f.Der>, change: Partial<f.Make> = {}): Promise<f.Der> => {
  const self = { subject: f.name('A'), keys: await f.newKeys() };
  return f.make({ ...self, issuer: self, extensions, ...change });
};

const flawOf = async (extensions: ReadonlyArray<f.Der>, change: Partial<f.Make> = {}): Promise<string> => {
  const { certificates, faults } = read(await made(extensions, change));
  return certificates.length === 1 ? 'fine' : faults.map(({ code, flaw }) => `${code} ${flaw}`).join();
};

const BASIC = '2.5.29.19';
const USAGE = '2.5.29.15';
const SANS = '2.5.29.17';
const NAMES = '2.5.29.30';
const EXTENDED = '2.5.29.37';

/** Values of extensions that are not their DER, as hex, and what is wrong with them. The library takes those marked so. */
const MALFORMED: ReadonlyArray<readonly [oid: string, hex: string, flaw: string, note: string]> = [
  [BASIC, '3003010101', 'value', 'a boolean that BER has; the library takes it'],
  [BASIC, '30030101ff0500', 'left-over', 'something behind; the library takes it'],
  [BASIC, '30060201000101ff', 'left-over', 'members in the wrong order; the library takes it'],
  [BASIC, '30800101ff0000', 'length', 'an indefinite length; the library takes it'],
  [BASIC, '3081030101ff', 'length', 'a length that is longer than it has to be'],
  [BASIC, '30040102ffff', 'value', 'a boolean of two bytes; the library takes it'],
  [BASIC, '30060101ff0201ff', 'value', 'a negative path length; the library takes it'],
  [BASIC, '30070101ff02020000', 'value', 'a number with a zero too many'],
  [BASIC, '300d0101ff02087fffffffffffffff', 'value', 'a path length without measure; the library takes it'],
  [BASIC, '30030101', 'length', 'a value that is cut off'],
  [BASIC, '1003', 'length', 'nothing at all'],
  [USAGE, '03020087', 'fine', 'all bits up to the last'],
  [USAGE, '03020187', 'value', 'a bit that is said not to be there'],
  [USAGE, '0303000600', 'fine', 'no more than nine bits'],
  [USAGE, '030400000001', 'value', 'a bit that nobody knows'],
  [USAGE, '0301', 'length', 'nothing at all'],
  [SANS, '3000', 'value', 'no names; the library takes it'],
  [SANS, '300787050a00000101', 'value', 'an address of five bytes'],
  [SANS, '300a8708c0a80000ffff00ff', 'value', 'an address with a mask; the library takes it as one'],
  [SANS, '30048202c3a9', 'text', 'a host name beyond ASCII; the library takes it'],
  [SANS, '30028900', 'unexpected-value', 'a form that nobody knows'],
  [SANS, '3005a203820161', 'unexpected-value', 'a host name in parts'],
  [NAMES, '3000', 'value', 'no constraints'],
  [NAMES, '3002a000', 'value', 'an empty list of subtrees'],
  [NAMES, '3009a00530038201610500', 'left-over', 'something behind'],
  [EXTENDED, '3000', 'value', 'no purposes'],
  [EXTENDED, '3003060180', 'value', 'an object identifier that does not end'],
];

const realCertificates = (): ReadonlyArray<string> =>
  ['easyrsa-answered', 'vault-intermediate', 'trouble-expired', 'trouble-missing-sans', 'trouble-wrong-ca'].flatMap(
    (file) => {
      const text = readFileSync(new URL(`../../real/${file}.json`, import.meta.url), 'utf8');
      const values: Array<string> = [];
      JSON.parse(text, (_key, value) => {
        if (typeof value !== 'string') return value;
        if (value.startsWith('{')) {
          for (const { cert } of Object.values<{ cert?: string }>(JSON.parse(value))) values.push(cert ?? '');
        } else if (value.includes('BEGIN CERTIFICATE')) values.push(value);
        return value;
      });
      return values.filter((value) => value !== '');
    },
  );

describe('describing', () => {
  it('describe() reads all that a certificate says', () => {
    const { certificates: [ca], faults } = read(realCertificates()[0] ?? '');
    assert.deepEqual(faults, []);
    assert.deepEqual(ca, {
      version: 3,
      subject: { text: 'CN=10.246.154.191', attributes: [{ type: 'CN', value: '10.246.154.191' }] },
      issuer: { text: 'CN=10.246.154.191', attributes: [{ type: 'CN', value: '10.246.154.191' }] },
      selfIssued: true,
      serialNumber: '7f6dc24d716b6507a7549e3c4f9cdbf8af23e857',
      notBefore: '2026-11-23T21:26:46Z',
      notAfter: '2036-11-20T21:26:46Z',
      sans: [],
      publicKey: { kind: 'rsa', bits: 2048, exponent: 65537 },
      signatureAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      sha256: '4e32d9c5bdb8a33c45ba7d9ce01cf58c0cfa35c19a4621e1eee5d4f5ac82090b',
      basicConstraints: { ca: true, pathLength: null },
      keyUsage: ['keyCertSign', 'cRLSign'],
      extendedKeyUsage: null,
      subjectKeyId: '3d0eaba433835eb468424c81aab3c4a0cbd81589',
      authorityKeyId: '3d0eaba433835eb468424c81aab3c4a0cbd81589',
      hasNameConstraints: false,
      unknownCritical: [],
    });
  });

  it('describe() gives plain JSON', () => {
    for (const text of realCertificates()) {
      const bundle = read(text);
      assert.deepEqual(JSON.parse(JSON.stringify(bundle)), bundle);
      assert.ok(bundle.certificates.length > 0);
    }
  });

  it('describe() agrees with OpenSSL on real certificates', { skip: without }, () => {
    for (const text of new Set(realCertificates())) {
      const described = read(text).certificates[0];
      inFolder({ 'c.pem': text }, (run) => {
        const { output } = run(
          'x509',
          '-in',
          'c.pem',
          '-noout',
          '-subject',
          '-issuer',
          '-serial',
          '-fingerprint',
          '-sha256',
          '-dates',
          '-dateopt',
          'iso_8601',
          '-nameopt',
          'RFC2253',
        );
        const field = (name: string): string => new RegExp(`^${name}\\s?=\\s?(.*)$`, 'im').exec(output)?.[1] ?? '';
        assert.equal(described?.serialNumber, field('serial').toLowerCase());
        assert.equal(described?.sha256, field('sha256 Fingerprint').replaceAll(':', '').toLowerCase());
        assert.equal(described?.subject.text, field('subject'));
        assert.equal(described?.issuer.text, field('issuer'));
        assert.equal(described?.notBefore, field('notBefore').replace(' ', 'T'));
        assert.equal(described?.notAfter, field('notAfter').replace(' ', 'T'));
      });
    }
  });

  it('describe() agrees with @peculiar/x509 on real certificates', () => {
    for (const text of realCertificates()) {
      for (const [, base64 = ''] of text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END/g)) {
        const der = Uint8Array.from(atob(base64.replaceAll('\n', '')), (c) => c.charCodeAt(0));
        const [mine, theirs] = [only(der), new X509Certificate(der)];
        assert.equal(mine.subject.text, theirs.subject);
        assert.equal(mine.issuer.text, theirs.issuer);
        assert.equal(mine.serialNumber, theirs.serialNumber);
        assert.equal(mine.notAfter, theirs.notAfter.toISOString().replace('.000', ''));
      }
    }
  });

  it('describe() reads names of every kind', async () => {
    const names = [
      'dns:a.example',
      'ip:0a000007',
      'ip:fd000000000000000000000000000007',
      'uri:spiffe://a/b',
      'email:a@b',
      'id:1.2.3',
      'cn:Dir',
      'other:1.2.3',
    ];
    const expected: ReadonlyArray<San> = [
      { type: 'dns', value: 'a.example' },
      { type: 'ip', value: '10.0.0.7' },
      { type: 'ip', value: 'fd00::7' },
      { type: 'uri', value: 'spiffe://a/b' },
      { type: 'email', value: 'a@b' },
      { type: 'registeredId', value: '1.2.3' },
      { type: 'directory', value: 'CN=Dir' },
      { type: 'other', value: 'a00906022a03a0030c0178' },
    ];
    const { sans } = only(await made([f.sans(...names)]));
    assert.deepEqual(sans, expected);
  });

  it('describe() shows subjects on one line, with what is special escaped', async () => {
    const der = await made([], { subject: f.name(f.organisation(' a,b\n'), '#c', f.email('x@y')) });
    assert.equal(only(der).subject.text, 'O=\\ a\\,b\\0a, CN=\\#c, emailAddress=x@y');
  });

  it('describe() reads each key and signature algorithm', { skip: without, timeout: 300_000 }, () => {
    const kinds: ReadonlyArray<readonly [args: ReadonlyArray<string>, key: unknown, signature: unknown]> = [
      [['rsa:1024', '-sha1'], { kind: 'rsa', bits: 1024, exponent: 65537 }, {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-1',
      }],
      [['rsa:1024', '-md5'], { kind: 'rsa', bits: 1024, exponent: 65537 }, { name: 'RSASSA-PKCS1-v1_5', hash: 'MD5' }],
      [['rsa:1024', '-sha512', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'], {
        kind: 'rsa',
        bits: 1024,
        exponent: 65537,
      }, { name: 'RSA-PSS', hash: 'SHA-512', saltLength: 32 }],
      [['ec:p384', '-sha384'], { kind: 'ec', bits: 384, curve: 'P-384' }, { name: 'ECDSA', hash: 'SHA-384' }],
      [['ec:p521', '-sha512'], { kind: 'ec', bits: 521, curve: 'P-521' }, { name: 'ECDSA', hash: 'SHA-512' }],
      [['ec:k256', '-sha256'], { kind: 'other', oid: '1.3.132.0.10' }, { name: 'ECDSA', hash: 'SHA-256' }],
      [['ed25519'], { kind: 'ed25519', bits: 256 }, { name: 'Ed25519' }],
      [['ed448'], { kind: 'other', oid: '1.3.101.113' }, { name: 'other', oid: '1.3.101.113' }],
    ];
    const CURVES: Readonly<Record<string, string>> = { 'ec:p384': 'P-384', 'ec:p521': 'P-521', 'ec:k256': 'secp256k1' };
    for (const [[kind = '', ...args], key, signature] of kinds) {
      inFolder({}, (run, file) => {
        const curve = CURVES[kind];
        const newKey = curve === undefined
          ? ['-newkey', kind]
          : ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`];
        const { ok, output } = run(
          'req',
          '-x509',
          ...newKey,
          '-nodes',
          '-keyout',
          'k.pem',
          '-out',
          'c.pem',
          '-subj',
          '/CN=x',
          ...args,
        );
        assert.ok(ok, output);
        const described = only(file('c.pem'));
        assert.deepEqual([described.publicKey, described.signatureAlgorithm], [key, signature]);
      });
    }
  });

  for (const [oid, hex, flaw, note] of MALFORMED) {
    it(`describe() finds ${flaw === 'fine' ? 'nothing wrong' : flaw} in ${oid} with ${note}`, async () => {
      assert.equal(await flawOf([f.extension(oid, f.bytes(hex))]), flaw === 'fine' ? 'fine' : `malformed ${flaw}`);
    });
  }

  it('describe() refuses certificates whose parts contradict each other', async () => {
    assert.equal(await flawOf([f.basic(true), f.basic(true)]), 'malformed duplicate-extension');
    assert.equal(await flawOf([], { outerAlgorithm: f.ECDSA_SHA1 }), 'malformed two-algorithms');
    assert.equal(await flawOf([f.basic(true)], { version: 0 }), 'malformed value');
    assert.equal(await flawOf([], { version: 3 }), 'malformed value');
    assert.equal(await flawOf([], { to: '2026-02-30' }), 'malformed time');
    assert.equal(await flawOf([], { subject: f.der(0x30, f.der(0x31)) }), 'malformed value');
    assert.equal(
      await flawOf([], { subject: f.name(f.der(0x31, f.der(0x30, f.oid('2.5.4.3'), f.der(0x0c, 0xff)))) }),
      'malformed text',
    );
  });

  it('describe() tells what else stands among certificates, and of a private key nothing', async () => {
    const certificate = writePem('CERTIFICATE', await made([]));
    const { certificates, faults } = read(
      `${certificate}${writePem('PRIVATE KEY', new TextEncoder().encode('SECRET'))}${writePem('DH', f.bytes('3000'))}`,
    );
    assert.equal(certificates.length, 1);
    assert.deepEqual(faults.map(({ code }) => code), ['private-key', 'not-a-certificate']);
    assert.doesNotMatch(JSON.stringify(faults), /SECRET|U0VDUkVU/);
  });

  it('describe() gives the same certificate as often as it stands there', async () => {
    const der = await made([]);
    assert.equal(read(f.pem(der, der, der)).certificates.length, 3);
  });

  it('describe() never throws on mutated DER', { timeout: 300_000 }, async () => {
    const der = await made([
      f.basic(true, 3),
      f.usage(6),
      f.sans('dns:a.example', 'ip:0a000007', 'other:1.2.3'),
      f.constraints(['dns:a']),
      f.keyId('aa'),
    ]);
    const edit = fc.record({
      at: fc.nat(der.length - 1),
      byte: fc.nat(255),
      kind: fc.constantFrom('set', 'cut', 'insert'),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const mutated = edits.reduce<Array<number>>(
          (bytes, { at, byte, kind }) =>
            kind === 'cut'
              ? bytes.slice(0, at)
              : kind === 'set' && bytes.length > 0
              ? bytes.with(Math.min(at, bytes.length - 1), byte)
              : bytes.toSpliced(at, 0, byte),
          [...der],
        );
        const { certificates, faults } = read(mutated.length === 0 ? '' : f.pem(Uint8Array.from(mutated)));
        assert.equal(certificates.length + Math.min(1, faults.length), 1);
      }),
      runs(2_000),
    );
    for (let end = 0; end < der.length; end++) assert.equal(read(der.subarray(0, end)).certificates.length, 0);
  });

  it('describe() never throws on hostile text and bytes', () => {
    for (const text of HOSTILE) assert.equal(read(text).certificates.length, 0);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => assert.equal(read(bytes).certificates.length, 0)),
    );
    const deep = Array.from({ length: 200 }).reduce<f.Der>((inner) => f.der(0x30, inner), f.der(5));
    assert.equal(read(deep).certificates.length, 0);
    assert.equal(read(f.der(0x30, new Uint8Array(200_000))).faults[0]?.code, 'too-large');
  });

  it('describe() reads ten thousand certificates, and 256 different ones of them', { timeout: 300_000 }, async () => {
    const der = await made([]);
    assert.equal(read(f.pem(der).repeat(10_000)).certificates.length, 10_000);
    const others = Array.from({ length: 10_000 }, (_, i) => der.with(15, i & 0x7f).with(16, (i >> 7) & 0xff));
    const { certificates, faults } = read(others.map((other) => f.pem(other)).join(''));
    assert.deepEqual(faults.map(({ code }) => code), ['too-many']);
    assert.equal(certificates.length, 256);
  });
});
