/**
 * Schemas: what a document may look like, as plain data. Each decoder carries one, and types that are only sent have their own. JSON
 * Schema, OpenAPI and the HTTP client are generated from them.
 *
 * Nothing here decodes. A hook loads these values but never looks at them.
 *
 * @module
 */

/** What people are told about a value. */
interface Documented {
  /** The name of this schema in a list of schemas, e.g. `Snapshot`. */
  readonly name?: string;
  /** A sentence or two for people. */
  readonly doc?: string;
  /** What the decoder refuses beyond what the schema says; absent if the two always agree. */
  readonly stricter?: string;
}

/** A field of an object. */
export interface Member {
  readonly schema: Schema;
  /** Whether it is required, may be absent, or may be absent or null. */
  readonly presence: 'required' | 'omittable' | 'nullable';
  /** What its absence means, if anything. */
  readonly otherwise?: { readonly value: unknown };
  readonly doc?: string;
}

/** A field that is present or, with `is`, has this value. */
export interface Condition {
  readonly field: string;
  readonly is?: string | boolean;
}

/** How an object's fields depend on each other: if `having` holds, one of `needs` must hold. */
export interface Rule {
  readonly having?: Condition;
  readonly needs: ReadonlyArray<Condition>;
  /** The field that the complaint is about; absent for the object itself. */
  readonly at?: string;
  /** The complaint. */
  readonly message: string;
}

/** A range of numbers; each bound is optional. */
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
    /** Text; `pattern` is an ECMAScript regular expression with the flag `u`. */
    | { readonly kind: 'text'; readonly pattern?: string }
    | { readonly kind: 'number'; readonly range: Range }
    | { readonly kind: 'boolean' }
    /** One of these values. */
    | { readonly kind: 'words'; readonly words: ReadonlyArray<string | number | null> }
    /** A list; with `first`, a list of at least one element. */
    | { readonly kind: 'list'; readonly element: Schema; readonly first?: Schema; readonly upTo?: number }
    /** An object with arbitrary names. */
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

/** The schema of a `T`. Only the compiler knows that it describes `T` and nothing else. */
export type SchemaOf<T> = Schema & { readonly [described]?: (t: T) => T };

/**
 * `A` as JSON: brands are gone, the fields in `Defaulted` may be left out, every optional field may be null, and the fields in `Own` are as
 * given there.
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

/** An intersection as one object, which compilers display more clearly. */
type Flat<T> = { readonly [K in keyof T]: T[K] };

/** In JSON, a name of any kind is text. */
type JsonKey<K> = K extends string ? keyof K extends keyof string ? K : string : K;
