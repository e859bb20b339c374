/**
 * A side that says itself what hosts and rooms above need to know of it: what it reads, what it delivers, what its flags and keys mean.
 *
 * @module
 */
import type { CertType, KeyPair, PrivateKey } from '../model/certificate.ts';
import type { RelationId, UnitName } from '../model/names.ts';
import type { Side } from '../model/side.ts';

/** What a requirer's charm ends up with for one request, whichever protocol brought it. */
export interface Delivery {
  /** The request that is answered. */
  readonly request: {
    readonly certType: CertType;
    readonly commonName: string;
    /** Null where the protocol does not say for which it was given. */
    readonly sans: ReadonlyArray<string> | null;
  };
  /** PEM, as are the CA and the links of the chain, which begins with the certificate. */
  readonly certificate: string;
  /** The CA in PEM; null where none was published. */
  readonly ca: string | null;
  /** What leads to it, in PEM. */
  readonly chain: ReadonlyArray<string>;
  /** The key itself where the provider sent it, else the keeper's name for it; null where nobody knows it. */
  readonly key: { readonly sent: PrivateKey } | { readonly kept: string } | null;
}

/**
 * What a provider gives everybody alike.
 *
 * @internal
 */
export interface Common {
  /** The root, and the chain below it as one text; null where there is none. */
  readonly ca: string | null;
  readonly chain: string | null;
  /** A client certificate that all requirers share. */
  readonly client: KeyPair | null;
}

/** All that a view brings. */
export interface Delivered {
  readonly deliveries: ReadonlyArray<Delivery>;
  /** Null for a provider, to whom nothing is given. */
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
 * What a side says of its flags and keys: what a flag says while it is set, by its name without the endpoint; null for others.
 *
 * @internal
 */
export interface Explain {
  readonly flag: (name: string) => string | null;
  /** What a databag's key is there for. */
  readonly key: (key: string) => string | null;
  /** Whether the value of a databag's key holds private keys. */
  readonly isSecret: (key: string) => boolean;
}

/**
 * What a host has to read for a side beside the units' databags.
 *
 * @internal
 */
export interface Reads {
  /** The databags of applications, and who leads. */
  readonly applicationData: boolean;
  /** The public halves of the keys that are kept. */
  readonly keys: boolean;
}

/**
 * Which end of a relation a side is: the one that asks for certificates, or the one that answers.
 *
 * @internal
 */
export type Role = 'requirer' | 'provider';

/** A side as a row of a table of sides. */
export interface Row<Name extends string, Intent, View, IntentDocument = never>
  extends Side<Name, Intent, View, IntentDocument> {
  /** Whether the side asks or answers. */
  readonly role: Role;
  /** What a host has to read for it beside the units' databags. */
  readonly reads: Reads;
  /** What a view delivers: nothing for a provider. */
  readonly deliveries: (view: View) => ReadonlyArray<Delivery>;
  /** What is given to everybody; null for a provider. */
  readonly common: (view: View) => Common | null;
  /** What is asked for in a view. */
  readonly asked: (view: View) => ReadonlyArray<RequestProgress>;
  /** Its words for people. */
  readonly explain: Explain;
}

/** All that a view brings to a charm of a side. */
export const deliveredBy = <Name extends string, Intent, View, Doc>(
  { deliveries, common }: Row<Name, Intent, View, Doc>,
  view: View,
): Delivered => ({ deliveries: deliveries(view), common: common(view) });

/** No key of the protocol holds private keys. */
export const noSecret = (): boolean => false;

/** Looks a word up in a table of them. */
export const wordIn = (words: Readonly<Record<string, string>>) => (name: string): string | null =>
  Object.hasOwn(words, name) ? words[name] ?? null : null;
