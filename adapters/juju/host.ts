/**
 * A Juju hook as a host: it reads what a side needs with as few tool calls as possible, and writes only what changed.
 *
 * Relations that vanish while it reads are left out: the hooks about their end will follow. Its writes, including the memory, take effect
 * when the hook ends well, and not at all otherwise. Source: docs/hook-environment.md sections 2 and 3.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { FlagDelta } from '../../core/model/flag.ts';
import type { Outcome, Write } from '../../core/model/outcome.ts';
import type { Databag, Snapshot } from '../../core/model/snapshot.ts';
import type { Host, Problem, State } from '../host.ts';
import type { Notes } from '../reaction.ts';
import { turns } from '../turns.ts';
import {
  entriesFor,
  type HookState,
  hookStateIn,
  hookStateText,
  noHookState,
  sameHookState,
  textInState,
} from './hook-state.ts';
import { type PrivateFile, privateFileIn } from '../keeping/private-file.ts';
import type { StateChange } from './seen-in-hook.ts';
import { type Reading, readSight } from './snapshot.ts';
import { type ToolError, type ToolErrorKind, unlessGone } from './tool-error.ts';
import type { HookTools } from './tools.ts';

/** The parts of a Juju host. */
export interface JujuHostOptions extends Reading {
  /** Reports changed flags to other stores of flags, before anything is written. */
  readonly mirror?: (flags: FlagDelta) => TE.TaskEither<Problem, void>;
}

/** What exists when a hook begins. */
export interface JujuState extends State {
  /** What the charm keeps for itself, by name. */
  readonly notes: Notes;
}

/** What is applied in a hook: `notes`, if given, replace those that were kept. */
export interface JujuOutcome extends Outcome {
  /** What to keep from now on; absent: unchanged. */
  readonly notes?: Notes;
}

/** A host that also keeps notes. */
export type JujuHost = Host<JujuState, JujuOutcome>;

/** An endpoint that was read in a hook, and how to apply an outcome to it. */
export interface OpenedEndpoint {
  readonly state: JujuState;
  readonly apply: (outcome: JujuOutcome) => TE.TaskEither<Problem, void>;
}

/** Failures to keep something in Juju that another place can make up for. */
const NO_STATE: ReadonlySet<ToolErrorKind> = new Set(['unknown-tool', 'not-offered', 'too-large']);

/** Where something is kept, and its content. */
interface Stored {
  /** Null if Juju does not keep anything for the unit. */
  readonly state: Readonly<Record<string, string>> | null;
  readonly kept: HookState;
}

const DAMAGED = (endpoint: string): string =>
  `what was kept for the endpoint ${endpoint} is damaged: everything counts as new`;

const readStored = (tools: HookTools, endpoint: string, file: PrivateFile): TE.TaskEither<Problem, Stored> =>
  pipe(
    TE.Do,
    TE.bind('content', () => file.read),
    TE.bindW('state', () => unlessGone(tools.stateGet, ({ kind }) => NO_STATE.has(kind))),
    TE.chainW(({ content, state }): TE.TaskEither<Problem, Stored> => {
      const texts = [state === null ? null : textInState(endpoint, state), content];
      const [inState, inFile] = texts.map((one) => (one === null ? null : hookStateIn(one)));
      const isDamaged = texts.some((one) => one !== null) && !inState && !inFile;
      const isFileOld = inState && inFile && inState.serial > inFile.serial;
      return pipe(
        isDamaged ? tools.jujuLog('WARNING', DAMAGED(endpoint)) : TE.right(undefined),
        TE.chainW(() => (isFileOld ? file.remove : TE.right(undefined))),
        TE.map(() => ({ state, kept: (isFileOld ? inState : inFile ?? inState) ?? noHookState })),
      );
    }),
  );

/** A hook that has begun. */
interface Begun extends Stored {
  readonly snapshot: Snapshot;
  /** What to keep of what it sees; null: nothing. */
  readonly seen: {
    readonly after: (written: Outcome['writes'], set: Readonly<Record<string, string>>) => StateChange;
    readonly done: () => void;
  } | null;
}

/** A write as one bag for `relation-set`, in which an empty value deletes. */
const valuesOf = ({ set, delete: gone }: Write): Databag => ({
  ...Object.fromEntries(gone.map((key) => [key, ''])),
  ...set,
});

