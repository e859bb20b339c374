/**
 * What a provider's charm can read that serves requirers of both protocols: the requests of each, in a list of its own.
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

/** All that the charm can read. Whoever reads the view of either protocol reads this one too. */
export interface AnyProvidesView extends CsrProvidesView, ProvidesView {
  /** The requests by CSR. */
  readonly requests: ReadonlyArray<AnyProvidedRequest>;
  /** The requests by name, without those that their unit makes by CSR as well. */
  readonly allRequests: ReadonlyArray<AnyProvidesRequest>;
  /** Requests by name that have no answer. */
  readonly newRequests: ReadonlyArray<AnyProvidesRequest>;
}
