/**
 * A small CA as provider: its policy, its keys, and what it answers. Front door: adapters/authority/mod.ts, which says who keeps it.
 *
 * @module
 */
export { announcedBy, answerRequests, type AtWork } from './answers.ts';
export {
  createAuthority,
  isDueForRotation,
  type Moment,
  type NewAuthority,
  type OpenAuthority,
  openAuthority,
  publishedOf,
} from './authority.ts';
export { type KindPolicy, openPolicy, Policy, type Quota } from './policy.ts';
export {
  type AbortFault,
  abortReplacement,
  announceReplacement,
  completeReplacement,
  followGeneration,
  isDueToSign,
  type Replacement,
  replacementOf,
  rotateAuthority,
  tellReplacement,
} from './replacement.ts';
export { withSharedClient } from './shared-client.ts';
export { AuthorityState, type Cross, type NextCa, type Retired } from './state.ts';
