/**
 * Arbitrary worlds of the CSR sides: what other charms might publish, good, odd and broken, and what a charm might want.
 *
 * @module
 */
import fc from 'fast-check';
import { CERT_TYPES } from '../../../mod.ts';
import { HOSTILE } from '../../hostile.ts';
import { certificatePem, CLIENT, csrPem, ecKey, extended, ROOT, rsaKey } from './forge.ts';
import { kept } from './world.ts';

const KEYS = [ecKey(1), ecKey(2), rsaKey(3), ecKey(4)];

const short = HOSTILE.filter((text) => text.length < 1_000);
const broken = fc.oneof(fc.constantFrom(...short), fc.json(), fc.string());

/** CSRs: few enough to meet again, of different keys, names and kinds. */
const CSRS = KEYS.flatMap((key) => [
  csrPem({ key }),
  csrPem({ key }),
  csrPem({ key, uniqueIdentifier: null }),
  csrPem({ key, commonName: 'b', sans: ['dns:b'] }),
  csrPem({ key, commonName: 'b', sans: ['dns:b'], extensions: [extended(CLIENT)] }),
]);

const CERTIFICATES = [
  ...KEYS.map((key) => certificatePem({ key })),
  ...KEYS.map((key) => certificatePem({ key, isCa: true })),
  ...KEYS.map((key) => certificatePem({ key, from: '2025-01-01T00:00:00Z', to: '2026-05-01T00:00:00Z' })),
  ROOT,
];

const form = (pem: string): fc.Arbitrary<string> =>
  fc.constantFrom(pem, `${pem}\n`, pem.replaceAll('\n', '\r\n'), `text\n${pem}\nmore`, pem.slice(0, -30));

const goodCsr = fc.constantFrom(...CSRS);
const goodCertificate = fc.constantFrom(...CERTIFICATES);
const anyCsr = fc.oneof({ weight: 6, arbitrary: goodCsr.chain(form) }, { weight: 1, arbitrary: broken });
const anyCertificate = fc.oneof({ weight: 6, arbitrary: goodCertificate.chain(form) }, {
  weight: 1,
  arbitrary: broken,
});

const flag = fc.constantFrom<unknown>(true, false, null, 'yes', 0, 2, 'perhaps');

const requestEntry = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ certificate_signing_request: anyCsr, ca: flag }, {
      requiredKeys: ['certificate_signing_request'],
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

const answerEntry = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      ca: anyCertificate,
      certificate_signing_request: anyCsr,
      certificate: anyCertificate,
      chain: fc.oneof(fc.array(anyCertificate, { maxLength: 3 }), fc.jsonValue()),
      revoked: flag,
    }, { requiredKeys: ['certificate_signing_request', 'certificate'] }),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

const errorEntry = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      csr: anyCsr,
      error: fc.oneof(
        fc.record({ code: fc.constantFrom<unknown>(101, '102', 'x'), name: fc.string(), message: fc.string() }),
        fc.jsonValue(),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

const listOf = (entry: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.array(entry, { maxLength: 4 }).map((list) => JSON.stringify(list)) },
    { weight: 1, arbitrary: broken },
  );

type Bag = fc.Arbitrary<Readonly<Record<string, string>>>;

const bag = (keys: Readonly<Record<string, fc.Arbitrary<string>>>): Bag =>
  fc.record({ stranger: fc.string(), ...keys }, { requiredKeys: [] });

/** A requirer's databag, of its unit or its application. */
export const requirerBag: Bag = bag({ certificate_signing_requests: listOf(requestEntry) });

/** A provider's application databag. */
export const providerBag: Bag = bag({
  certificates: listOf(answerEntry),
  request_errors: listOf(errorEntry),
  capabilities: fc.oneof(
    broken,
    fc.record({ supports_ip_sans: flag, allowed_domains: fc.array(fc.string()) }).map((c) => JSON.stringify(c)),
  ),
});

const keptKeys = fc.subarray(
  KEYS.flatMap((key, i) => [kept(key, `u${i}`), kept(key, `a${i}`, 'application')]),
);

const units = fc.constantFrom('x/0', 'x/1', '__proto__', 'remote-0a1b/0');

