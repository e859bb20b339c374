/**
 * The contract's function: from an input of unknown shape to an outcome, or to what is wrong with the input.
 *
 * Only the caller's own mistakes are errors here. Whatever the other side published is data (contract.md, Input).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { type Decoder, named, taggedBy } from './model/codec.ts';
import { decodeWith, type InputError } from './model/input-error.ts';
import type { Outcome } from './model/outcome.ts';
import type { ProvidesIntentDocument } from './reactive/provides/intent.ts';
import { provides } from './reactive/provides.ts';
import type { ProvidesView } from './reactive/provides/view.ts';
import type { RequiresIntentDocument } from './reactive/requires/intent.ts';
import { requires } from './reactive/requires.ts';
import type { RequiresView } from './reactive/requires/view.ts';
import { type InputDocumentOf, type InputOf, inputOf } from './side/input.ts';

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

/** An input document of the requirer, as JSON has it. */
export type RequiresDocument = InputDocumentOf<typeof requires.name, RequiresIntentDocument>;

/** An input document of the provider, as JSON has it. */
export type ProvidesDocument = InputDocumentOf<typeof provides.name, ProvidesIntentDocument>;

/** An input document of the contract, as JSON has it. */
export type InputDocument = RequiresDocument | ProvidesDocument;

/** Decodes an input document of any side. */
export const Input: Decoder<Input, InputDocument> = named(
  'InputDocument',
  'What a side decides on: a snapshot, what the charm wants, and what was kept.',
  taggedBy<Input, 'side', InputDocument>('side', {
    'reactive/requires': inputOf(requires),
    'reactive/provides': inputOf(provides),
  }),
);

/**
 * Decodes an input document; once its side is known, all that is wrong with it is reported at once.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput } from 'interface-tls-certificates';
 * const result = decodeInput({ side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 7, relations: [] } });
 * assert.ok(result._tag === 'Left' && result.left.message.includes('snapshot.endpoint'));
 * ```
 */
export const decodeInput: (input: unknown) => E.Either<InputError, Input> = decodeWith(Input);

/**
 * Decides on a decoded input, and keeps the two together.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput } from 'interface-tls-certificates';
 * import { decideOn } from 'interface-tls-certificates/host';
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [] };
 * const input = decodeInput({ side: 'reactive/requires', snapshot });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * const { side, outcome } = decideOn(input.right);
 * assert.deepEqual([side, outcome.writes], ['reactive/requires', []]);
 * ```
 */
export const decideOn = (input: Input): Decided => {
  switch (input.side) {
    case 'reactive/requires':
      return { ...input, outcome: requires.decide(input.snapshot, input.intent, input.memory) };
    case 'reactive/provides':
      return { ...input, outcome: provides.decide(input.snapshot, input.intent, input.memory) };
  }
};

/**
 * Decides on a decoded input.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decideInput, decodeInput } from 'interface-tls-certificates';
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [] };
 * const input = decodeInput({ side: 'reactive/requires', snapshot });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * assert.deepEqual(decideInput(input.right).writes, []);
 * ```
 */
export const decideInput: {
  (input: RequiresInput): Outcome<RequiresView>;
  (input: ProvidesInput): Outcome<ProvidesView>;
  (input: Input): Outcome<RequiresView> | Outcome<ProvidesView>;
  // The overloads say for each side what one signature cannot: the outcome is the side's own.
} = (input: Input) => decideOn(input).outcome as Outcome<RequiresView> & Outcome<ProvidesView>;

/** The outcome for a document, with the view of its side where the compiler knows it. */
type OutcomeOf<Given> = unknown extends Given ? Outcome<RequiresView> | Outcome<ProvidesView>
  : Given extends { readonly side: infer Name extends SideName } ? Outcome<ViewOf<Name>>
  : Outcome<RequiresView> | Outcome<ProvidesView>;

/**
 * What can be decided on: a document of whose fields the compiler knows nothing, as `JSON.parse` has it, or one that it checks: there, a
 * misspelt field does not compile.
 */
interface Decide {
  <Given>(
    input: unknown extends Given ? Given : string extends keyof Given ? Given : never,
  ): E.Either<InputError, OutcomeOf<Given>>;
  <Name extends SideName>(input: InputDocument & { readonly side: Name }): E.Either<InputError, Outcome<ViewOf<Name>>>;
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
