/**
 * What a charm wants that trusts the certificates of others: nothing but to say which changes it has dealt with.
 *
 * @module
 */
import { type Decoder, listOf, object, optional, text } from '../../model/codec.ts';
import type { Flag } from '../../model/flag.ts';
import type { AsJson } from '../../model/schema.ts';

/** All that a requirer's charm wants. */
export interface TrustRequiresIntent {
  /** The `.changed` flags that the charm has dealt with since they were set; they are cleared. */
  readonly handled: ReadonlyArray<Flag>;
}

/** The intent of `trust/requires`, as JSON has it. */
export type TrustRequiresIntentDocument = AsJson<TrustRequiresIntent, 'handled'>;

/** Decodes the intent of `trust/requires`; a field that it does not know is an error. */
export const TrustRequiresIntent: Decoder<TrustRequiresIntent, TrustRequiresIntentDocument> = object<
  TrustRequiresIntent,
  TrustRequiresIntentDocument
>('closed', { handled: optional(listOf(text<Flag>()), []) });

/** A charm that has dealt with nothing. */
export const nothing: TrustRequiresIntent = { handled: [] };
