/**
 * A rehearsal: plays a scenario from beginning to end, and returns the result.
 *
 * @module
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { allFindings, type Examinations } from '../../core/examine/examination.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { Problem } from '../host.ts';
import type { Checked } from './expecting.ts';
import { type History, historyOf } from './history.ts';
import type { Scenario } from './scenario/scenario.ts';
import type { RehearsalOptions } from './options.ts';
import { Play } from './play.ts';
import { Stopped } from './stage.ts';
import type { StoryEntry } from './story.ts';

/** The result of a rehearsal. */
export interface Rehearsal {
  /** The seed that it was played with. */
  readonly seed: number;
  /** What happened, in order. */
  readonly story: ReadonlyArray<StoryEntry>;
  /** The result of every expectation, in order. */
  readonly checks: ReadonlyArray<Checked>;
  /** What else went wrong: hooks that fail for good, or hooks that never come to an end. */
  readonly problems: ReadonlyArray<string>;
  /** What `inspect` reports at the end. */
  readonly examinations: Examinations;
  /** Findings of severity `error` at the end that the scenario does not expect. */
  readonly errors: ReadonlyArray<Finding>;
  /** The hooks that ran, for a replay. */
  readonly history: History;
  /** How many tool calls all hooks made. */
  readonly calls: number;
  /** Whether all expectations hold, nothing else went wrong, and no unexpected error was found. */
  readonly passed: boolean;
}

const played = async (scenario: Scenario, options: RehearsalOptions): Promise<Rehearsal> => {
  const play = new Play(scenario, options);
  try {
    await play.run();
    const examinations = await play.examine();
    const errors = allFindings(examinations)
      .filter(({ severity, code }) => severity === 'error' && !scenario.expectedFindings.includes(code));
    const { story, checks, problems, seed } = play;
    return {
      seed,
      story,
      checks,
      problems,
      examinations,
      errors,
      history: historyOf(seed, play.hooks, options.steps ?? options.replay?.steps),
      calls: play.calls,
      passed: problems.length === 0 && errors.length === 0 && checks.every(({ but }) => but === null),
    };
  } finally {
    await play.remove();
  }
};

const failed = (error: unknown): Problem =>
  error instanceof Stopped ? error.problem : {
    _tag: 'HostError',
    reason: 'failed',
    message: `the rehearsal failed: ${error instanceof Error ? error.message : String(error)}`,
  };

/**
 * Plays a scenario: deploys its charms in a Juju in this process, runs their hooks, plays the steps and checks the expectations. `Left`
 * if a charm is missing, if it lacks what the scenario asks for (an option, an endpoint), or if the machine fails.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { readScenario, rehearse } from 'interface-tls-certificates/rehearsal';
 * import { orThrow } from 'interface-tls-certificates';
 * const text = `
 * applications:
 *   web: { charm: builtin:requirer }
 *   ca: { charm: builtin:provider }
 * relations: [[web:certificates, ca:clients]]
 * steps:
 *   - expect: { unit: web/0, status: active, files: [/etc/web/tls.crt], findings: none }
 * `;
 * const scenario = await orThrow(readScenario('scenario.yaml', new TextEncoder().encode(text)));
 * const rehearsal = await orThrow(rehearse(scenario));
 * assert.deepEqual(rehearsal.checks.filter(({ but }) => but !== null), []);
 * assert.ok(rehearsal.passed);
 * ```
 */
export const rehearse = (scenario: Scenario, options: RehearsalOptions = {}): TE.TaskEither<Problem, Rehearsal> =>
  TE.tryCatch(() => played(scenario, options), failed);
