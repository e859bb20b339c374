/**
 * Finding the values of a configuration's placeholders: each tool is called only if a placeholder needs it.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { FactName, Facts } from './config/placeholder.ts';
import type { Hook } from '../juju/hook.ts';
import type { ToolError } from '../juju/tool-error.ts';

const hostname: TE.TaskEither<never, string> = TE.fromTask(async () => (await import('node:os')).hostname());

/** The facts that are needed. */
export const factsFor = (
  { environment, tools }: Hook,
  endpoint: string,
  needed: ReadonlySet<FactName>,
): TE.TaskEither<ToolError, Facts> =>
  pipe(
    TE.Do,
    TE.bind('network', () => (needed.has('ingressAddresses') ? addressesOn(tools, endpoint) : TE.right(null))),
    TE.bind('config', () => (needed.has('config') ? tools.configGet : TE.right(null))),
    TE.bind('hostname', () => (needed.has('hostname') ? hostname : TE.right(null))),
    TE.map(({ network, config, hostname }) => ({
      unit: environment.unit,
      ...(hostname === null ? {} : { hostname }),
      ...(network === null ? {} : { ingressAddresses: network }),
      ...(config === null ? {} : { config }),
    })),
  );

/** Where others reach the unit; nowhere as long as Juju knows no address. */
const addressesOn = (
  { networkGet }: Hook['tools'],
  endpoint: string,
): TE.TaskEither<ToolError, ReadonlyArray<string>> =>
  pipe(
    networkGet(endpoint),
    TE.map(({ ingressAddresses }) => ingressAddresses),
    TE.orElse((error) => (error.kind === 'no-address' ? TE.right([]) : TE.left(error))),
  );
