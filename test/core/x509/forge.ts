/**
 * Certificates of any make, right or wrong, signed with fresh P-256 keys. Written from the RFCs on its own, so that what the
 * product reads is not what the product wrote. It needs WebCrypto and nothing else.
 *
 * @module
 */

export type Der = Uint8Array<ArrayBuffer>;

export const der = (tag: number, ...parts: ReadonlyArray<Uint8Array | number>): Der => {
  const content = parts.flatMap((part) => typeof part === 'number' ? [part] : [...part]);
  const size: Array<number> = [];
  for (let n = content.length; n > 0; n >>= 8) size.unshift(n & 0xff);
  const length = content.length < 0x80 ? [content.length] : [0x80 + size.length, ...size];
  return Uint8Array.from([tag, ...length, ...content]);
};

export const bytes = (hex: string): Der => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

const ascii = (text: string): Der => Uint8Array.from(text, (c) => c.charCodeAt(0));

export const oid = (dotted: string): Der => {
  const [top = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const arc = (n: number): Array<number> => n < 128 ? [n] : [...arc(Math.floor(n / 128)).map((b) => b | 0x80), n % 128];
  return der(0x06, ...[top * 40 + second, ...rest].flatMap(arc));
};

const utf8 = (text: string): Der => der(0x0c, new TextEncoder().encode(text));

const attribute = (type: string, value: Der): Der => der(0x31, der(0x30, oid(type), value));

/** A name of common names, or of whatever relative names are given in DER. */
export const name = (...parts: ReadonlyArray<string | Der>): Der =>
  der(0x30, ...parts.map((part) => (typeof part === 'string' ? attribute('2.5.4.3', utf8(part)) : part)));

export const organisation = (text: string): Der => attribute('2.5.4.10', utf8(text));
export const printable = (text: string): Der => attribute('2.5.4.3', der(0x13, ascii(text)));
export const email = (text: string): Der => attribute('1.2.840.113549.1.9.1', der(0x16, ascii(text)));

/** General names, e.g. `dns:a.example`, `ip:0a000007`, `dn:<hex>`. */
export const general = (text: string): Der => {
  const at = text.indexOf(':');
  const [form, value] = [text.slice(0, at), text.slice(at + 1)];
  switch (form) {
    case 'email':
      return der(0x81, ascii(value));
    case 'dns':
      return der(0x82, ascii(value));
    case 'cn':
      return der(0xa4, name(value));
    case 'o':
      return der(0xa4, name(organisation(value)));
    case 'uri':
      return der(0x86, ascii(value));
    case 'ip':
      return der(0x87, bytes(value));
    case 'id':
      return der(0x88, oid(value).subarray(2));
    case 'other':
      return der(0xa0, oid(value), der(0xa0, utf8('x')));
    default:
      throw new Error(`no such form: ${form}`);
  }
};

export const extension = (id: string, value: Der, critical = false): Der =>
  der(0x30, oid(id), ...(critical ? [der(0x01, 0xff)] : []), der(0x04, value));

export const basic = (ca: boolean, pathLength?: number): Der =>
  extension(
    '2.5.29.19',
    der(0x30, ...(ca ? [der(1, 0xff)] : []), ...(pathLength === undefined ? [] : [der(2, pathLength)])),
    true,
  );

/** Key usage by its bits in one byte, e.g. 0x80 digitalSignature, 0x04 keyCertSign. */
export const usage = (bits: number): Der => {
  const unused = Math.min(7, Math.log2(bits & -bits));
  return extension('2.5.29.15', der(3, unused, bits), true);
};

export const SERVER = '1.3.6.1.5.5.7.3.1';
export const CLIENT = '1.3.6.1.5.5.7.3.2';
export const ANY = '2.5.29.37.0';

export const extended = (...purposes: ReadonlyArray<string>): Der =>
  extension('2.5.29.37', der(0x30, ...purposes.map(oid)));

export const sans = (...names: ReadonlyArray<string>): Der => extension('2.5.29.17', der(0x30, ...names.map(general)));

export const constraints = (
  permitted: ReadonlyArray<string>,
  excluded: ReadonlyArray<string> = [],
  after: Der = bytes(''),
): Der => {
  const list = (tag: number, names: ReadonlyArray<string>): ReadonlyArray<Der> =>
    names.length === 0 ? [] : [der(tag, ...names.map((text) => der(0x30, general(text), after)))];
  return extension('2.5.29.30', der(0x30, ...list(0xa0, permitted), ...list(0xa1, excluded)), true);
};

export const keyId = (hex: string): Der => extension('2.5.29.14', der(4, bytes(hex)));
export const issuerKeyId = (hex: string): Der => extension('2.5.29.35', der(0x30, der(0x80, bytes(hex))));

export interface Signer {
  readonly subject: Der;
  readonly keys: CryptoKeyPair;
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };

export const newKeys = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(P256, true, ['sign', 'verify']);

export const ECDSA_SHA256: Der = der(0x30, oid('1.2.840.10045.4.3.2'));
export const ECDSA_SHA1: Der = der(0x30, oid('1.2.840.10045.4.1'));

/** Everything that a certificate is made of; what is not given is as it should be. */
export interface Make {
  readonly subject: Der;
  readonly keys: CryptoKeyPair;
  readonly issuer: Signer;
  readonly serial?: Der;
  readonly from?: string;
  readonly to?: string;
  readonly extensions?: ReadonlyArray<Der>;
  readonly version?: number;
  readonly spki?: Der;
  readonly algorithm?: Der;
  readonly hash?: string;
  readonly outerAlgorithm?: Der;
  readonly issuerName?: Der;
  readonly breakSignature?: boolean;
}

const integer = (value: Uint8Array): Der => {
  const from = value.findIndex((byte) => byte !== 0);
  const rest = value.subarray(from);
  return der(2, ...((rest[0] ?? 0) >= 0x80 ? [0] : []), rest);
};

const time = (text: string): Der => der(0x17, ascii(`${text.replace(/[-:TZ]/g, '').slice(2, 14).padEnd(12, '0')}Z`));

let count = 0;

export const make = async ({ subject, keys, issuer, ...rest }: Make): Promise<Der> => {
  const spki = rest.spki ?? new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
  const algorithm = rest.algorithm ?? ECDSA_SHA256;
  count += 1;
  const extensions = rest.extensions ?? [];
  const version = rest.version ?? 2;
  const tbs = der(
    0x30,
    ...(version === 0 ? [] : [der(0xa0, der(2, version))]),
    rest.serial ?? der(2, 1, count >> 8, count & 0xff),
    algorithm,
    rest.issuerName ?? issuer.subject,
    der(0x30, time(rest.from ?? '2026-01-01'), time(rest.to ?? '2030-01-01')),
    subject,
    spki,
    ...(extensions.length === 0 ? [] : [der(0xa3, der(0x30, ...extensions))]),
  );
  const raw = await crypto.subtle.sign({ name: 'ECDSA', hash: rest.hash ?? 'SHA-256' }, issuer.keys.privateKey, tbs);
  const [r, s] = [new Uint8Array(raw, 0, 32), new Uint8Array(raw, 32)];
  if (rest.breakSignature === true) s[31] = (s[31] ?? 0) ^ 1;
  return der(0x30, tbs, rest.outerAlgorithm ?? algorithm, der(3, 0, der(0x30, integer(r), integer(s))));
};

export const pem = (...certificates: ReadonlyArray<Uint8Array>): string =>
  certificates.map((certificate) =>
    `-----BEGIN CERTIFICATE-----\n${
      (btoa(Array.from(certificate, (byte) => String.fromCharCode(byte)).join('')).match(/.{1,64}/g) ?? []).join('\n')
    }\n-----END CERTIFICATE-----\n`
  ).join('');
