/**
 * A conversation: what happens to a charm under test and to ours on the other side, what has to come of it, and who says so.
 *
 * @module
 */
import type { ProtocolName } from '../../provider/protocol.ts';
import type { Rehearsal } from '../rehearse.ts';
import type { SpokenByOurs } from '../scenario/scenario.ts';
import type { Step } from '../scenario/step.ts';

/** Which end of the relation is under test. */
export type TestedRole = 'requirer' | 'provider';

/** What a conversation is told of the two applications. */
export interface Cast {
  /** The application under test. */
  readonly tested: string;
  /** Its endpoint. */
  readonly endpoint: string;
  /** Its charm, for an upgrade to itself. */
  readonly charm: string;
  /** Options that lead to another request, where the scenario has any. */
  readonly change: Readonly<Record<string, unknown>> | null;
  /** Ours. */
  readonly other: string;
  readonly protocol: ProtocolName;
}

/** How the world of a conversation differs from the usual one: one unit of each, Juju 3, one model. */
export interface World {
  readonly testedUnits?: number;
  readonly otherUnits?: number;
  readonly juju?: string;
  readonly crossModel?: boolean;
  readonly seed?: number;
  /** Another application of ours beside the first: a second requirer, or one that publishes what nobody can read. */
  readonly beside?: 'requirer' | 'malformed';
  /** What ours on the other side speaks, where it is not the one protocol. */
  readonly spoken?: SpokenByOurs;
}

/** Why a charm does not do as it should; null: it does. */
export type Judgement = string | null;

/** A conversation. */
export interface Conversation {
  readonly name: string;
  /** What has to be, in a sentence. */
  readonly rule: string;
  /** The page of this repository, or the RFC, that says so. */
  readonly source: string;
  readonly role: TestedRole;
  readonly protocols: ReadonlyArray<ProtocolName>;
  readonly world?: World;
  readonly steps: (cast: Cast) => ReadonlyArray<Step>;
  /** What it wants of the cast; the reason why it is left out otherwise. */
  readonly needs?: (cast: Cast) => string | null;
  readonly judge: (rehearsal: Rehearsal, cast: Cast) => Judgement;
}

/** Both of them. */
export const BOTH: ReadonlyArray<ProtocolName> = ['csr', 'reactive'];

/** The page that has the rules of a protocol, with a heading where one is meant. */
export const CSR_PAGE = 'docs/csr-protocol.md';

/** Everybody comes to rest. */
export const SETTLE: Step = { is: 'settle' };
