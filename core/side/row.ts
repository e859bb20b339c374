/**
 * A side that says itself what hosts and rooms above need to know of it: what it reads, what it delivers, what its flags and keys mean.
 *
 * @module
 */
import type { CertType, PrivateKey } from '../model/certificate.ts';
import type { Side } from '../model/side.ts';

/** What a requirer's charm ends up with for one request, whichever protocol brought it. */
export interface Delivery {
  readonly request: {
    readonly certType: CertType;
    readonly commonName: string;
    readonly sans: ReadonlyArray<string>;
  };
  /** PEM, as are the CA and the links of the chain, which begins with the certificate. */
  readonly certificate: string;
  readonly ca: string | null;
  readonly chain: ReadonlyArray<string>;
  /** The key itself where the provider sent it, else the keeper's name for it; null where nobody knows it. */
  readonly key: { readonly sent: PrivateKey } | { readonly kept: string } | null;
}

/** A side as a row of a table of sides. */
export interface Row<Name extends string, Intent, View, IntentDocument = never>
  extends Side<Name, Intent, View, IntentDocument> {
  /** What a host has to read for it beside the units' databags. */
  readonly reads: { readonly applicationData: boolean; readonly keys: boolean };
  /** What a view delivers: nothing for a provider. */
  readonly deliveries: (view: View) => ReadonlyArray<Delivery>;
  /** What a flag says while it is set, by its name without the endpoint; what a databag's key is there for. Null for others. */
  readonly explain: {
    readonly flag: (name: string) => string | null;
    readonly key: (key: string) => string | null;
  };
}

/** Looks a word up in a table of them. */
export const wordIn = (words: Readonly<Record<string, string>>) => (name: string): string | null =>
  Object.hasOwn(words, name) ? words[name] ?? null : null;
