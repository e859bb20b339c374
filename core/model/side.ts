/**
 * A side of a protocol: one pure function, and the codec for what the charm may want of it.
 *
 * @module
 */
import type { Decoder } from './codec.ts';
import type { Memory } from './memory.ts';
import type { Outcome } from './outcome.ts';
import type { Snapshot } from './snapshot.ts';

/** A side. Hosts run any of them and know none. `IntentDocument` is an intent as JSON has it. */
export interface Side<Name extends string, Intent, View, IntentDocument = never> {
  /** As the contract writes it, e.g. `reactive/requires`. */
  readonly name: Name;
  /** Decodes the contract's intent; unknown fields are errors. */
  readonly intent: Decoder<Intent, IntentDocument>;
  /** What a charm wants that wants nothing. */
  readonly nothing: Intent;
  /**
   * Decides. It never throws, whatever the other side published; the same arguments give the same outcome on every runtime;
   * and deciding again on what it led to changes nothing.
   */
  readonly decide: (snapshot: Snapshot, intent: Intent, memory: Memory) => Outcome<View>;
}
