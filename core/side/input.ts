/**
 * Input documents of the contract, by side. Each decodes into something that can be decided on, so that nobody who holds one needs to ask
 * which side it belongs to.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Decoder, decoder, type Fields, object, oneOf, optional, required } from '../model/codec.ts';
import { emptyMemory, Memory, type MemoryDocument } from '../model/memory.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Side } from '../model/side.ts';
import { type Delivered, deliveredBy, type Explain, type RequestProgress, type Row } from './row.ts';
import { Snapshot, type SnapshotDocument } from '../model/snapshot.ts';

/** An input document of one side. */
export interface InputOf<Name extends string, Intent> {
  readonly side: Name;
  readonly snapshot: Snapshot;
  readonly intent: Intent;
  readonly memory: Memory;
}

/** An input document and the outcome it leads to. */
export type DecidedOf<Name extends string, Intent, View> = InputOf<Name, Intent> & { readonly outcome: Outcome<View> };

/** A decision with everything that the rooms above report about it, whichever side made it. */
export interface Decision<View = unknown> extends Delivered {
  readonly side: string;
  readonly snapshot: Snapshot;
  readonly outcome: Outcome<View>;
  readonly asked: ReadonlyArray<RequestProgress>;
  readonly explain: Explain;
}

/** An input document that knows how to decide on itself. */
export interface Decidable<Name extends string, Intent, View> extends InputOf<Name, Intent> {
  readonly decided: () => Outcome<View>;
  /** The same, with everything there is to report. */
  readonly told: () => Decision<View>;
}

/** An input document of one side as JSON: fields with a default may be left out. */
export interface InputDocumentOf<Name extends string, IntentDocument> {
  readonly side: Name;
  readonly snapshot: SnapshotDocument;
  readonly intent?: IntentDocument | null;
  readonly memory?: MemoryDocument | null;
}

/** Decodes the input documents of a side. */
export const inputOf = <Name extends string, Intent, View, Doc>(
  { name, intent, nothing }: Side<Name, Intent, View, Doc>,
): Decoder<InputOf<Name, Intent>, InputDocumentOf<Name, Doc>> =>
  object<InputOf<Name, Intent>, InputDocumentOf<Name, Doc>>(
    'open',
    {
      side: required(oneOf(name)),
      snapshot: required(Snapshot),
      intent: optional(intent, nothing),
      memory: optional(Memory, emptyMemory),
      // The compiler cannot compare fields with a document whose type it does not know yet; the row of each side fixes that type.
    } as Fields<InputOf<Name, Intent>, InputDocumentOf<Name, Doc>>,
  );

/** Decides on input documents of a side. */
export const decidedBy =
  <Name extends string, Intent, View, Doc>({ decide }: Side<Name, Intent, View, Doc>) =>
  (input: InputOf<Name, Intent>): DecidedOf<Name, Intent, View> => ({
    ...input,
    outcome: decide(input.snapshot, input.intent, input.memory),
  });

/** Decodes the input documents of a side into something that can be decided on. */
export const decidableOf = <Name extends string, Intent, View, Doc>(
  row: Row<Name, Intent, View, Doc>,
): Decoder<Decidable<Name, Intent, View>, InputDocumentOf<Name, Doc>> => {
  const input = inputOf(row);
  const told = (snapshot: Snapshot, outcome: Outcome<View>): Decision<View> => ({
    side: row.name,
    snapshot,
    outcome,
    ...deliveredBy(row, outcome.view),
    asked: row.asked(outcome.view),
    explain: row.explain,
  });
  return decoder(
    input.name,
    input.schema,
    (u, context) =>
      E.map((read: InputOf<Name, Intent>): Decidable<Name, Intent, View> => {
        const decided = (): Outcome<View> => row.decide(read.snapshot, read.intent, read.memory);
        return { ...read, decided, told: () => told(read.snapshot, decided()) };
      })(input.validate(u, context)),
  );
};
