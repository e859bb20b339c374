/**
 * The contract's function: from an input of unknown shape to an outcome, or to what is wrong with the input.
 *
 * Only the caller's own mistakes are errors here. Whatever the other side published is data (docs/documents.md, Input).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Decoder } from './model/codec.ts';
import { decodeWith, type InputError } from './model/input-error.ts';
import type { Outcome } from './model/outcome.ts';
import { REACTIVE_SIDES, type ReactiveName, type ReactiveSides } from './reactive/sides.ts';
import { decidedBy, type DecidedOf, inputOf } from './side/input.ts';
import { type DocumentIn, type InputIn, inputIn } from './side/table.ts';

/** The name of a side. */
export type SideName = ReactiveName;

/** What a charm on a side may read. */
export type ViewOf<Name extends SideName> = ReactiveSides[Name]['view'];

/** @internal */
type InputBy<Name extends SideName> = InputIn<ReactiveSides, Name>;

/** @internal */
type DecidedBy<Name extends SideName> = {
  readonly [N in Name]: DecidedOf<N, ReactiveSides[N]['intent'], ViewOf<N>>;
}[Name];

/** @internal */
type DocumentBy<Name extends SideName> = DocumentIn<ReactiveSides, Name>;

/** A decoded input document of the requirer. */
export type RequiresInput = InputBy<'reactive/requires'>;

/** A decoded input document of the provider. */
export type ProvidesInput = InputBy<'reactive/provides'>;

/** A decoded input document of the contract. */
export type Input = RequiresInput | ProvidesInput;

/** An input document and the outcome it leads to. */
export type Decided = DecidedBy<SideName>;

/** An input document of the requirer as JSON. */
export type RequiresDocument = DocumentBy<'reactive/requires'>;

/** An input document of the provider as JSON. */
export type ProvidesDocument = DocumentBy<'reactive/provides'>;

/** An input document of the contract as JSON. */
export type InputDocument = DocumentBy<SideName>;

/** Decodes an input document of any side. */
export const Input: Decoder<Input, InputDocument> = inputIn<Input, InputDocument>({
  'reactive/requires': inputOf(REACTIVE_SIDES['reactive/requires']),
  'reactive/provides': inputOf(REACTIVE_SIDES['reactive/provides']),
});

/**
 * Decodes an input document. Once its side is known, it reports everything that is wrong with the document at once.
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

/** Decides on a decoded input, by its side. */
const DECIDED: { readonly [N in SideName]: (input: InputBy<N>) => DecidedBy<N> } = {
  'reactive/requires': decidedBy(REACTIVE_SIDES['reactive/requires']),
  'reactive/provides': decidedBy(REACTIVE_SIDES['reactive/provides']),
};

/**
 * Decides on a decoded input, and keeps input and outcome together.
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
export const decideOn = <Name extends SideName>(input: InputBy<Name>): DecidedBy<Name> => DECIDED[input.side](input);

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
export const decideInput = <Name extends SideName>(input: InputBy<Name>): Outcome<ViewOf<Name>> =>
  REACTIVE_SIDES[input.side].decide(input.snapshot, input.intent, input.memory);

/**
 * The outcome for a document, with the view of its side if the compiler knows the side.
 *
 * @internal
 */
type OutcomeOf<Given> = unknown extends Given ? DecidedBy<SideName>['outcome']
  : Given extends { readonly side: infer Name extends SideName } ? Outcome<ViewOf<Name>>
  : DecidedBy<SideName>['outcome'];

/**
 * What can be decided on: a document whose fields the compiler does not know, as `JSON.parse` returns it, or one that it checks, so that a
 * misspelt field does not compile.
 *
 * @internal
 */
type Unchecked<Given> = unknown extends Given ? Given : string extends keyof Given ? Given : never;

/**
 * Decides what to write, which flags change, and what the charm can read. The result is `Left` only for a malformed input; each issue has a
 * path, what was expected and the kind of what was there, never its content.
 *
 * Source: docs/documents.md.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates';
 * const result = decide({ side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations: [] } });
 * assert.deepEqual(result._tag === 'Right' ? result.right.writes : result.left.message, []);
 * ```
 */
export function decide<Given>(input: Unchecked<Given>): E.Either<InputError, OutcomeOf<Given>>;
/** For a document whose side the compiler knows. */
export function decide<Name extends SideName>(
  input: InputDocument & { readonly side: Name },
): E.Either<InputError, Outcome<ViewOf<Name>>>;
/** As above: the overloads say for each side what a single signature cannot. */
export function decide(input: unknown): E.Either<InputError, Outcome<ViewOf<SideName>>> {
  return pipe(decodeInput(input), E.map((decoded) => decideInput(decoded)));
}
