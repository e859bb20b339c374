/**
 * A side of a protocol: one pure function, and the decoder for what the charm may want of it.
 *
 * @module
 */
import type { Decoder } from './codec.ts';
import type { Memory } from './memory.ts';
import type { Outcome } from './outcome.ts';
import type { Snapshot } from './snapshot.ts';

/** A side. Hosts run any of them without knowing which. `IntentDocument` is an intent as JSON. */
export interface Side<Name extends string, Intent, View, IntentDocument = never> {
  /** Its name in the contract, e.g. `reactive/requires`. */
  readonly name: Name;
  /** Decodes the contract's intent; unknown fields are errors. */
  readonly intent: Decoder<Intent, IntentDocument>;
  /** The intent of a charm that wants nothing. */
  readonly nothing: Intent;
  /**
   * Decides. It never throws, whatever the other side published. The same arguments give the same outcome on every runtime, and deciding
   * again on the result changes nothing.
   */
  readonly decide: (snapshot: Snapshot, intent: Intent, memory: Memory) => Outcome<View>;
}
