/**
 * One hook from beginning to end, for any side: read → decide → react → speak → apply, and the exit code for Juju.
 *
 * People are informed before anything is applied, since Juju undoes writes but not words: a hook that fails afterwards does so
 * again. Findings are no reason to fail: a failed hook would undo the requests.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { digestOf } from '../../core/digest.ts';
import { hidingKeys } from '../../core/model/certificate.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { Common, Row } from '../../core/side/row.ts';
import { printable } from '../text/printable.ts';
import { decideAndTell, type Problem, type Reacted, type TellingCharm } from '../host.ts';
import type { Notes, Status } from '../reaction.ts';
import type { ActionAnswer } from './actions/requested.ts';
import { environmentOf, type HookEnvironment, type Variables } from '../juju/environment.ts';
import type { Hook } from '../juju/hook.ts';
import { type JujuHost, jujuHost, type JujuHostOptions, type JujuOutcome, type JujuState } from '../juju/host.ts';
import { removeLeftovers } from '../juju/leftovers.ts';
import { reactiveMirror } from '../juju/mirror.ts';
import { processTools } from '../juju/process.ts';
import { tidySecrets } from '../juju/secret-hooks.ts';
import { secretFileIn } from '../juju/secret-file.ts';
import { earlier, wakeAt } from '../juju/wake.ts';
import { type HookTools, hookTools, type RunTool } from '../juju/tools.ts';

/** What an action does in a hook. */
export interface ActionInHook<Intent, View> {
  /** What it returns, from what was decided. */
  readonly answer: (reacted: Reacted<Intent, View>) => ActionAnswer;
  /** Whether it only looks: then nothing is reported or applied. The same is true if the action fails. */
  readonly onlyLooks: boolean;
}

/** A charm in one hook. */
export interface HookCharm<Intent extends object, View> extends TellingCharm<Intent, View> {
  /** The action, if this hook runs one that the charm has. */
  readonly action?: ActionInHook<Intent, View>;
  /** What it keeps elsewhere, after it has reacted and before anything is applied. */
  readonly keep?: (outcome: Outcome<View>) => TE.TaskEither<Problem, void>;
  /** Another moment at which Juju must wake the unit. */
  readonly wakeAt?: Timestamp | null;
  /** The CA certificates that it has for others to trust, for a side that does not get any. Null: not known. */
  readonly cas?: ReadonlyArray<string> | null;
}

/** The charm in one hook, from what the hook sees. */
export type CharmIn<Intent extends object, View> = (
  hook: Hook,
  state: JujuState,
) => TE.TaskEither<Problem, HookCharm<Intent, View>>;

/**
 * Another endpoint that is handled in the same hook, after the main one has reacted and before anything about it is reported. Its writes
 * and its memory count only if the whole hook ends well.
 */
export interface Beside {
  /** The relation's name in the charm's metadata. */
  readonly endpoint: string;
  /** `cas` are the CA certificates that the charm has for others to trust, as PEM; null while they are unknown. */
  readonly run: (hook: Hook, cas: ReadonlyArray<string> | null) => TE.TaskEither<Problem, Status | null>;
}

/** What all hooks have in common. */
export interface HookSettings {
  /** The relation's name in the charm's metadata. */
  readonly endpoint: string;
  /** Whether flags are mirrored to Python's reactive layers; by default they are not. */
  readonly mirrorFlags?: boolean;
  /** The environment; this process's by default. */
  readonly variables?: Variables;
  /** How tools are run; as processes by default. */
  readonly runTool?: RunTool;
  /** Where a failing hook says why; standard error by default, which Juju logs. */
  readonly complain?: (line: string) => void;
  /** The current time; the machine's clock by default. */
  readonly now?: () => Date;
  /** Endpoints that are handled in the same hooks, in this order; none by default. */
  readonly beside?: ReadonlyArray<Beside>;
}

/** What a charm has besides what it wants. */
export interface CharmExtras {
  /** Opens the stored keys, for a side that reads their public halves. */
  readonly keysIn?: (hook: Hook) => NonNullable<JujuHostOptions['keys']>;
  /** When Juju must wake the unit, asked after the charm has reacted; by default, it is not woken. */
  readonly wakeBy?: (outcome: Outcome) => Timestamp | null;
}

/** Exit codes: 0 done; 2 the charm's input is wrong; 3 the environment failed. Juju undoes a hook that does not exit with 0. */
export type HookExitCode = 0 | 2 | 3;

