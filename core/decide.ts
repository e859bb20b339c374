/**
 * The contract's function: from an input of unknown shape to an outcome, or to what is wrong with the input.
 *
 * Only the caller's own mistakes are errors here. Whatever the other side published is data (contract.md, Input).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { object, oneOf, optional, required } from './model/codec.ts';
import { decodeWith, type InputError } from './model/input-error.ts';
import { emptyMemory, Memory } from './model/memory.ts';
import type { Outcome } from './model/outcome.ts';
import { Snapshot } from './model/snapshot.ts';
import type { RequiresIntent } from './reactive/requires/intent.ts';
import { requires } from './reactive/requires.ts';
import type { RequiresView } from './reactive/requires/view.ts';

/** An input document of the contract, decoded. */
export interface Input {
  readonly side: 'reactive/requires';
  readonly snapshot: Snapshot;
  readonly intent: RequiresIntent;
  readonly memory: Memory;
}

/** Decodes an input document; all that is wrong with it is reported at once. */
export const decodeInput: (input: unknown) => E.Either<InputError, Input> = decodeWith(
  object<Input>('open', {
    side: required(oneOf(requires.name)),
    snapshot: required(Snapshot),
    intent: optional(requires.intent, requires.nothing),
    memory: optional(Memory, emptyMemory),
  }),
);

/** Decides on a decoded input. */
export const decideInput = ({ snapshot, intent, memory }: Input): Outcome<RequiresView> =>
  requires.decide(snapshot, intent, memory);

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
export const decide = (input: unknown): E.Either<InputError, Outcome<RequiresView>> =>
  pipe(decodeInput(input), E.map(decideInput));
