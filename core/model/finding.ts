/**
 * Findings: what a side noticed, for people, with a stable code for programs. They hold no secrets.
 *
 * Each side has one table of its codes; this room knows only their form.
 *
 * @module
 */
import { hidingKeys } from './certificate.ts';
import type { RelationId, UnitName } from './names.ts';

/** How much a finding matters; only `error` changes the exit code of a command. */
export type Severity = 'info' | 'warning' | 'error';

/** What a finding is about. Every part is optional: some findings are about the whole endpoint. */
export interface Place {
  /** E.g. `certificates:3`. */
  readonly relationId?: RelationId;
  /** E.g. `easyrsa/0`. */
  readonly unit?: UnitName;
  /** The databag's key. */
  readonly key?: string;
  /** Where an entry stands in the list of a key, counted from 0. */
  readonly index?: number;
  /** The common name, as somebody else may have chosen it: arbitrary text. */
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
  /** One plain sentence without any content of databags but names of keys. */
  readonly message: string;
}

/** How the findings of one table are made. */
export type Findings<Code extends string> = (code: Code, place: Place, message: string) => Finding<Code>;

/** What stands where a name should be, or in the name of a key, may be a private key. */
const withoutKeys = (place: Place): Place => ({
  ...place,
  ...(place.key === undefined ? {} : { key: hidingKeys(place.key) }),
  ...(place.commonName === undefined ? {} : { commonName: hidingKeys(place.commonName) }),
});

/** Makes the findings of a table of codes and severities. Messages name keys and kinds of values, never content. */
export const findingsOf =
  <Code extends string>(table: Readonly<Record<Code, Severity>>): Findings<Code> => (code, place, message) => ({
    code,
    severity: table[code],
    place: withoutKeys(place),
    message,
  });
