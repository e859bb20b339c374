/**
 * What a decoder is: an io-ts decoder with its schema beside it.
 *
 * @module
 */
import * as t from 'io-ts';
import type { AsJson, Schema } from './schema.ts';

/**
 * Decodes what came from anywhere; its name completes the sentence "expected …". `Doc` is what it takes, as far as the compiler can tell:
 * documents of that type may be refused for what they hold, and never for how they are built.
 *
 * @internal
 */
export interface Decoder<A, Doc = AsJson<A>> extends t.Decoder<unknown, A> {
  /** What it accepts, as data. */
  readonly schema: Schema;
  /** Known to the compiler alone. */
  readonly takes?: (document: Doc) => void;
}

/** What a decoder takes, as a type. */
export type DocumentOf<D> = D extends Decoder<infer _A, infer Doc> ? Doc : never;

/** A decoder by its name, what it accepts, and what it does with a value at a place. */
export const decoder = <A, Doc = AsJson<A>>(
  name: string,
  schema: Schema,
  validate: t.Validate<unknown, A>,
): Decoder<A, Doc> => {
  const self: Decoder<A, Doc> = {
    name,
    schema,
    validate,
    decode: (u) => validate(u, [{ key: '', type: self, actual: u }]),
  };
  return self;
};

/** The same decoder, whose schema has a name and a sentence for people. */
export const named = <A, Doc>(name: string, doc: string, inner: Decoder<A, Doc>): Decoder<A, Doc> => ({
  ...inner,
  schema: { ...inner.schema, name, doc },
});

/** Errors collected per list or object, one more than are told: a million wrong values are described well enough by the first. */
export const MAX_ERRORS = 33;

/** Decodes one element or field, with its place added to the path. */
export const at = <A>(inner: Decoder<A, never>, key: string, value: unknown, context: t.Context): t.Validation<A> =>
  inner.validate(value, t.appendContext(context, key, inner, value));

/** Stands for a field that no decoder knows; it only ever appears in an error's path. */
export const unknownField: Decoder<never, never> = decoder(
  'nothing',
  { kind: 'choice', among: [] },
  (u, c) => t.failure(u, c),
);

/** An object that is neither null nor a list. */
export const isObject = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u);
