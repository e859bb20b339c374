/**
 * A small CA as provider: its policy, its keys, and what it answers. Front door: adapters/authority/mod.ts, which says who keeps it.
 *
 * @module
 */
export { answerRequests, type AtWork } from './answers.ts';
export {
  AuthorityState,
  createAuthority,
  isDueForRotation,
  type Moment,
  type NewAuthority,
  type OpenAuthority,
  openAuthority,
  publishedOf,
  type Retired,
  rotateAuthority,
} from './authority.ts';
export { type KindPolicy, openPolicy, Policy, type Quota } from './policy.ts';
