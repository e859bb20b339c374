/**
 * What one hook can see: the local unit, its endpoint, and every relation on it with the databags of both sides.
 *
 * The decoder is the only way from unknown input to a {@link Snapshot}; it copies each databag once into a map without
 * prototype. Source: contract.md, Input.
 *
 * @module
 */
import {
  checked,
  type Decoder,
  listOf,
  mapOf,
  object,
  omittable,
  oneOf,
  optional,
  required,
  text,
  textWhere,
  trueOrFalse,
} from './codec.ts';
import { RelationId, UnitName } from './names.ts';

/** What a unit or an application publishes on a relation: a flat map of strings. */
export type Databag = Readonly<Record<string, string>>;

/** A moment as RFC 3339 writes it, e.g. `2026-11-23T21:00:00Z`. */
export type Timestamp = string & { readonly timestamp: unique symbol };

/** The unit that a `-relation-departed` hook is about. */
export interface Departing {
  readonly relationId: RelationId;
  readonly unit: UnitName;
}

/** One relation of the endpoint, with what is published on it now. */
export interface Relation {
  readonly id: RelationId;
  /** The local unit's own databag. */
  readonly localUnitData: Databag;
  /** The local application's databag, which only its leader can read; empty where it was not given. */
  readonly localApplicationData: Databag;
  /** The name of the application on the other side. */
  readonly remoteApplication?: string;
  readonly remoteApplicationData: Databag;
  /** The databags of the units on the other side, by unit name. */
  readonly remoteUnits: Readonly<Record<UnitName, Databag>>;
}

/** The DER of a public key (SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7) in base64. */
export type PublicKeyText = string & { readonly publicKeyText: unique symbol };

/** The public half of a private key that the host keeps; the private half never gets into a snapshot. */
export interface KeptKey {
  /** Whose it is: the unit's own, or one that all units of the application share. */
  readonly owner: 'unit' | 'application';
  /** The keeper's name for it. */
  readonly name: string;
  readonly publicKey: PublicKeyText;
}

/** All that one hook can see. */
export interface Snapshot {
  readonly localUnit: UnitName;
  /** The relation's name in the charm's metadata, e.g. `certificates`. */
  readonly endpoint: string;
  /** Whether the local unit leads its application; false where it was not said. */
  readonly isLeader: boolean;
  /** The present; without it nothing is said about validity periods. */
  readonly now?: Timestamp;
  /** Of several keys of one owner the first is in force. Absent: nothing is known of keys; empty: there is none. */
  readonly keys?: ReadonlyArray<KeptKey>;
  /** Only inside a `-relation-departed` hook. */
  readonly departing?: Departing;
  /** In any order; ids are unique. */
  readonly relations: ReadonlyArray<Relation>;
}

const Databag: Decoder<Databag> = mapOf(text());

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Engines take the 30th of February for the 2nd of March. */
const isDay = (date: string): boolean => new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);

/** Accepts a moment as RFC 3339 writes it. */
export const Timestamp: Decoder<Timestamp> = textWhere(
  'a time such as "2026-11-23T21:00:00Z"',
  (s) => RFC_3339.test(s) && !Number.isNaN(Date.parse(s)) && isDay(s.slice(0, 10)),
);

const Departing: Decoder<Departing> = object<Departing>('open', {
  relationId: required(RelationId),
  unit: required(UnitName),
});

const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const KeptKey: Decoder<KeptKey> = object<KeptKey>('open', {
  owner: required(oneOf('unit', 'application')),
  name: required(text()),
  publicKey: required(textWhere("a public key's DER in base64", (s) => BASE64.test(s))),
});

const Relation: Decoder<Relation> = object<Relation>('open', {
  id: required(RelationId),
  localUnitData: required(Databag),
  localApplicationData: optional(Databag, {}),
  remoteApplication: omittable(text()),
  remoteApplicationData: optional(Databag, {}),
  remoteUnits: required(mapOf(Databag)),
});

/** Decodes a snapshot; two relations with the same id are an error, for one of them would be lost. */
export const Snapshot: Decoder<Snapshot> = checked(
  object<Snapshot>('open', {
    localUnit: required(UnitName),
    endpoint: required(text()),
    isLeader: optional(trueOrFalse, false),
    now: omittable(Timestamp),
    keys: omittable(listOf(KeptKey)),
    departing: omittable(Departing),
    relations: required(listOf(Relation)),
  }),
  ({ relations }) => {
    const seen = new Map<RelationId, number>();
    for (const [index, { id }] of relations.entries()) {
      const first = seen.get(id);
      if (first !== undefined) {
        const message = `expected an id of its own, got the one of snapshot.relations[${first}]`;
        return { path: ['relations', String(index), 'id'], message };
      }
      seen.set(id, index);
    }
    return null;
  },
);
