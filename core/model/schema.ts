/**
 * Schemas: what a document may look like, as plain data. Each decoder has one beside it, and whatever is only sent has one of its own;
 * JSON Schema, OpenAPI and the HTTP client are made from them.
 *
 * Nothing here decodes. A hook carries these values and never looks at them.
 *
 * @module
 */

/** What people are told of a value. */
interface Documented {
  /** The name under which a list of schemas has it, e.g. `Snapshot`. */
  readonly name?: string;
  /** A sentence or two for people. */
  readonly doc?: string;
  /** What the decoder refuses beyond what is described here; absent where the two agree on every document. */
  readonly stricter?: string;
}

/** A field of an object. */
export interface Member {
  readonly schema: Schema;
  /** Whether it is always there, may be absent, or may be absent or null. */
  readonly presence: 'required' | 'omittable' | 'nullable';
  /** What its absence means, where it means something. */
  readonly otherwise?: { readonly value: unknown };
  readonly doc?: string;
}

/** A field that is there, or, with `is`, one that has this value. */
export interface Condition {
  readonly field: string;
  readonly is?: string | boolean;
}

/** What the fields of an object need of each other: where `having` holds, one of `needs` has to hold. */
export interface Rule {
  readonly having?: Condition;
  readonly needs: ReadonlyArray<Condition>;
  /** The field that a complaint is about; absent for the object itself. */
  readonly at?: string;
  /** The complaint. */
  readonly message: string;
}

/** A range of numbers; each bound may be left out. */
export interface Range {
  readonly above?: number;
  readonly from?: number;
  readonly below?: number;
  readonly upTo?: number;
  readonly whole?: boolean;
}

/** What a value may look like. */
export type Schema =
  & Documented
  & (
    | { readonly kind: 'anything' }
    /** Text; `pattern` is a regular expression of ECMAScript with the flag `u`. */
    | { readonly kind: 'text'; readonly pattern?: string }
    | { readonly kind: 'number'; readonly range: Range }
    | { readonly kind: 'boolean' }
    /** One of these values. */
    | { readonly kind: 'words'; readonly words: ReadonlyArray<string | number | null> }
    /** A list; with `first`, one of at least one element. */
    | { readonly kind: 'list'; readonly element: Schema; readonly first?: Schema; readonly upTo?: number }
    /** An object with names of any kind. */
    | { readonly kind: 'map'; readonly value: Schema }
    /** An object with these fields; a closed one has no others. */
    | {
      readonly kind: 'object';
      readonly closed: boolean;
      readonly members: Readonly<Record<string, Member>>;
      readonly rules?: ReadonlyArray<Rule>;
    }
    /** One of several. */
    | { readonly kind: 'choice'; readonly among: ReadonlyArray<Schema> }
  );

declare const described: unique symbol;

/** The schema of a `T`. That it describes `T` and nothing else is known to the compiler alone. */
export type SchemaOf<T> = Schema & { readonly [described]?: (t: T) => T };

/**
 * `A` as JSON has it: brands are gone, the fields in `Defaulted` may be left out, every field that may be left out may be null, and fields
 * in `Own` are as they are given there.
 *
 * @internal
 */
export type AsJson<A, Defaulted extends PropertyKey = never, Own = unknown> = unknown extends A ? unknown
  : A extends string ? keyof A extends keyof string ? A : string
  : A extends number | boolean | null | undefined ? A
  : A extends ReadonlyArray<infer Element> ? ReadonlyArray<AsJson<Element>>
  : Flat<
    & {
      readonly [
        K in keyof A as K extends keyof Own | Defaulted ? never : undefined extends A[K] ? never : JsonKey<K>
      ]: AsJson<A[K]>;
    }
    & {
      readonly [
        K in keyof A as K extends keyof Own ? never : K extends Defaulted ? K : undefined extends A[K] ? K : never
      ]?: AsJson<Exclude<A[K], undefined>> | null;
    }
    & Own
  >;

/** An intersection as one object, which compilers show more plainly. */
type Flat<T> = { readonly [K in keyof T]: T[K] };

/** A name of any kind is text in JSON. */
type JsonKey<K> = K extends string ? keyof K extends keyof string ? K : string : K;
