/**
 * What a requirer's charm can read, whichever protocol its provider speaks.
 *
 * @module
 */
import type { RequestError } from '../../csr/errors.ts';
import type { CsrRequest } from '../../csr/requires/intent.ts';
import type { RequestView } from '../../csr/requires/view.ts';
import type { RelationId } from '../../model/names.ts';
import type { Timestamp } from '../../model/snapshot.ts';
import type { Delivery } from '../../side/row.ts';
import type { Protocol, Spoken } from '../protocol.ts';

/** A request with its certificate. */
export interface AnyDelivery extends Omit<Delivery, 'request'> {
  /** The request that it answers. */
  readonly request: CsrRequest;
  /** The protocol that brought it. */
  readonly protocol: Protocol;
  /** The relation that brought it. */
  readonly relationId: RelationId;
}

/** A request without a certificate. */
export interface Waiting {
  /** The request that has no certificate. */
  readonly request: CsrRequest;
  /** The protocol of the provider that is asked. */
  readonly protocol: Spoken;
  /** Since when it has been requested; null if there is no relation to ask on, or the time is unknown. */
  readonly since: Timestamp | null;
  /** Why its CSR is refused. */
  readonly denied: RequestError | null;
}

/** All that the charm can read. */
export interface AnyRequiresView {
  /** In the intent's order: the requests that have their certificate, with one delivery each. */
  readonly deliveries: ReadonlyArray<AnyDelivery>;
  /** The other requests, in the same order. */
  readonly waiting: ReadonlyArray<Waiting>;
  /** What the provider of each relation speaks. */
  readonly protocols: Readonly<Record<RelationId, Spoken>>;
  /** The requests for which a keyring must make a CSR. */
  readonly missing: ReadonlyArray<RequestView>;
  /** PEM; null while there is none. */
  readonly rootCaCert: string | null;
  /** PEM; null while there is none. */
  readonly rootCaChain: string | null;
}
