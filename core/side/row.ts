/**
 * What hosts and the rooms above need to know about a side, as the side itself tells it: what it reads, what it delivers, and what its
 * flags and keys mean.
 *
 * @module
 */
import type { CertType, KeyPair, PrivateKey } from '../model/certificate.ts';
import type { RelationId, UnitName } from '../model/names.ts';
import type { Side } from '../model/side.ts';
import type { Databag } from '../model/snapshot.ts';

/** What a requirer's charm receives for one request, whichever protocol brought it. */
export interface Delivery {
  /** The request that is answered. */
  readonly request: {
    readonly certType: CertType;
    readonly commonName: string;
    /** Null if the protocol does not say which kind it was issued for. */
    readonly sans: ReadonlyArray<string> | null;
  };
  /** PEM, like the CA and the links of the chain, which starts with the certificate. */
  readonly certificate: string;
  /** The CA in PEM; null where none was published. */
  readonly ca: string | null;
  /** What leads to it, in PEM. */
  readonly chain: ReadonlyArray<string>;
  /** The key itself if the provider sent it, otherwise the keeper's name for it; null if nobody knows it. */
  readonly key: { readonly sent: PrivateKey } | { readonly kept: string } | null;
}

/**
 * What a provider gives to every requirer alike.
 *
 * @internal
 */
export interface Common {
  /** The root, and the chain below it as one text; null if there is none. */
  readonly ca: string | null;
  readonly chain: string | null;
  /** A client certificate that all requirers share. */
  readonly client: KeyPair | null;
}

/** Everything that a view brings. */
export interface Delivered {
  readonly deliveries: ReadonlyArray<Delivery>;
  /** Null for a provider, which receives nothing. */
  readonly common: Common | null;
}

/**
 * What is asked for, and how far it has come.
 *
 * @internal
 */
export interface RequestProgress {
  readonly relationId: RelationId | null;
  /** Who asks; null for an application, and for a requirer's own requests. */
  readonly unit: UnitName | null;
  readonly certType: CertType | null;
  readonly commonName: string;
  readonly sans: ReadonlyArray<string>;
  /** In a word or a few, for people. */
  readonly state: string;
  /** Whether nothing is left to do about it. */
  readonly isSettled: boolean;
}

/**
 * What a flag says while it is set, by its name without the endpoint; null for a flag that the side does not know.
 *
 * @internal
 */
export interface Explain {
  readonly flag: (name: string) => string | null;
  /** What a databag key is for. */
  readonly key: (key: string) => string | null;
  /** Whether the value of a databag key holds private keys. */
  readonly isSecret: (key: string) => boolean;
}

/**
 * What a host may keep of databags from one hook to the next, so that it reads only what has changed.
 *
 * @internal
 */
export interface Keeps {
  /** The part of another unit's or application's databag that the side decides by; null where it needs the whole one, which is not kept. */
  readonly partOf: (bag: Databag) => Databag | null;
  /** Whether a key of an own databag holds private keys: a databag with one is not kept. */
  readonly isSecret: (key: string) => boolean;
}

/**
 * What a host has to read for a side besides the databags of units.
 *
 * @internal
 */
export interface Reads {
  /** The databags of applications, and who leads. */
  readonly applicationData: boolean;
  /** The public halves of the kept keys. */
  readonly keys: boolean;
  /** What may be kept of databags from one hook to the next. Without it nothing is: the other side publishes private keys. */
  readonly keeps?: Keeps;
}

/**
 * Which end of a relation a side is: the one that asks for certificates, or the one that answers.
 *
 * @internal
 */
export type Role = 'requirer' | 'provider';

/** A side as a row in a table of sides. */
export interface Row<Name extends string, Intent, View, IntentDocument = never>
  extends Side<Name, Intent, View, IntentDocument> {
  /** Whether the side asks or answers. */
  readonly role: Role;
  /** What a host has to read for it besides the databags of units. */
  readonly reads: Reads;
  /** What a view delivers: nothing for a provider. */
  readonly deliveries: (view: View) => ReadonlyArray<Delivery>;
  /** What everybody is given; null for a provider. */
  readonly common: (view: View) => Common | null;
  /** What a view asks for. */
  readonly asked: (view: View) => ReadonlyArray<RequestProgress>;
  /** Its words for people. */
  readonly explain: Explain;
}

/** Everything that a view brings to a charm of a side. */
export const deliveredBy = <Name extends string, Intent, View, Doc>(
  { deliveries, common }: Row<Name, Intent, View, Doc>,
  view: View,
): Delivered => ({ deliveries: deliveries(view), common: common(view) });

/** For protocols in which no key holds private keys. */
export const noSecret = (): boolean => false;

/** Looks a word up in a table of words. */
export const wordIn = (words: Readonly<Record<string, string>>) => (name: string): string | null =>
  Object.hasOwn(words, name) ? words[name] ?? null : null;
