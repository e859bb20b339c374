/**
 * The contract's function for the reactive and the CSR sides: a table of sides, typed row by row.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Decoder } from '../model/codec.ts';
import { decodeWith, type InputError } from '../model/input-error.ts';
import type { Outcome } from '../model/outcome.ts';
import { REACTIVE_SIDES, type ReactiveSides } from '../reactive/sides.ts';
import { decidableOf } from '../side/input.ts';
import { type DecidableIn, type DocumentIn, inputIn, type OutcomeIn, type Rows } from '../side/table.ts';
import type { CsrProvidesIntent, CsrProvidesIntentDocument } from './provides/intent.ts';
import type { CsrProvidesView } from './provides/view.ts';
import { csrProvides } from './provides.ts';
import type { CsrRequiresIntent, CsrRequiresIntentDocument } from './requires/intent.ts';
import type { CsrRequiresView } from './requires/view.ts';
import { csrRequires } from './requires.ts';

/**
 * The types of each side, by its name.
 *
 * @internal
 */
export interface Sides extends ReactiveSides {
  readonly 'csr/requires': {
    readonly intent: CsrRequiresIntent;
    readonly view: CsrRequiresView;
    readonly document: CsrRequiresIntentDocument;
  };
  readonly 'csr/provides': {
    readonly intent: CsrProvidesIntent;
    readonly view: CsrProvidesView;
    readonly document: CsrProvidesIntentDocument;
  };
}

/** The name of a side. */
export type SideName = keyof Sides;

/** The sides by name. */
export const SIDES: Rows<Sides> = { ...REACTIVE_SIDES, 'csr/requires': csrRequires, 'csr/provides': csrProvides };

/** What a charm on a side may read. */
export type ViewOf<Name extends SideName> = Sides[Name]['view'];

/** A decision of any side. */
export type AnyOutcome = OutcomeIn<Sides>;

/** A decoded input document of a side. */
export type InputOf<Name extends SideName> = DecidableIn<Sides, Name>;

/** An input document of a side as JSON. */
export type DocumentOf<Name extends SideName> = DocumentIn<Sides, Name>;

/** A decoded input document; its `decided` decides on it. */
export type Input = InputOf<SideName>;

/** An input document as JSON. */
export type InputDocument = DocumentOf<SideName>;

/** Decodes an input document of any side. */
export const Input: Decoder<Input, InputDocument> = inputIn<Input, InputDocument>({
  'reactive/requires': decidableOf(SIDES['reactive/requires']),
  'reactive/provides': decidableOf(SIDES['reactive/provides']),
  'csr/requires': decidableOf(SIDES['csr/requires']),
  'csr/provides': decidableOf(SIDES['csr/provides']),
});

/**
 * Decodes an input document. Once its side is known, it reports everything that is wrong with the document at once.
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
export const decodeInput: (input: unknown) => E.Either<InputError, Input> = decodeWith(Input);

/**
 * Decides what to write, which flags change, and what the charm can read, for the reactive and the CSR sides. The result is `Left` only for
 * a malformed input; each issue has a path, what was expected and the kind of what was there, never its content.
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
export function decide<Name extends SideName>(
  input: { readonly side: Name; readonly [field: string]: unknown },
): E.Either<InputError, Outcome<ViewOf<Name>>>;
/** For a document of unknown type. */
export function decide(input: unknown): E.Either<InputError, Outcome<ViewOf<SideName>>>;
/** As above: the overloads say for each side what a single signature cannot. */
export function decide(input: unknown): E.Either<InputError, Outcome<ViewOf<SideName>>> {
  return pipe(decodeInput(input), E.map((read) => read.decided()));
}
