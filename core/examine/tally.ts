/**
 * The verdict on a whole examination in one sentence, and the numbers behind it.
 *
 * Only what was examined and has no finding of severity `error` or `warning` is good. If nothing was requested, nothing was answered, or a
 * side was not seen, nobody can say that all is well.
 *
 * @module
 */
import { allFindings, type AnswerState, type Examinations } from './examination.ts';

/** How an examination looks at a glance. `open`: nothing is known to be wrong, but not everything could be examined. */
export type Outlook = 'good' | 'open' | 'warning' | 'error';

/** The sum of an examination. */
export interface Tally {
  /** Findings of severity `error`. */
  readonly errors: number;
  /** Findings of severity `warning`. */
  readonly warnings: number;
  /** How many requests there are in each state. */
  readonly states: Readonly<Record<AnswerState, number>>;
  /** How many requests there are. */
  readonly requests: number;
  /** CA certificates that are handed out to be trusted. */
  readonly trusted: number;
  /** How it looks at a glance. */
  readonly outlook: Outlook;
  /** The verdict, a sentence. */
  readonly sentence: string;
}

/** A number in front of a noun. */
const things = (n: number, one: string, many: string): string => (n === 1 ? one : `${n.toLocaleString('en')} ${many}`);

const sentenceOf = (
  { examinations, trust, now, findings }: Examinations,
  { errors, warnings, states, requests, trusted }: Omit<Tally, 'outlook' | 'sentence'>,
): readonly [Outlook, string] => {
  if (examinations.length + trust.length === 0) {
    const isSilent = findings.some(({ code }) => code === 'nothing-asked');
    return ['open', isSilent ? 'Nobody has requested a certificate yet.' : 'Nothing here is about certificates.'];
  }
  if (errors > 0) return ['error', `${things(errors, 'One thing is', 'things are')} wrong.`];
  if (warnings > 0) return ['warning', `${things(warnings, 'One thing', 'things')} to look at.`];
  if (requests === 0 && trusted > 0) {
    return now === null
      ? ['open', 'Nothing wrong was found, but dates were not checked.']
      : ['good', 'All CA certificates are valid.'];
  }
  if (requests === 0) return ['open', 'Nobody has requested a certificate yet.'];
  if (states.denied + states.revoked > 0) return ['warning', 'A request was denied or its certificate revoked.'];
  if (states.unknown > 0) return ['open', "The provider's answers are not here."];
  if (states.unanswered > 0) return ['open', 'Not every request has been answered yet.'];
  const isOneSided = examinations.some(({ askedSeen, providers }) => !askedSeen || providers.length === 0);
  if (isOneSided) return ['open', 'Nothing wrong was found, but one side is missing.'];
  if (now === null) return ['open', 'Nothing wrong was found, but dates were not checked.'];
  const isVerified = examinations.every(({ requests }) => requests.every(({ answer }) => answer?.verified === true));
  return isVerified
    ? ['good', 'All certificates are valid.']
    : ['open', 'Nothing wrong was found, but not every certificate could be traced to its CA.'];
};

/**
 * Counts what was found, and says in one sentence what it comes to.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { tallyOf } from 'interface-tls-certificates/examine';
 * const { outlook, sentence } = tallyOf({ now: null, examinations: [], trust: [], findings: [] });
 * assert.deepEqual([outlook, sentence], ['open', 'Nothing here is about certificates.']);
 * ```
 */
export const tallyOf = (examined: Examinations): Tally => {
  const findings = allFindings(examined);
  const states: Record<AnswerState, number> = { answered: 0, unanswered: 0, unknown: 0, denied: 0, revoked: 0 };
  let requests = 0;
  for (const examination of examined.examinations) {
    for (const { state } of examination.requests) {
      states[state] += 1;
      requests += 1;
    }
  }
  const counts = {
    errors: findings.filter(({ severity }) => severity === 'error').length,
    warnings: findings.filter(({ severity }) => severity === 'warning').length,
    states,
    requests,
    trusted: examined.trust.reduce((sum, { certificates }) => sum + certificates.length, 0),
  };
  const [outlook, sentence] = sentenceOf(examined, counts);
  return { ...counts, outlook, sentence };
};
