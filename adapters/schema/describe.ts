/**
 * The vocabulary for schemas of types that are only sent. They have no decoder, so the compiler checks them against their types: a schema
 * that says more, less or something else than its type does not compile.
 *
 * @module
 */
import type { Member, Schema, SchemaOf } from '../../core/model/schema.ts';

/** Text; `S` is the branded string that it stands for. */
export const text = <S extends string = string>(): SchemaOf<S> => ({ kind: 'text' });

/** Any value. */
export const anything: SchemaOf<unknown> = { kind: 'anything' };

/** Any number. */
export const number: SchemaOf<number> = { kind: 'number', range: {} };

/** `true` or `false`. */
export const yesOrNo: SchemaOf<boolean> = { kind: 'boolean' };

/** One of these words. */
export const words = <const W extends string | number>(...among: ReadonlyArray<W>): SchemaOf<W> => ({
  kind: 'words',
  words: among,
});

/** A list. */
export const list = <T>(element: SchemaOf<T>): SchemaOf<ReadonlyArray<T>> => ({ kind: 'list', element });

/** A map from names of any kind. */
export const map = <T>(value: SchemaOf<T>): SchemaOf<Readonly<Record<string, T>>> => ({ kind: 'map', value });

/** A value or null. */
export const orNull = <T>(schema: SchemaOf<T>): SchemaOf<T | null> => ({
  kind: 'choice',
  among: [schema, { kind: 'words', words: [null] }],
});

/** One of two. */
export const either = <A, B>(a: SchemaOf<A>, b: SchemaOf<B>): SchemaOf<A | B> => ({ kind: 'choice', among: [a, b] });

/** One of several. */
export const oneAmong = <T>(
  ...among: ReadonlyArray<T extends unknown ? SchemaOf<T> : never>
): SchemaOf<T> => ({ kind: 'choice', among });

/** One of several objects, distinguished by the word in one field. */
export const taggedBy = <T, Tag extends keyof T & string>(
  _tag: Tag,
  members: {
    readonly [W in T[Tag] & string]: SchemaOf<Extract<T, Readonly<Record<Tag, W>>>>;
  },
): SchemaOf<T> => ({ kind: 'choice', among: [...new Set(Object.values<Schema>(members))] });

/** A field that may be absent, but is never null. */
export interface Maybe<T> {
  readonly maybe: SchemaOf<T>;
}

/** A field that may be absent. */
export const maybe = <T>(schema: SchemaOf<T>): Maybe<T> => ({ maybe: schema });

/** The schemas of all fields of a type. */
export type FieldsOf<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K> ? Maybe<Exclude<T[K], undefined>>
    : SchemaOf<T[K]>;
};

/** An object with these fields and no others. */
export const record = <T>(fields: FieldsOf<T>): SchemaOf<T> => ({
  kind: 'object',
  closed: true,
  members: Object.fromEntries(
    // The type of a field's value no longer matters.
    Object.entries(fields as Readonly<Record<string, Schema | { readonly maybe: Schema }>>).map((
      [name, field],
    ): [string, Member] => [
      name,
      'maybe' in field ? { schema: field.maybe, presence: 'omittable' } : { schema: field, presence: 'required' },
    ]),
  ),
});

/** The same schema, with its name in lists and a sentence for people. */
export const named = <T>(name: string, doc: string, schema: SchemaOf<T>): SchemaOf<T> => ({ ...schema, name, doc });
