/**
 * The command `tls-certificates hook`: a charm that consists only of its configuration.
 *
 * It is kept apart from the other commands, because what they load takes longer than a hook. Source: docs/hook-configuration.md.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { readFileSync } from 'node:fs';
import { requires } from '../../core/reactive/requires.ts';
import { fileError } from '../file/error.ts';
import type { Problem } from '../host.ts';
import { BRIDGE } from './config/bridge.ts';
import { type Configuration, type Configured, readConfiguration } from './config/configuration.ts';
import { ANY_PROVIDES, ANY_REQUIRES, CSR_PROVIDES, CSR_REQUIRES } from './config/csr.ts';
import { type ConfiguredSettings, runRequirer } from './configured.ts';
import { type Beside, complainOnStandardError, type HookExitCode } from './hook.ts';
import { type Machine, nodeMachine } from '../install/mod.ts';

/** The configuration's file by default, in the charm's folder, where hooks run. */
export const CONFIGURATION = 'tls-certificates.yaml';

/** The file that the arguments name; null if they are not exactly those of a hook. */
export const configurationIn = (args: ReadonlyArray<string>): string | null => {
  const [first, second] = args;
  if (args.length === 0) return CONFIGURATION;
  if (args.length === 1 && first?.startsWith('--config=')) return first.slice('--config='.length);
  return args.length === 2 && first === '--config' && second !== undefined ? second : null;
};

const read = (path: string): TE.TaskEither<Problem, Configured> =>
  pipe(
    TE.tryCatch(() => Promise.resolve().then(() => readFileSync(path)), fileError('read', path)),
    TE.chainW((bytes) => readConfiguration(path, bytes)),
  );

/** The endpoints for trust in addition to the main one; X.509 is loaded for them. */
const besideOf = async (
  { trust = [], status }: Configuration,
  machine: Machine = nodeMachine,
): Promise<ReadonlyArray<Beside>> =>
  trust.length === 0 ? [] : (await import('./trust.ts')).besideFor(trust, status, machine);

/** Runs the hook that Juju started this program for, as the file says. */
export const hookCommand = async (
  path: string,
  given: ConfiguredSettings = {},
): Promise<HookExitCode> => {
  const configured = await read(path)();
  if (E.isLeft(configured)) {
    const { complain = complainOnStandardError } = given;
    for (const line of configured.left.message.split('\n')) complain(line);
    return configured.left._tag === 'InputError' ? 2 : 3;
  }
  const { configuration, origin } = configured.right;
  const settings = { ...given, beside: await besideOf(configuration, given.machine) };
  // Each loads only what its protocol needs.
  switch (configuration.side) {
    case requires.name:
      return await runRequirer({ configuration, origin }, settings);
    case CSR_REQUIRES: {
      const { runCsrRequirer } = await import('./csr-requirer.ts');
      return await runCsrRequirer({ configuration, origin }, settings);
    }
    case ANY_REQUIRES: {
      const { runAnyRequirer } = await import('./csr-requirer.ts');
      return await runAnyRequirer({ configuration, origin }, settings);
    }
    case CSR_PROVIDES: {
      const { runCsrProvider } = await import('./csr-provider.ts');
      return await runCsrProvider(configuration, settings);
    }
    case ANY_PROVIDES: {
      const { runAnyProvider } = await import('./csr-provider.ts');
      return await runAnyProvider(configuration, settings);
    }
    case BRIDGE: {
      const { runBridge } = await import('./bridge.ts');
      return await runBridge(configuration, settings);
    }
    default: {
      const { runProvider } = await import('./provider.ts');
      return await runProvider(configuration, settings);
    }
  }
};
