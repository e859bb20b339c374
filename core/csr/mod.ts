/**
 * Both sides of the CSR protocol of Juju's `tls-certificates` (interface version 1), and `decide` for these and the reactive sides.
 *
 * It reads certificates and certificate requests, so it has a door of its own; the front door loads no X.509 code. It runs on every runtime
 * and is synchronous.
 *
 * @module
 */
export { type Capabilities } from './capabilities.ts';
export { type CsrPem } from './csr-pem.ts';
export {
  decide,
  decodeInput,
  type DocumentOf,
  type Input,
  type InputDocument,
  type InputOf,
  type SideName,
  SIDES,
  type ViewOf,
} from './decide.ts';
export { ERROR_CODES, type ErrorName, type RequestError } from './errors.ts';
export { type JudgedChainCode, type JudgedCode } from './judge.ts';
export { csrProvides } from './provides.ts';
export { CSR_PROVIDES_FLAGS } from './provides/explain.ts';
export { CSR_PROVIDES_FINDINGS, type CsrProvidesFindingCode } from './provides/findings.ts';
export { type CsrProvidesFlagName } from './provides/flags.ts';
export {
  type Addressed,
  type CertificatePem,
  type CsrAnswer,
  type CsrAnswerDocument,
  CsrProvidesIntent,
  type CsrProvidesIntentDocument,
  type CsrRefusal,
} from './provides/intent.ts';
export { type CsrProvidesView, type CsrRequestState, type ProvidedRequest } from './provides/view.ts';
export { csrRequires } from './requires.ts';
export { CSR_REQUIRES_FLAGS } from './requires/explain.ts';
export { CSR_REQUIRES_FINDINGS, type CsrRequiresFindingCode } from './requires/findings.ts';
export { type CsrRequiresFlagName } from './requires/flags.ts';
export {
  type CsrRequest,
  type CsrRequestDocument,
  CsrRequiresIntent,
  type CsrRequiresIntentDocument,
  type Named,
} from './requires/intent.ts';
export { type CsrRequiresView, type MissingWhy, type RequestState, type RequestView } from './requires/view.ts';
export { type Subject } from './subject.ts';
export { type NormalPem } from './texts.ts';
export { type Delivery, type Row } from '../side/row.ts';
