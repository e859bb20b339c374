/**
 * What one hook can see: the local unit, its endpoint, and every relation on it with the databags of both sides.
 *
 * The decoder is the only way from unknown input to a {@link Snapshot}; it copies each databag once into a map without
 * prototype. Source: docs/documents.md, Input.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import {
  checked,
  type Decoder,
  listOf,
  mapOf,
  named,
  object,
  omittable,
  oneOf,
  optional,
  required,
  text,
  textLike,
  trueOrFalse,
} from './codec.ts';
import { RelationId, UnitName } from './names.ts';
import { PASSED } from './passed.ts';
import type { AsJson } from './schema.ts';

/** What a unit or an application publishes on a relation: a flat map of strings. */
export type Databag = Readonly<Record<string, string>>;

/** A moment in the form of RFC 3339, e.g. `2026-11-23T21:00:00Z`. */
export type Timestamp = string & { readonly timestamp: unique symbol };

/** The unit that a `-relation-departed` hook is about. */
export interface Departing {
  /** The relation that the unit is leaving. */
  readonly relationId: RelationId;
  /** The unit that is leaving. */
  readonly unit: UnitName;
}

/** One relation of the endpoint, with what is published on it now. */
export interface Relation {
  /** E.g. `certificates:3`. */
  readonly id: RelationId;
  /** The local unit's own databag. */
  readonly localUnitData: Databag;
  /** The local application's databag, which only its leader can read; empty if it was not given. */
  readonly localApplicationData: Databag;
  /** The name of the application on the other side. */
  readonly remoteApplication?: string;
  /** What the other application's leader has published. */
  readonly remoteApplicationData: Databag;
  /** The databags of the units on the other side, by unit name. */
  readonly remoteUnits: Readonly<Record<UnitName, Databag>>;
}

/**
 * The DER of a public key (SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7) in base64.
 *
 * @internal
 */
export type PublicKeyText = string & { readonly publicKeyText: unique symbol };

/** The public half of a private key that the host keeps. The private half never enters a snapshot. */
export interface KeptKey {
  /** Who owns it: the unit, or the application, whose units share it. */
  readonly owner: 'unit' | 'application';
  /** The keeper's name for it. */
  readonly name: string;
  /** The SPKI's DER in base64. */
  readonly publicKey: PublicKeyText;
}

/** Everything that one hook can see. */
export interface Snapshot {
  /** E.g. `web/0`. */
  readonly localUnit: UnitName;
  /** The name of the relation in the charm's metadata, e.g. `certificates`. */
  readonly endpoint: string;
  /** Whether the local unit leads its application; false if not given. */
  readonly isLeader: boolean;
  /** The current time; without it, nothing is said about validity periods. */
  readonly now?: Timestamp;
  /** If an owner has several keys, the first is in force. Absent: nothing is known about keys; empty: there are none. */
  readonly keys?: ReadonlyArray<KeptKey>;
  /** Only inside a `-relation-departed` hook. */
  readonly departing?: Departing;
  /** The relation that a `-relation-created` hook is about: no unit has joined the local unit on it yet. */
  readonly created?: RelationId;
  /** Whether the local unit is being removed, which makes all other units depart. Juju only tells inside a `-relation-departed` hook. */
  readonly isLeaving?: boolean;
  /** In any order; ids are unique. */
  readonly relations: ReadonlyArray<Relation>;
}

/**
 * A relation as JSON.
 *
 * @internal
 */
export type RelationDocument = AsJson<Relation, 'localApplicationData' | 'remoteApplicationData'>;

/** A snapshot as JSON. */
export type SnapshotDocument = AsJson<
  Snapshot,
  'isLeader',
  { readonly relations: ReadonlyArray<RelationDocument> }
>;

/** Decodes a databag. */
export const Databag: Decoder<Databag> = named(
  'Databag',
  'What a unit or an application publishes on a relation: a flat map of strings.',
  mapOf(text()),
);

/** Days that exist in the calendar: engines read the 30th of February as the 2nd of March. */
const DAY = [
  String
    .raw`[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))`,
  String.raw`(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29`,
].join('|');

const HOUR = String.raw`(?:[01][0-9]|2[0-3]):[0-5][0-9]`;

const RFC_3339 = new RegExp(String.raw`^(?:${DAY})[Tt]${HOUR}:[0-5][0-9](?:\.[0-9]+)?(?:[Zz]|[+\-]${HOUR})$`, 'u');

/** Accepts a moment in the form of RFC 3339. Leap seconds are refused, since engines do not know them. */
export const Timestamp: Decoder<Timestamp> = textLike('a time such as "2026-11-23T21:00:00Z"', RFC_3339);

/** Decodes who is leaving. */
const Departing: Decoder<Departing> = object<Departing>('open', {
  relationId: required(RelationId),
  unit: required(UnitName),
});

const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/** Decodes the public half of a key. */
const KeptKey: Decoder<KeptKey> = named(
  'KeptKey',
  'The public half of a key that the host keeps.',
  object<KeptKey>('open', {
    owner: required(oneOf('unit', 'application'), 'Whose it is.'),
    name: required(text(), "The keeper's name for it."),
    publicKey: required(textLike("a public key's DER in base64", BASE64), 'The SubjectPublicKeyInfo.'),
  }),
);

/** Decodes a relation. */
const Relation: Decoder<Relation, RelationDocument> = named(
  'Relation',
  'One relation of the endpoint, with what is published on it now.',
  object<Relation, RelationDocument>('open', {
    id: required(RelationId, 'As Juju numbers it, e.g. certificates:3.'),
    localUnitData: required(Databag, 'What the local unit publishes.'),
    localApplicationData: optional(Databag, {}, 'What the local application publishes; its leader alone can read it.'),
    remoteApplication: omittable(text()),
    remoteApplicationData: optional(Databag, {}),
    remoteUnits: required(mapOf(Databag), 'What the units on the other side publish, by unit name.'),
  }),
);

/** Decodes a snapshot. Two relations with the same id are an error, since one of them would be lost. */
export const Snapshot: Decoder<Snapshot, SnapshotDocument> = checked(
  named(
    'Snapshot',
    'All that one hook can see.',
    object<Snapshot, SnapshotDocument>('open', {
      localUnit: required(UnitName, 'As Juju names it, e.g. web/0.'),
      endpoint: required(text(), "The relation's name in the charm's metadata, e.g. certificates."),
      isLeader: optional(trueOrFalse, false, 'Whether the local unit leads its application.'),
      now: omittable(Timestamp, 'The present, as RFC 3339 writes it; without it nothing is said about validity.'),
      keys: omittable(
        listOf(KeptKey),
        'Of several keys of one owner the first is in force; absent where nothing is known of keys.',
      ),
      departing: omittable(Departing, 'The unit that is leaving; in a -relation-departed hook only.'),
      created: omittable(RelationId, 'The relation that a -relation-created hook is about; in that hook only.'),
      isLeaving: omittable(
        trueOrFalse,
        'Whether the local unit is being removed; told in a -relation-departed hook only.',
      ),
      relations: required(listOf(Relation)),
    }),
  ),
  'each relation has an id of its own',
  ({ relations }) => {
    const seen = new Map<RelationId, number>();
    for (const [index, { id }] of relations.entries()) {
      const first = seen.get(id);
      if (first !== undefined) {
        const message = `expected an id of its own, got the one of snapshot.relations[${first}]`;
        return E.left({ path: ['relations', String(index), 'id'], message });
      }
      seen.set(id, index);
    }
    return PASSED;
  },
);
