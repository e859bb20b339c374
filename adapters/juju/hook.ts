/**
 * The hook that runs, as everything that works in it sees it.
 *
 * @module
 */
import type { HookEnvironment } from './environment.ts';
import type { HookTools } from './tools.ts';

/** The hook that runs: what it is about, the tools it may call, and the present. */
export interface Hook {
  /** What Juju says about the hook. */
  readonly environment: HookEnvironment;
  /** The hook tools. */
  readonly tools: HookTools;
  /** When the hook started. */
  readonly now: Date;
}
