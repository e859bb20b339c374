/**
 * The chain of a certificate on the CSR side: the certificate first, each signed by the next.
 *
 * As long as a former CA is trusted, the chain leads to it through cross-certificates and ends with it, so a requirer that trusts the end
 * of a chain continues with what it knows, while `ca` has the new CA. When the former CA is no longer trusted, its cross-certificate stays
 * a while without it: latecomers can still verify, and the others trust `ca`. Source: docs/authority.md, Replacing the CA.
 *
 * @module
 */
import { crossesOf, standing } from '../authority.ts';
import type { AuthorityState } from '../state.ts';

/** What is published beside a certificate. */
export interface Above {
  /** The issuing CA. */
  readonly ca: string;
  /** What follows the certificate in its chain. */
  readonly chain: ReadonlyArray<string>;
}

/** What is published beside the certificates that an authority issues at a moment. */
export const aboveOf = (state: AuthorityState, now: Date): Above => {
  const { certificate: ca, above } = state;
  const crosses = crossesOf(state, now);
  // The oldest CA that is still trusted and that the cross-certificates lead to.
  const last = Math.min(crosses.length, standing(state, now).length) - 1;
  const former = state.retired[last];
  if (last >= 0 && former !== undefined) {
    return { ca, chain: [...crosses.slice(0, last + 1), former.certificate, ...former.above] };
  }
  return { ca, chain: above.length === 0 && crosses.length > 0 ? crosses : [ca, ...above] };
};
