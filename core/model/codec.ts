/**
 * The few io-ts decoders that all unknown input passes through. They differ from io-ts's own in three ways: their names are what people
 * read after "expected", only own fields count (a field called `__proto__` is ordinary data), and an error's context is the plain path to
 * the value. Each decoder carries its schema, from which JSON Schema is generated.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { at, type Decoder, decoder, isObject, MAX_ERRORS, unknownField } from './decoder.ts';
import type { AsJson, Range, Schema } from './schema.ts';
import { failure, failures, success } from './validation.ts';

export { checked, type Complaint, ruled } from './checks.ts';
export { type Decoder, decoder, type DocumentOf, isObject, named } from './decoder.ts';
export {
  type DefaultField,
  type Fields,
  object,
  omittable,
  type OmittableField,
  optional,
  required,
  type RequiredField,
} from './fields.ts';

/** A decoder that only checks, and returns the value unchanged. */
const guard = <A>(name: string, schema: Schema, is: (u: unknown) => u is A): Decoder<A> =>
  decoder(name, schema, (u, c) => (is(u) ? success(u) : failure(u, c)));

/** Decodes every entry and passes it to `put`; collects all errors, up to the limit. */
const eachEntry = <A>(
  inner: Decoder<A, never>,
  entries: Iterable<readonly [string | number, unknown]>,
  context: t.Context,
  put: (key: string, value: A) => void,
): t.Errors => {
  const errors: t.Errors = [];
  for (const [key, value] of entries) {
    const e = at(inner, String(key), value, context);
    if (E.isRight(e)) put(String(key), e.right);
    else errors.push(...e.left);
    if (errors.length >= MAX_ERRORS) break;
  }
  return errors;
};

/** A map without a prototype, so that a lookup finds only what was put in. */
export const emptyMap = <V>(): Record<string, V> =>
  // `Object.create` cannot express the type of the map's values.
  Object.create(null) as Record<string, V>;

/** Text; `S` is the branded string that it becomes. */
export const text = <S extends string = string>(name = 'a string'): Decoder<S> =>
  guard(name, { kind: 'text' }, (u): u is S => typeof u === 'string');

/** Text of a given form. The expression has the flag `u` and no other, so that it means the same in a schema. */
export const textLike = <S extends string = string>(name: string, form: RegExp): Decoder<S> =>
  guard(name, { kind: 'text', pattern: form.source }, (u): u is S => typeof u === 'string' && form.test(u));

/** Text that must pass a test that no expression can express; `form` describes as much of it as possible. */
export const textWhere = <S extends string>(name: string, holds: (s: string) => boolean, form?: RegExp): Decoder<S> =>
  guard(
    name,
    { kind: 'text', stricter: `expected ${name}`, ...(form === undefined ? {} : { pattern: form.source }) },
    (u): u is S => typeof u === 'string' && holds(u),
  );

/** A number within a range. */
export const numberIn = (name: string, range: Range): Decoder<number> => {
  const { above = -Infinity, from = -Infinity, below = Infinity, upTo = Infinity, whole = false } = range;
  return guard(
    name,
    { kind: 'number', range },
    (u): u is number =>
      typeof u === 'number' && u > above && u >= from && u < below && u <= upTo && (!whole || Number.isInteger(u)),
  );
};

/** `true` or `false`. */
export const trueOrFalse: Decoder<boolean> = guard(
  'true or false',
  { kind: 'boolean' },
  (u): u is boolean => typeof u === 'boolean',
);

/** One of a few words. */
export const oneOf = <const W extends string>(...words: ReadonlyArray<W>): Decoder<W> =>
  guard(
    words.map((word) => JSON.stringify(word)).join(' or '),
    { kind: 'words', words },
    (u): u is W => words.some((word) => word === u),
  );

/** A list, decoded element by element. */
export const listOf = <A, Doc>(element: Decoder<A, Doc>): Decoder<ReadonlyArray<A>, ReadonlyArray<Doc>> =>
  decoder('a list', { kind: 'list', element: element.schema }, (u, c) => {
    if (!Array.isArray(u)) return failure(u, c);
    const out: Array<A> = [];
    const errors = eachEntry(element, u.entries(), c, (_key, a) => out.push(a));
    return errors.length > 0 ? failures(errors) : success(out);
  });

/**
 * A map from arbitrary names to values. The result is a copy without a prototype, read once: looking up `constructor` finds nothing, and
 * `__proto__` is an ordinary key.
 */
export const mapOf = <A, Doc>(
  value: Decoder<A, Doc>,
): Decoder<Readonly<Record<string, A>>, Readonly<Record<string, Doc>>> =>
  decoder('an object', { kind: 'map', value: value.schema }, (u, c) => {
    if (!isObject(u)) return failure(u, c);
    const out = emptyMap<A>();
    const errors = eachEntry(value, Object.entries(u), c, (key, a) => void (out[key] = a));
    return errors.length > 0 ? failures(errors) : success(out);
  });

/** An object in which one field decides what the others are. */
export const taggedBy = <A, Tag extends keyof A & string, Doc extends { readonly [K in Tag]?: unknown } = AsJson<A>>(
  tag: Tag,
  members: {
    readonly [W in A[Tag] & string]: Decoder<
      Extract<A, Readonly<Record<Tag, W>>>,
      Extract<Doc, { readonly [K in Tag]?: W | null }>
    >;
  },
): Decoder<A, Doc> => {
  const byWord = new Map(Object.entries<Decoder<A, never>>(members));
  const word = oneOf(...byWord.keys());
  const among = [...byWord.values()].map(({ schema }) => schema);
  return decoder('an object', { kind: 'choice', among }, (u, c) => {
    if (!isObject(u)) return failure(u, c);
    const e = at(word, tag, Object.hasOwn(u, tag) ? u[tag] : undefined, c);
    if (E.isLeft(e)) return e;
    return (byWord.get(e.right) ?? unknownField).validate(u, c);
  });
};
