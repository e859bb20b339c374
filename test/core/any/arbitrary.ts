/**
 * Arbitrary worlds of the sides that speak both protocols: what charms of either might publish, good, odd and broken, in one bag.
 *
 * @module
 */
import fc from 'fast-check';
import { CERT_TYPES } from '../../../mod.ts';
import * as csr from '../csr/arbitrary.ts';

type Bag = fc.Arbitrary<Readonly<Record<string, string>>>;
type Json = Readonly<Record<string, unknown>>;

const name = fc.constantFrom('web.example', 'b', '', '__proto__', 'ü');
const sans = fc.array(fc.constantFrom('b', '10.0.0.1', 'ip:10.0.0.1', 'oid:1.2.840.1', 'web.example'), {
  maxLength: 3,
});
const asked = fc.dictionary(name, fc.oneof(fc.record({ sans }), fc.jsonValue())).map((value) => JSON.stringify(value));
const answered = fc.dictionary(
  fc.oneof(name, fc.constant('app_data')),
  fc.oneof(fc.record({ cert: fc.constantFrom('CERT', 'OTHER', ''), key: fc.constantFrom('KEY', '') }), fc.jsonValue()),
).map((value) => JSON.stringify(value));
const text = fc.constantFrom('', 'CERT', 'OTHER', '{', 'null');

const reactiveRequests: Bag = fc.record({
  unit_name: fc.constantFrom('web_0', 'x_0', 'no unit'),
  common_name: name,
  sans: fc.oneof(sans.map((value) => JSON.stringify(value)), text),
  cert_requests: fc.oneof(asked, text),
  client_cert_requests: asked,
  application_cert_requests: asked,
  intermediate_cert_requests: asked,
}, { requiredKeys: [] });

const reactiveAnswers: Bag = fc.record({
  'ca': text,
  'chain': text,
  'client.cert': text,
  'client.key': text,
  'web_0.server.cert': text,
  'web_0.server.key': text,
  'web_0.processed_requests': fc.oneof(answered, text),
  'web_0.processed_application_requests': answered,
  'x_0.processed_client_requests': answered,
}, { requiredKeys: [] });

const both = (a: Bag, b: Bag): Bag => fc.tuple(a, b).map(([one, other]) => ({ ...one, ...other }));

const requests: Bag = both(reactiveRequests, csr.requirerBag);

/** The same document with bags that speak the other protocol too, where a relation has them. */
const withBags = (document: unknown, side: string, local: Json, remote: Json, intent: unknown): unknown => {
  // Documents of the other file are objects of this form.
  const { snapshot, ...rest } = document as { readonly snapshot: { readonly relations: ReadonlyArray<Json> } & Json };
  return {
    ...rest,
    side,
    ...(intent === undefined ? {} : { intent }),
    snapshot: {
      ...snapshot,
      relations: snapshot.relations.map((relation) => ({
        ...relation,
        localUnitData: { ...(relation['localUnitData'] as Json), ...local },
        remoteUnits: Object.fromEntries(
          Object.entries(relation['remoteUnits'] as Json).map(([unit, bag]) => [unit, { ...(bag as Json), ...remote }]),
        ),
      })),
    },
  };
};

/** A requirer's whole input document that decodes. */
export const requiresDocument: fc.Arbitrary<unknown> = fc.tuple(csr.requiresDocument, reactiveRequests, reactiveAnswers)
  .map(([document, local, remote]) => withBags(document, 'any/requires', local, remote, undefined));

const addressed = {
  relationId: fc.constantFrom('certificates:3', 'certificates:10', '__proto__'),
  unit: fc.constantFrom('x/0', 'x/1', 'remote-0a1b/0'),
  certType: fc.constantFrom(...CERT_TYPES),
  commonName: name,
};

/** Of a CSR intent and answers by name, one intent for both. */
const withAnswers = (document: unknown, byName: Json): unknown => {
  const { intent = {} } = document as { readonly intent?: Json };
  const { answers = [], refusals = [], ...rest } = byName as {
    answers?: ReadonlyArray<unknown>;
    refusals?: ReadonlyArray<unknown>;
  };
  const of = (list: string) => (intent[list] ?? []) as ReadonlyArray<unknown>;
  return { ...intent, ...rest, answers: [...of('answers'), ...answers], refusals: [...of('refusals'), ...refusals] };
};

/** A provider's whole input document that decodes. */
export const providesDocument: fc.Arbitrary<unknown> = fc.tuple(
  csr.providesDocument,
  reactiveAnswers,
  requests,
  fc.record({
    ca: text,
    chain: text,
    globalClientCert: fc.record({ cert: text, key: text }),
    answers: fc.array(fc.record({ ...addressed, cert: text, key: text }), { maxLength: 4 }),
    refusals: fc.array(fc.record({ ...addressed, reason: fc.string() }), { maxLength: 3 }),
  }, { requiredKeys: [] }),
).map(([document, local, remote, byName]) =>
  withBags(document, 'any/provides', local, remote, withAnswers(document, byName))
);
