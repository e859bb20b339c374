/**
 * A Juju hook as a host: it reads what a side needs with as few tool calls as can be, and writes only what changed.
 *
 * Relations that vanish while it reads are left out: hooks about their end are on the way. What it writes, the memory included, takes
 * effect when the hook ends well, and not at all otherwise. Source: docs/hook-environment.md sections 2 and 3.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { emptyMap } from '../../core/model/codec.ts';
import type { FlagDelta } from '../../core/model/flag.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Outcome, Write } from '../../core/model/outcome.ts';
import type { Databag, Departing, KeptKey, Relation, Snapshot, Timestamp } from '../../core/model/snapshot.ts';
import type { Reads } from '../../core/side/row.ts';
import type { Host, Problem, State } from '../host.ts';
import type { Notes } from '../reaction.ts';
import { turns } from '../turns.ts';
import type { HookEnvironment } from './environment.ts';
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
import { isGone, type ToolError, type ToolErrorKind } from './tool-error.ts';
import type { HookTools } from './tools.ts';

/** What a Juju host is made of. */
export interface JujuHostOptions {
  /** The hook tools. */
  readonly tools: HookTools;
  /** What Juju says about the hook. */
  readonly environment: HookEnvironment;
  /** The endpoint that is read and written. */
  readonly endpoint: string;
  /** What the side needs to see beside the units' databags; nothing unless said. */
  readonly reads?: Reads;
  /** Lists the public halves of the keys that are kept, for a side that reads them. It is told whether the unit leads its application. */
  readonly keys?: (leads: boolean) => TE.TaskEither<Problem, ReadonlyArray<KeptKey>>;
  /** Tells of flags that change to whom else keeps them, before anything is written. */
  readonly mirror?: (flags: FlagDelta) => TE.TaskEither<Problem, void>;
  /** The present; the machine's clock unless said. */
  readonly now?: () => Date;
}

/** What is there when a hook begins. */
export interface JujuState extends State {
  /** What the charm keeps for itself, by name. */
  readonly notes: Notes;
}

/** What is applied in a hook: `notes` take the place of those that were kept, where they are given. */
export interface JujuOutcome extends Outcome {
  /** What to keep from now on; absent: as it was. */
  readonly notes?: Notes;
}

/** A host that also keeps notes. */
export type JujuHost = Host<JujuState, JujuOutcome>;

type Tooled<A> = TE.TaskEither<ToolError, A>;

/** Failures of keeping something in Juju that another place can make up for. */
const NO_STATE: ReadonlySet<ToolErrorKind> = new Set(['unknown-tool', 'not-offered', 'too-large']);

/** Null in place of a failure that says that what was asked about is gone. */
const unlessGone = <A>(work: Tooled<A>, gone: (error: ToolError) => boolean = isGone): Tooled<A | null> =>
  pipe(work, TE.orElse((error): Tooled<A | null> => (gone(error) ? TE.right(null) : TE.left(error))));

const applicationOf = (unit: string): string => unit.replace(/\/[^/]*$/, '');

/** The application's databags, where the side needs them. */
interface Applications {
  readonly isLeader: boolean;
  readonly local: string;
}

const readUnits = (
  { relationGet }: HookTools,
  id: RelationId,
  units: ReadonlyArray<UnitName>,
): Tooled<Readonly<Record<UnitName, Databag>> | null> =>
  pipe(
    units,
    TE.traverseSeqArray((unit) =>
      pipe(
        unlessGone(relationGet(id, { unit }), (error) => error.kind === 'unit-gone'),
        TE.map((bag) => [unit, bag] as const),
      )
    ),
    TE.map((bags) => {
      const out = emptyMap<Databag>();
      for (const [unit, bag] of bags) if (bag !== null) out[unit] = bag;
      return out;
    }),
    unlessGone,
  );

const readRelation = (
  tools: HookTools,
  { unit, relation: hooked }: HookEnvironment,
  applications: Applications | null,
) =>
(id: RelationId): Tooled<Relation | null> => {
  const { relationList, relationApplication, relationGet } = tools;
  const leaving = hooked?.id === id && hooked.event === 'departed' ? hooked.remoteUnit : null;
  const remoteApplication = (units: ReadonlyArray<UnitName>): Tooled<string | null> => {
    const known = (hooked?.id === id ? hooked.remoteApplication : null) ?? units[0];
    if (known !== undefined) return TE.right(applicationOf(known));
    return applications === null ? TE.right(null) : relationApplication(id);
  };
  const applicationData = (application: string | null): Tooled<Databag> =>
    applications === null || application === null
      ? TE.right({})
      : pipe(unlessGone(relationGet(id, { application })), TE.map((bag) => bag ?? {}));
  return pipe(
    TE.Do,
    TE.bind('units', () => relationList(id)),
    // A unit that is not in the relation, not yet or not any more, has nothing to say on it.
    TE.bind('localUnitData', () => relationGet(id, { unit })),
    TE.bind('application', ({ units }) => remoteApplication(units)),
    TE.bind('remoteUnits', ({ units }) => readUnits(tools, id, units.filter((one) => one !== leaving))),
    TE.bind('remoteApplicationData', ({ application }) => applicationData(application)),
    TE.bind('localApplicationData', () => applicationData(applications?.isLeader ? applications.local : null)),
    TE.map(({ units: _, application, remoteUnits, ...bags }): Relation | null =>
      remoteUnits === null
        ? null
        : { id, ...bags, remoteUnits, ...(application === null ? {} : { remoteApplication: application }) }
    ),
    (work) => unlessGone(work, (error) => isGone(error) || error.kind === 'unit-gone'),
  );
};

