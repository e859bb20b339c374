/**
 * X.509 for what the relation delivers: describes, matches, verifies and issues certificates.
 *
 * This front door works on Deno, Bun, Node, in edge workers and in the browser; it needs WebCrypto and nothing else. Making
 * certificates loads @peculiar/x509 at its first use, everything else does without it.
 *
 * @module
 */
export { type CertType, type PrivateKey } from '../model/certificate.ts';
export { type AskedName, classifyName, NOT_A_NAME, type NotAName } from '../model/asked-name.ts';
export {
  COMMON_NAME_FAULT,
  type CommonNameFault,
  commonNameFault,
  distinctNames,
  nameKeyOf,
  sameNames,
} from '../model/same-names.ts';
export {
  type Bundle,
  type BundleFault,
  type BundleFaultCode,
  describe,
  type ReadBundle,
  type Shelf,
} from './bundle.ts';
export type { Description } from './certificate.ts';
export type { ConstraintFault } from './constraints.ts';
export type { Flaw } from './der.ts';
export { earliestEnd, type End, renewalMargin, soonestEnd } from './expiry.ts';
export type { BasicConstraints } from './extensions.ts';
export type { Fault, JudgedAs } from './fault.ts';
export type { San, SanType } from './general-names.ts';
export { issue, type NewCertificate } from './issue.ts';
export type { IssueFault } from './issue-fault.ts';
export { issueRoot, type NewRoot } from './issue-root.ts';
export { type CaPair, type Issuer, openIssuer } from './issuer.ts';
export type { Terms } from './terms.ts';
export { type ExtensionFault, type NewForCsr } from './csr-extensions.ts';
export { type CsrIssueFault, issueFor } from './issue-csr.ts';
export { type BundleJudgement, judgeCa, judgeChain } from './judge-bundle.ts';
export { judge, type JudgeInput, type Judgement, judgeRead, type ReadJudgeInput } from './judge.ts';
export { generateKey, type KeyAlgorithm } from './key.ts';
export { match, type MatchFault, type MatchInput, type Mismatch, mismatches } from './match.ts';
export { type NameMismatch, type NamesAsked } from './name-match.ts';
export type { Attribute, Name } from './names.ts';
export type { Curve, KeyUsage, MlDsaSet } from './oids.ts';
export { type Pair, pairOf, type TriedKey, tryKey } from './pair.ts';
export type { PathFault, PathFaultCode } from './path.ts';
export {
  type FormFault,
  type FormFaultCode,
  formFaults,
  keyFormFaults,
  normalCertificates,
  normalKey,
} from './pem-form.ts';
export type { Encoded, PemFlaw } from './pem.ts';
export type { PolicyFault } from './policies.ts';
export type { KeyFault } from './private-key.ts';
export type { PublicKey } from './public-key.ts';
export type { PurposeFault } from './purpose.ts';
export { makeRequest, type NewRequest, readRequest, type RequestDescription, type RequestFault } from './request.ts';
export type { Obstacle, SearchFaultCode, Verdicts } from './chain-search.ts';
export { type FaultCode, type FaultSeverity, SEVERITIES, severityOf } from './severity.ts';
export type { Hash, SignatureAlgorithm, SignatureFault } from './signature.ts';
export type { NameFault } from './subject.ts';
export { type Base, type Subtrees } from './subtrees.ts';
export { type ReadValue, readValue } from './value.ts';
export { type Path, type Refusal, type Refused, type VerifiedPart, verify, type VerifyInput } from './verify.ts';
export { type PathWeakness, weak, weakAlong, type Weakness } from './weak.ts';
export { type Wrapping, wrappingOf } from './wrapping.ts';
