/**
 * A decoder: an io-ts decoder together with its schema.
 *
 * @module
 */
import type * as t from 'io-ts';
import type { AsJson, Schema } from './schema.ts';
import { appendContext, failure } from './validation.ts';

/**
 * Decodes a value from any source; its name completes the sentence "expected …". `Doc` is what it takes, as far as the compiler can tell: a
 * document of that type may be refused for its values, but never for its structure.
 *
 * @internal
 */
export interface Decoder<A, Doc = AsJson<A>> extends t.Decoder<unknown, A> {
  /** What it accepts, as data. */
  readonly schema: Schema;
  /** Exists for the compiler only. */
  readonly takes?: (document: Doc) => void;
}

/** The type that a decoder takes. */
export type DocumentOf<D> = D extends Decoder<infer _A, infer Doc> ? Doc : never;

/** Makes a decoder from its name, what it accepts, and how it decodes a value at a path. */
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

/** The same decoder, with a named and described schema. */
export const named = <A, Doc>(name: string, doc: string, inner: Decoder<A, Doc>): Decoder<A, Doc> => ({
  ...inner,
  schema: { ...inner.schema, name, doc },
});

/** Errors collected per list or object: one more than are reported, since the first few describe a million wrong values well enough. */
export const MAX_ERRORS = 33;

/** Decodes one element or field, and adds its place to the path. */
export const at = <A>(inner: Decoder<A, never>, key: string, value: unknown, context: t.Context): t.Validation<A> =>
  inner.validate(value, appendContext(context, key, inner, value));

/** Stands for a field that no decoder knows; it only ever appears in the path of an error. */
export const unknownField: Decoder<never, never> = decoder(
  'nothing',
  { kind: 'choice', among: [] },
  (u, c) => failure(u, c),
);

/** An object that is neither null nor a list. */
export const isObject = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u);
