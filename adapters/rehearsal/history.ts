/**
 * The history of a rehearsal: which hooks ran in which order, and where one was killed. It is all that it takes to play it again.
 *
 * @module
 */
import {
  type Decoder,
  listOf,
  named,
  numberIn,
  object,
  omittable,
  oneOf,
  required,
  text,
} from '../../core/model/codec.ts';
import type { RanHook } from './juju/seen.ts';

/** A hook of a history. */
export interface HistoryHook {
  readonly unit: string;
  readonly hook: string;
  /** The call before which it was killed, counted from 1; absent where it was not. */
  readonly killedAt?: number;
}

/** A history. */
export interface History {
  readonly format: 'rehearsal 1';
  readonly seed: number;
  /** The steps that are done, by their places from 0; absent: all. */
  readonly steps?: ReadonlyArray<number>;
  readonly hooks: ReadonlyArray<HistoryHook>;
}

const whole = (from: number): Decoder<number> =>
  numberIn(`a whole number from ${from}`, { whole: true, from, upTo: 4_294_967_295 });

/** Decodes a history. */
export const History: Decoder<History> = named(
  'History',
  'A rehearsal that can be played again.',
  object<History>('closed', {
    format: required(oneOf('rehearsal 1')),
    seed: required(whole(0)),
    steps: omittable(
      listOf(whole(0)),
      'The steps of the scenario that are done, by their places from 0; all unless given.',
    ),
    hooks: required(listOf(object<HistoryHook>('closed', {
      unit: required(text()),
      hook: required(text()),
      killedAt: omittable(whole(1)),
    }))),
  }),
);

/** The history of hooks that ran. */
export const historyOf = (
  seed: number,
  hooks: ReadonlyArray<RanHook>,
  steps?: ReadonlyArray<number>,
): History => ({
  format: 'rehearsal 1',
  seed,
  ...(steps === undefined ? {} : { steps }),
  hooks: hooks.map(({ unit, hook, code, calls }) => ({
    unit,
    hook,
    ...(code === null && calls.length > 0 ? { killedAt: calls.length } : {}),
  })),
});

/** Where a history is, while it is played again. */
export class Replay {
  readonly #history: History;
  #at = -1;
  /** The first place where the rehearsal was not as the history has it; null: none so far. */
  divergence: string | null = null;

  constructor(history: History) {
    this.#history = history;
  }

  /** Which of the units is next. */
  choose(ready: ReadonlyArray<string>): number {
    const next = this.#history.hooks[++this.#at];
    const at = next === undefined ? 0 : ready.indexOf(next.unit);
    if (at >= 0 && next !== undefined) return at;
    this.divergence ??= next === undefined
      ? `the log ends after ${this.#history.hooks.length} hooks, and ${ready[0]} has one more to run`
      : `hook ${this.#at + 1} of the log is ${next.hook} of ${next.unit}, which has nothing to run now`;
    return Math.max(at, 0);
  }

  /** Whether the hook that runs ends before this call. */
  kills(index: number): boolean {
    return this.#history.hooks[this.#at]?.killedAt === index + 1;
  }

  /** Takes note of what ran. */
  ran({ unit, hook }: RanHook): void {
    const wanted = this.#history.hooks[this.#at];
    if (wanted === undefined || (wanted.unit === unit && wanted.hook === hook)) return;
    this.divergence ??= `hook ${
      this.#at + 1
    } of the log is ${wanted.hook} of ${wanted.unit}, and ${hook} of ${unit} ran`;
  }
}
