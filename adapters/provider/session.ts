/**
 * A session at a moment: a value, with the log of what was done to it.
 *
 * @module
 */
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { Provider } from './provider.ts';

/** What happened in a session. It names units and findings, and quotes nothing. */
export interface SessionEntry {
  /** By the session's clock. */
  readonly at: Timestamp;
  /** What was called. */
  readonly did: 'created' | 'databag' | 'depart' | 'rotate' | 'advance' | 'faults';
  /** The unit that it was about. */
  readonly unit?: string;
  /** The codes of what the provider noticed. */
  readonly findings: ReadonlyArray<string>;
}

/** All that can be called. */
export const DEEDS: ReadonlyArray<SessionEntry['did']> = [
  'created',
  'databag',
  'depart',
  'rotate',
  'advance',
  'faults',
];

/** A session at a moment. */
export interface Session {
  readonly id: string;
  readonly provider: Provider;
  /** Milliseconds by which its clock is ahead of the server's. */
  readonly ahead: number;
  readonly log: ReadonlyArray<SessionEntry>;
}

/** Most entries of a log; older ones are dropped. */
const MAX_LOG = 200;

/** A session with one more entry in its log. */
export const noted = (session: Session, entry: SessionEntry): Session => ({
  ...session,
  log: [...session.log, entry].slice(-MAX_LOG),
});
