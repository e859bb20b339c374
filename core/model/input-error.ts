/**
 * What is wrong with an input, for people: the path to the value, what was expected there, and what came instead.
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
  /** Where, e.g. `intent.requests[2].sans[0]`; empty for the document itself. */
  readonly path: string;
  /** What was expected and what came, without any content. */
  readonly message: string;
}

/** Why an input cannot be used. It holds nothing of the input's content. */
export interface InputError {
  /** Tells it from other problems. */
  readonly _tag: 'InputError';
  /** At least one, at most 32; `message` says where there are more. */
  readonly issues: ReadonlyArray<InputIssue>;
  /** All issues, a line each. */
  readonly message: string;
}

/** Issues told at most; more than a screenful helps nobody. */
const MAX_ISSUES = 32;

/** An {@link InputError} from its issues. */
export const inputError = (issues: ReadonlyArray<InputIssue>): InputError => {
  const shown = issues.slice(0, MAX_ISSUES);
  const more = issues.length > shown.length ? ['… and more that are not listed'] : [];
  return {
    _tag: 'InputError',
    issues: shown,
    message: [...shown.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)), ...more].join('\n'),
  };
};

/** Characters of a foreign key shown in a path; certificate names and unit names are shorter. */
const MAX_KEY = 80;

/** One step of a path, as one would write it in code. */
const step = (key: string): string => {
  if (/^(0|[1-9][0-9]*)$/.test(key)) return `[${key}]`;
  if (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) && key.length <= MAX_KEY) return `.${key}`;
  return `[${JSON.stringify(key.length <= MAX_KEY ? key : `${key.slice(0, MAX_KEY)}…`)}]`;
};

/** A path such as `snapshot.relations[0].remoteUnits["easyrsa/0"].ca`. */
export const pathOf = (keys: ReadonlyArray<string>): string => keys.map(step).join('').replace(/^\./, '');

/** What came in place of what the caller should have given: short values are shown, where {@link shapeOf} would only name them. */
const found = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : shapeOf(value);

const issueOf = (error: t.ValidationError): InputIssue => {
  const expected = error.context.at(-1)?.type.name ?? 'something else';
  return {
    path: pathOf(error.context.map((entry) => entry.key).filter((key) => key !== '')),
    message: error.message ?? `expected ${expected}, got ${found(error.value)}`,
  };
};

/** Decodes a whole document that came from outside. */
export const decodeWith = <A>(decoder: Decoder<A, never>) => (value: unknown): E.Either<InputError, A> =>
  E.mapLeft((errors: t.Errors) => inputError(errors.map(issueOf)))(decoder.decode(value));
