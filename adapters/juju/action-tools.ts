/**
 * The hook tools that only work in actions: parameters, results, failure, progress.
 *
 * Their effects are immediate, even if the action fails afterwards. Results are arguments, which every user of the machine can read, so
 * they contain no secrets. Source: docs/hook-environment.md section 3.1; juju/juju, the tools `action-get`, `action-set`, `action-fail` and
 * `action-log`.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type Decoder, mapOf } from '../../core/model/codec.ts';
import { anything } from './tool-answers.ts';
import { argument } from './argument.ts';
import type { ToolError } from './tool-error.ts';

/** @internal */
type Answer<A> = TE.TaskEither<ToolError, A>;

/** The tools. In a hook each of them fails: Juju is not running an action. */
export interface ActionTools {
  /** The action's parameters, including defaults. */
  readonly actionGet: Answer<Readonly<Record<string, unknown>>>;
  /** Returns results. A name has lower-case letters, digits and hyphens; a value has at most 131,071 bytes including its name. */
  readonly actionSet: (results: Readonly<Record<string, string>>) => Answer<void>;
  /** Marks the action as failed, with a reason. What the action has written is committed anyway, unless its exit code is not 0. */
  readonly actionFail: (message: string) => Answer<void>;
  /** Shows progress to those who wait for the action. */
  readonly actionLog: (message: string) => Answer<void>;
}

/** What these tools are built on: asking a tool for JSON, and telling it something. */
export interface Calls {
  readonly ask: <A>(tool: string, args: ReadonlyArray<string>, decoder: Decoder<A, never>, empty?: A) => Answer<A>;
  readonly tell: (tool: string, args: ReadonlyArray<string>) => Answer<void>;
}

/** Bytes of the arguments of one call: below the limit of Linux, which depends on the stack size. */
const MAX_CALL = 500_000;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Splits arguments into as few calls as possible. */
const batches = (args: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const all: Array<Array<string>> = [];
  let room = 0;
  for (const arg of args) {
    const size = bytesOf(arg) + 1;
    const last = all.at(-1);
    if (last === undefined || size > room) {
      all.push([arg]);
      room = MAX_CALL - size;
    } else {
      last.push(arg);
      room -= size;
    }
  }
  return all;
};

/** The tools, given a way to call them. */
export const actionTools = ({ ask, tell }: Calls): ActionTools => ({
  actionGet: ask('action-get', ['--format=json'], mapOf(anything), {}),
  actionSet: (results) =>
    pipe(
      batches(Object.entries(results).map(([name, value]) => `${name}=${value}`)),
      TE.traverseSeqArray((args) => tell('action-set', args)),
      TE.map(() => undefined),
    ),
  actionFail: (message) => tell('action-fail', ['--', argument(message)]),
  actionLog: (message) => tell('action-log', ['--', argument(message)]),
});
