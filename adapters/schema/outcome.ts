/**
 * The schemas of what was decided, of either side.
 *
 * @module
 */
import { CERT_TYPES, type Certificate, type KeyPair, type PrivateKey } from '../../core/model/certificate.ts';
import type { Finding, Place } from '../../core/model/finding.ts';
import type { Flag, FlagDelta } from '../../core/model/flag.ts';
import type { Digest, Memory } from '../../core/model/memory.ts';
import type { MungedUnitName, RelationId, UnitName } from '../../core/model/names.ts';
import type { Outcome, Write } from '../../core/model/outcome.ts';
import type { SchemaOf } from '../../core/model/schema.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { ProvidesRequest, ProvidesView } from '../../core/reactive/provides/view.ts';
import type { RequiresView } from '../../core/reactive/requires/view.ts';
import { either, list, map, maybe, named, number, orNull, record, text, words, yesOrNo } from './describe.ts';

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
  record<Memory>({ flags: list(text<Flag>()), digests: map(text<Digest>()) }),
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
export const OutcomeSchema: SchemaOf<Outcome<RequiresView> | Outcome<ProvidesView>> = named(
  'Outcome',
  'What to write, which flags change, what to remember, what the charm can read, and what was noticed.',
  either(outcomeOf(RequiresViewSchema), outcomeOf(ProvidesViewSchema)),
);
