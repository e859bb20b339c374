/**
 * Reads the file of a scenario.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { decodeWith, type InputError } from '../../../core/model/input-error.ts';
import { placed, readSource } from '../../charm/config/source.ts';
import { Scenario } from './scenario.ts';

/**
 * Reads a scenario in YAML or JSON. `Left` has a sentence for each mistake, with its line and path.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { readScenario } from 'interface-tls-certificates/rehearsal';
 * const text = 'applications:\n  web: { charm: ./web, unit: 2 }\n';
 * const read = await readScenario('scenario.yaml', new TextEncoder().encode(text))();
 * assert.ok(read._tag === 'Left' && read.left.message.startsWith('scenario.yaml:2: applications.web.unit: no such field'));
 * ```
 */
export const readScenario = (name: string, bytes: Uint8Array): TE.TaskEither<InputError, Scenario> =>
  pipe(
    readSource(name, bytes),
    TE.flatMapEither(({ origin, value }) =>
      pipe(decodeWith(Scenario)(value), E.mapLeft(({ issues }) => placed(origin, issues)))
    ),
  );