/** Reads an endpoint, for a charm that decides on several together. */
export const openEndpoint = (options: JujuHostOptions): TE.TaskEither<Problem, OpenedEndpoint> => {
  const { tools, environment, endpoint, mirror, now = () => new Date() } = options;
  const keeps = options.reads?.keeps;
  const file = privateFileIn(environment.charmFolder, endpoint);

  const keep = (
    { kept: before, state, seen }: Begun,
    kept: HookState,
    written: Outcome['writes'],
  ): TE.TaskEither<Problem, void> => {
    const content = sameHookState(before, kept) ? null : hookStateText({ ...kept, serial: before.serial + 1 });
    if (state === null) return content === null ? TE.right(undefined) : file.write(content);
    const own = content === null ? {} : entriesFor(endpoint, content, state);
    const { set, delete: gone } = seen?.after(written, own) ?? { set: {}, delete: [] };
    const all = { ...own, ...set };
    return pipe(
      Object.keys(all).length === 0 ? TE.right<ToolError, void>(undefined) : tools.stateSet(all),
      TE.chain(() => pipe(gone, TE.traverseSeqArray(tools.stateDelete))),
      TE.map(() => seen?.done()),
      TE.orElse((error): TE.TaskEither<Problem, void> => {
        if (!NO_STATE.has(error.kind)) return TE.left(error);
        // What was seen is not kept, and the next hook reads everything.
        return content === null ? TE.right(undefined) : file.write(content);
      }),
    );
  };

  /** Writes, and returns what was written: a relation may have vanished since. */
  const write = (writes: Outcome['writes']): TE.TaskEither<Problem, Outcome['writes']> =>
    pipe(
      writes,
      TE.traverseSeqArray((one) =>
        pipe(
          // A unit that may not write an application's databag gets other words: "not permitted" means that the relation is gone.
          unlessGone(
            pipe(tools.relationSet(one.relationId, one.bag, valuesOf(one)), TE.map((): Write | null => one)),
          ),
        )
      ),
      TE.map((written) => written.filter((one) => one !== null)),
    );

  const apply = (begun: Begun, { notes = begun.kept.notes, ...outcome }: JujuOutcome): TE.TaskEither<Problem, void> =>
    pipe(
      mirror?.(outcome.flags) ?? TE.right<Problem, void>(undefined),
      TE.chainW(() => write(outcome.writes)),
      TE.chain((written) => keep(begun, { ...begun.kept, memory: outcome.memory, notes }, written)),
    );

  const stored = readStored(tools, endpoint, file);
  const begin: TE.TaskEither<Problem, Begun> = keeps === undefined
    ? pipe(
      readSight(options, null),
      TE.chain(({ snapshot }) => pipe(stored, TE.map((found): Begun => ({ ...found, snapshot, seen: null })))),
    )
    : pipe(
      // Not for requirers, whose hooks have no use for it.
      TE.fromTask(() => import('./seen-in-hook.ts')),
      TE.bindTo('room'),
      TE.bind('started', ({ room }) => TE.fromIO(() => room.startHook(environment, endpoint))),
      TE.bindW('found', () => stored),
      TE.chain(({ room: { seenInHook }, started, found }) => {
        const seen = found.state === null
          ? null
          : seenInHook(environment, endpoint, started, found.state, keeps, now());
        return pipe(
          readSight(options, seen?.seen ?? null),
          TE.map(({ snapshot, isWhole }): Begun => ({
            ...found,
            snapshot,
            seen: seen === null ? null : {
              after: (written, own) => seen.after({ snapshot, isWhole, written }, own),
              done: seen.done,
            },
          })),
        );
      }),
    );

  return pipe(
    begin,
    TE.map((begun): OpenedEndpoint => ({
      state: { snapshot: begun.snapshot, memory: begun.kept.memory, notes: begun.kept.notes },
      apply: (outcome) => apply(begun, outcome),
    })),
  );
};

/**
 * A host for the running hook. Its writes are final when the hook exits with 0.
 *
 * @example
 * ```ts
 * import { intentOf, orThrow, requestServerCert, requires, run } from 'interface-tls-certificates';
 * import process from 'node:process';
 * import { environmentOf, hookToolsIn, jujuHost } from 'interface-tls-certificates/juju';
 * const hook = async () => {
 *   const environment = environmentOf(process.env);
 *   if (environment._tag === 'Left') throw new Error(environment.left.message);
 *   const host = jujuHost({ tools: hookToolsIn(environment.right), environment: environment.right, endpoint: 'certificates' });
 *   return await orThrow(run(host)({ side: requires, intent: intentOf(requestServerCert('web.example')) }));
 * };
 * ```
 */
export const jujuHost = (options: JujuHostOptions): JujuHost => {
  const inTurn = turns();
  return {
    transact: (work) => () =>
      inTurn(pipe(
        openEndpoint(options),
        TE.bindTo('opened'),
        TE.bind('done', ({ opened: { state } }) => work(state)),
        TE.tap(({ opened: { apply }, done: [outcome] }) => apply(outcome)),
        TE.map(({ done: [, result] }) => result),
      )),
  };
};
