/**
 * A conversation: what happens to the charm under test and to the builtin charm on the other side, what the result must be, and
 * which source says so.
 *
 * @module
 */
import type { ProtocolName } from '../../provider/protocol.ts';
import type { Rehearsal } from '../rehearse.ts';
import type { SpokenByOurs } from '../scenario/scenario.ts';
import type { Step } from '../scenario/step.ts';

/** Which end of the relation the charm under test has. */
export type TestedRole = 'requirer' | 'provider';

/** The two applications of a conversation. */
export interface Cast {
  /** The application under test. */
  readonly tested: string;
  /** Its endpoint. */
  readonly endpoint: string;
  /** Its charm, for an upgrade to the same charm. */
  readonly charm: string;
  /** Options that change its requests. Null if the scenario has none. */
  readonly change: Readonly<Record<string, unknown>> | null;
  /** The builtin application on the other side. */
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
  /** A second builtin application: a requirer, or one that publishes malformed data. */
  readonly beside?: 'requirer' | 'malformed';
  /** What the other side speaks, if it is not just the protocol of the conversation. */
  readonly spoken?: SpokenByOurs;
}

/** Why a charm breaks the rule. Null if it keeps it. */
export type Judgement = string | null;

/** A conversation. */
export interface Conversation {
  readonly name: string;
  /** What the charm must do, as a sentence. */
  readonly rule: string;
  /** Where the rule comes from: a page of this repository, or a section of an RFC. */
  readonly source: string;
  readonly role: TestedRole;
  readonly protocols: ReadonlyArray<ProtocolName>;
  readonly world?: World;
  readonly steps: (cast: Cast) => ReadonlyArray<Step>;
  /** Why the conversation cannot be tried with these applications. Null if it can. */
  readonly needs?: (cast: Cast) => string | null;
  readonly judge: (rehearsal: Rehearsal, cast: Cast) => Judgement;
}

/** Both protocols. */
export const BOTH: ReadonlyArray<ProtocolName> = ['csr', 'reactive'];

/** The page that has the rules of the CSR protocol. */
export const CSR_PAGE = 'docs/csr-protocol.md';

/** Runs hooks until none is left to run. */
export const SETTLE: Step = { is: 'settle' };
