/**
 * A small CA as provider: its policy, its keys, and its answers. Front door: adapters/authority/mod.ts, where keepers come in.
 *
 * @module
 */
export { type AbortFault, abortReplacement, announceReplacement, followGeneration } from './announcing.ts';
export { announcedToAny, answerAny } from './any.ts';
export { announcedBy, answerRequests, type AtWork } from './answers.ts';
export {
  createAuthority,
  isDueForRotation,
  type NewAuthority,
  type OpenAuthority,
  openAuthority,
  publishedOf,
} from './authority.ts';
export type { Moment } from './moment.ts';
export { answerCsrs, fingerprintOf } from './csr/answers.ts';
export { capabilitiesOf } from './csr/capabilities.ts';
export {
  denyRequest,
  type IssuedCertificate,
  issuedCertificates,
  type Outstanding,
  outstandingRequests,
  revokeAll,
} from './csr/lists.ts';
export { allow, type DenialFault, deny } from './denied.ts';
export { nextDue, nextStep } from './due.ts';
export { caRequest, importCa, type ImportedCa, type ImportFault } from './import.ts';
export { type KindPolicy, openPolicy, Policy, type Quota } from './policy.ts';
export { isDueToSign, type Replacement, replacementOf, tellReplacement } from './replacement.ts';
export { withSharedClient } from './shared-client.ts';
export { completeReplacement, rotateAuthority } from './succession.ts';
export { type AuthorityDocument, AuthorityState, type Cross, type Denial, type NextCa, type Retired } from './state.ts';
