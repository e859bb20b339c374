/**
 * What @peculiar/x509 makes of what `issue` and others are given, and whether that is the same as what they write.
 *
 * @module
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CERT_TYPES, type CertType, type PrivateKey } from '../../../core/model/certificate.ts';
import { addressText } from '../../../core/model/hosts.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { readCsr } from '../../../core/x509/csr.ts';
import { firstBlock } from '../../../core/x509/first-block.ts';
import { openKey, readKeys } from '../../../core/x509/key.ts';
import * as lib from '../../../core/x509/lib.ts';
import type { Issuer, KeyAlgorithm, Subtrees, Terms } from '../../../core/x509/mod.ts';
import { algorithmsOf } from '../../../core/x509/private-key.ts';
import { checkProof } from '../../../core/x509/request.ts';
import { checkSignature, copyOf } from '../../../core/x509/signature.ts';
import { hostOfCommonName, usableNames } from '../../../core/x509/subject.ts';
import { nameConstraintsDer } from '../../../core/x509/subtrees.ts';
import { right } from './cases.ts';

export const ALGORITHMS = [
  'P-256',
  'P-384',
  'P-521',
  'Ed25519',
  'RSA-2048',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
] as const satisfies ReadonlyArray<KeyAlgorithm>;

export type Algorithm = (typeof ALGORITHMS)[number];

/** A CA of each kind of key that the runtime has, and a key to issue for. */
export interface Made {
  readonly key: PrivateKey;
  readonly issuer: Issuer;
}

export const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const bytesOf = (pem: string, kind: 'certificate' | 'request'): Uint8Array =>
  firstBlock(pem, kind) ?? assert.fail('there is a block');

const isSameEachTime = (kind: Issuer['keys']['kind']): boolean => kind === 'rsa' || kind === 'ed25519';

/** Certificates, ours and the library's, are the same. */
export const sameCertificate = async (ours: Uint8Array, theirs: Uint8Array, issuer: Issuer): Promise<void> => {
  const [a, b] = [right(readCertificate(ours)), right(readCertificate(theirs))];
  assert.equal(hex(a.signed.bytes), hex(b.signed.bytes));
  assert.deepEqual(a.signed.algorithm, b.signed.algorithm);
  if (isSameEachTime(issuer.keys.kind)) assert.equal(hex(ours), hex(theirs));
  assert.equal((await checkSignature(a.signed, issuer.certificate.publicKey)())._tag, 'Right');
};

/** The part of a request that is signed. */
const infoOf = (der: Uint8Array): Uint8Array => {
  // The outer sequence has a length of three bytes here, or of two.
  const from = (der[1] ?? 0) === 0x82 ? 4 : (der[1] ?? 0) === 0x81 ? 3 : 2;
  const [, size = 0, high = 0, low = 0] = der.subarray(from);
  const whole = size === 0x82 ? 4 + high * 256 + low : size === 0x81 ? 3 + high : 2 + size;
  return der.subarray(from, from + whole);
};

/** Requests, ours and the library's, are the same. */
export const sameRequest = async (
  ours: Uint8Array,
  theirs: Uint8Array,
  kind: Issuer['keys']['kind'],
): Promise<void> => {
  assert.equal(hex(infoOf(ours)), hex(infoOf(theirs)));
  if (isSameEachTime(kind)) assert.equal(hex(ours), hex(theirs));
  const { publicKey } = right(readCsr(ours));
  assert.equal((await checkProof({ der: ours, publicKey })())._tag, 'Right');
};

export const NO_MORE_THAN: Date = new Date('9998-12-31T23:59:59Z');

/** The certificate that the library makes of what is given to `issue`. */
export const ofLibrary = async (
  { issuer, key }: Made,
  { certType, commonName, sans, pathLength, subtrees }: Wanted,
  { notBefore, notAfter, random }: Terms,
): Promise<Uint8Array> => {
  const { ExtendedKeyUsage, KeyUsageFlags } = lib;
  const isServer = certType === 'server' || certType === 'application';
  const names = right(usableNames(commonName, [...(isServer ? hostOfCommonName(commonName) : []), ...sans]));
  const { spki, kind } = right(await openKey(key)());
  const isCa = certType === 'intermediate';
  const keyId = hex(
    new Uint8Array(await crypto.subtle.digest('SHA-1', copyOf(right(readCsr(await requestOf(key))).publicKey.bits))),
  );
  const usage = isCa
    ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign
    : KeyUsageFlags.digitalSignature | (kind === 'rsa' && certType !== 'client' ? KeyUsageFlags.keyEncipherment : 0);
  const made = await lib.X509CertificateGenerator.create({
    serialNumber: hex(random(16)),
    subject: new lib.Name(names.commonName === null ? [] : [{ CN: [{ utf8String: names.commonName }] }]),
    issuer: new lib.X509Certificate(copyOf(issuer.certificate.der)).subjectName,
    notBefore,
    notAfter,
    publicKey: spki,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: algorithmsOf(issuer.keys.kind).signAs,
    extensions: [
      new lib.BasicConstraintsExtension(isCa, isCa ? pathLength : undefined, true),
      new lib.KeyUsagesExtension(usage, true),
      ...(isCa && subtrees === null ? [] : [
        new lib.ExtendedKeyUsageExtension([
          certType === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth,
        ]),
      ]),
      ...(isCa && subtrees !== null ? [new lib.Extension('2.5.29.30', true, nameConstraintsDer(subtrees))] : []),
      ...(names.sans.length === 0
        ? []
        : [new lib.SubjectAlternativeNameExtension([...names.sans], names.commonName === null)]),
      new lib.SubjectKeyIdentifierExtension(keyId),
      new lib.AuthorityKeyIdentifierExtension(issuer.certificate.description.subjectKeyId ?? ''),
    ],
  });
  return new Uint8Array(made.rawData);
};

