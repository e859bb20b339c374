/**
 * The contract's function: from an input of unknown shape to an outcome, or to what is wrong with the input.
 *
 * Only the caller's own mistakes are errors here. Whatever the other side published is data (contract.md, Input).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { taggedBy } from './model/codec.ts';
import { decodeWith, type InputError } from './model/input-error.ts';
import type { Outcome } from './model/outcome.ts';
import { provides } from './reactive/provides.ts';
import type { ProvidesView } from './reactive/provides/view.ts';
import { requires } from './reactive/requires.ts';
import type { RequiresView } from './reactive/requires/view.ts';
import { type InputOf, inputOf } from './side/input.ts';

/** An input document of the requirer, decoded. */
export type RequiresInput = InputOf<typeof requires.name, typeof requires.nothing>;

/** An input document of the provider, decoded. */
export type ProvidesInput = InputOf<typeof provides.name, typeof provides.nothing>;

/** An input document of the contract, decoded. */
export type Input = RequiresInput | ProvidesInput;

/** A side's name. */
export type SideName = Input['side'];

/** What a charm of a side may read. */
export type ViewOf<Name extends SideName> = Name extends typeof requires.name ? RequiresView : ProvidesView;

/** An input document with what it leads to. */
export type Decided =
  | RequiresInput & { readonly outcome: Outcome<RequiresView> }
  | ProvidesInput & { readonly outcome: Outcome<ProvidesView> };

/** Decodes an input document; once its side is known, all that is wrong with it is reported at once. */
export const decodeInput: (input: unknown) => E.Either<InputError, Input> = decodeWith(
  taggedBy<Input, 'side'>('side', {
    'reactive/requires': inputOf(requires),
    'reactive/provides': inputOf(provides),
  }),
);

/** Decides on a decoded input, and keeps the two together. */
export const decideOn = (input: Input): Decided => {
  switch (input.side) {
    case 'reactive/requires':
      return { ...input, outcome: requires.decide(input.snapshot, input.intent, input.memory) };
    case 'reactive/provides':
      return { ...input, outcome: provides.decide(input.snapshot, input.intent, input.memory) };
  }
};

/** Decides on a decoded input. */
export const decideInput: {
  (input: RequiresInput): Outcome<RequiresView>;
  (input: ProvidesInput): Outcome<ProvidesView>;
  (input: Input): Outcome<RequiresView> | Outcome<ProvidesView>;
  // The overloads say for each side what one signature cannot: the outcome is the side's own.
} = (input: Input) => decideOn(input).outcome as Outcome<RequiresView> & Outcome<ProvidesView>;

/** What can be decided on: a document whose side is known to the compiler, or anything at all. */
interface Decide {
  <Name extends SideName>(
    input: { readonly side: Name; readonly [field: string]: unknown },
  ): E.Either<InputError, Outcome<ViewOf<Name>>>;
  (input: unknown): E.Either<InputError, Outcome<RequiresView> | Outcome<ProvidesView>>;
}

/**
 * Decides what to write, which flags change, and what the charm can read. `Left` only for a malformed input: each issue names its
 * path, what was expected and the kind of what came, never its content.
 *
 * Source: contract.md.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates';
 * const result = decide({ side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations: [] } });
 * assert.deepEqual(result._tag === 'Right' ? result.right.writes : result.left.message, []);
 * ```
 */
export const decide: Decide = (input: unknown) =>
  // As above.
  pipe(decodeInput(input), E.map((decoded) => decideOn(decoded).outcome as Outcome<RequiresView & ProvidesView>));
