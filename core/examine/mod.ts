/**
 * Front door `./examine`: what two sides said to each other, examined certificate by certificate.
 *
 * @module
 */
export {
  allFindings,
  type AnswerState,
  type Examination,
  type Examinations,
  type ExaminedAnswer,
  type ExaminedRequest,
} from './examination.ts';
export { examine, type ExamineOptions, type Study, study, type StudyOptions } from './examine.ts';
export { type Exchange, type Exchanges, exchangesOfProvider, exchangesOfRequirer } from './exchange.ts';
export { EXAMINE_FINDINGS, type ExamineFindingCode } from './findings.ts';
export { REMEDIES } from './remedies.ts';