/** Hooks in which Juju offers almost no tools: there is nothing to do in them. */
const RESTRICTED: ReadonlySet<string> = new Set(['collect-metrics', 'meter-status-changed']);

/** Writes a complaint to where Juju logs it. It does so at once, since the program is about to exit. */
export const complainOnStandardError = (line: string): void => writeFileSync(2, `tls-certificates: ${line}\n`);

/** The name of this room's own note. */
const LOG = 'log';

/** Characters of a line that are reported. */
const MAX_LINE = 2_000;

/** One line, whatever it contains: names come from others, who could forge log lines or send commands to a terminal. */
const oneLine = (line: string): string => printable(hidingKeys(line), MAX_LINE);

const findingLine = ({ code, place: { relationId, unit, key, commonName }, message }: Finding): string => {
  const parts = [relationId, unit, key, commonName].flatMap((part) => (part === undefined ? [] : [printable(part)]));
  return oneLine(`${code}${parts.length === 0 ? '' : ` (${parts.join(' ')})`}: ${message}`);
};

/**
 * Sets the unit's status if it differs from the current one. Only Juju knows the current status: a hook that was undone has set it for good, and
 * others may have set it too. If Juju refuses it, the next hook sets it.
 */
const sayStatus = async ({ statusGet, statusSet }: HookTools, { status, message }: Status): Promise<void> => {
  const line = oneLine(message);
  const now = await statusGet();
  if (E.isRight(now) && now.right.status === status && now.right.message === line) return;
  await statusSet(status, line)();
};

/** Logs the new lines, and returns what to note about them: the next hook logs those that could not be logged. */
const log = async (
  { jujuLog }: HookTools,
  before: Notes,
  errors: ReadonlyArray<string>,
  warnings: ReadonlyArray<string>,
): Promise<Notes> => {
  const lines = [...errors, ...warnings];
  if (lines.length === 0) return {};
  const note = { [LOG]: digestOf(lines) };
  if (before[LOG] === note[LOG]) return note;
  return E.isRight(await jujuLog(errors.length > 0 ? 'ERROR' : 'WARNING', lines.join('\n'))()) ? note : {};
};

/** Logs the new lines of one endpoint, and returns what to note about them. */
export const logReacted = (
  tools: HookTools,
  before: Notes,
  { outcome, reaction: { failures, warnings, findings: more } }: Reacted<unknown, unknown>,
): Promise<Notes> => {
  const findings = [...outcome.findings, ...more];
  const linesOf = (wanted: Finding['severity']): ReadonlyArray<string> =>
    findings.filter(({ severity }) => severity === wanted).map(findingLine);
  const errors = [...failures.map(oneLine), ...linesOf('error')];
  return log(tools, before, errors, [...warnings.map(oneLine), ...linesOf('warning')]);
};

/** The unit's status if several endpoints have something to say: the first of the worst. */
const WORST_FIRST: ReadonlyArray<Status['status']> = ['blocked', 'waiting', 'maintenance', 'active'];

const worstOf = (statuses: ReadonlyArray<Status | null>): Status | null =>
  WORST_FIRST.flatMap((wanted) => statuses.filter((one) => one?.status === wanted))[0] ?? null;

/** Reports to people, and returns what to note about it. */
const speak = async (
  tools: HookTools,
  before: Notes,
  reacted: Reacted<unknown, unknown>,
  others: ReadonlyArray<Status | null>,
): Promise<Notes> => {
  const said = await logReacted(tools, before, reacted);
  const status = worstOf([reacted.reaction.status, ...others]);
  if (status !== null) await sayStatus(tools, status);
  return said;
};

/** What leaves everything as it is. */
const unchanged = (outcome: Outcome, { memory, notes }: JujuState): JujuOutcome => ({
  ...outcome,
  writes: [],
  flags: { set: [], clear: [] },
  memory,
  notes,
});

/** Reports the result to the caller of the action. */
const give = ({ actionFail, actionSet }: HookTools, answer: ActionAnswer | null): TE.TaskEither<Problem, void> =>
  answer === null ? TE.right(undefined) : E.isLeft(answer) ? actionFail(oneLine(answer.left)) : actionSet(answer.right);

/** What others should trust, from what a side gets. If a CA is merely missing so far, this is unknown. */
const casGiven = (common: Common | null, { snapshot }: JujuState): ReadonlyArray<string> | null => {
  const cas = [common?.ca ?? null, common?.chain ?? null].filter((text) => text !== null);
  return cas.length > 0 ? cas : common !== null && snapshot.relations.length === 0 ? [] : null;
};