const departingIn = ({ relation }: HookEnvironment): Departing | null =>
  relation?.event === 'departed' && relation.remoteUnit !== null
    ? { relationId: relation.id, unit: relation.remoteUnit }
    : null;

/** A side that reads the databags of units alone. */
const NOTHING_ELSE: Reads = { applicationData: false, keys: false };

const readSnapshot = (
  { tools, environment, endpoint, reads = NOTHING_ELSE, keys, now = () => new Date() }: JujuHostOptions,
): TE.TaskEither<Problem, Snapshot> => {
  const { applicationData: applications } = reads;
  const { unit, relation } = environment;
  // In `broken` Juju before 3.4 still lists it.
  const broken = relation?.event === 'broken' ? relation.id : null;
  const departing = departingIn(environment);
  return pipe(
    TE.Do,
    TE.bind('ids', () => tools.relationIds(endpoint)),
    TE.bind('leads', () => (applications || reads.keys ? tools.isLeader : TE.right(false))),
    TE.bind('relations', ({ ids, leads }) =>
      pipe(
        ids.filter((id) => id !== broken),
        TE.traverseSeqArray(
          readRelation(tools, environment, applications ? { isLeader: leads, local: applicationOf(unit) } : null),
        ),
      )),
    TE.bindW(
      'keys',
      ({ leads }): TE.TaskEither<Problem, { readonly keys?: ReadonlyArray<KeptKey> }> =>
        reads.keys && keys !== undefined ? pipe(keys(leads), TE.map((listed) => ({ keys: listed }))) : TE.right({}),
    ),
    TE.map(({ leads, relations, keys: listed }): Snapshot => ({
      localUnit: unit,
      endpoint,
      isLeader: leads,
      now: now().toISOString() as Timestamp,
      ...listed,
      ...(departing === null ? {} : { departing }),
      ...(relation?.event === 'created' ? { created: relation.id } : {}),
      ...(relation?.departingUnit === unit ? { isLeaving: true } : {}),
      relations: relations.filter((one) => one !== null),
    })),
  );
};

/** Where something is kept, and what is there. */
interface Stored {
  /** Null where Juju does not keep anything for the unit. */
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

/** A write as one bag for `relation-set`, to which an empty value means deletion. */
const valuesOf = ({ set, delete: gone }: Write): Databag => ({
  ...Object.fromEntries(gone.map((key) => [key, ''])),
  ...set,
});

/**
 * A host over the hook that runs now. Its writes are final when the hook exits with 0.
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
  const { tools, environment, endpoint, mirror } = options;
  const file = privateFileIn(environment.charmFolder, endpoint);
  const inTurn = turns();

  const keep = (found: Stored, kept: HookState): TE.TaskEither<Problem, void> => {
    if (sameHookState(found.kept, kept)) return TE.right(undefined);
    const content = hookStateText({ ...kept, serial: found.kept.serial + 1 });
    if (found.state === null) return file.write(content);
    return pipe(
      tools.stateSet(entriesFor(endpoint, content, found.state)),
      TE.orElse((error): TE.TaskEither<Problem, void> =>
        NO_STATE.has(error.kind) ? file.write(content) : TE.left(error)
      ),
    );
  };

  const apply = (found: Stored, { notes = found.kept.notes, ...outcome }: JujuOutcome): TE.TaskEither<Problem, void> =>
    pipe(
      mirror?.(outcome.flags) ?? TE.right<Problem, void>(undefined),
      TE.chainW(() =>
        pipe(
          outcome.writes,
          // Who may not write an application's databag is told that in other words: not to be permitted is a relation that is gone.
          TE.traverseSeqArray((write) => unlessGone(tools.relationSet(write.relationId, write.bag, valuesOf(write)))),
        )
      ),
      TE.chain(() => keep(found, { ...found.kept, memory: outcome.memory, notes })),
    );

  return {
    transact: (work) => () =>
      inTurn(pipe(
        TE.Do,
        TE.bind('snapshot', () => readSnapshot(options)),
        TE.bindW('found', () => readStored(tools, endpoint, file)),
        TE.bindW(
          'done',
          ({ snapshot, found }) => work({ snapshot, memory: found.kept.memory, notes: found.kept.notes }),
        ),
        TE.tap(({ found, done: [outcome] }) => apply(found, outcome)),
        TE.map(({ done: [, result] }) => result),
      )),
  };
};
