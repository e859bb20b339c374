/**
 * Decoders for values whose parts must agree with each other.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Decoder, decoder } from './decoder.ts';
import { type Check, PASSED } from './passed.ts';
import type { Condition, Rule, Schema } from './schema.ts';
import { appendContext, failure } from './validation.ts';

/** What is wrong with a value as a whole: the path below it, and a sentence. */
export interface Complaint {
  readonly path: ReadonlyArray<string>;
  readonly message: string;
}

const withCheck = <A, Doc>(
  inner: Decoder<A, Doc>,
  schema: Schema,
  check: (a: A) => Check<Complaint>,
): Decoder<A, Doc> =>
  decoder(inner.name, schema, (u, c) => {
    const e = inner.validate(u, c);
    if (E.isLeft(e)) return e;
    const found = check(e.right);
    if (E.isRight(found)) return e;
    const { path, message } = found.left;
    return failure(u, path.reduce((acc, key) => appendContext(acc, key, inner), c), message);
  });

/** A decoder that also checks the whole value, in a way that no schema can express; `stricter` describes the check to people. */
export const checked = <A, Doc>(
  inner: Decoder<A, Doc>,
  stricter: string,
  check: (a: A) => Check<Complaint>,
): Decoder<A, Doc> => withCheck(inner, { ...inner.schema, stricter }, check);

/** A decoder for an object whose fields depend on each other; it reports the first rule that is broken. */
export const ruled = <A extends object, Doc>(inner: Decoder<A, Doc>, rules: ReadonlyArray<Rule>): Decoder<A, Doc> => {
  const schema = inner.schema.kind === 'object' ? { ...inner.schema, rules } : inner.schema;
  return withCheck(inner, schema, (a) => {
    const values = new Map<string, unknown>(Object.entries(a));
    const holds = ({ field, is }: Condition): boolean =>
      is === undefined ? values.get(field) !== undefined : values.get(field) === is;
    const broken = rules.find(({ having, needs }) => (having === undefined || holds(having)) && !needs.some(holds));
    if (broken === undefined) return PASSED;
    return E.left({ path: broken.at === undefined ? [] : [broken.at], message: broken.message });
  });
};
