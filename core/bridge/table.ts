/**
 * What a unit of a bridge keeps from one hook to the next. It holds no secret.
 *
 * Each unit keeps its own. What a new leader needs follows from the keys and the databags: a key tells the request that it is for. Only a
 * certificate request that is passed on has no key here, so the rows say who asked for it.
 *
 * @module
 */
import { digestOf } from '../digest.ts';
import { CERT_TYPES, type CertType } from '../model/certificate.ts';
import {
  type Decoder,
  listOf,
  object,
  oneOf,
  optional,
  required,
  text,
  textLike,
  trueOrFalse,
} from '../model/codec.ts';
import type { AsJson } from '../model/schema.ts';
import type { Digest } from '../model/memory.ts';
import { RelationId, UnitName } from '../model/names.ts';
import { Timestamp } from '../model/snapshot.ts';
import type { NormalPem } from '../csr/texts.ts';

/** One certificate request above, and what it is for. */
export interface BridgeRow {
  /** SHA-256 of the certificate request's text in its normal form. */
  readonly csr: Digest;
  /** `made`: by the bridge, for a request by name; `passed`: it comes from below. */
  readonly origin: 'made' | 'passed';
  /** Null for the shared client certificate. */
  readonly relationId: RelationId | null;
  /** Null for an application's own. */
  readonly unit: UnitName | null;
  /** Unknown for a request that is passed on. */
  readonly certType: CertType | null;
  /** Empty for an application certificate, and for a request that is passed on. */
  readonly commonName: string;
}

/** A relation whose units join this unit one by one. */
export interface UnseenRelation {
  /** The relation. */
  readonly relationId: RelationId;
  /** The moment at which it was created for this unit. */
  readonly since: Timestamp;
}

/** What is kept, as plain JSON. */
export interface BridgeTable {
  /** One for each CSR above. */
  readonly rows: ReadonlyArray<BridgeRow>;
  /** Relations below of which this unit may not have seen every unit yet. */
  readonly unseen: ReadonlyArray<UnseenRelation>;
  /** All relations below that this unit has ever seen. */
  readonly known: ReadonlyArray<RelationId>;
  /** The moment of the unit's first hook; null before it. */
  readonly since: Timestamp | null;
  /** Whether the unit is being removed: Juju only says so in `-relation-departed` hooks. */
  readonly isLeaving: boolean;
}

/** The table of a bridge that has requested nothing. */
export const emptyTable: BridgeTable = { rows: [], unseen: [], known: [], since: null, isLeaving: false };

/** The table's name for a certificate request. */
export const csrDigest = (csr: NormalPem): Digest => digestOf([csr]);

/** @internal */
type BridgeRowDocument = AsJson<BridgeRow, 'relationId' | 'unit' | 'certType'>;

/** A table as JSON. */
export type BridgeTableDocument = AsJson<BridgeTable, 'unseen' | 'known' | 'since' | 'isLeaving', {
  readonly rows: ReadonlyArray<BridgeRowDocument>;
}>;

const Row: Decoder<BridgeRow, BridgeRowDocument> = object<BridgeRow, BridgeRowDocument>('closed', {
  csr: required(textLike<Digest>('a SHA-256 in hex', /^[0-9a-f]{64}$/u)),
  origin: required(oneOf('made', 'passed')),
  relationId: optional<RelationId | null, string>(RelationId, null),
  unit: optional<UnitName | null, string>(UnitName, null),
  certType: optional<CertType | null, CertType>(oneOf(...CERT_TYPES), null),
  commonName: required(text()),
});

/** Decodes a table that a host has kept. */
export const BridgeTable: Decoder<BridgeTable, BridgeTableDocument> = object<BridgeTable, BridgeTableDocument>(
  'closed',
  {
    rows: required(listOf(Row)),
    unseen: optional(
      listOf(object<UnseenRelation>('closed', { relationId: required(RelationId), since: required(Timestamp) })),
      [],
    ),
    known: optional(listOf(RelationId), []),
    since: optional<Timestamp | null, string>(Timestamp, null),
    isLeaving: optional(trueOrFalse, false),
  },
);