const relationsOf = (local: Bag, remoteApplication: Bag, remoteUnit: Bag, localApplication: Bag) =>
  fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('certificates:3', 'certificates:9', 'certificates:10', '__proto__'),
      localUnitData: local,
      localApplicationData: localApplication,
      remoteApplicationData: remoteApplication,
      remoteUnits: fc.array(fc.tuple(units, remoteUnit), { maxLength: 3 }).map(Object.fromEntries),
    }, { requiredKeys: ['id', 'localUnitData', 'remoteUnits'] }),
    { selector: ({ id }) => id, maxLength: 3 },
  );

const snapshotOf = (localUnit: string, relations: fc.Arbitrary<unknown>) =>
  fc.record({
    localUnit: fc.constant(localUnit),
    endpoint: fc.constant('certificates'),
    isLeader: fc.boolean(),
    now: fc.constantFrom('2026-06-01T00:00:00Z', '2026-12-30T00:00:00Z', '2030-01-01T00:00:00Z'),
    keys: keptKeys,
    departing: fc.record({ relationId: fc.constantFrom('certificates:3', 'certificates:10'), unit: units }),
    relations,
  }, { requiredKeys: ['localUnit', 'endpoint', 'relations'] });

const san = fc.oneof(
  fc.constantFrom('b', '10.0.0.1', '10.0.0.256', '1.2.840.1', ' ', 'ip:x', 'ü'),
  fc.string({ maxLength: 4 }),
);
const commonName = fc.oneof(
  fc.constantFrom('web.example', 'b', '', '__proto__', 'ü'.repeat(40)),
  fc.string({ maxLength: 4 }),
);

const wantedRequest = fc.oneof(
  fc.record({ certType: fc.constantFrom(...CERT_TYPES), commonName: fc.constantFrom('web.example') }),
  fc.record({ certType: fc.constantFrom(...CERT_TYPES), commonName: fc.constant('b'), sans: fc.constant(['b']) }),
  fc.record({
    certType: fc.constantFrom(...CERT_TYPES),
    commonName,
    sans: fc.array(san, { maxLength: 3 }),
    uniqueIdentifier: fc.boolean(),
  }),
);

const memory = fc.record({
  flags: fc.array(fc.constantFrom('certificates.certs.changed', 'certificates.available', 'other.flag'), {
    maxLength: 3,
  }),
  digests: fc.dictionary(
    fc.constantFrom('certificates.ca', 'certificates.csr.asked', 'other.ca', '__proto__'),
    fc.string(),
  ),
}, { requiredKeys: [] });

/** A requirer's whole input document that decodes. */
export const requiresDocument: fc.Arbitrary<unknown> = fc.record({
  side: fc.constant('csr/requires'),
  snapshot: snapshotOf('web/0', relationsOf(requirerBag, providerBag, bag({}), requirerBag)),
  intent: fc.record({
    requests: fc.array(wantedRequest, { maxLength: 4 }),
    made: fc.array(goodCsr, { maxLength: 4 }),
    renew: fc.array(fc.record({ certType: fc.constantFrom(...CERT_TYPES), commonName }), { maxLength: 2 }),
    renewAfter: fc.constantFrom(0.6, 0.9, 1),
  }, { requiredKeys: [] }),
  memory,
}, { requiredKeys: ['side', 'snapshot'] });

const addressed = { relationId: fc.constantFrom('certificates:3', 'certificates:10', '__proto__'), csr: goodCsr };

/** A provider's whole input document that decodes. */
export const providesDocument: fc.Arbitrary<unknown> = fc.record({
  side: fc.constant('csr/provides'),
  snapshot: snapshotOf('ca/0', relationsOf(bag({}), requirerBag, requirerBag, providerBag)),
  intent: fc.oneof(
    fc.record({
      answers: fc.array(
        fc.record({
          ...addressed,
          certificate: goodCertificate,
          ca: goodCertificate,
          chain: fc.array(goodCertificate, { maxLength: 2 }),
        }),
        { maxLength: 4 },
      ),
      capabilities: fc.constantFrom(null, {}, { supportsIpSans: false }),
      onWithdrawal: fc.constantFrom('withdraw', 'keep'),
    }, { requiredKeys: [] }),
    fc.record({
      refusals: fc.array(fc.record({ ...addressed, code: fc.integer(), name: fc.string(), message: fc.string() }), {
        maxLength: 3,
      }),
      revoked: fc.array(fc.record(addressed), { maxLength: 3 }),
    }, { requiredKeys: [] }),
  ),
  memory,
}, { requiredKeys: ['side', 'snapshot'] });