/** What other endpoints say, in their order. */
type Others<Intent extends object, View> = (
  charm: HookCharm<Intent, View>,
  outcome: Outcome<View>,
  state: JujuState,
) => TE.TaskEither<Problem, ReadonlyArray<Status | null>>;

const carryOut = <Intent extends object, View>(
  host: JujuHost,
  hook: Hook,
  charmIn: CharmIn<Intent, View>,
  wake: (charm: HookCharm<Intent, View>, outcome: Outcome, before: Notes) => TE.TaskEither<Problem, Notes>,
  others: Others<Intent, View>,
): TE.TaskEither<Problem, void> =>
  pipe(
    host.transact<ActionAnswer | null>((state) =>
      pipe(
        charmIn(hook, state),
        TE.chainTaskK((charm) => async () => ({ charm, reacted: await decideAndTell(state, charm) })),
        TE.chain(({ charm, reacted }): TE.TaskEither<Problem, readonly [JujuOutcome, ActionAnswer | null]> => {
          const { outcome, reaction } = reacted;
          const answer = charm.action?.answer(reacted) ?? null;
          if (answer !== null && (E.isLeft(answer) || charm.action?.onlyLooks === true)) {
            return TE.right([unchanged(outcome, state), answer]);
          }
          return pipe(
            TE.Do,
            TE.bind('statuses', () => others(charm, outcome, state)),
            TE.bind('said', ({ statuses }) => TE.fromTask(() => speak(hook.tools, state.notes, reacted, statuses))),
            TE.tap(() => charm.keep?.(outcome) ?? TE.right(undefined)),
            TE.bind('woken', () => wake(charm, outcome, state.notes)),
            TE.map(({ said, woken }) =>
              [{ ...outcome, notes: { ...reaction.notes, ...said, ...woken } }, answer] as const
            ),
          );
        }),
      )
    ),
    // Last of all: results stay, whatever happens to the rest.
    TE.chain((answer) => give(hook.tools, answer)),
  );

/** Runs a hook of a charm on one side; the host reads what the side needs. It rejects only if the charm's own code throws unexpectedly. */
export const runCharm = async <Intent extends object, View>(
  settings: HookSettings,
  { reads, common }: Pick<Row<string, Intent, View, never>, 'reads' | 'common'>,
  charmIn: CharmIn<Intent, View>,
  { keysIn, wakeBy = () => null }: CharmExtras = {},
): Promise<HookExitCode> => {
  const {
    endpoint,
    mirrorFlags = false,
    variables = process.env,
    runTool = processTools(),
    complain = complainOnStandardError,
    now = () => new Date(),
    beside = [],
  } = settings;
  const result = await pipe(
    TE.fromEither<Problem, HookEnvironment>(environmentOf(variables)),
    TE.tap(({ charmFolder }) =>
      pipe(
        [endpoint, ...beside.map((other) => other.endpoint)],
        TE.traverseSeqArray((name) => removeLeftovers(charmFolder, name)),
      )
    ),
    TE.chain((environment) => {
      if (RESTRICTED.has(environment.hook ?? '')) return TE.right(undefined);
      const tools = hookTools(runTool, secretFileIn(environment.charmFolder));
      const mirror = mirrorFlags ? { mirror: reactiveMirror(runTool) } : {};
      const hook: Hook = { environment, tools, now: now() };
      const keys = keysIn === undefined ? {} : { keys: keysIn(hook) };
      const host = jujuHost({ tools, environment, endpoint, now, reads, ...mirror, ...keys });
      const wake = (charm: HookCharm<Intent, View>, outcome: Outcome, notes: Notes) =>
        wakeAt(hook, endpoint, earlier(wakeBy(outcome), charm.wakeAt ?? null), notes);
      const others: Others<Intent, View> = (charm, { view }, state) => {
        const cas = charm.cas === undefined ? casGiven(common(view), state) : charm.cas;
        return pipe(beside, TE.traverseSeqArray(({ run }) => run(hook, cas)));
      };
      return pipe(
        tidySecrets(hook, endpoint),
        TE.chainW(() => carryOut(host, hook, charmIn, wake, others)),
      );
    }),
  )();
  if (E.isRight(result)) return 0;
  for (const line of result.left.message.split('\n')) complain(line);
  return result.left._tag === 'InputError' ? 2 : 3;
};
