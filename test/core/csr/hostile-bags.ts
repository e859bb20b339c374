/**
 * Hostile worlds of the CSR sides, each from one number: good lists of entries, of which bytes of the DER, characters of the JSON, and the
 * types of fields have been changed.
 *
 * It is quick, so that a million can be tried. A number makes the same world each time.
 *
 * @module
 */
import { type Draw, drawsOf } from '../../../adapters/memory/random.ts';
import { CERT_TYPES } from '../../../mod.ts';
import { HOSTILE } from '../../hostile.ts';
import { certificatePem, CLIENT, csrPem, ecKey, extended, ROOT, rsaKey } from './forge.ts';
import { kept } from './world.ts';

/** Stands wherever a private key might be; nothing that is told may have it. */
export const SECRET = 'SECRETSECRETSECRET';

const PRIVATE = `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`;

const KEYS = [ecKey(1), ecKey(2), rsaKey(3)];

const CSRS = KEYS.flatMap((key) => [
  csrPem({ key }),
  csrPem({ key, commonName: 'b', sans: ['dns:b', 'ip:0a000001', 'id:1.3.6.1.4.1.99'] }),
  csrPem({ key, commonName: 'b', sans: ['dns:b'], extensions: [extended(CLIENT)] }),
]);

const CERTIFICATES = [
  ...KEYS.flatMap((key) => [
    certificatePem({ key }),
    certificatePem({ key, isCa: true }),
    certificatePem({ key, commonName: 'b', sans: ['dns:b'] }),
    certificatePem({ key, from: '2025-01-01T00:00:00Z', to: '2026-05-01T00:00:00Z' }),
  ]),
  ROOT,
];

const SHORT = HOSTILE.filter((text) => text.length < 1_000);

const VALUES: ReadonlyArray<unknown> = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  [],
  {},
  [[]],
  { length: 1 },
  [null],
  { toString: 1, valueOf: null },
  { length: 2 ** 32, 0: 'x' },
];

const pick = <A>(draw: Draw, all: readonly [A, ...ReadonlyArray<A>] | ReadonlyArray<A>): A => {
  const one = all[draw(all.length)];
  if (one === undefined) throw new Error('there is nothing to pick');
  return one;
};

const some = <A>(draw: Draw, most: number, make: () => A): ReadonlyArray<A> =>
  Array.from({ length: draw(most + 1) }, make);

/** Changes some bytes of what is in a PEM block, so that the block stays one. */
const bitten = (draw: Draw, pem: string): string => {
  const [, begin = '', body = '', end = ''] = /^(-----BEGIN [^-]+-----\n)([^-]+)(\n?-----END .*)$/s.exec(pem) ?? [];
  if (body === '') return pem;
  const bytes = [...atob(body.replace(/\s/g, ''))].map((c) => c.charCodeAt(0));
  for (let i = draw(3); i >= 0; i--) {
    const at = draw(bytes.length);
    switch (draw(4)) {
      case 0:
        bytes[at] = draw(256);
        break;
      case 1:
        bytes.splice(at, 1 + draw(4));
        break;
      case 2:
        bytes.splice(at, 0, pick(draw, [0, 0x30, 0x80, 0x84, 0xff]));
        break;
      default:
        bytes[at] = ((bytes[at] ?? 0) ^ (1 << draw(8))) & 0xff;
    }
  }
  const text = btoa(String.fromCharCode(...bytes));
  return `${begin}${text.match(/.{1,64}/g)?.join('\n') ?? ''}${end}`;
};

/** A text in one of the forms that it may come in, or spoilt. */
const formOf = (draw: Draw, pem: string): string => {
  switch (draw(12)) {
    case 0:
      return `${pem}\n`;
    case 1:
      return pem.replaceAll('\n', '\r\n');
    case 2:
      return `${PRIVATE}\n${pem}`;
    case 3:
      return pem.slice(draw(pem.length));
    case 4:
      return pick(draw, SHORT);
    case 5:
      return PRIVATE;
    case 6:
    case 7:
      return bitten(draw, pem);
    default:
      return pem;
  }
};

const anyCsr = (draw: Draw): string => formOf(draw, pick(draw, CSRS));
const anyCertificate = (draw: Draw): string => formOf(draw, pick(draw, CERTIFICATES));

/** A field's value, or something of another type. */
const field = <A>(draw: Draw, value: A): unknown => (draw(12) === 0 ? pick(draw, VALUES) : value);

const requestEntry = (draw: Draw): unknown => ({
  certificate_signing_request: field(draw, anyCsr(draw)),
  ...(draw(6) === 0 ? {} : { ca: field(draw, pick(draw, [true, false, 'no', 1])) }),
  ...(draw(9) === 0 ? { [pick(draw, SHORT)]: SECRET } : {}),
});

const answerEntry = (draw: Draw): unknown => ({
  ca: field(draw, anyCertificate(draw)),
  certificate_signing_request: field(draw, anyCsr(draw)),
  certificate: field(draw, anyCertificate(draw)),
  chain: field(draw, some(draw, 3, () => field(draw, anyCertificate(draw)))),
  ...(draw(4) === 0 ? { revoked: field(draw, pick(draw, [true, false, 'yes', '2'])) } : {}),
});

