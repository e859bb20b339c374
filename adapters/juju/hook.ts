/**
 * The running hook, as the code in it sees it.
 *
 * @module
 */
import type { HookEnvironment } from './environment.ts';
import type { HookTools } from './tools.ts';

/** The running hook: what it is about, the tools that it may call, and the current time. */
export interface Hook {
  /** What Juju says about the hook. */
  readonly environment: HookEnvironment;
  /** The hook tools. */
  readonly tools: HookTools;
  /** When the hook started. */
  readonly now: Date;
}
