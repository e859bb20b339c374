/**
 * What the charm of a provider for requirers of both protocols can read: the requests of each, in separate lists.
 *
 * @module
 */
import type { CsrProvidesView, ProvidedRequest } from '../../csr/provides/view.ts';
import type { ProvidesRequest, ProvidesView } from '../../reactive/provides/view.ts';

/** A request by CSR. */
export interface AnyProvidedRequest extends ProvidedRequest {
  /** It was made by CSR. */
  readonly protocol: 'csr';
}

/** A request by name. */
export interface AnyProvidesRequest extends ProvidesRequest {
  /** It was made by name. */
  readonly protocol: 'reactive';
}

/** Everything that the charm can read. Code that reads the view of either protocol can read this one too. */
export interface AnyProvidesView extends CsrProvidesView, ProvidesView {
  /** The requests by CSR. */
  readonly requests: ReadonlyArray<AnyProvidedRequest>;
  /** The requests by name, except those that their unit also makes by CSR. */
  readonly allRequests: ReadonlyArray<AnyProvidesRequest>;
  /** Requests by name that have no answer. */
  readonly newRequests: ReadonlyArray<AnyProvidesRequest>;
}
