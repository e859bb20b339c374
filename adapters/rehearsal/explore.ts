/**
 * Explores a scenario: plays it in many orders of hooks, kills a hook in every second one, and looks for the shortest history that
 * goes wrong.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Problem } from '../host.ts';
import { drawsOf } from '../memory/random.ts';
import type { RehearsalOptions } from './options.ts';
import { type Rehearsal, rehearse } from './rehearse.ts';
import type { Scenario } from './scenario/scenario.ts';

/** The result of an exploration. */
export interface Exploration {
  /** How many histories were played, including those that only served to shorten one. */
  readonly tried: number;
  /** How many of the histories went wrong, without those that only served to shorten one. */
  readonly broken: number;
  /** The history with the fewest hooks that goes wrong. Null if none does. */
  readonly shortest: Rehearsal | null;
}

/** The options of an exploration. */
export interface ExploreOptions extends RehearsalOptions {
  /** How many histories to play. */
  readonly histories: number;
  /** Called after each history. */
  readonly onTried?: (rehearsal: Rehearsal) => void;
}

/** How many histories may be played to shorten one. */
const MAX_SHORTENING = 24;

const shorter = (a: Rehearsal, b: Rehearsal | null): boolean =>
  b === null || a.history.hooks.length < b.history.hooks.length;

/** Everything that went wrong, one text each. */
const faultsOf = ({ checks, problems, errors }: Rehearsal): ReadonlyArray<string> => [
  ...checks.flatMap(({ expected, but }) => (but === null ? [] : [`${expected}: ${but}`])),
  ...problems,
  ...errors.map(({ code }) => code),
];

/** Whether both go wrong in a common way. A shorter history that goes wrong in another way is not a shorter form of the first. */
const sharesFault = (a: Rehearsal, b: Rehearsal): boolean => {
  const faults = new Set(faultsOf(a));
  return faultsOf(b).some((fault) => faults.has(fault));
};

/** A way to play the scenario. */
interface Way {
  readonly seed: number;
  readonly killAt?: number;
  /** The steps to play, by their index in the scenario. */
  readonly steps: ReadonlyArray<number>;
}

/** Plays one way after another. */
class Explorer {
  readonly #scenario: Scenario;
  readonly #options: ExploreOptions;
  tried = 0;

  constructor(scenario: Scenario, options: ExploreOptions) {
    this.#scenario = scenario;
    this.#options = options;
  }

  /** Plays one way. Throws {@link Unplayable} if that is impossible. */
  async play({ seed, killAt, steps }: Way): Promise<Rehearsal> {
    const { histories: _, onTried, onTold: _told, ...options } = this.#options;
    this.tried++;
    const result = await rehearse(this.#scenario, {
      ...options,
      seed,
      steps,
      ...(killAt === undefined ? {} : { killAt }),
    })();
    if (E.isLeft(result)) throw new Unplayable(result.left);
    onTried?.(result.right);
    return result.right;
  }

  /** Leaves out the kill, then steps, one by one, as long as the same thing still goes wrong. */
  async shorten(way: Way, found: Rehearsal): Promise<Rehearsal> {
    let [best, rest] = [found, way];
    const attempt = async (next: Way): Promise<void> => {
      if (this.tried - before >= MAX_SHORTENING) return;
      const played = await this.#playIfPossible(next);
      if (played === null || !sharesFault(found, played)) return;
      if (played.history.hooks.length > best.history.hooks.length) return;
      [best, rest] = [played, next];
    };
    const before = this.tried;
    const { killAt: _, ...unkilled } = way;
    if (way.killAt !== undefined) await attempt(unkilled);
    // From the end, so that what comes after the fault goes first.
    for (const step of [...way.steps].reverse()) {
      await attempt({ ...rest, steps: rest.steps.filter((one) => one !== step) });
    }
    return best;
  }

  /** Plays one way. Null if a step makes no sense without those that were left out. */
  async #playIfPossible(way: Way): Promise<Rehearsal | null> {
    try {
      return await this.play(way);
    } catch (error) {
      if (error instanceof Unplayable) return null;
      throw error;
    }
  }
}

/** A scenario that cannot be played. */
class Unplayable extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/**
 * Plays a scenario in many orders of its hooks, and returns the shortest history that goes wrong. `Left` if the scenario cannot be
 * played at all.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { explore, readScenario } from 'interface-tls-certificates/rehearsal';
 * import { orThrow } from 'interface-tls-certificates';
 * const text = 'applications: { web: { charm: builtin:requirer } }\nsteps: [{ expect: { unit: web/0, status: blocked } }]\n';
 * const scenario = await orThrow(readScenario('scenario.yaml', new TextEncoder().encode(text)));
 * const { broken, shortest } = await orThrow(explore(scenario, { histories: 3 }));
 * assert.deepEqual([broken, shortest], [0, null]);
 * ```
 */
export const explore = (scenario: Scenario, options: ExploreOptions): TaskEither<Problem, Exploration> => async () => {
  const explorer = new Explorer(scenario, options);
  const steps = scenario.steps.map((_, i) => i);
  const first = options.seed ?? scenario.seed;
  let [broken, calls] = [0, 1];
  let [shortest, itsWay]: [Rehearsal | null, Way | null] = [null, null];
  try {
    for (let i = 0; i < options.histories; i++) {
      const seed = first + i;
      const kill = i % 2 === 1 ? { killAt: 1 + drawsOf(seed, 2)(calls) } : {};
      const way: Way = { seed, steps, ...kill };
      const played = await explorer.play(way);
      calls = Math.max(played.calls, 1);
      if (played.passed) continue;
      broken++;
      if (shorter(played, shortest)) [shortest, itsWay] = [played, way];
    }
    if (shortest !== null && itsWay !== null) shortest = await explorer.shorten(itsWay, shortest);
    return E.right({ tried: explorer.tried, broken, shortest });
  } catch (error) {
    if (error instanceof Unplayable) return E.left(error.problem);
    throw error;
  }
};
