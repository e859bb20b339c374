/**
 * Front door `./authority`: a small CA as provider, for development, for tests, and for models that have no other.
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
  type Retired,
  rotateAuthority,
} from './authority.ts';
export { type KindPolicy, openPolicy, Policy } from './policy.ts';
