/**
 * The state of a request or a certificate at a glance: one mark, one colour, a few words.
 *
 * @module
 */
import type { ExaminedRequest } from '../../core/examine/examination.ts';
import type { Finding, Severity } from '../../core/model/finding.ts';
import type { Description } from '../../core/x509/mod.ts';
import { type Term, termOf } from './words.ts';

/** The look of a row. */
export type Look = 'good' | 'warning' | 'error' | 'open';

/** How a row is shown at a glance. */
export interface Glance {
  readonly look: Look;
  /** What the look means, for people who cannot see it. */
  readonly meaning: string;
  /** At the right end of the row. */
  readonly words: string;
  readonly term: Term | null;
}

const worst = (findings: ReadonlyArray<Finding>): Severity | null =>
  (['error', 'warning', 'info'] as const).find((severity) =>
    findings.some((finding) => finding.severity === severity)
  ) ?? null;

const STATES: Readonly<Record<ExaminedRequest['state'], string>> = {
  answered: 'answered',
  unanswered: 'not answered',
  unknown: 'answer not seen',
  denied: 'denied',
  revoked: 'revoked',
};

/** A request at a glance. */
export const glanceOfRequest = ({ state, answer, findings }: ExaminedRequest, now: number | null): Glance => {
  const certificate = answer?.certificate ?? null;
  const term = certificate === null ? null : termOf(certificate, now);
  const severity = worst(findings);
  const look = severity === 'error' || state === 'denied' || state === 'revoked'
    ? 'error'
    : state !== 'answered'
    ? 'open'
    : severity === 'warning'
    ? 'warning'
    : answer?.verified === true
    ? 'good'
    : 'open';
  const meanings = {
    good: 'good',
    warning: 'good, with a warning',
    error: state === 'answered' ? 'wrong' : STATES[state],
    open: state === 'answered' ? 'not traced to a CA' : STATES[state],
  };
  return { look, meaning: meanings[look], words: term?.words ?? STATES[state], term };
};

/** The certificate of a published CA at a glance, with the findings about the CA or the chain that contains it. */
export const glanceOfCa = (
  certificate: Description,
  now: number | null,
  findings: ReadonlyArray<Finding> = [],
): Glance => {
  const term = termOf(certificate, now);
  if (term.when !== 'within') return { look: 'error', meaning: 'outside its time', words: term.words, term };
  const severity = worst(findings);
  if (severity === 'error') return { look: 'error', meaning: 'wrong', words: term.words, term };
  if (severity === 'warning') return { look: 'warning', meaning: 'good, with a warning', words: term.words, term };
  return now === null
    ? { look: 'open', meaning: 'no time to judge it by', words: term.words, term }
    : { look: 'good', meaning: 'within its time', words: term.words, term };
};
