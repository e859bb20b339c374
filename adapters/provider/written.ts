/**
 * A session as it is written for stores outside the server's process: plain JSON, with lists for maps. It contains private keys.
 *
 * @module
 */
import { type AuthorityDocument, AuthorityState, type NewAuthority, Policy } from '../../core/authority/mod.ts';
import { Days, Keys, type PolicyDocument } from '../../core/authority/policy.ts';
import { CERT_TYPES, type CertType, type KeyPair, type PrivateKey } from '../../core/model/certificate.ts';
import {
  type Decoder,
  listOf,
  numberIn,
  object,
  omittable,
  oneOf,
  optional,
  required,
  text,
} from '../../core/model/codec.ts';
import type { Finding, Place } from '../../core/model/finding.ts';
import { Memory, type MemoryDocument } from '../../core/model/memory.ts';
import { RelationId, UnitName } from '../../core/model/names.ts';
import type { AsJson } from '../../core/model/schema.ts';
import { Databag, Snapshot, type SnapshotDocument, Timestamp } from '../../core/model/snapshot.ts';
import { Fault, FAULT_NAMES, type FaultDocument, type FaultName } from './fault.ts';
import { PROTOCOLS } from './protocol.ts';
import type { Provider, ShownBags, ShownRequest } from './provider.ts';
import type { Seen } from './seen.ts';
import { DEEDS, type Session, type SessionEntry } from './session.ts';

/** Entries of maps. */
type SeenEntry = Seen & { readonly name: string };
type PairEntry = KeyPair & { readonly name: string };
type CertificateEntry = { readonly name: string; readonly cert: string };
type ShownEntry = ShownBags & { readonly id: RelationId };

/** Forgeries, with the entries of their map. */
interface WrittenForgeries<A> {
  readonly stranger: AuthorityState | null;
  readonly made: ReadonlyArray<A>;
}

/** A provider, with its CA as it is kept elsewhere. */
export interface WrittenProvider
  extends Omit<Provider, 'authority' | 'good' | 'seen' | 'forgedPairs' | 'forgedCertificates' | 'shown'> {
  readonly authority: AuthorityState;
  readonly snapshot: Snapshot;
  readonly memory: Memory;
  readonly seen: ReadonlyArray<SeenEntry>;
  readonly forgedPairs: WrittenForgeries<PairEntry>;
  readonly forgedCertificates: WrittenForgeries<CertificateEntry>;
  readonly shown: ReadonlyArray<ShownEntry>;
}

/** The form in which this version of the program writes sessions. */
export const FORM = 1;

/** A session, as it is written. */
export interface Written extends Omit<Session, 'provider'> {
  readonly form: number;
  readonly provider: WrittenProvider;
}

type ForgeriesDocument<A> = {
  readonly stranger?: AuthorityDocument | null;
  readonly made: ReadonlyArray<AsJson<A>>;
};

type RequestDocument = AsJson<ShownRequest, 'unit' | 'certType' | 'fault'>;

type ProviderDocument = AsJson<WrittenProvider, never, {
  readonly authority: AuthorityDocument;
  readonly policy: PolicyDocument;
  readonly faults: ReadonlyArray<FaultDocument>;
  readonly snapshot: SnapshotDocument;
  readonly memory: MemoryDocument;
  readonly forgedPairs: ForgeriesDocument<PairEntry>;
  readonly forgedCertificates: ForgeriesDocument<CertificateEntry>;
  readonly requests: ReadonlyArray<RequestDocument>;
}>;

type WrittenDocument = AsJson<Written, never, { readonly provider: ProviderDocument }>;

const anyNumber = numberIn('a number', {});
const count = numberIn('a whole number from 0', { whole: true, from: 0 });
const name = required(text());
const cert = required(text());

const SomeFinding: Decoder<Finding> = object<Finding>('closed', {
  code: required(text()),
  severity: required(oneOf('info', 'warning', 'error')),
  place: required(object<Place>('closed', {
    relationId: omittable(RelationId),
    unit: omittable(UnitName),
    key: omittable(text()),
    index: omittable(count),
    commonName: omittable(text()),
  })),
  message: required(text()),
});

const Request: Decoder<ShownRequest, RequestDocument> = object<ShownRequest, RequestDocument>('closed', {
  relationId: required(RelationId),
  unit: optional<UnitName | null, string>(UnitName, null),
  certType: optional<CertType | null, CertType>(oneOf(...CERT_TYPES), null),
  commonName: required(text()),
  state: required(oneOf('answered', 'refused', 'unanswered')),
  fault: optional<FaultName | null, FaultName>(oneOf(...FAULT_NAMES), null),
});

const stranger = optional<AuthorityState | null, AuthorityDocument>(AuthorityState, null);

const WrittenProvider: Decoder<WrittenProvider, ProviderDocument> = object<WrittenProvider, ProviderDocument>(
  'closed',
  {
    protocol: required(oneOf(...PROTOCOLS)),
    authority: required(AuthorityState),
    ca: required(object<NewAuthority>('closed', { commonName: name, keys: omittable(Keys), days: omittable(Days) })),
    policy: required(Policy),
    faults: required(listOf(Fault)),
    snapshot: required(Snapshot),
    memory: required(Memory),
    seen: required(listOf(object<SeenEntry>('closed', { name, at: required(anyNumber), calls: required(count) }))),
    forgedPairs: required(object<WrittenForgeries<PairEntry>, ForgeriesDocument<PairEntry>>('closed', {
      stranger,
      made: required(listOf(object<PairEntry>('closed', { name, cert, key: required(text<PrivateKey>()) }))),
    })),
    forgedCertificates: required(
      object<WrittenForgeries<CertificateEntry>, ForgeriesDocument<CertificateEntry>>('closed', {
        stranger,
        made: required(listOf(object<CertificateEntry>('closed', { name, cert }))),
      }),
    ),
    relations: required(count),
    leaders: required(count),
    shown: required(listOf(object<ShownEntry>('closed', {
      id: required(RelationId),
      unit: required(Databag),
      application: required(Databag),
    }))),
    requests: required(listOf(Request)),
    findings: required(listOf(SomeFinding)),
  },
);

/** Decodes a session that was written. */
export const Written: Decoder<Written, WrittenDocument> = object<Written, WrittenDocument>('closed', {
  form: required(numberIn(`the form ${FORM}`, { from: FORM, upTo: FORM })),
  id: required(text()),
  provider: required(WrittenProvider),
  ahead: required(anyNumber),
  log: required(listOf(object<SessionEntry>('closed', {
    at: required(Timestamp),
    did: required(oneOf(...DEEDS)),
    unit: omittable(text()),
    findings: required(listOf(text())),
  }))),
});
