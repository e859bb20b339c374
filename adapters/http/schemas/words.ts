/**
 * The words in which the schemas of the API are written: effect's, by short names, and two of our own.
 *
 * The schemas are what OpenAPI shows and what the client decodes. Their types are those of the core, so that a schema which says anything
 * else does not compile; requests are decoded by the core's own codecs, which tell people more. Source: contract.md.
 *
 * @module
 */
import * as Schema from 'effect/Schema';

/** Text that stands for a branded string: a brand is known to the compiler alone. */
export const named = <S extends string>(): Schema.Codec<S, string> =>
  Schema.String as unknown as Schema.Codec<S, string>;

/** A schema with the name under which OpenAPI lists it, and a sentence. */
export const listed = <T, E>(identifier: string, description: string, schema: Schema.Codec<T, E>): Schema.Codec<T, E> =>
  schema.annotate({ identifier, description });

export {
  Array as list,
  Boolean as yesOrNo,
  type Codec,
  Literal as word,
  Literals as words,
  NullOr as orNull,
  Number as number,
  optionalKey as maybe,
  Record as map,
  String as text,
  Struct as object,
  Union as oneOf,
} from 'effect/Schema';
