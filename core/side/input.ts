/**
 * Input documents of the contract, by side: each decodes into something that can be decided on, so that whoever has one never asks which
 * side it is of.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Decoder, decoder, object, oneOf, optional, required } from '../model/codec.ts';
import { emptyMemory, Memory } from '../model/memory.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Side } from '../model/side.ts';
import { Snapshot } from '../model/snapshot.ts';

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

/** Decodes the input documents of a side. */
export const inputOf = <Name extends string, Intent, View>(
  { name, intent, nothing }: Side<Name, Intent, View>,
): Decoder<InputOf<Name, Intent>> =>
  object<InputOf<Name, Intent>>('open', {
    side: required(oneOf(name)),
    snapshot: required(Snapshot),
    intent: optional(intent, nothing),
    memory: optional(Memory, emptyMemory),
  });

/** Decodes the input documents of a side into what can be decided on. */
export const decidableOf = <Name extends string, Intent, View>(
  side: Side<Name, Intent, View>,
): Decoder<Decidable<Name, Intent, View>> => {
  const input = inputOf(side);
  return decoder(input.name, (u, context) =>
    E.map((read: InputOf<Name, Intent>): Decidable<Name, Intent, View> => ({
      ...read,
      decided: () => side.decide(read.snapshot, read.intent, read.memory),
    }))(input.validate(u, context)));
};
