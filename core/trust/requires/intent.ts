/**
 * What a charm that trusts the certificates of others wants: only to say which changes it has handled.
 *
 * @module
 */
import { type Decoder, listOf, object, optional, text } from '../../model/codec.ts';
import type { Flag } from '../../model/flag.ts';
import type { AsJson } from '../../model/schema.ts';

/** Everything that a requirer's charm wants. */
export interface TrustRequiresIntent {
  /** The `.changed` flags that the charm has handled since they were set; they are cleared. */
  readonly handled: ReadonlyArray<Flag>;
}

/** The intent of `trust/requires`, as JSON. */
export type TrustRequiresIntentDocument = AsJson<TrustRequiresIntent, 'handled'>;

/** Decodes the intent of `trust/requires`; unknown fields are errors. */
export const TrustRequiresIntent: Decoder<TrustRequiresIntent, TrustRequiresIntentDocument> = object<
  TrustRequiresIntent,
  TrustRequiresIntentDocument
>('closed', { handled: optional(listOf(text<Flag>()), []) });

/** The intent of a charm that has handled no changes. */
export const nothing: TrustRequiresIntent = { handled: [] };
