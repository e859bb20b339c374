/**
 * What a provider's charm can read in the CSR protocol: the requests of all databags, with what is published for each.
 *
 * @module
 */
import type { Bag } from '../../model/outcome.ts';
import type { RelationId, UnitName } from '../../model/names.ts';
import type { PublicKeyText } from '../../model/snapshot.ts';
import type { RequestError } from '../errors.ts';
import type { NormalPem } from '../texts.ts';

/** `new`: it has no certificate that counts and is not refused. A revoked certificate, or one with another key, does not count. */
export type CsrRequestState = 'new' | 'answered' | 'refused';

/** A request as its provider sees it. */
export interface ProvidedRequest {
  /** The relation that it came by. */
  readonly relationId: RelationId;
  /** The application that asks; null if Juju does not say. */
  readonly application: string | null;
  /** The unit that asks; null for the application's own request. */
  readonly unit: UnitName | null;
  /** The databag that it stands in. */
  readonly bag: Bag;
  /** The CSR in PEM. */
  readonly csr: NormalPem;
  /** Whether it asks for a CA certificate. */
  readonly isCa: boolean;
  /** Empty if there is none. */
  readonly commonName: string;
  /** Object identifiers, addresses and DNS names in canonical form; names of other kinds with their kind as a prefix. */
  readonly sans: ReadonlyArray<string>;
  /** The SPKI's DER in base64. */
  readonly publicKey: PublicKeyText;
  /** Whether it is answered. */
  readonly state: CsrRequestState;
  /** The published answer; null if none counts. */
  readonly certificate: NormalPem | null;
  /** The CA that was published with the certificate. */
  readonly ca: NormalPem | null;
  /** As it was published. */
  readonly chain: ReadonlyArray<NormalPem>;
  /** The published error; null if there is none. */
  readonly refusal: RequestError | null;
}

/** Everything that a provider's charm can read. */
export interface CsrProvidesView {
  /** By relation id; in each, the application's requests first, then those of the units by name. */
  readonly requests: ReadonlyArray<ProvidedRequest>;
}
