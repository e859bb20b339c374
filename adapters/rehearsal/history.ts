/**
 * The history of a rehearsal: which hooks ran, in which order, and where one was killed. A rehearsal can be replayed from it.
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
  /** The unit that ran it. */
  readonly unit: string;
  /** The name of the hook. Empty for an action. */
  readonly hook: string;
  /** The tool call before which it was killed, counted from 1. Absent if it was not killed. */
  readonly killedAt?: number;
}

/** The history of a rehearsal. */
export interface History {
  /** The version of this format. */
  readonly format: 'rehearsal 1';
  /** The seed of the rehearsal. */
  readonly seed: number;
  /** The steps that were played, by their index from 0. Absent if all were. */
  readonly steps?: ReadonlyArray<number>;
  /** The hooks, in the order in which they ran. */
  readonly hooks: ReadonlyArray<HistoryHook>;
}

const whole = (from: number): Decoder<number> =>
  numberIn(`a whole number from ${from}`, { whole: true, from, upTo: 4_294_967_295 });

/** Decodes a history. */
export const History: Decoder<History> = named(
  'History',
  'A rehearsal that can be replayed.',
  object<History>('closed', {
    format: required(oneOf('rehearsal 1')),
    seed: required(whole(0)),
    steps: omittable(
      listOf(whole(0)),
      'The steps of the scenario that were played, by their index from 0. All by default.',
    ),
    hooks: required(listOf(object<HistoryHook>('closed', {
      unit: required(text()),
      hook: required(text()),
      killedAt: omittable(whole(1)),
    }))),
  }),
);

/** Makes the history from the hooks that ran. */
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

/** Follows a history while it is replayed. */
export class Replay {
  readonly #history: History;
  #at = -1;
  /** The first place where the rehearsal differs from the history. Null if it does not so far. */
  divergence: string | null = null;

  constructor(history: History) {
    this.#history = history;
  }

  /** Chooses the next unit, by its index in `ready`. */
  choose(ready: ReadonlyArray<string>): number {
    const next = this.#history.hooks[++this.#at];
    const at = next === undefined ? 0 : ready.indexOf(next.unit);
    if (at >= 0 && next !== undefined) return at;
    this.divergence ??= next === undefined
      ? `the log ends after ${this.#history.hooks.length} hooks, and ${ready[0]} has one more to run`
      : `hook ${this.#at + 1} of the log is ${next.hook} of ${next.unit}, which has nothing to run now`;
    return Math.max(at, 0);
  }

  /** Whether the history kills the running hook before this call. */
  kills(index: number): boolean {
    return this.#history.hooks[this.#at]?.killedAt === index + 1;
  }

  /** Compares a hook that ran with the history. */
  ran({ unit, hook }: RanHook): void {
    const wanted = this.#history.hooks[this.#at];
    if (wanted === undefined || (wanted.unit === unit && wanted.hook === hook)) return;
    this.divergence ??= `hook ${
      this.#at + 1
    } of the log is ${wanted.hook} of ${wanted.unit}, and ${hook} of ${unit} ran`;
  }
}
