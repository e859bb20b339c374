/**
 * What runs in a unit, what a caller sees of it while it runs and afterwards, and how a caller may interfere.
 *
 * @module
 */
import type { RunTool } from '../../juju/tools.ts';
import type { ActionResult, BagChange, HookKind } from './context.ts';
import type { Unit } from './model.ts';
import type { Reply } from './tools.ts';

/** A charm in this process. It gets the hook's environment, its tools and a function for error messages, and returns the exit code. */
export type CharmFunction = (
  env: Readonly<Record<string, string>>,
  run: RunTool,
  complain?: (line: string) => void,
) => Promise<number>;

/** What runs in a unit: a folder with `dispatch` or `hooks/`, a function, or nothing if the caller plays the charm itself. */
export type CharmCode = string | CharmFunction | null;

/** A tool call as a caller sees it. */
export interface SeenCall {
  readonly unit: Unit;
  readonly hook: string;
  /** How many calls the hook made before this one. */
  readonly index: number;
  readonly tool: string;
  readonly args: ReadonlyArray<string>;
  readonly stdin: string | undefined;
}

/** How to interfere with a call: kill the hook before or after it, let it hang, or answer it in Juju's place. */
export type Interference = 'kill before' | 'kill after' | 'hang' | Reply;

/** How a program ended. */
export interface Ended {
  /** The exit code. Null if it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A hook that ran. */
export interface RanHook extends Ended {
  readonly unit: Unit;
  readonly hook: string;
  readonly remoteUnit: Unit | undefined;
  /** Whether its buffered changes were committed. */
  readonly committed: boolean;
  /** What it changed in databags, or would have changed. */
  readonly changes: ReadonlyArray<BagChange>;
  readonly calls: ReadonlyArray<SeenCall>;
  /** What it returned, if it was an action. */
  readonly action: ActionResult;
}

/** The options of a deployed application. */
export interface DeployOptions {
  readonly units?: number;
  readonly config?: Record<string, unknown>;
}

/** The command that starts a program in a unit, with its arguments. */
export type Enter = (unit: Unit, program: string) => readonly [command: string, ...args: ReadonlyArray<string>];

/** The options of a Juju. */
export interface JujuOptions {
  /** The version of Juju. Before 2.8, agents keep no state. */
  readonly version?: string;
  /** Where hooks look for programs, besides the tools. By default the search path of this process. */
  readonly path?: string;
  readonly interfere?: (call: SeenCall) => Interference | undefined;
  /** Whether the controller refuses the changes of a hook that succeeded. */
  readonly refuseCommit?: (hook: HookKind, unit: Unit) => boolean;
  /** Whether a person gives up on a failed hook, as with `juju resolved --no-retry`. It counts as done, and its changes are dropped. */
  readonly giveUp?: (hook: HookKind, unit: Unit) => boolean;
  /** Chooses which unit runs its next hook, by its index in the list. By default units take turns. */
  readonly choose?: (ready: ReadonlyArray<Unit>) => number;
  /** The controller's clock. By default that of this machine. */
  readonly now?: () => Date;
  /** How to start a charm's program. By default it starts directly. */
  readonly enter?: Enter;
  /** Environment variables for hooks, besides those of Juju. */
  readonly variables?: (unit: Unit) => Readonly<Record<string, string>>;
  /** Called when a unit's charm is in its folder: at first, and after an upgrade. */
  readonly onUnpacked?: (unit: Unit, folder: string) => void;
  /** Called after each hook. */
  readonly onHook?: (ran: RanHook) => void;
}

/** Rejects the call of a hook in this process that is killed, so that it does nothing more. */
export class Killed extends Error {}
