/**
 * The Host port, and the one loop that runs a side on a host: read → decide → react → apply.
 *
 * A host provides a snapshot and a memory, and applies an outcome; it knows no protocol. Both are plain `TaskEither`s, so a hook starts,
 * decides and ends without any machinery. `adapters/effect.ts` lifts them for programs that want more.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { InputError } from '../core/model/input-error.ts';
import type { Finding } from '../core/model/finding.ts';
import { deltaBetween, type Flag } from '../core/model/flag.ts';
import type { Memory } from '../core/model/memory.ts';
import type { Outcome } from '../core/model/outcome.ts';
import type { Side } from '../core/model/side.ts';
import type { Snapshot } from '../core/model/snapshot.ts';
import { snapshotAfter, writesBetween } from '../core/databag/write.ts';
import { type Reaction, wanting } from './reaction.ts';

/** Why an environment failed, reduced to what a caller can act on. */
export type HostErrorReason =
  | 'not-found'
  | 'not-permitted'
  | 'busy'
  | 'changed-meanwhile'
  | 'no-space'
  | 'failed';

/** The environment failed: a file, a tool, a network. Nothing is half-applied. */
export interface HostError {
  /** Tells it from other problems. */
  readonly _tag: 'HostError';
  /** What kind of failure it is. */
  readonly reason: HostErrorReason;
  /** What failed, where, and what to do about it, without databag content. */
  readonly message: string;
}

/** Why a run on a host did not finish: the environment failed, or it holds no valid input. */
export type Problem = HostError | InputError;

/** What a host has when a hook starts. */
export interface State {
  /** What the unit sees. */
  readonly snapshot: Snapshot;
  /** What the last run kept. */
  readonly memory: Memory;
}

/** The port. `S` is what a host shows, `Applied` what it applies: a host may know more than the state and keep more than an outcome. */
export interface Host<S extends State = State, Applied extends Outcome = Outcome> {
  /**
   * Reads the state, does the work on it, and applies the outcome of the work, all or nothing. Nobody else reads or applies in between. If
   * the work fails, nothing is applied.
   */
  readonly transact: <A>(
    work: (state: S) => TE.TaskEither<Problem, readonly [outcome: Applied, result: A]>,
  ) => TE.TaskEither<Problem, A>;
}

/** What the loop needs to know about an intent that has it: which changes it has handled. */
export interface Wants {
  /** Flags that the charm has dealt with. */
  readonly handled?: ReadonlyArray<Flag>;
}

/** The changes that an intent has handled; null for an intent of a side that announces none. */
const handledIn = (intent: Wants | object): ReadonlyArray<Flag> | null =>
  'handled' in intent ? intent.handled ?? null : null;

/** A charm on one side: what it wants, and what else it wants once it has seen the outcome. */
export interface Charm<Intent extends object, View> {
  /** The side that decides. */
  readonly side: Side<string, Intent, View>;
  /** What the charm wants at first. */
  readonly intent: Intent;
  /**
   * Runs the charm's handlers on the decision, before anything is applied, and returns what the charm then wants, typically the same with
   * `handled` flags. The outcome is then decided again on top of the first, and both are applied as one. What `intent` had already handled
   * counts once: it does not clear a change that came with this very run.
   */
  readonly react?: (outcome: Outcome<View>) => Intent | Promise<Intent>;
}

/** The first findings, except those that the second decision no longer has because it put them right, followed by the last ones. */
const findingsInARow = (first: Outcome, second: Outcome): ReadonlyArray<Finding> => {
  const again = new Set(second.findings.map((finding) => JSON.stringify(finding)));
  return [...first.findings.filter((finding) => !again.has(JSON.stringify(finding))), ...second.findings];
};

/** Two successive outcomes as one: what differs between the first state and the last. */
const inARow = <View>(state: State, first: Outcome<View>, second: Outcome<View>): Outcome<View> => ({
  ...second,
  findings: findingsInARow(first, second),
  writes: writesBetween(state.snapshot, snapshotAfter(snapshotAfter(state.snapshot, first.writes), second.writes)),
  flags: deltaBetween(state.memory.flags, second.memory.flags),
});

