/**
 * The schemas of effect that its HttpApi and client need, made from ours.
 *
 * They check the structure of a document. Whether a text has the right form, or a number the right size, is for the server to decide: its
 * decoders report where a mistake is, and what was expected there.
 *
 * @module
 */
import * as Effect from 'effect/Schema';
import type { Decoder } from '../../core/model/codec.ts';
import type { Member, Schema, SchemaOf } from '../../core/model/schema.ts';

/** One of effect's schemas; the encoded and the decoded form are the same. */
export type Codec<T> = Effect.Codec<T, T>;

const memberOf = ({ schema, presence }: Member) => {
  const there = codecOf(schema);
  if (presence === 'required') return there;
  return Effect.optionalKey(presence === 'nullable' ? Effect.NullOr(there) : there);
};

const bodyOf = (schema: Schema): Effect.Codec<unknown> => {
  switch (schema.kind) {
    case 'anything':
      return Effect.Unknown;
    case 'text':
      return Effect.String;
    case 'number':
      return Effect.Number;
    case 'boolean':
      return Effect.Boolean;
    case 'words': {
      const words = schema.words.filter((word) => word !== null);
      return words.length < schema.words.length ? Effect.NullOr(Effect.Literals(words)) : Effect.Literals(words);
    }
    case 'list':
      return Effect.Array(codecOf(schema.element));
    case 'map':
      return Effect.Record(Effect.String, codecOf(schema.value));
    case 'object':
      return Effect.Struct(
        Object.fromEntries(Object.entries(schema.members).map(([name, member]) => [name, memberOf(member)])),
      );
    case 'choice':
      return Effect.Union(schema.among.map(codecOf));
  }
};

/** What was already made: effect treats two codecs with one name as two schemas. */
const MADE = new WeakMap<Schema, Effect.Codec<unknown>>();

const codecOf = (schema: Schema): Effect.Codec<unknown> => {
  const before = MADE.get(schema);
  if (before !== undefined) return before;
  const body = bodyOf(schema);
  const made = schema.name === undefined ? body : body.annotate({ identifier: schema.name });
  MADE.set(schema, made);
  return made;
};

/** The schema of an answer. */
export const answering = <T>(schema: SchemaOf<T>): Codec<T> =>
  // That it describes a `T` was checked where it was written.
  codecOf(schema) as Codec<T>;

/** The schema of a request body: what its decoder takes. */
export const taking = <Doc>({ schema }: Decoder<unknown, Doc>): Codec<Doc> =>
  // As above: a decoder's schema is made together with it.
  codecOf(schema) as Codec<Doc>;
