/**
 * Juju's `tls-certificates` relation: what a charm wants and what is published become writes, flags and certificates.
 *
 * This front door holds what a charm needs on any runtime: both sides, deciding, and running. Others stand beside it: `./host` for who
 * writes a host, `./model` for a Juju model in memory, `./python` for old names, `./file` for a file on disk, `./effect` for effect.
 *
 * @module
 */
export {
  decide,
  decideInput,
  decodeInput,
  type Input,
  type InputDocument,
  type SideName,
  type ViewOf,
} from './core/decide.ts';
export {
  CERT_TYPES,
  type Certificate,
  type CertType,
  type KeyPair,
  type PrivateKey,
  REDACTED,
} from './core/model/certificate.ts';
export type { Finding, Place, Severity } from './core/model/finding.ts';
export { type Flag, flagOf } from './core/model/flag.ts';
export type { InputError } from './core/model/input-error.ts';
export { emptyMemory, Memory } from './core/model/memory.ts';
export { munge, RelationId, UnitName } from './core/model/names.ts';
export type { Outcome, Write } from './core/model/outcome.ts';
export type { Side } from './core/model/side.ts';
export { type Databag, type Relation, Snapshot } from './core/model/snapshot.ts';
export { REQUIRES_FINDINGS } from './core/reactive/requires/findings.ts';
export { explainFlag, explainKey } from './core/reactive/explain.ts';
export { REQUIRES_FLAGS } from './core/reactive/requires/explain.ts';
export {
  handled,
  ignoreRepeats,
  intentOf,
  nothing,
  type Request,
  requestApplicationCert,
  requestClientCert,
  requestIntermediateCert,
  requestServerCert,
  RequiresIntent,
  type Wish,
  withdrawApplicationCert,
  withdrawClientCert,
  withdrawIntermediateCert,
  withdrawServerCert,
} from './core/reactive/requires/intent.ts';
export { requires } from './core/reactive/requires.ts';
export { PROVIDES_FLAGS } from './core/reactive/provides/explain.ts';
export { PROVIDES_FINDINGS } from './core/reactive/provides/findings.ts';
export {
  type Answer,
  keepWithdrawn,
  nothingToPublish,
  ProvidesIntent,
  type Publication,
  publish,
  refuse,
  setCa,
  setCert,
  setCerts,
  setChain,
} from './core/reactive/provides/intent.ts';
export {
  allPublishedCerts,
  allRequests,
  newApplicationRequests,
  newClientRequests,
  newIntermediateRequests,
  newRequests,
  newServerRequests,
  type ProvidesRequest,
  type ProvidesView,
} from './core/reactive/provides/view.ts';
export { provides } from './core/reactive/provides.ts';
export {
  applicationCerts,
  type CertificateMap,
  clientCerts,
  clientCertsMap,
  intermediateCerts,
  intermediateCertsMap,
  type RequiresView,
  rootCaCert,
  rootCaChain,
  serverCerts,
  serverCertsMap,
} from './core/reactive/requires/view.ts';
export { type Charm, type Host, orThrow, type Problem, run } from './adapters/host.ts';
export { memoryHost } from './adapters/memory/host.ts';
