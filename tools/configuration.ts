/**
 * A charm's configuration as it is built into the charm: checked in the same way as by the hook, and as JSON.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { readConfiguration } from '../adapters/charm/config/configuration.ts';
import { readSource } from '../adapters/charm/config/source.ts';
import type { InputError } from '../core/model/input-error.ts';

/** The text of a configuration as JSON, which is also YAML; `Left` says what is wrong with it, with line numbers. */
export const configurationAsJson = (name: string, bytes: Uint8Array): TE.TaskEither<InputError, string> =>
  pipe(
    readConfiguration(name, bytes),
    TE.chain(() => readSource(name, bytes)),
    TE.map(({ value }) => `${JSON.stringify(value, null, 2)}\n`),
  );
