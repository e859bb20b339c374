/**
 * The options of a rehearsal.
 *
 * @module
 */
import type { History } from './history.ts';
import type { RootKind } from './roots.ts';
import type { StoryEntry } from './story.ts';

/** How to play a scenario. */
export interface RehearsalOptions {
  /** The folder that paths of charms are relative to. By default the current one. */
  readonly base?: string;
  /** Replaces the seed of the scenario. */
  readonly seed?: number;
  /** The steps to play, by their index from 0. By default all. */
  readonly steps?: ReadonlyArray<number>;
  /** Runs hooks in the order of this history, and kills those that were killed. */
  readonly replay?: History;
  /** Kills a hook before this tool call, counted from 1 over all hooks. */
  readonly killAt?: number;
  /** Lets charms write to the machine itself if it cannot give them private roots. */
  readonly sharedRoot?: boolean;
  /** How units get private roots. By default, `namespaces` if this machine has them. */
  readonly roots?: RootKind;
  /** Called with each part of the story as it happens. */
  readonly onTold?: (entry: StoryEntry) => void;
}
