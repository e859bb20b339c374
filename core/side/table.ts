/**
 * Tables of sides: the row of each side under its name, and everything that follows from a table alone, whichever sides it has.
 *
 * A front door decides for the sides of one table. The types of its documents and outcomes and the decoder of its documents all derive from
 * that table, so adding a side means adding a row and nothing else.
 *
 * @module
 */
import { type Decoder, named, taggedBy } from '../model/codec.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Decidable, InputDocumentOf, InputOf } from './input.ts';
import type { Row } from './row.ts';

/** The types that make up a side. */
interface Parts {
  readonly intent: unknown;
  readonly view: unknown;
  readonly document: unknown;
}

/** The types of each side of a table, by its name. */
export type SidesBy<S> = { readonly [N in keyof S]: Parts };

/** The name of a side of a table. */
export type NameIn<S extends SidesBy<S>> = keyof S & string;

/**
 * A table of sides: the row of each under its name.
 *
 * @internal
 */
export type Rows<S extends SidesBy<S>> = {
  readonly [N in NameIn<S>]: Row<N, S[N]['intent'], S[N]['view'], S[N]['document']>;
};

/** A decoded input document of a side. */
export type InputIn<S extends SidesBy<S>, Name extends NameIn<S> = NameIn<S>> = {
  readonly [N in Name]: InputOf<N, S[N]['intent']>;
}[Name];

/**
 * The same, able to decide on itself.
 *
 * @internal
 */
export type DecidableIn<S extends SidesBy<S>, Name extends NameIn<S> = NameIn<S>> = {
  readonly [N in Name]: Decidable<N, S[N]['intent'], S[N]['view']>;
}[Name];

/**
 * An input document of a side as JSON.
 *
 * @internal
 */
export type DocumentIn<S extends SidesBy<S>, Name extends NameIn<S> = NameIn<S>> = {
  readonly [N in Name]: InputDocumentOf<N, S[N]['document']>;
}[Name];

/** A decision of any side. */
export type OutcomeIn<S extends SidesBy<S>> = { readonly [N in NameIn<S>]: Outcome<S[N]['view']> }[NameIn<S>];

/** Decodes an input document of any side, with the decoders of each. */
export const inputIn = <A extends { readonly side: string }, Doc extends { readonly side?: unknown }>(
  bySide: Parameters<typeof taggedBy<A, 'side', Doc>>[1],
): Decoder<A, Doc> =>
  named(
    'InputDocument',
    'What a side decides on: a snapshot, what the charm wants, and what was kept.',
    taggedBy<A, 'side', Doc>('side', bySide),
  );
