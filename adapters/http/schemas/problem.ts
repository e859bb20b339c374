/**
 * A problem document.
 *
 * @module
 */
import type { InputIssue } from '../../../core/model/input-error.ts';
import type { Problem } from '../problem.ts';
import { type Codec, list, listed, maybe, number, object, text } from './words.ts';

/** One thing that is wrong with an input. */
const Issue: Codec<InputIssue> = object({ path: text, message: text });

/** A problem. */
export const ProblemDocument: Codec<Problem> = listed(
  'Problem',
  'Why there is no answer (RFC 9457). Nothing of what was sent is in it but names of fields.',
  object({ type: text, status: number, title: text, detail: text, errors: maybe(list(Issue)) }),
);
