/**
 * What may be told to a rehearsal beside its scenario.
 *
 * @module
 */
import type { History } from './history.ts';
import type { RootKind } from './roots.ts';
import type { StoryEntry } from './story.ts';

/** How a scenario is to be played. */
export interface RehearsalOptions {
  /** The folder that charms' paths are relative to; the present one unless said. */
  readonly base?: string;
  /** In place of the scenario's own. */
  readonly seed?: number;
  /** The steps that are done, by their places from 0; all unless said. */
  readonly steps?: ReadonlyArray<number>;
  /** Plays these hooks in this order, and kills where they were killed. */
  readonly replay?: History;
  /** Kills the hook that makes this call, counted over all hooks from 1. */
  readonly killAt?: number;
  /** Lets charms write to the machine itself where it gives no private roots. */
  readonly sharedRoot?: boolean;
  /** Takes one way to private roots without trying the other. */
  readonly roots?: RootKind;
  /** Called with each part of the story as it happens. */
  readonly onTold?: (entry: StoryEntry) => void;
}
