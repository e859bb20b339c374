/**
 * Problems: everything that a request can end in except an answer, each with its status, a sentence, and the paths of the mistakes (RFC
 * 9457). This is the only table of them.
 *
 * @module
 */
import type { InputIssue } from '../../core/model/input-error.ts';
import type { Reply } from './reply.ts';

/** A kind of problem. */
export type ProblemKind =
  | 'bad-request'
  | 'not-json'
  | 'token-wanted'
  | 'foreign-origin'
  | 'not-found'
  | 'no-session'
  | 'method-not-allowed'
  | 'too-slow'
  | 'session-exists'
  | 'too-large'
  | 'media-type'
  | 'wrong-host'
  | 'malformed-input'
  | 'too-deep'
  | 'answer-too-large'
  | 'session-full'
  | 'too-many-at-once'
  | 'internal'
  | 'busy'
  | 'too-many-sessions'
  | 'no-store'
  | 'too-much-work';

/** The status and the title of each kind. */
export const PROBLEMS: Readonly<Record<ProblemKind, readonly [status: number, title: string]>> = {
  'bad-request': [400, 'The request cannot be read'],
  'not-json': [400, 'The body is not JSON'],
  'token-wanted': [401, 'A token is wanted'],
  'foreign-origin': [403, 'Pages of other origins may not use this server'],
  'not-found': [404, 'There is nothing at this path'],
  'no-session': [404, 'There is no such session'],
  'method-not-allowed': [405, 'This path does not take this method'],
  'too-slow': [408, 'The body took too long'],
  'session-exists': [409, 'This session already exists'],
  'too-large': [413, 'The body is too large'],
  'media-type': [415, 'This media type is not supported'],
  'wrong-host': [421, 'This server does not serve this host'],
  'malformed-input': [422, 'The input is malformed'],
  'too-deep': [422, 'The input is nested too deeply'],
  'answer-too-large': [422, 'The answer would be too large'],
  'session-full': [422, 'The session cannot hold more'],
  'too-many-at-once': [429, 'This client has too many requests at once'],
  'internal': [500, 'The server has a defect'],
  'busy': [503, 'The server is busy'],
  'too-many-sessions': [503, 'There are too many sessions'],
  'no-store': [503, 'The store of sessions does not answer'],
  'too-much-work': [503, 'The work took too long and was stopped'],
};

/** A problem in the format of RFC 9457. It contains nothing of what was sent except names of fields. */
export interface ProblemDocument {
  /** Relative to the server: what the documentation says about it. Stable, for programs. */
  readonly type: string;
  /** The HTTP status. */
  readonly status: number;
  /** The kind of problem in words. */
  readonly title: string;
  /** One sentence about this occurrence, and what to do. */
  readonly detail: string;
  /** What is wrong with the input, by path; absent if the input was not examined. */
  readonly errors?: ReadonlyArray<InputIssue>;
}

/** The content type of problems. */
export const PROBLEM_JSON = 'application/problem+json';

/** A problem of a kind. */
export const problem = (kind: ProblemKind, detail: string, errors?: ReadonlyArray<InputIssue>): ProblemDocument => {
  const [status, title] = PROBLEMS[kind];
  return { type: `/docs#${kind}`, status, title, detail, ...(errors === undefined ? {} : { errors }) };
};

/** A problem's kind, for logs. */
export const kindOf = ({ type }: ProblemDocument): string => type.slice('/docs#'.length);

/** The reply for a problem. A client that is only refused for now learns when to retry. */
export const problemReply = (told: ProblemDocument, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: told.status,
  headers: {
    'content-type': PROBLEM_JSON,
    ...(told.status === 429 || told.status === 503 ? { 'retry-after': '1' } : {}),
    ...headers,
  },
  body: JSON.stringify(told),
});
