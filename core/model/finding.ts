/**
 * Findings: what a side noticed. Each has a message for people and a stable code for programs, and contains no secrets.
 *
 * Each side has one table of its own codes; this room only knows their form.
 *
 * @module
 */
import { hidingKeys } from './certificate.ts';
import type { RelationId, UnitName } from './names.ts';

/** How serious a finding is; only `error` changes a command's exit code. */
export type Severity = 'info' | 'warning' | 'error';

/** What a finding is about. Every part is optional, since some findings concern the whole endpoint. */
export interface Place {
  /** E.g. `certificates:3`. */
  readonly relationId?: RelationId;
  /** E.g. `easyrsa/0`. */
  readonly unit?: UnitName;
  /** The databag key. */
  readonly key?: string;
  /** The entry's index in the list under that key, from 0. */
  readonly index?: number;
  /** The common name: arbitrary text, possibly chosen by somebody else. */
  readonly commonName?: string;
}

/** One observation. */
export interface Finding<Code extends string = string> {
  /** Stable; `docs/findings.md` explains each. */
  readonly code: Code;
  /** What it asks of people. */
  readonly severity: Severity;
  /** Where it was noticed. */
  readonly place: Place;
  /** One plain sentence. The only databag content it may quote is the name of a key. */
  readonly message: string;
}

/** Makes the findings of one table. */
export type Findings<Code extends string> = (code: Code, place: Place, message: string) => Finding<Code>;

/** A broken databag may hold a private key where a name belongs, even within a key's name. */
const withoutKeys = (place: Place): Place => ({
  ...place,
  ...(place.key === undefined ? {} : { key: hidingKeys(place.key) }),
  ...(place.commonName === undefined ? {} : { commonName: hidingKeys(place.commonName) }),
});

/** Makes findings from a table of codes and severities. Messages name keys and kinds of values, never content. */
export const findingsOf =
  <Code extends string>(table: Readonly<Record<Code, Severity>>): Findings<Code> => (code, place, message) => ({
    code,
    severity: table[code],
    place: withoutKeys(place),
    message,
  });
