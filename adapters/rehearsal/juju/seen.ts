/**
 * What runs in a unit, what is seen of it while it runs and afterwards, and what may be done to it.
 *
 * @module
 */
import type { RunTool } from '../../juju/tools.ts';
import type { ActionResult, BagChange, HookKind } from './context.ts';
import type { Unit } from './model.ts';
import type { Reply } from './tools.ts';

/** A charm in this process: it gets the hook's environment, its tools and where it says what is wrong, and gives the exit code. */
export type CharmFunction = (
  env: Readonly<Record<string, string>>,
  run: RunTool,
  complain?: (line: string) => void,
) => Promise<number>;

/** What runs in a unit: a folder with `dispatch` or `hooks/`, a function, or nothing, where the caller itself plays the charm. */
export type CharmCode = string | CharmFunction | null;

/** A call of a tool as it is seen. */
export interface SeenCall {
  readonly unit: Unit;
  readonly hook: string;
  /** How many calls the hook made before. */
  readonly index: number;
  readonly tool: string;
  readonly args: ReadonlyArray<string>;
  readonly stdin: string | undefined;
}

/** What is done to a call: the hook is killed before or after it, it hangs, or it is answered in Juju's place. */
export type Interference = 'kill before' | 'kill after' | 'hang' | Reply;

/** How a program ended. */
export interface Ended {
  /** Null where it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A hook that was run. */
export interface RanHook extends Ended {
  readonly unit: Unit;
  readonly hook: string;
  readonly remoteUnit: Unit | undefined;
  /** Whether what it had buffered became true. */
  readonly committed: boolean;
  /** What it changed in databags, or would have changed. */
  readonly changes: ReadonlyArray<BagChange>;
  readonly calls: ReadonlyArray<SeenCall>;
  /** What it gave back, if it was an action. */
  readonly action: ActionResult;
}

/** What can be said of an application when it is deployed. */
export interface DeployOptions {
  readonly units?: number;
  readonly config?: Record<string, unknown>;
}

/** How a program is started in a unit: the command and its arguments. */
export type Enter = (unit: Unit, program: string) => readonly [command: string, ...args: ReadonlyArray<string>];

/** What can be said of a Juju. */
export interface JujuOptions {
  /** The agents' version; before 2.8 they keep no state. */
  readonly version?: string;
  /** Where hooks look for programs, beside the tools; as this process does unless said. */
  readonly path?: string;
  readonly interfere?: (call: SeenCall) => Interference | undefined;
  /** Whether what a hook that ended well has buffered is refused. */
  readonly refuseCommit?: (hook: HookKind, unit: Unit) => boolean;
  /** Whether a person gives up a failed hook, as with `juju resolved --no-retry`: it counts as done, and none of it is kept. */
  readonly giveUp?: (hook: HookKind, unit: Unit) => boolean;
  /** Which of the units that have a hook to run goes next, by its place in the list; in turns unless said. */
  readonly choose?: (ready: ReadonlyArray<Unit>) => number;
  /** The controller's clock; this machine's unless said. */
  readonly now?: () => Date;
  /** How a charm's program is started; by itself unless said. */
  readonly enter?: Enter;
  /** Variables that a unit's hooks have besides those of Juju. */
  readonly variables?: (unit: Unit) => Readonly<Record<string, string>>;
  /** Called when a unit has its charm in its folder: at first, and after an upgrade. */
  readonly onUnpacked?: (unit: Unit, folder: string) => void;
  /** Called after each hook. */
  readonly onHook?: (ran: RanHook) => void;
}

/** Rejects where a hook in this process is killed: what it would have done next does not happen. */
export class Killed extends Error {}
