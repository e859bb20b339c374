/**
 * CSRs and certificates for tests of `decide`, which looks at no signature: made at once, with keys and signatures that are only bytes.
 *
 * @module
 */
import { createECDH } from 'node:crypto';
import { basic, CLIENT, type Der, der, extended, extension, general, name, oid, SERVER } from '../x509/forge.ts';

export { basic, CLIENT, extended, extension, SERVER };

/** A public key, as its DER; there is no private half. */
export type Key = Der;

/** The point of P-256 that belongs to this number: a reader looks whether it is on the curve. */
const pointOf = (n: number): ReadonlyArray<number> => {
  const pair = createECDH('prime256v1');
  const secret = new Uint8Array(32);
  new DataView(secret.buffer).setUint32(28, n + 1);
  pair.setPrivateKey(secret);
  return [...pair.getPublicKey()];
};

const made = new Map<number, Key>();

/** A P-256 key of this number. */
export const ecKey = (n: number): Key => {
  const key = made.get(n) ??
    der(0x30, der(0x30, oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), der(3, 0, ...pointOf(n)));
  made.set(n, key);
  return key;
};

/** An RSA key of this number. */
export const rsaKey = (n: number, bits = 2048): Key =>
  der(
    0x30,
    der(0x30, oid('1.2.840.113549.1.1.1'), der(5)),
    der(
      3,
      0,
      der(
        0x30,
        // A modulus is odd.
        der(2, 0, 0x80 | (n & 0x7f), ...Array.from({ length: bits / 8 - 1 }, (_, i) => (n * 11 + i * 17) & 0xff | 1)),
        der(2, 1, 0, 1),
      ),
    ),
  );

export const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** PEM in its normal form. */
export const pemOf = (label: string, bytes: Uint8Array): string =>
  [`-----BEGIN ${label}-----`, ...(base64(bytes).match(/.{1,64}/g) ?? []), `-----END ${label}-----`].join('\n');

const SIGNATURE = [der(0x30, oid('1.2.840.10045.4.3.2')), der(3, 0, 1, 2, 3)] as const;

const text = (tag: number, value: string): Der => der(tag, new TextEncoder().encode(value));
const attribute = (type: string, value: Der): Der => der(0x31, der(0x30, oid(type), value));

/** What a CSR is made of. */
export interface NewCsr {
  readonly key: Key;
  /** Empty: none. */
  readonly commonName?: string;
  /** As `dns:…`, `ip:<hex>`, `id:…`. */
  readonly sans?: ReadonlyArray<string>;
  /** Null: none. */
  readonly uniqueIdentifier?: string | null;
  /** By object identifier. */
  readonly subject?: Readonly<Record<string, string>>;
  readonly extensions?: ReadonlyArray<Der>;
}

let drawn = 0;

/** The DER of a CSR. */
export const csrDer = (
  { key, commonName = 'web.example', sans = [], uniqueIdentifier, subject = {}, extensions = [] }: NewCsr,
): Der => {
  drawn += 1;
  const identifier = uniqueIdentifier === undefined ? `id-${drawn}` : uniqueIdentifier;
  const all = [...(sans.length === 0 ? [] : [extension('2.5.29.17', der(0x30, ...sans.map(general)))]), ...extensions];
  const info = der(
    0x30,
    der(2, 0),
    name(
      ...(commonName === '' ? [] : [commonName]),
      ...(identifier === null ? [] : [attribute('2.5.4.45', text(0x0c, identifier))]),
      ...Object.entries(subject).map(([type, value]) => attribute(type, text(0x0c, value))),
    ),
    key,
    der(0xa0, ...(all.length === 0 ? [] : [der(0x30, oid('1.2.840.113549.1.9.14'), der(0x31, der(0x30, ...all)))])),
  );
  return der(0x30, info, ...SIGNATURE);
};

/** A CSR in the normal form of PEM. */
export const csrPem = (csr: NewCsr): string => pemOf('CERTIFICATE REQUEST', csrDer(csr));

/** What a certificate is made of. */
export interface NewCertificate {
  readonly key: Key;
  readonly commonName?: string;
  readonly sans?: ReadonlyArray<string>;
  readonly issuer?: string;
  readonly isCa?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly extensions?: ReadonlyArray<Der>;
}

const time = (moment: string): Der => text(0x17, `${moment.replace(/[-:TZ]/g, '').slice(2, 14).padEnd(12, '0')}Z`);

let serial = 0;

/** A certificate in the normal form of PEM. */
export const certificatePem = (
  {
    key,
    commonName = 'web.example',
    sans = [`dns:${commonName}`],
    issuer = 'CA',
    isCa = false,
    from = '2026-01-01T00:00:00Z',
    to = '2027-01-01T00:00:00Z',
    extensions = [],
  }: NewCertificate,
): string => {
  serial += 1;
  const all = [
    ...(isCa ? [basic(true)] : []),
    ...(sans.length === 0 ? [] : [extension('2.5.29.17', der(0x30, ...sans.map(general)))]),
    ...extensions,
  ];
  const tbs = der(
    0x30,
    der(0xa0, der(2, 2)),
    der(2, 1, serial >> 8, serial & 0xff),
    SIGNATURE[0],
    name(issuer),
    der(0x30, time(from), time(to)),
    name(...(commonName === '' ? [] : [commonName])),
    key,
    ...(all.length === 0 ? [] : [der(0xa3, der(0x30, ...all))]),
  );
  return pemOf('CERTIFICATE', der(0x30, tbs, ...SIGNATURE));
};

/** The root under which {@link certificatePem} puts certificates. */
export const ROOT: string = certificatePem({ key: ecKey(9000), commonName: 'CA', sans: [], isCa: true });
