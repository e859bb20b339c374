/**
 * The few io-ts decoders that everything unknown passes through. They differ from io-ts's own in three ways: their names are
 * what a person reads after "expected", only own fields count (a field called `__proto__` is data like any other), and the
 * context they leave behind is the plain path to the value.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

/** Decodes what came from anywhere; its name completes the sentence "expected …". */
export type Decoder<A> = t.Decoder<unknown, A>;

/** Errors collected per list or object, one more than are told: a million wrong values are described well enough by the first. */
const MAX_ERRORS = 33;

/** A decoder by its name and what it does with a value at a place. */
export const decoder = <A>(name: string, validate: t.Validate<unknown, A>): Decoder<A> => {
  const self: Decoder<A> = {
    name,
    validate,
    decode: (u) => validate(u, [{ key: '', type: self, actual: u }]),
  };
  return self;
};

/** A decoder that only looks, and passes the value on as it is. */
const guard = <A>(name: string, is: (u: unknown) => u is A): Decoder<A> =>
  decoder(name, (u, c) => (is(u) ? t.success(u) : t.failure(u, c)));

/** Decodes one element or field, with its place added to the path. */
const at = <A>(inner: Decoder<A>, key: string, value: unknown, context: t.Context): t.Validation<A> =>
  inner.validate(value, t.appendContext(context, key, inner, value));

/** Decodes every entry and hands it to `put`; all errors are collected, up to the limit. */
const eachEntry = <A>(
  inner: Decoder<A>,
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

/** An object that is neither null nor a list. */
export const isObject = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u);

/** A map without prototype, so that no key finds anything but what was put in. */
export const emptyMap = <V>(): Record<string, V> =>
  // `Object.create` cannot say what the map will hold.
  Object.create(null) as Record<string, V>;

/** Text; `S` is the branded string it stands for. */
export const text = <S extends string = string>(name = 'a string'): Decoder<S> =>
  guard(name, (u): u is S => typeof u === 'string');

/** Text that has to pass a test. */
export const textWhere = <S extends string>(name: string, holds: (s: string) => boolean): Decoder<S> =>
  guard(name, (u): u is S => typeof u === 'string' && holds(u));

/** A number that has to pass a test. */
export const numberWhere = (name: string, holds: (n: number) => boolean): Decoder<number> =>
  guard(name, (u): u is number => typeof u === 'number' && holds(u));

/** `true` or `false`. */
export const trueOrFalse: Decoder<boolean> = guard('true or false', (u): u is boolean => typeof u === 'boolean');

/** One of a few words. */
export const oneOf = <const W extends string>(...words: ReadonlyArray<W>): Decoder<W> =>
  guard(
    words.map((word) => JSON.stringify(word)).join(' or '),
    (u): u is W => words.some((word) => word === u),
  );

/** A list whose elements all decode. */
export const listOf = <A>(element: Decoder<A>): Decoder<ReadonlyArray<A>> =>
  decoder('a list', (u, c) => {
    if (!Array.isArray(u)) return t.failure(u, c);
    const out: Array<A> = [];
    const errors = eachEntry(element, u.entries(), c, (_key, a) => out.push(a));
    return errors.length > 0 ? t.failures(errors) : t.success(out);
  });

/**
 * A map from arbitrary names to values. The result is a copy without prototype, read once, so that looking up `constructor`
 * finds nothing and `__proto__` is a key like any other.
 */
export const mapOf = <A>(value: Decoder<A>): Decoder<Readonly<Record<string, A>>> =>
  decoder('an object', (u, c) => {
    if (!isObject(u)) return t.failure(u, c);
    const out = emptyMap<A>();
    const errors = eachEntry(value, Object.entries(u), c, (key, a) => void (out[key] = a));
    return errors.length > 0 ? t.failures(errors) : t.success(out);
  });

/** A field that has to be there, or that means `otherwise` where it is absent or null. */
export interface Field<A> {
  readonly decoder: Decoder<A>;
  readonly otherwise?: { readonly value: A };
}

