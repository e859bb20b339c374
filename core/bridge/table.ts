/**
 * The table of a bridge: which certificate request above is for which request below. It holds no secret, and is kept where the next leader
 * finds it, e.g. in the application databag of a peer relation.
 *
 * What it says follows from the keys and the databags, but for one thing: what a unit asked for whose databag cannot be read just now.
 *
 * @module
 */
import { digestOf } from '../digest.ts';
import { CERT_TYPES, type CertType } from '../model/certificate.ts';
import { type Decoder, listOf, object, oneOf, optional, required, text, textLike } from '../model/codec.ts';
import type { AsJson } from '../model/schema.ts';
import type { Digest } from '../model/memory.ts';
import { RelationId, UnitName } from '../model/names.ts';
import type { NormalPem } from '../csr/texts.ts';

/** One certificate request above, and what it is for. */
export interface BridgeRow {
  /** SHA-256 of the certificate request's text in its normal form. */
  readonly csr: Digest;
  /** `made`: by the bridge, for a request by name; `passed`: it comes from below. */
  readonly origin: 'made' | 'passed';
  /** Null for the client certificate that all requirers share. */
  readonly relationId: RelationId | null;
  /** Null for an application's own. */
  readonly unit: UnitName | null;
  /** Of one that is passed on, the kind is not known. */
  readonly certType: CertType | null;
  /** Empty for an application's certificate, and for a request that is passed on. */
  readonly commonName: string;
}

/** What a bridge keeps between two hooks, as plain JSON. */
export interface BridgeTable {
  /** One for each CSR above. */
  readonly rows: ReadonlyArray<BridgeRow>;
}

/** A bridge that has asked for nothing. */
export const emptyTable: BridgeTable = { rows: [] };

/** How a table names a certificate request. */
export const csrDigest = (csr: NormalPem): Digest => digestOf([csr]);

/** @internal */
type BridgeRowDocument = AsJson<BridgeRow, 'relationId' | 'unit' | 'certType'>;

/** A table as JSON has it. */
export type BridgeTableDocument = AsJson<BridgeTable, never, { readonly rows: ReadonlyArray<BridgeRowDocument> }>;

const Row: Decoder<BridgeRow, BridgeRowDocument> = object<BridgeRow, BridgeRowDocument>('closed', {
  csr: required(textLike<Digest>('a SHA-256 in hex', /^[0-9a-f]{64}$/u)),
  origin: required(oneOf('made', 'passed')),
  relationId: optional<RelationId | null, string>(RelationId, null),
  unit: optional<UnitName | null, string>(UnitName, null),
  certType: optional<CertType | null, CertType>(oneOf(...CERT_TYPES), null),
  commonName: required(text()),
});

/** Decodes a table that a host kept. */
export const BridgeTable: Decoder<BridgeTable, BridgeTableDocument> = object<BridgeTable, BridgeTableDocument>(
  'closed',
  { rows: required(listOf(Row)) },
);
