/**
 * effect's schemas, which its HttpApi and client want, made from ours.
 *
 * They look at how a document is built. Whether a text has the right form, or a number the right size, is the server's to say: its
 * decoders tell where a mistake is, and what was expected there.
 *
 * @module
 */
import * as Effect from 'effect/Schema';
import type { Decoder } from '../../core/model/codec.ts';
import type { Member, Schema, SchemaOf } from '../../core/model/schema.ts';

/** One of effect's schemas; what is sent is what is meant. */
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

/** What was made already: effect takes two codecs of one name for two schemas. */
const MADE = new WeakMap<Schema, Effect.Codec<unknown>>();

const codecOf = (schema: Schema): Effect.Codec<unknown> => {
  const before = MADE.get(schema);
  if (before !== undefined) return before;
  const body = bodyOf(schema);
  const made = schema.name === undefined ? body : body.annotate({ identifier: schema.name });
  MADE.set(schema, made);
  return made;
};

/** The schema of what is answered. */
export const answering = <T>(schema: SchemaOf<T>): Codec<T> =>
  // That it describes a `T` was checked where it was written.
  codecOf(schema) as Codec<T>;

/** The schema of what is sent: what its decoder takes. */
export const taking = <Doc>({ schema }: Decoder<unknown, Doc>): Codec<Doc> =>
  // As above: a decoder's schema is made together with it.
  codecOf(schema) as Codec<Doc>;
