/**
 * What `tls-certificates rehearse` does with its arguments. Only this command loads it.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { dirname, resolve } from 'node:path';
import { inputError } from '../../../core/model/input-error.ts';
import type { Problem } from '../../host.ts';
import type { ProtocolName } from '../../provider/protocol.ts';
import type { TestedRole } from '../../rehearsal/conformance/conversation.ts';
import type { Scenario } from '../../rehearsal/scenario/scenario.ts';
import { conformanceOf } from './conformance.ts';
import { type RehearsalStage, type Rehearsed, rehearseFile, type RehearseOptions, scenarioIn } from './rehearse.ts';
import { stampOf, untilChanged } from './watch.ts';

/** All arguments. */
export interface RehearseArguments extends RehearseOptions {
  readonly file: string;
  readonly conformance: TestedRole | null;
  readonly protocol: ProtocolName | null;
  readonly only: string;
  readonly report: string | null;
  readonly watch: boolean;
}

const once = (stage: RehearsalStage, given: RehearseArguments): TaskEither<Problem, Rehearsed> =>
  given.conformance === null
    ? rehearseFile(stage, given.file, given)
    : conformanceOf(stage, given.file, { ...given, role: given.conformance });

/** The scenario's file, and the folders of its charms. */
const watchedIn = (file: string, scenario: E.Either<Problem, Scenario>): ReadonlyArray<string> => [
  resolve(file),
  ...(E.isLeft(scenario) ? [] : Object.values(scenario.right.applications).map(({ charm }) => charm))
    .filter((charm) => !charm.startsWith('builtin:'))
    .map((charm) => resolve(dirname(resolve(file)), charm)),
];

/** Repeats the run after each change, for ever. */
const watching = (stage: RehearsalStage, given: RehearseArguments): TaskEither<Problem, Rehearsed> => async () => {
  for (;;) {
    const paths = watchedIn(given.file, await scenarioIn(given.file)());
    const before = paths.map(stampOf).join('\n');
    const result = await once(stage, given)();
    stage.print(E.isLeft(result) ? result.left.message : result.right.text);
    stage.print('Waiting until the scenario or a charm changes. Press Ctrl+C to stop.');
    await untilChanged(paths, before);
  }
};

/** Does what the arguments say. */
export const rehearseWith = (stage: RehearsalStage, given: RehearseArguments): TaskEither<Problem, Rehearsed> => {
  const { replay, explore, conformance } = given;
  if ([replay, explore, conformance].filter((one) => one !== null).length > 1) {
    const message = 'expected one of --replay, --explore and --conformance, got several';
    return () => Promise.resolve(E.left(inputError([{ path: '', message }])));
  }
  return given.watch ? watching(stage, given) : once(stage, given);
};
