/**
 * A reaction: what a charm makes of a decision before anything is applied.
 *
 * @module
 */
import type { Finding } from '../core/model/finding.ts';

/** The unit's status. */
export interface Status {
  /** One of Juju's. */
  readonly status: 'maintenance' | 'blocked' | 'waiting' | 'active';
  /** For people. */
  readonly message: string;
}

/**
 * What to keep for the next hook besides the memory, by name. No secrets.
 *
 * @internal
 */
export type Notes = Readonly<Record<string, string>>;

/** What a charm wants once it has seen the outcome, and what it has to tell. */
export interface Reaction<Intent> {
  /** What it wants now. If it is the same object as before, nothing is decided again. */
  readonly intent: Intent;
  /** The unit's status; null leaves it unchanged. */
  readonly status: Status | null;
  /** What did not succeed and will be tried again: a sentence each, without secrets. */
  readonly failures: ReadonlyArray<string>;
  /** What people should look at although nothing failed: a sentence each, without secrets. */
  readonly warnings: ReadonlyArray<string>;
  /** What was noticed besides the outcome's findings. */
  readonly findings: ReadonlyArray<Finding>;
  /** What to keep for the next hook. Names that are missing here are forgotten. */
  readonly notes: Notes;
}

/** A reaction with nothing to tell. */
export const wanting = <Intent>(intent: Intent): Reaction<Intent> => ({
  intent,
  status: null,
  failures: [],
  warnings: [],
  findings: [],
  notes: {},
});
