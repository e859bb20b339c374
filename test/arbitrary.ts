/**
 * Arbitrary worlds for properties: what other sides might publish, good, odd and broken, and what a charm might want.
 *
 * @module
 */
import fc from 'fast-check';
import { CERT_TYPES } from '../mod.ts';
import { HOSTILE } from './hostile.ts';

/** Common names: few enough to meet again, odd enough to hurt. */
export const commonName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('web.example', 'a', 'b', '', '__proto__', 'constructor', '\u{1f600}', '\uffee', '10'),
  fc.string({ maxLength: 4 }),
);

const sans = fc.array(fc.oneof(fc.constantFrom('10.0.0.7', 'web', ''), fc.string({ maxLength: 3 })), { maxLength: 3 });

const short = HOSTILE.filter((text) => text.length < 1_000);

/** A PEM by name: tests look for `SECRET` where no key may be. */
const cert = fc.constantFrom('CERT 1', 'CERT 2', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
const key = fc.constantFrom('SECRET 1', 'SECRET 2');

const broken = fc.oneof(fc.constantFrom(...short), fc.json(), fc.string());

const collectionOf = (entry: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.array(fc.tuple(commonName, entry), { maxLength: 4 }).map((entries) => JSON.stringify(Object.fromEntries(entries)));

const answerEntry = fc.oneof(
  { weight: 4, arbitrary: fc.record({ cert, key }) },
  { weight: 1, arbitrary: fc.record({ cert, key }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

const requestEntry = fc.oneof(
  { weight: 4, arbitrary: fc.record({ sans }) },
  { weight: 1, arbitrary: fc.record({ sans: fc.constant(null) }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

const answers = fc.oneof({ weight: 3, arbitrary: collectionOf(answerEntry) }, { weight: 1, arbitrary: broken });
const requests = fc.oneof({ weight: 3, arbitrary: collectionOf(requestEntry) }, { weight: 1, arbitrary: broken });

const bag = (keys: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<Readonly<Record<string, string>>> =>
  fc.record({ 'private-address': fc.constant('10.0.0.1'), ...keys }, { requiredKeys: [] });

/** A provider unit's databag, as it answers `web/0`. */
export const remoteBag: fc.Arbitrary<Readonly<Record<string, string>>> = bag({
  ca: fc.constantFrom('CA 1', 'CA 2', ''),
  chain: fc.constantFrom('CHAIN 1', 'CHAIN 2'),
  'client.cert': cert,
  'client.key': key,
  'web_0.server.cert': cert,
  'web_0.server.key': key,
  'web_0.processed_requests': answers,
  'web_0.processed_client_requests': answers,
  'web_0.processed_application_requests': fc.oneof(
    answers,
    fc.record({ cert, key }).map((entry) => JSON.stringify({ app_data: entry })),
  ),
  'web_0.processed_intermediate_requests': answers,
  'web_1.processed_requests': answers,
});

/** A requirer's own databag. */
export const localBag: fc.Arbitrary<Readonly<Record<string, string>>> = bag({
  own: fc.string(),
  unit_name: fc.constantFrom('web_0', 'old'),
  common_name: commonName,
  sans: fc.oneof(sans.map((list) => JSON.stringify(list)), broken),
  certificate_name: fc.constantFrom('', 'cert'),
  cert_requests: requests,
  client_cert_requests: requests,
  application_cert_requests: requests,
  intermediate_cert_requests: requests,
});

const unitName = fc.constantFrom('easyrsa/0', 'easyrsa/1', 'easyrsa/10', '__proto__', 'remote-0a1b/0');

const remoteUnits = fc.array(fc.tuple(unitName, remoteBag), { maxLength: 3 }).map(Object.fromEntries);

const relations = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('certificates:3', 'certificates:9', 'certificates:10', '__proto__'),
    localUnitData: localBag,
    remoteUnits,
  }),
  { selector: ({ id }) => id, maxLength: 3 },
);

const request = fc.oneof(
  fc.record({ certType: fc.constant('server'), commonName, sans, certificateName: fc.constantFrom('', 'cert') }, {
    requiredKeys: ['certType', 'commonName'],
  }),
  fc.record({ certType: fc.constantFrom('client', 'application', 'intermediate'), commonName, sans }, {
    requiredKeys: ['certType', 'commonName'],
  }),
);

const changedFlag = fc.constantFrom(
  'ca',
  'certs',
  'server.certs',
  'client.certs',
  'intermediate.certs',
  'application.certs',
)
  .map((topic) => `certificates.${topic}.changed`);

/** An intent. */
export const intent: fc.Arbitrary<unknown> = fc.record({
  requests: fc.array(request, { maxLength: 5 }),
  withdraw: fc.array(fc.record({ certType: fc.constantFrom(...CERT_TYPES), commonName }), { maxLength: 3 }),
  handled: fc.array(changedFlag, { maxLength: 3 }),
  onRepeat: fc.constantFrom('replace', 'ignore'),
}, { requiredKeys: [] });

/** A memory from who knows where. */
export const memory: fc.Arbitrary<unknown> = fc.record({
  flags: fc.array(fc.oneof(changedFlag, fc.constantFrom('certificates.available', 'other.flag', '__proto__')), {
    maxLength: 4,
  }),
  digests: fc.dictionary(
    fc.constantFrom('certificates.ca', 'certificates.server.certs', 'other.ca', '__proto__'),
    fc.string(),
  ),
}, { requiredKeys: [] });

/** A whole input document that decodes. */
export const document: fc.Arbitrary<unknown> = fc.record({
  side: fc.constant('reactive/requires'),
  snapshot: fc.record({
    localUnit: fc.constant('web/0'),
    endpoint: fc.constant('certificates'),
    isLeader: fc.boolean(),
    departing: fc.record({ relationId: fc.constantFrom('certificates:3', 'certificates:10'), unit: unitName }),
    relations,
  }, { requiredKeys: ['localUnit', 'endpoint', 'relations'] }),
  intent,
  memory,
}, { requiredKeys: ['side', 'snapshot'] });

/** A requirer unit's databag as its provider sees it, under a name of its own choice. */
const requirerBag = localBag.chain((bag) =>
  fc.constantFrom('web_0', 'web_1', 'app_9', '').map((name) => ({ ...bag, unit_name: name }))
);

/** What a provider published for the units above, good, odd and broken. */
const providerBag: fc.Arbitrary<Readonly<Record<string, string>>> = bag(Object.fromEntries([
  ['ca', fc.constantFrom('CA 1', 'CA 2')],
  ['client.key', key],
  ...['web_0', 'web_1', 'app_9', 'gone_3'].flatMap((unit): ReadonlyArray<[string, fc.Arbitrary<string>]> => [
    [`${unit}.server.cert`, cert],
    [`${unit}.server.key`, key],
    [`${unit}.processed_requests`, answers],
    [`${unit}.processed_client_requests`, answers],
    [`${unit}.processed_application_requests`, fc.record({ cert, key }).map((a) => JSON.stringify({ app_data: a }))],
  ]),
]));

const requirerName = fc.constantFrom('web/0', 'web/1', 'web/10', '__proto__', 'remote-0a1b/0');

const answer = fc.record({
  relationId: fc.constantFrom('certificates:3', 'certificates:10'),
  unit: requirerName,
  certType: fc.constantFrom(...CERT_TYPES),
  commonName,
  cert: fc.oneof(cert, fc.constant('')),
  key: fc.oneof(key, fc.constant('')),
});

/** A provider's whole input document that decodes. */
export const providerDocument: fc.Arbitrary<unknown> = fc.record({
  side: fc.constant('reactive/provides'),
  snapshot: fc.record({
    localUnit: fc.constant('easyrsa/0'),
    endpoint: fc.constant('certificates'),
    departing: fc.record({ relationId: fc.constantFrom('certificates:3', 'certificates:10'), unit: requirerName }),
    relations: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('certificates:3', 'certificates:9', 'certificates:10', '__proto__'),
        localUnitData: providerBag,
        remoteUnits: fc.array(fc.tuple(requirerName, requirerBag), { maxLength: 3 }).map(Object.fromEntries),
      }),
      { selector: ({ id }) => id, maxLength: 3 },
    ),
  }, { requiredKeys: ['localUnit', 'endpoint', 'relations'] }),
  intent: fc.record({
    ca: fc.constantFrom('CA 1', ''),
    chain: fc.constantFrom('CHAIN 1', ''),
    globalClientCert: fc.record({ cert, key }),
    answers: fc.array(answer, { maxLength: 6 }),
    onWithdrawal: fc.constantFrom('withdraw', 'keep'),
  }, { requiredKeys: [] }),
  memory,
}, { requiredKeys: ['side', 'snapshot'] });