/** A request that the library makes with a key. */
export const requestOf = async (
  key: PrivateKey,
  name: ConstructorParameters<typeof lib.Name>[0] = [],
  extensions: ReadonlyArray<InstanceType<typeof lib.Extension>> = [],
): Promise<Uint8Array> => {
  const keys = right(await readKeys(key)());
  const made = await lib.Pkcs10CertificateRequestGenerator.create({
    name: new lib.Name(name),
    keys,
    signingAlgorithm: algorithmsOf(keys.kind).signAs,
    extensions: [...extensions],
  });
  return new Uint8Array(made.rawData);
};

export interface Wanted {
  readonly certType: CertType;
  readonly commonName: string;
  readonly sans: ReadonlyArray<string>;
  readonly pathLength: number;
  readonly subtrees: Subtrees | null;
}

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/).filter((text) => !/^xn--|^..--/.test(text));
export const host = fc.tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.stringMatching(/^[a-z]{2,8}$/))
  .map(([labels, last]) => [...labels, last].join('.'));
export const address = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map(addressText),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map(addressText),
  fc.constantFrom('::', '::1', '::ffff:10.0.0.7', '0.0.0.0', '255.255.255.255', '2001:db8::1'),
);
export const san = fc.oneof(
  host,
  host.map((name) => `*.${name}`),
  address,
  host.map((name) => `a.user@${name}`),
  host.map((name) => `spiffe://${name}/unit/0`),
  fc.constant('bücher.example'),
);
export const title = fc.oneof(
  host,
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.constantFrom('web 0', 'CA of Ångström', '"quoted", with=signs+', ' blanks ', '#04', '中文', '🔐'),
);

const base: fc.Arbitrary<Subtrees['permitted'][number]> = fc.oneof(
  host.map((text) => ({ type: 'dns', text }) as const),
  fc.uint8Array({ minLength: 8, maxLength: 8 }).map((network) => ({ type: 'ip', network }) as const),
);
const subtrees: fc.Arbitrary<Subtrees> = fc.record({
  permitted: fc.array(base, { maxLength: 3 }),
  excluded: fc.array(base, { maxLength: 3 }),
}).filter(({ permitted, excluded }) => permitted.length + excluded.length > 0);

export const wanted: fc.Arbitrary<Wanted> = fc.record({
  certType: fc.constantFrom(...CERT_TYPES),
  commonName: title,
  sans: fc.array(san, { maxLength: 5 }),
  pathLength: fc.nat({ max: 3 }),
  subtrees: fc.option(subtrees),
}).filter(({ commonName, sans }) => usableNames(commonName, sans)._tag === 'Right');

/** A name that is too long for a subject, so that its alternative name stands for it. */
export const LONG = `${'long.'.repeat(14)}example`;

const seconds = (from: string, to: string): fc.Arbitrary<Date> =>
  fc.integer({ min: Date.parse(from) / 1000, max: Date.parse(to) / 1000 }).map((s) => new Date(s * 1000));

export const terms: fc.Arbitrary<Terms> = fc.record({
  notBefore: seconds('2026-11-24T00:00:00Z', '2050-01-02T00:00:00Z'),
  notAfter: fc.oneof(
    seconds('2050-01-03T00:00:00Z', '9998-01-01T00:00:00Z'),
    fc.constantFrom(new Date('2050-01-03T00:00:00Z'), NO_MORE_THAN),
  ),
  serial: fc.uint8Array({ minLength: 16, maxLength: 16 }).filter((bytes) => bytes.some((byte) => byte !== 0)),
}).map(({ serial, ...dates }) => ({ ...dates, random: () => serial }));
