/**
 * Sessions with a fake provider: what is sent and what is told.
 *
 * @module
 */
import { CERT_TYPES, type CertType } from '../../../core/model/certificate.ts';
import type { RelationId, UnitName } from '../../../core/model/names.ts';
import type { Timestamp } from '../../../core/model/snapshot.ts';
import type { KeyAlgorithm } from '../../../core/x509/mod.ts';
import type { Published, ToldRequest, ToldSession } from '../provider/answer.ts';
import { type Fault, FAULT_NAMES, type FaultName, FAULTS } from '../provider/fault.ts';
import type { SessionEntry } from '../provider/sessions.ts';
import { Bag, type BagDocument } from './input.ts';
import { OneFinding } from './outcome.ts';
import { type Codec, list, listed, maybe, named, number, object, orNull, text, words, yesOrNo } from './words.ts';

const Keys = words([
  'P-256',
  'P-384',
  'P-521',
  'Ed25519',
  'RSA-2048',
  'RSA-3072',
  'RSA-4096',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
]);

/** A fault as JSON has it. */
export interface FaultDocument extends Omit<Fault, 'unit'> {
  readonly unit?: string;
}

const OneFault: Codec<FaultDocument> = listed(
  'Fault',
  `What the provider does wrong, to every request that fits. ${
    Object.entries(FAULTS).map(([name, sentence]) => `${name}: ${sentence}`).join('; ')
  }.`,
  object({
    fault: words(FAULT_NAMES),
    unit: maybe(text),
    certType: maybe(words(CERT_TYPES)),
    commonName: maybe(text),
    days: maybe(number.annotate({ description: 'With ends-soon; 1 unless said otherwise.' })),
    calls: maybe(number.annotate({ description: 'With late: calls of the unit that pass without an answer.' })),
    seconds: maybe(
      number.annotate({ description: 'With late: seconds of the session’s clock that pass without one.' }),
    ),
  }),
);

/** What is issued of one kind, as JSON has it. */
interface KindDocument {
  readonly days?: number;
  readonly keys?: KeyAlgorithm;
}

/** A policy as JSON has it; what it does not say is allowed. */
export interface PolicyDocument {
  readonly certTypes?: ReadonlyArray<CertType>;
  readonly kinds?: { readonly [K in CertType]?: KindDocument };
  readonly allowedNames?: ReadonlyArray<string>;
  readonly renewAfter?: number;
  readonly overlapDays?: number;
  readonly quota?: { readonly requestsPerUnit?: number; readonly namesPerRequest?: number };
  readonly announceDays?: number;
  readonly sharedClient?: boolean;
}

const Kind: Codec<KindDocument> = object({ days: maybe(number), keys: maybe(Keys) });

const PolicySchema: Codec<PolicyDocument> = listed(
  'Policy',
  'What the CA issues (docs/authority.md); everything to everybody unless said otherwise.',
  object({
    certTypes: maybe(list(words(CERT_TYPES))),
    kinds: maybe(
      object({ server: maybe(Kind), client: maybe(Kind), application: maybe(Kind), intermediate: maybe(Kind) }),
    ),
    allowedNames: maybe(list(text)),
    renewAfter: maybe(number),
    overlapDays: maybe(number),
    quota: maybe(object({ requestsPerUnit: maybe(number), namesPerRequest: maybe(number) })),
    announceDays: maybe(number),
    sharedClient: maybe(yesOrNo),
  }),
);

/** What a session is to be, as JSON has it. */
export interface SessionDocument {
  readonly id?: string;
  readonly now?: string;
  readonly ca?: { readonly commonName?: string; readonly keys?: KeyAlgorithm; readonly days?: number };
  readonly policy?: PolicyDocument;
  readonly faults?: ReadonlyArray<FaultDocument>;
}

/** What a session is to be. */
export const NewSession: Codec<SessionDocument> = listed(
  'NewSession',
  'How a session with a fake provider is to be; everything may be left out.',
  object({
    id: maybe(text.annotate({ description: 'Its name, which whoever knows it can use; a secret one unless given.' })),
    now: maybe(text.annotate({ description: 'Where its clock begins, as RFC 3339 writes it; else at the present.' })),
    ca: maybe(object({ commonName: maybe(text), keys: maybe(Keys), days: maybe(number) })),
    policy: maybe(PolicySchema),
    faults: maybe(list(OneFault)),
  }),
);

/** A unit with its databag, as JSON has it. */
export interface HeardDocument {
  readonly unit: string;
  readonly databag: BagDocument;
}

/** A unit with its databag. */
export const HeardBag: Codec<HeardDocument> = listed(
  'UnitDatabag',
  'What a requirer unit publishes, whole: what it does not say any more is withdrawn.',
  object({ unit: text, databag: Bag }),
);

/** A unit. */
export const OneUnit: Codec<{ readonly unit: string }> = object({ unit: text });

/** The faults of a session. */
export const SessionFaults: Codec<{ readonly faults: ReadonlyArray<FaultDocument> }> = object({
  faults: list(OneFault),
});

/** By how much a clock is put forward. */
export const Forward: Codec<{ readonly seconds: number }> = object({ seconds: number });

const Entry: Codec<SessionEntry, unknown> = object({
  at: named<Timestamp>(),
  did: words(['created', 'databag', 'depart', 'rotate', 'advance', 'faults']),
  unit: maybe(text),
  findings: list(text),
});

const OneRequest: Codec<ToldRequest, unknown> = object({
  relationId: named<RelationId>(),
  unit: named<UnitName>(),
  certType: words(CERT_TYPES),
  commonName: text,
  state: words(['answered', 'unanswered']),
  fault: orNull(words<ReadonlyArray<FaultName>>(FAULT_NAMES)),
});

/** What is told of a session. */
export const Told: Codec<ToldSession, unknown> = listed(
  'Session',
  'A session with a fake provider, without any private key.',
  object({
    id: text,
    now: named<Timestamp>(),
    expires: named<Timestamp>(),
    ca: text,
    // What is told was decoded before: a unit's name is one.
    faults: list(OneFault as unknown as Codec<Fault>),
    requests: list(OneRequest),
    log: list(Entry),
  }),
);

/** What the provider publishes. */
export const PublishedBag: Codec<Published, unknown> = listed(
  'ProviderDatabag',
  'What the provider publishes to a unit, private keys and all.',
  object({
    relationId: orNull(named<RelationId>()),
    unit: named<UnitName>(),
    databag: Bag,
    findings: list(OneFinding),
  }),
);
