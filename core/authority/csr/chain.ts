/**
 * The chain that goes with a certificate on the CSR side: the certificate first, each signed by the next.
 *
 * While a former CA is trusted, the chain leads to it by cross-certificates and ends with it, so that who trusts the end of a chain goes on
 * with what he knows, while `ca` tells the new one. Once the former CA is trusted no more, its cross-certificate stays a while longer without
 * it: whoever was late can still follow, and the others trust `ca`. Source: docs/authority.md, Replacing the CA.
 *
 * @module
 */
import { crossesOf, standing } from '../authority.ts';
import type { AuthorityState } from '../state.ts';

/** What is published beside a certificate. */
export interface Above {
  /** The CA that issues. */
  readonly ca: string;
  /** What comes after the certificate in its chain. */
  readonly chain: ReadonlyArray<string>;
}

/** What is published beside the certificates that an authority issues at a moment. */
export const aboveOf = (state: AuthorityState, now: Date): Above => {
  const { certificate: ca, above } = state;
  const crosses = crossesOf(state, now);
  // The oldest that is still trusted and that the cross-certificates lead to.
  const last = Math.min(crosses.length, standing(state, now).length) - 1;
  const former = state.retired[last];
  if (last >= 0 && former !== undefined) {
    return { ca, chain: [...crosses.slice(0, last + 1), former.certificate, ...former.above] };
  }
  return { ca, chain: above.length === 0 && crosses.length > 0 ? crosses : [ca, ...above] };
};
