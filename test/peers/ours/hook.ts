/**
 * What both of our sides have in common as charms for tests: they read the same options as the charms on Python, and keep what they keep
 * under the same labels.
 *
 * They are put together by hand of what the package has: the host, the sides, the keyring.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { orThrow, type Problem } from '../../../adapters/host.ts';
import { environmentOf, type HookEnvironment } from '../../../adapters/juju/environment.ts';
import { secretFileIn } from '../../../adapters/juju/secret-file.ts';
import type { ToolError } from '../../../adapters/juju/tool-error.ts';
import { type HookTools, hookTools, type SecretAttributes } from '../../../adapters/juju/tools.ts';
import { type JujuHost, jujuHost } from '../../../adapters/juju/host.ts';
import type { KeptKey } from '../../../core/model/snapshot.ts';
import type { CharmFunction } from '../../juju/juju.ts';

export const ENDPOINT = 'certificates';

/** A hook of ours. */
export interface OurHook {
  readonly environment: HookEnvironment;
  readonly tools: HookTools;
  /** The host, with the public halves of the keys that are kept. */
  readonly host: (keys: ReadonlyArray<KeptKey>) => JujuHost;
  readonly isLeader: boolean;
  /** An option as text. */
  readonly option: (name: string) => string;
  readonly now: Date;
}

/** What a tool answered. */
export const told = <A>(work: TE.TaskEither<ToolError | Problem, A>): Promise<A> => orThrow(work);

/** A secret's content by its label; null where there is none. */
export const secret = (tools: HookTools, label: string): Promise<Readonly<Record<string, string>> | null> =>
  told(pipe(
    tools.secretGet({ label }, 'refresh'),
    TE.map((content): Readonly<Record<string, string>> | null => content),
    TE.orElse((error) => (error.kind === 'secret-not-found' ? TE.right(null) : TE.left(error))),
  ));

/** Keeps a new secret. */
export const keep = async (
  tools: HookTools,
  content: Readonly<Record<string, string>>,
  attributes: SecretAttributes,
): Promise<void> => void await told(tools.secretAdd(content, attributes));

/** A charm of ours in this process. */
export const ourCharm =
  (work: (hook: OurHook) => Promise<void>, now: () => Date = () => new Date()): CharmFunction => async (env, run) => {
    const environment = environmentOf(env);
    if (environment._tag === 'Left') throw new Error(environment.left.message);
    const tools = hookTools(run, secretFileIn(environment.right.charmFolder));
    const [options, isLeader] = [await told(tools.configGet), await told(tools.isLeader)];
    await work({
      environment: environment.right,
      tools,
      host: (keys) =>
        jujuHost({
          tools,
          environment: environment.right,
          endpoint: ENDPOINT,
          reads: { applicationData: true, keys: true },
          keys: TE.right(keys),
          now,
        }),
      isLeader,
      option: (name) => String(options[name] ?? ''),
      now: now(),
    });
    return 0;
  };
