/**
 * The schemas of what charms that speak both protocols can read.
 *
 * @module
 */
import type { Spoken } from '../../core/any/protocol.ts';
import type { AnyProvidedRequest, AnyProvidesRequest, AnyProvidesView } from '../../core/any/provides/view.ts';
import type { AnyDelivery, AnyRequiresView, Waiting } from '../../core/any/requires/view.ts';
import type { PrivateKey } from '../../core/model/certificate.ts';
import type { RelationId } from '../../core/model/names.ts';
import type { SchemaOf } from '../../core/model/schema.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { either, list, map, named, orNull, record, text, words } from './describe.ts';
import { BY_CSR, BY_NAME, CertificateSchema, CsrRequestSchema, RefusedSchema, WantedSchema } from './view.ts';

const SpokenSchema: SchemaOf<Spoken> = words('reactive', 'csr', 'unknown');

/** What a requirer of either protocol can read. */
export const AnyRequiresViewSchema: SchemaOf<AnyRequiresView> = named(
  'AnyRequiresView',
  'What the charm can read, whichever protocol its provider speaks. A key is in it only where a provider sent it.',
  record<AnyRequiresView>({
    deliveries: list(named(
      'Delivery',
      'A request with its certificate.',
      record<AnyDelivery>({
        request: WantedSchema,
        protocol: words('reactive', 'csr'),
        relationId: text<RelationId>(),
        certificate: text(),
        ca: orNull(text()),
        chain: list(text()),
        key: orNull(either(
          record<{ readonly sent: PrivateKey }>({ sent: text<PrivateKey>() }),
          record<{ readonly kept: string }>({ kept: text() }),
        )),
      }),
    )),
    waiting: list(named(
      'Waiting',
      'A request without a certificate.',
      record<Waiting>({
        request: WantedSchema,
        protocol: SpokenSchema,
        since: orNull(text<Timestamp>()),
        denied: orNull(RefusedSchema),
      }),
    )),
    protocols: map(SpokenSchema),
    missing: list(CsrRequestSchema),
    rootCaCert: orNull(text()),
    rootCaChain: orNull(text()),
  }),
);

const ByNameSchema: SchemaOf<AnyProvidesRequest> = named(
  'AnyProvidesRequest',
  'A request by name, with the answer that is published.',
  record<AnyProvidesRequest>({ ...BY_NAME, protocol: words('reactive') }),
);

/** What a provider for both protocols can read. */
export const AnyProvidesViewSchema: SchemaOf<AnyProvidesView> = named(
  'AnyProvidesView',
  "What a provider's charm can read: requests by CSR, and requests by name.",
  record<AnyProvidesView>({
    requests: list(named(
      'AnyProvidedRequest',
      'A request by CSR, with the answer that is published.',
      record<AnyProvidedRequest>({ ...BY_CSR, protocol: words('csr') }),
    )),
    allRequests: list(ByNameSchema),
    newRequests: list(ByNameSchema),
    publishedCerts: list(CertificateSchema),
  }),
);
