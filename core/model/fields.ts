/**
 * Decoders for objects, built from decoders for their fields.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { at, type Decoder, decoder, isObject, MAX_ERRORS, unknownField } from './decoder.ts';
import type { AsJson, Member } from './schema.ts';
import { appendContext, failure, failures, success } from './validation.ts';

/** A required field. */
export interface RequiredField<A, Doc = AsJson<A>> {
  readonly decoder: Decoder<A, Doc>;
  readonly doc?: string;
}

/** A field that means `otherwise` if it is absent or null. */
export interface DefaultField<A, Doc = AsJson<A>> extends RequiredField<A, Doc> {
  readonly otherwise: { readonly value: A };
}

/** A field that the result leaves out if it is absent or null. */
export interface OmittableField<A, Doc = AsJson<A>> extends RequiredField<A, Doc> {
  readonly omittable: true;
}

/** The type that a document has in a field that is present. */
type Given<Doc, K> = K extends keyof Doc ? Exclude<Doc[K], undefined | null> : never;

/**
 * The decoders of an object's fields: omittable ones for its optional fields, and only for those. A field that a document may leave out has
 * a default.
 */
export type Fields<A, Doc> = {
  readonly [K in keyof A]-?: Partial<Pick<A, K>> extends Pick<A, K>
    ? OmittableField<Exclude<A[K], undefined>, Given<Doc, K>>
    : undefined extends Doc[K & keyof Doc] ? DefaultField<A[K], Given<Doc, K>>
    : RequiredField<A[K], Given<Doc, K>>;
};

/** Any field, of which nothing more is known. */
type AnyField =
  | RequiredField<unknown, never>
  | DefaultField<unknown, never>
  | OmittableField<unknown, never>;

/** A field's description for people, if it has one. */
const told = (doc: string | undefined): { readonly doc?: string } => (doc === undefined ? {} : { doc });

/** A required field. */
export const required = <A, Doc>(inner: Decoder<A, Doc>, doc?: string): RequiredField<A, Doc> => ({
  decoder: inner,
  ...told(doc),
});

/** A field that means `value` if it is absent or null. */
export const optional = <A, Doc>(inner: Decoder<A, Doc>, value: A, doc?: string): DefaultField<A, Doc> => ({
  decoder: inner,
  otherwise: { value },
  ...told(doc),
});

/** A field that may be absent or null, and that the result then leaves out. */
export const omittable = <A, Doc>(inner: Decoder<A, Doc>, doc?: string): OmittableField<A, Doc> => ({
  decoder: inner,
  omittable: true,
  ...told(doc),
});

const memberOf = (field: AnyField): Member => ({
  schema: field.decoder.schema,
  presence: 'omittable' in field || 'otherwise' in field ? 'nullable' : 'required',
  ...('otherwise' in field ? { otherwise: field.otherwise } : {}),
  ...told(field.doc),
});

/**
 * An object with these fields. An `open` one ignores other fields; a `closed` one reports them as errors, so that a misspelt field does not
 * go unnoticed.
 */
export const object = <A, Doc = AsJson<A>>(kind: 'open' | 'closed', fields: Fields<A, Doc>): Decoder<A, Doc> => {
  // What is known of a field whose name is not known.
  const entries = Object.entries<AnyField>(fields);
  const known = new Map(entries);
  const members = Object.fromEntries(entries.map(([name, field]) => [name, memberOf(field)]));
  return decoder('an object', { kind: 'object', closed: kind === 'closed', members }, (u, c) => {
    if (!isObject(u)) return failure(u, c);
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
        errors.push({ value: u[key], context: appendContext(c, key, unknownField, u[key]), message });
      }
    }
    // The loop above has filled exactly the fields of A.
    return errors.length > 0 ? failures(errors) : success(out as A);
  });
};
