/**
 * The contract's function for the reactive and the CSR sides: a table of sides, typed by the row.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { type Decoder, taggedBy } from '../model/codec.ts';
import { decodeWith, type InputError } from '../model/input-error.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Side } from '../model/side.ts';
import { provides } from '../reactive/provides.ts';
import { requires } from '../reactive/requires.ts';
import { type Decidable, decidableOf } from '../side/input.ts';
import { csrProvides } from './provides.ts';
import { csrRequires } from './requires.ts';

/** The sides, each under its name. */
interface Sides {
  readonly 'reactive/requires': typeof requires;
  readonly 'reactive/provides': typeof provides;
  readonly 'csr/requires': typeof csrRequires;
  readonly 'csr/provides': typeof csrProvides;
}

/** The sides by name. */
export const SIDES: Sides = {
  'reactive/requires': requires,
  'reactive/provides': provides,
  'csr/requires': csrRequires,
  'csr/provides': csrProvides,
};

/** A side's name. */
export type SideName = keyof Sides;

type IntentOf<Name extends SideName> = Sides[Name] extends Side<string, infer Intent, infer _> ? Intent : never;

/** What a charm of a side may read. */
export type ViewOf<Name extends SideName> = Sides[Name] extends Side<string, infer _, infer View> ? View : never;

/** An input document of a side, decoded. */
export type InputOf<Name extends SideName> = Decidable<Name, IntentOf<Name>, ViewOf<Name>>;

/** An input document, decoded; its `decided` decides on it. */
export type Input = { readonly [Name in SideName]: InputOf<Name> }[SideName];

const INPUTS: { readonly [Name in SideName]: Decoder<InputOf<Name>> } = {
  'reactive/requires': decidableOf(SIDES['reactive/requires']),
  'reactive/provides': decidableOf(SIDES['reactive/provides']),
  'csr/requires': decidableOf(SIDES['csr/requires']),
  'csr/provides': decidableOf(SIDES['csr/provides']),
};

/**
 * Decodes an input document; once its side is known, all that is wrong with it is reported at once.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput } from 'interface-tls-certificates/csr';
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [] };
 * const result = decodeInput({ side: 'csr/requires', snapshot });
 * assert.equal(result._tag === 'Right' && result.right.side, 'csr/requires');
 * ```
 */
export const decodeInput: (input: unknown) => E.Either<InputError, Input> = decodeWith(
  taggedBy<Input, 'side'>('side', INPUTS),
);

/** What can be decided on: a document whose side is known to the compiler, or anything at all. */
interface Decide {
  <Name extends SideName>(
    input: { readonly side: Name; readonly [field: string]: unknown },
  ): E.Either<InputError, Outcome<ViewOf<Name>>>;
  (input: unknown): E.Either<InputError, Outcome<ViewOf<SideName>>>;
}

/**
 * Decides what to write, which flags change, and what the charm can read, for the reactive and the CSR sides. `Left` only for a malformed
 * input: each issue names its path, what was expected and the kind of what came, never its content.
 *
 * Source: docs/csr-protocol.md.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates/csr';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'ca/0': {} } };
 * const result = decide({
 *   side: 'csr/requires',
 *   snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] },
 *   intent: { requests: [{ certType: 'server', commonName: 'web.example' }] },
 * });
 * const [request] = result._tag === 'Right' ? result.right.view.requests : [];
 * assert.deepEqual([request?.state, request?.why], ['missing', 'new']);
 * ```
 */
export const decide: Decide = (input: unknown) =>
  // The overloads say for each side what one signature cannot: the outcome is the side's own.
  pipe(decodeInput(input), E.map((read) => read.decided() as Outcome<never>));