const errorEntry = (draw: Draw): unknown => ({
  [pick(draw, ['csr', 'certificate_signing_request'])]: field(draw, anyCsr(draw)),
  error: field(draw, {
    code: field(draw, pick<unknown>(draw, [101, 999, '102', 1.5])),
    name: field(draw, SECRET),
    message: field(draw, SECRET),
    reason: field(draw, pick(draw, SHORT)),
  }),
});

/** JSON with some of its characters changed. */
const spoilt = (draw: Draw, json: string): string => {
  const at = draw(json.length + 1);
  switch (draw(7)) {
    case 0:
      return json.slice(0, at);
    case 1:
      return `${json.slice(0, at)}${pick(draw, SHORT)}${json.slice(at)}`;
    case 2:
      return `${json.slice(0, at)}${json.slice(at + 1 + draw(40))}`;
    case 3:
      return `${json.slice(0, at)}${pick(draw, [...'[]{}",:\\0 \n\u2028'])}${json.slice(at + 1)}`;
    case 4: {
      const depth = draw(2_000);
      return `${'['.repeat(depth)}${json}${']'.repeat(depth)}`;
    }
    case 5:
      return JSON.stringify({ 0: json, length: 1 });
    default:
      return pick(draw, HOSTILE.filter((text) => text.length < 10_000));
  }
};

const listOf = (draw: Draw, entry: (draw: Draw) => unknown): string => {
  const list = some(draw, 3, () => field(draw, entry(draw)));
  const json = JSON.stringify(draw(10) === 0 ? [...list, ...list] : list);
  return draw(5) === 0 ? spoilt(draw, json) : json;
};

const bagOf = (draw: Draw, keys: Readonly<Record<string, () => string>>): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...Object.entries(keys).filter(() => draw(4) > 0).map(([key, make]) => [key, make()] as const),
    ...(draw(5) === 0 ? [[pick(draw, SHORT), SECRET] as const] : []),
  ]);

const requirerBag = (draw: Draw) => bagOf(draw, { certificate_signing_requests: () => listOf(draw, requestEntry) });

const providerBag = (draw: Draw) =>
  bagOf(draw, {
    certificates: () => listOf(draw, answerEntry),
    request_errors: () => listOf(draw, errorEntry),
    capabilities: () => {
      const json = JSON.stringify({
        supports_ip_sans: field(draw, true),
        allowed_domains: field(draw, ['a', SECRET]),
        provider_type: field(draw, SECRET),
      });
      return draw(4) === 0 ? spoilt(draw, json) : json;
    },
  });

const UNITS = ['x/0', 'x/1', 'remote-0a1b/0', '__proto__', 'constructor'];
const IDS = ['certificates:3', 'certificates:10', '__proto__'];
const MOMENTS = ['2026-06-01T00:00:00Z', '2026-12-30T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z'];

/** The document of one side from a number; its snapshot is hostile, and its intent is not. */
export const hostileDocument = (side: 'csr/requires' | 'csr/provides', number: number): unknown => {
  const draw = drawsOf(number, 0);
  const requires = side === 'csr/requires';
  const [own, other] = requires ? [requirerBag, providerBag] : [providerBag, requirerBag];
  const relations = IDS.filter(() => draw(3) > 0).map((id) => ({
    id,
    localUnitData: own(draw),
    localApplicationData: own(draw),
    remoteApplicationData: other(draw),
    remoteUnits: Object.fromEntries(some(draw, 3, () => [pick(draw, UNITS), other(draw)])),
  }));
  const aimed = () => ({ relationId: pick(draw, IDS), csr: pick(draw, CSRS) });
  const requests = some(draw, 4, () => ({
    certType: pick(draw, CERT_TYPES),
    commonName: pick(draw, ['web.example', 'b', ...SHORT]),
    sans: some(draw, 2, () => pick(draw, ['b', '10.0.0.1', ...SHORT])),
    uniqueIdentifier: draw(2) === 0,
  }));
  const intent = requires
    ? {
      requests,
      made: some(draw, 3, () => pick(draw, CSRS)),
      renew: requests.slice(1).map(({ certType, commonName }) => ({ certType, commonName })),
    }
    : draw(2) === 0
    ? {
      answers: some(draw, 3, () => ({
        ...aimed(),
        certificate: pick(draw, CERTIFICATES),
        ca: pick(draw, CERTIFICATES),
        chain: some(draw, 2, () => pick(draw, CERTIFICATES)),
      })),
      capabilities: {},
    }
    : {
      refusals: some(draw, 3, () => ({ ...aimed(), code: draw(200), name: pick(draw, SHORT), message: 'no' })),
      revoked: some(draw, 3, aimed),
    };
  return {
    side,
    snapshot: {
      localUnit: 'web/0',
      endpoint: 'certificates',
      isLeader: draw(4) > 0,
      ...(draw(9) === 0 ? {} : { now: pick(draw, MOMENTS) }),
      ...(draw(5) === 0 ? {} : {
        keys: KEYS.filter(() => draw(2) === 0).map((key, i) =>
          kept(key, `k${i}`, draw(3) === 0 ? 'application' : 'unit')
        ),
      }),
      ...(draw(6) === 0 ? { departing: { relationId: pick(draw, IDS), unit: pick(draw, UNITS) } } : {}),
      relations,
    },
    intent,
  };
};