/** A field that is absent in the result where it is absent or null. */
export interface OmittableField<A> {
  readonly decoder: Decoder<A>;
  readonly omittable: true;
}

/** The decoders of an object's fields: omittable ones for its optional fields, and only for these. */
export type Fields<A> = {
  readonly [
    K in keyof A
  ]-?: Partial<Pick<A, K>> extends Pick<A, K> ? OmittableField<Exclude<A[K], undefined>> : Field<A[K]>;
};

/** A field that has to be there. */
export const required = <A>(inner: Decoder<A>): Field<A> => ({ decoder: inner });

/** A field that means `value` where it is absent or null. */
export const optional = <A>(inner: Decoder<A>, value: A): Field<A> => ({ decoder: inner, otherwise: { value } });

/** A field that may be absent or null, and then is absent in the result. */
export const omittable = <A>(inner: Decoder<A>): OmittableField<A> => ({ decoder: inner, omittable: true });

/** Stands for a field that no decoder knows; it only ever appears in an error's path. */
const unknownField: Decoder<never> = guard('nothing', (_u): _u is never => false);

/**
 * An object with these fields. An `open` one ignores others; in a `closed` one they are errors, since a misspelt field would
 * otherwise vanish without a word.
 */
export const object = <A>(kind: 'open' | 'closed', fields: Fields<A>): Decoder<A> => {
  // What is known of a field when its name is not.
  const known = new Map(Object.entries<Field<unknown> | OmittableField<unknown>>(fields));
  return decoder('an object', (u, c) => {
    if (!isObject(u)) return t.failure(u, c);
    const out: Record<string, unknown> = {};
    const errors: t.Errors = [];
    for (const [name, field] of known) {
      const value = Object.hasOwn(u, name) ? u[name] : undefined;
      const absent = value === undefined || value === null;
      if (absent && 'omittable' in field) continue;
      if (absent && 'otherwise' in field) {
        out[name] = field.otherwise.value;
        continue;
      }
      const e = at(field.decoder, name, value, c);
      if (E.isRight(e)) out[name] = e.right;
      else errors.push(...e.left);
    }
    if (kind === 'closed') {
      const message = `no such field (known here: ${[...known.keys()].join(', ')})`;
      for (const key of Object.keys(u).filter((k) => !known.has(k)).slice(0, MAX_ERRORS)) {
        errors.push({ value: u[key], context: t.appendContext(c, key, unknownField, u[key]), message });
      }
    }
    // The loop above filled exactly the fields of A.
    return errors.length > 0 ? t.failures(errors) : t.success(out as A);
  });
};

/** An object whose other fields depend on the word in one of them. */
export const taggedBy = <A, Tag extends keyof A & string>(
  tag: Tag,
  members: { readonly [W in A[Tag] & string]: Decoder<Extract<A, Readonly<Record<Tag, W>>>> },
): Decoder<A> => {
  const byWord = new Map(Object.entries<Decoder<A>>(members));
  const word = oneOf(...byWord.keys());
  return decoder('an object', (u, c) => {
    if (!isObject(u)) return t.failure(u, c);
    const e = at(word, tag, Object.hasOwn(u, tag) ? u[tag] : undefined, c);
    if (E.isLeft(e)) return e;
    return (byWord.get(e.right) ?? unknownField).validate(u, c);
  });
};

/** A decoder whose result must hold together as a whole; `complaint` yields the path below and what is wrong there. */
export const checked = <A>(
  inner: Decoder<A>,
  complaint: (a: A) => { readonly path: ReadonlyArray<string>; readonly message: string } | null,
): Decoder<A> =>
  decoder(inner.name, (u, c) => {
    const e = inner.validate(u, c);
    if (E.isLeft(e)) return e;
    const found = complaint(e.right);
    if (found === null) return e;
    return t.failure(u, found.path.reduce((acc, key) => t.appendContext(acc, key, inner), c), found.message);
  });