/** A charm whose reaction also has something to tell. */
export interface TellingCharm<Intent extends object, View> {
  readonly side: Side<string, Intent, View>;
  readonly intent: Intent;
  readonly react: (outcome: Outcome<View>) => Reaction<Intent> | Promise<Reaction<Intent>>;
}

/** The final decision, and how the charm reacted to the first one. */
export interface Reacted<Intent, View> {
  readonly outcome: Outcome<View>;
  readonly reaction: Reaction<Intent>;
}

/**
 * Decides, lets the charm react, and decides again if it then wants something else. Pure apart from what `react` does; rejects with
 * whatever that throws.
 */
export const decideAndTell = async <Intent extends object, View>(
  state: State,
  { side, intent, react }: TellingCharm<Intent, View>,
): Promise<Reacted<Intent, View>> => {
  const first = side.decide(state.snapshot, intent, state.memory);
  const reaction = await react(first);
  // It wants what it wanted before, which has been decided.
  if (reaction.intent === intent) return { outcome: first, reaction };
  const before = new Set(handledIn(intent));
  const handled = handledIn(reaction.intent)?.filter((flag) => !before.has(flag));
  const wanted = handled === undefined ? reaction.intent : { ...reaction.intent, handled };
  const second = side.decide(snapshotAfter(state.snapshot, first.writes), wanted, first.memory);
  return { outcome: inARow(state, first, second), reaction };
};

/**
 * {@link decideAndTell} for a charm that has nothing to tell: the outcome.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput, intentOf, requestServerCert, requires } from 'interface-tls-certificates';
 * import { decideAndReact } from 'interface-tls-certificates/host';
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [] };
 * const input = decodeInput({ side: 'reactive/requires', snapshot });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * const outcome = await decideAndReact(input.right, { side: requires, intent: intentOf(requestServerCert('web.example')) });
 * assert.deepEqual(outcome.writes, []); // there is no relation to ask on
 * ```
 */
export const decideAndReact = async <Intent extends object, View>(
  state: State,
  { side, intent, react }: Charm<Intent, View>,
): Promise<Outcome<View>> => {
  const silent = async (outcome: Outcome<View>): Promise<Reaction<Intent>> =>
    wanting(react === undefined ? intent : await react(outcome));
  return (await decideAndTell(state, { side, intent, react: silent })).outcome;
};

/**
 * Runs a charm's side on a host once: read → decide → react → apply. `Left` if the environment failed or holds no valid input.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput, intentOf, memoryHost, orThrow, requestServerCert, requires, run } from 'interface-tls-certificates';
 * const input = decodeInput({
 *   side: 'reactive/requires',
 *   snapshot: {
 *     localUnit: 'web/0',
 *     endpoint: 'certificates',
 *     relations: [{ id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': {} } }],
 *   },
 * });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * const host = memoryHost(input.right);
 * const outcome = await orThrow(run(host)({ side: requires, intent: intentOf(requestServerCert('web.example')) }));
 * assert.deepEqual(outcome.flags.set, ['certificates.available']);
 * ```
 */
export const run =
  (host: Host): <Intent extends object, View>(charm: Charm<Intent, View>) => TE.TaskEither<Problem, Outcome<View>> =>
  (charm) =>
    host.transact((state) =>
      pipe(TE.fromTask(() => decideAndReact(state, charm)), TE.map((outcome) => [outcome, outcome] as const))
    );

/**
 * A run for callers who prefer exceptions: the outcome, or an `Error` with the problem's message and the problem as its cause.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import * as TE from 'fp-ts/lib/TaskEither.js';
 * import { orThrow } from 'interface-tls-certificates';
 * assert.equal(await orThrow(TE.right(7)), 7);
 * await assert.rejects(orThrow(TE.left({ message: 'the file is busy' })), /the file is busy/);
 * ```
 */
export const orThrow = async <A>(work: TE.TaskEither<{ readonly message: string }, A>): Promise<A> => {
  const result = await work();
  if (E.isRight(result)) return result.right;
  throw new Error(result.left.message, { cause: result.left });
};
