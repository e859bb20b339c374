/**
 * The schemas of what charms can read, by protocol and side.
 *
 * @module
 */
import type { Capabilities } from '../../core/csr/capabilities.ts';
import type { RequestError } from '../../core/csr/errors.ts';
import type { CsrProvidesView, ProvidedRequest } from '../../core/csr/provides/view.ts';
import type { CsrRequest } from '../../core/csr/requires/intent.ts';
import type { CsrRequiresView, RequestView } from '../../core/csr/requires/view.ts';
import type { Subject } from '../../core/csr/subject.ts';
import type { NormalPem } from '../../core/csr/texts.ts';
import { CERT_TYPES, type Certificate, type KeyPair, type PrivateKey } from '../../core/model/certificate.ts';
import type { MungedUnitName, RelationId, UnitName } from '../../core/model/names.ts';
import type { SchemaOf } from '../../core/model/schema.ts';
import type { PublicKeyText, Timestamp } from '../../core/model/snapshot.ts';
import type { ProvidesRequest, ProvidesView } from '../../core/reactive/provides/view.ts';
import type { RequiresView } from '../../core/reactive/requires/view.ts';
import { type FieldsOf, list, maybe, named, number, orNull, record, text, words, yesOrNo } from './describe.ts';

/** A certificate with its key. */
export const CertificateSchema: SchemaOf<Certificate> = named(
  'Certificate',
  'A certificate with its private key, as it was delivered.',
  record<Certificate>({
    certType: words(...CERT_TYPES),
    commonName: text(),
    cert: text(),
    key: text<PrivateKey>(),
  }),
);

/** What a reactive requirer can read. */
export const RequiresViewSchema: SchemaOf<RequiresView> = named(
  'RequiresView',
  'What the charm can read.',
  record<RequiresView>({
    rootCaCert: orNull(text()),
    rootCaChain: orNull(text()),
    serverCerts: list(CertificateSchema),
    clientCerts: list(CertificateSchema),
    applicationCerts: list(CertificateSchema),
    intermediateCerts: list(CertificateSchema),
    globalClientCert: orNull(record<KeyPair>({ cert: text(), key: text<PrivateKey>() })),
  }),
);

/** The fields of a request by name, as its provider sees it. */
export const BY_NAME: FieldsOf<ProvidesRequest> = {
  relationId: text<RelationId>(),
  unit: text<UnitName>(),
  unitName: text<MungedUnitName>(),
  applicationName: text(),
  certType: words(...CERT_TYPES),
  certificateName: text(),
  commonName: text(),
  sans: list(text()),
  isHandled: yesOrNo,
  cert: orNull(text()),
  key: orNull(text<PrivateKey>()),
};

const RequestSchema: SchemaOf<ProvidesRequest> = named(
  'ProvidesRequest',
  'A request as its provider sees it, with the answer that is published.',
  record<ProvidesRequest>(BY_NAME),
);

/** What a reactive provider can read. */
export const ProvidesViewSchema: SchemaOf<ProvidesView> = named(
  'ProvidesView',
  "What a provider's charm can read.",
  record<ProvidesView>({
    allRequests: list(RequestSchema),
    newRequests: list(RequestSchema),
    publishedCerts: list(CertificateSchema),
  }),
);

/** A refusal. */
export const RefusedSchema: SchemaOf<RequestError> = named(
  'RequestError',
  'Why a request is refused.',
  record<RequestError>({
    code: number,
    name: text(),
    message: text(),
    reason: orNull(text()),
    provider: orNull(text()),
    endpoint: orNull(text()),
  }),
);

/** What a provider says it can issue. */
export const CapabilitiesSchema: SchemaOf<Capabilities> = named(
  'KnownCapabilities',
  'What a provider says that it can issue; null where it does not say.',
  record<Capabilities>({
    supportsIpSans: orNull(yesOrNo),
    supportsWildcardDns: orNull(yesOrNo),
    supportsSubdomain: orNull(yesOrNo),
    supportsCaCertificates: orNull(yesOrNo),
    allowedDomains: orNull(list(text())),
    providerType: orNull(text()),
  }),
);

/** A request that a charm wants. */
export const WantedSchema: SchemaOf<CsrRequest> = record<CsrRequest>({
  certType: words(...CERT_TYPES),
  commonName: text(),
  sans: list(text()),
  subject: maybe(record<Subject>({
    organization: maybe(text()),
    organizationalUnit: maybe(text()),
    emailAddress: maybe(text()),
    country: maybe(text()),
    stateOrProvince: maybe(text()),
    locality: maybe(text()),
  })),
  uniqueIdentifier: yesOrNo,
});

/** A request by CSR with its state. */
export const CsrRequestSchema: SchemaOf<RequestView> = named(
  'CsrRequestView',
  'A request, how far it has come, and what was given for it.',
  record<RequestView>({
    request: WantedSchema,
    relationId: orNull(text<RelationId>()),
    bag: words('unit', 'application'),
    state: words('missing', 'asked', 'answered', 'renewing', 'denied', 'impossible', 'unrelated'),
    why: orNull(words('new', 'changed', 'renewal', 'other-key')),
    csr: orNull(text<NormalPem>()),
    keyName: orNull(text()),
    certificate: orNull(text<NormalPem>()),
    ca: orNull(text<NormalPem>()),
    chain: list(text<NormalPem>()),
    renewAt: orNull(text<Timestamp>()),
    denied: orNull(RefusedSchema),
  }),
);

/** What a requirer of the CSR protocol can read. */
export const CsrRequiresViewSchema: SchemaOf<CsrRequiresView> = named(
  'CsrRequiresView',
  'What the charm can read; its private keys are not in it.',
  record<CsrRequiresView>({
    requests: list(CsrRequestSchema),
    capabilities: orNull(CapabilitiesSchema),
    rootCaCert: orNull(text()),
    rootCaChain: orNull(text()),
  }),
);

/** The fields of a request by CSR, as its provider sees it. */
export const BY_CSR: FieldsOf<ProvidedRequest> = {
  relationId: text<RelationId>(),
  application: orNull(text()),
  unit: orNull(text<UnitName>()),
  bag: words('unit', 'application'),
  csr: text<NormalPem>(),
  isCa: yesOrNo,
  commonName: text(),
  sans: list(text()),
  publicKey: text<PublicKeyText>(),
  state: words('new', 'answered', 'refused'),
  certificate: orNull(text<NormalPem>()),
  ca: orNull(text<NormalPem>()),
  chain: list(text<NormalPem>()),
  refusal: orNull(RefusedSchema),
};

/** What a provider of the CSR protocol can read. */
export const CsrProvidesViewSchema: SchemaOf<CsrProvidesView> = named(
  'CsrProvidesView',
  "What a provider's charm can read.",
  record<CsrProvidesView>({
    requests: list(named(
      'CsrProvidedRequest',
      'A request as its provider sees it, with the answer that is published.',
      record<ProvidedRequest>(BY_CSR),
    )),
  }),
);
