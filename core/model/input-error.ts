/**
 * What is wrong with an input, for people: the path to the value, what was expected there, and what was there instead.
 *
 * What came is told by its type and length only. A document holds private keys, and io-ts's own reporter would print them.
 * Numbers, `true`, `false` and `null` are the exception: they are shown (docs/documents.md, Rules: `expected a string, got 7`).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { Decoder } from './codec.ts';
import { shapeOf } from './shape.ts';

/** One thing that is wrong with an input. */
export interface InputIssue {
  /** The path, e.g. `intent.requests[2].sans[0]`; empty for the document itself. */
  readonly path: string;
  /** What was expected and what was there instead, without any content. */
  readonly message: string;
}

/** Why an input is unusable. It quotes none of the input's content. */
export interface InputError {
  /** Tells it from other problems. */
  readonly _tag: 'InputError';
  /** At least one and at most 32; `message` tells if there are more. */
  readonly issues: ReadonlyArray<InputIssue>;
  /** All issues, one per line. */
  readonly message: string;
}

/** Most issues to report; more than a screenful helps nobody. */
const MAX_ISSUES = 32;

/** Builds an {@link InputError} from its issues. */
export const inputError = (issues: ReadonlyArray<InputIssue>): InputError => {
  const shown = issues.slice(0, MAX_ISSUES);
  const more = issues.length > shown.length ? ['… and more that are not listed'] : [];
  return {
    _tag: 'InputError',
    issues: shown,
    message: [...shown.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)), ...more].join('\n'),
  };
};

/** Longest part of a foreign key shown in a path; certificate names and unit names are shorter. */
const MAX_KEY = 80;

/** One step of a path, written as in code. */
const step = (key: string): string => {
  if (/^(0|[1-9][0-9]*)$/.test(key)) return `[${key}]`;
  if (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) && key.length <= MAX_KEY) return `.${key}`;
  return `[${JSON.stringify(key.length <= MAX_KEY ? key : `${key.slice(0, MAX_KEY)}…`)}]`;
};

/** A path such as `snapshot.relations[0].remoteUnits["easyrsa/0"].ca`. */
export const pathOf = (keys: ReadonlyArray<string>): string => keys.map(step).join('').replace(/^\./, '');

/** Describes a value that the caller got wrong: it shows short values that {@link shapeOf} would only name. */
const found = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : shapeOf(value);

const issueOf = (error: t.ValidationError): InputIssue => {
  const expected = error.context.at(-1)?.type.name ?? 'something else';
  return {
    path: pathOf(error.context.map((entry) => entry.key).filter((key) => key !== '')),
    message: error.message ?? `expected ${expected}, got ${found(error.value)}`,
  };
};

/** Decodes a whole document from outside. */
export const decodeWith = <A>(decoder: Decoder<A, never>) => (value: unknown): E.Either<InputError, A> =>
  E.mapLeft((errors: t.Errors) => inputError(errors.map(issueOf)))(decoder.decode(value));
