/**
 * The schemas of what was decided, of any side.
 *
 * @module
 */
import type { Capabilities } from '../../core/csr/capabilities.ts';
import type { AnyOutcome } from '../../core/csr/decide.ts';
import type { RequestError } from '../../core/csr/errors.ts';
import type { CsrProvidesView, ProvidedRequest } from '../../core/csr/provides/view.ts';
import type { CsrRequest } from '../../core/csr/requires/intent.ts';
import type { CsrRequiresView, RequestView } from '../../core/csr/requires/view.ts';
import type { Subject } from '../../core/csr/subject.ts';
import type { NormalPem } from '../../core/csr/texts.ts';
import { CERT_TYPES, type Certificate, type KeyPair, type PrivateKey } from '../../core/model/certificate.ts';
import type { Finding, Place } from '../../core/model/finding.ts';
import type { Flag, FlagDelta } from '../../core/model/flag.ts';
import type { Memory, Remembered } from '../../core/model/memory.ts';
import type { MungedUnitName, RelationId, UnitName } from '../../core/model/names.ts';
import type { Outcome, Write } from '../../core/model/outcome.ts';
import type { SchemaOf } from '../../core/model/schema.ts';
import type { PublicKeyText, Timestamp } from '../../core/model/snapshot.ts';
import type { ProvidesRequest, ProvidesView } from '../../core/reactive/provides/view.ts';
import type { RequiresView } from '../../core/reactive/requires/view.ts';
import { list, map, maybe, named, number, oneAmong, orNull, record, text, words, yesOrNo } from './describe.ts';

/** A finding. */
export const FindingSchema: SchemaOf<Finding> = named(
  'Finding',
  'Something that was noticed; docs/findings.md tells the cause and the remedy of each code.',
  record<Finding>({
    code: text(),
    severity: words('info', 'warning', 'error'),
    place: record<Place>({
      relationId: maybe(text<RelationId>()),
      unit: maybe(text<UnitName>()),
      key: maybe(text()),
      index: maybe(number),
      commonName: maybe(text()),
    }),
    message: text(),
  }),
);

const WriteSchema: SchemaOf<Write> = named(
  'Write',
  'The keys of one databag that have to change.',
  record<Write>({
    relationId: text<RelationId>(),
    bag: words('unit', 'application'),
    set: map(text()),
    delete: list(text()),
  }),
);

const DeltaSchema: SchemaOf<FlagDelta> = record<FlagDelta>({ set: list(text<Flag>()), clear: list(text<Flag>()) });

const MemorySchema: SchemaOf<Memory> = named(
  'KeptMemory',
  'What to keep for the next hook; digests are opaque.',
  record<Memory>({ flags: list(text<Flag>()), digests: map(text<Remembered>()) }),
);

const CertificateSchema: SchemaOf<Certificate> = named(
  'Certificate',
  'A certificate with its private key, as it was delivered.',
  record<Certificate>({
    certType: words(...CERT_TYPES),
    commonName: text(),
    cert: text(),
    key: text<PrivateKey>(),
  }),
);

const RequiresViewSchema: SchemaOf<RequiresView> = named(
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

const RequestSchema: SchemaOf<ProvidesRequest> = named(
  'ProvidesRequest',
  'A request as its provider sees it, with the answer that is published.',
  record<ProvidesRequest>({
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
  }),
);

const ProvidesViewSchema: SchemaOf<ProvidesView> = named(
  'ProvidesView',
  "What a provider's charm can read.",
  record<ProvidesView>({
    allRequests: list(RequestSchema),
    newRequests: list(RequestSchema),
    publishedCerts: list(CertificateSchema),
  }),
);

const RefusedSchema: SchemaOf<RequestError> = named(
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

/** What a provider says that it can issue. */
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

const CsrRequestSchema: SchemaOf<RequestView> = named(
  'CsrRequestView',
  'A request, how far it has come, and what was given for it.',
  record<RequestView>({
    request: record<CsrRequest>({
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
    }),
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

const CsrRequiresViewSchema: SchemaOf<CsrRequiresView> = named(
  'CsrRequiresView',
  'What the charm can read; its private keys are not in it.',
  record<CsrRequiresView>({
    requests: list(CsrRequestSchema),
    capabilities: orNull(CapabilitiesSchema),
    rootCaCert: orNull(text()),
    rootCaChain: orNull(text()),
  }),
);

const CsrProvidesViewSchema: SchemaOf<CsrProvidesView> = named(
  'CsrProvidesView',
  "What a provider's charm can read.",
  record<CsrProvidesView>({
    requests: list(named(
      'CsrProvidedRequest',
      'A request as its provider sees it, with the answer that is published.',
      record<ProvidedRequest>({
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
      }),
    )),
  }),
);

const outcomeOf = <View>(view: SchemaOf<View>): SchemaOf<Outcome<View>> =>
  record<Outcome<View>>({
    writes: list(WriteSchema),
    flags: DeltaSchema,
    memory: MemorySchema,
    until: orNull(text<Timestamp>()),
    view,
    findings: list(FindingSchema),
  });

/** What was decided. */
export const OutcomeSchema: SchemaOf<AnyOutcome> = named(
  'Outcome',
  'What to write, which flags change, what to remember, what the charm can read, and what was noticed.',
  oneAmong<AnyOutcome>(
    outcomeOf(RequiresViewSchema),
    outcomeOf(ProvidesViewSchema),
    outcomeOf(CsrRequiresViewSchema),
    outcomeOf(CsrProvidesViewSchema),
  ),
);
