/**
 * The few io-ts decoders that everything unknown passes through. They differ from io-ts's own in three ways: their names are
 * what a person reads after "expected", only own fields count (a field called `__proto__` is data like any other), and the
 * context they leave behind is the plain path to the value. Beside each decoder stands its schema, from which JSON Schema is made.
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

/** A decoder that only looks, and passes the value on as it is. */
const guard = <A>(name: string, schema: Schema, is: (u: unknown) => u is A): Decoder<A> =>
  decoder(name, schema, (u, c) => (is(u) ? success(u) : failure(u, c)));

/** Decodes every entry and hands it to `put`; all errors are collected, up to the limit. */
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

/** A map without prototype, so that no key finds anything but what was put in. */
export const emptyMap = <V>(): Record<string, V> =>
  // `Object.create` cannot say what the map will hold.
  Object.create(null) as Record<string, V>;

/** Text; `S` is the branded string it stands for. */
export const text = <S extends string = string>(name = 'a string'): Decoder<S> =>
  guard(name, { kind: 'text' }, (u): u is S => typeof u === 'string');

/** Text of a form; the expression has the flag `u` and no other, so that it means the same in a schema. */
export const textLike = <S extends string = string>(name: string, form: RegExp): Decoder<S> =>
  guard(name, { kind: 'text', pattern: form.source }, (u): u is S => typeof u === 'string' && form.test(u));

/** Text that has to pass a test which no expression can tell; `form` tells what it can. */
export const textWhere = <S extends string>(name: string, holds: (s: string) => boolean, form?: RegExp): Decoder<S> =>
  guard(
    name,
    { kind: 'text', stricter: `expected ${name}`, ...(form === undefined ? {} : { pattern: form.source }) },
    (u): u is S => typeof u === 'string' && holds(u),
  );

/** A number in a range. */
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

/** A list whose elements all decode. */
export const listOf = <A, Doc>(element: Decoder<A, Doc>): Decoder<ReadonlyArray<A>, ReadonlyArray<Doc>> =>
  decoder('a list', { kind: 'list', element: element.schema }, (u, c) => {
    if (!Array.isArray(u)) return failure(u, c);
    const out: Array<A> = [];
    const errors = eachEntry(element, u.entries(), c, (_key, a) => out.push(a));
    return errors.length > 0 ? failures(errors) : success(out);
  });

/**
 * A map from arbitrary names to values. The result is a copy without prototype, read once, so that looking up `constructor`
 * finds nothing and `__proto__` is a key like any other.
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

/** An object whose other fields depend on the word in one of them. */
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
