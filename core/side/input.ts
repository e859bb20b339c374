/**
 * Input documents of the contract, by side: each decodes into something that can be decided on, so that whoever has one never asks which
 * side it is of.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Decoder, decoder, type Fields, object, oneOf, optional, required } from '../model/codec.ts';
import { emptyMemory, Memory, type MemoryDocument } from '../model/memory.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Side } from '../model/side.ts';
import { Snapshot, type SnapshotDocument } from '../model/snapshot.ts';

/** An input document of one side. */
export interface InputOf<Name extends string, Intent> {
  readonly side: Name;
  readonly snapshot: Snapshot;
  readonly intent: Intent;
  readonly memory: Memory;
}

/** An input document that knows what decides on it. */
export interface Decidable<Name extends string, Intent, View> extends InputOf<Name, Intent> {
  readonly decided: () => Outcome<View>;
}

/** An input document of one side, as JSON has it: fields with a default may be left out. */
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
      // The compiler cannot compare fields with a document that it does not know yet; each side's own type is known at its row.
    } as Fields<InputOf<Name, Intent>, InputDocumentOf<Name, Doc>>,
  );

/** Decodes the input documents of a side into what can be decided on. */
export const decidableOf = <Name extends string, Intent, View, Doc>(
  side: Side<Name, Intent, View, Doc>,
): Decoder<Decidable<Name, Intent, View>, InputDocumentOf<Name, Doc>> => {
  const input = inputOf(side);
  return decoder(
    input.name,
    input.schema,
    (u, context) =>
      E.map((read: InputOf<Name, Intent>): Decidable<Name, Intent, View> => ({
        ...read,
        decided: () => side.decide(read.snapshot, read.intent, read.memory),
      }))(input.validate(u, context)),
  );
};
