/**
 * Front door `./examine`: examines what two sides said to each other, certificate by certificate.
 *
 * @module
 */
export {
  allFindings,
  type AnswerState,
  type Examination,
  type Examinations,
  type ExaminedAnswer,
  type ExaminedCsr,
  type ExaminedRequest,
  partiesOf,
} from './examination.ts';
export { examine, type ExamineOptions, type Study, study, type StudyOptions } from './examine.ts';
export {
  type ApplicationBags,
  type ApplicationExchange,
  type Exchange,
  type Exchanges,
  exchangesOfHandingOut,
  exchangesOfProvider,
  exchangesOfRelation,
  exchangesOfRequirer,
  exchangesOfTrusting,
  type SeenRelation,
  type SilentRelation,
  type UnitExchange,
} from './exchange.ts';
export { EXAMINE_FINDINGS, type ExamineFindingCode } from './findings.ts';
export { type RequestError } from '../csr/errors.ts';
export { type Evidence, type SpokenProtocol } from './protocol.ts';
export { type ApplicationName, applicationOf, type UnitName } from '../model/names.ts';
export { type TrustExamination, type TrustExchange } from './trust-exchange.ts';
export { type Outlook, type Tally, tallyOf } from './tally.ts';
export { type Parties, REMEDIES, remedyOf } from './remedies.ts';
