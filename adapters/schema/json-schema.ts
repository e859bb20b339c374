/**
 * JSON Schema (draft 2020-12, which OpenAPI 3.1 uses too) from the schemas beside the decoders.
 *
 * A decoder refuses every document that its schema refuses. The reverse holds as well, except where `$comment` describes what the decoder
 * demands beyond the schema.
 *
 * @module
 */
import type { Condition, Member, Range, Rule, Schema } from '../../core/model/schema.ts';

/** A JSON Schema. */
export type JsonSchema = { readonly [word: string]: unknown };

/** Schemas by name. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

/** A value with the named schemas that it refers to. */
export interface Defined<T> {
  readonly value: T;
  readonly definitions: Definitions;
}

const boundsOf = ({ above, from, below, upTo, whole }: Range): JsonSchema => ({
  type: whole === true ? 'integer' : 'number',
  ...(above === undefined ? {} : { exclusiveMinimum: above }),
  ...(from === undefined ? {} : { minimum: from }),
  ...(below === undefined ? {} : { exclusiveMaximum: below }),
  ...(upTo === undefined ? {} : { maximum: upTo }),
});

/** An object that meets a condition; a field that is null counts as absent. */
const holding = ({ field, is }: Condition): JsonSchema => ({
  required: [field],
  properties: { [field]: is === undefined ? { not: { type: 'null' } } : { const: is } },
});

const anyOf = (schemas: ReadonlyArray<JsonSchema>): JsonSchema => {
  const [only] = schemas;
  return only !== undefined && schemas.length === 1 ? only : { anyOf: schemas };
};

/** A schema that also accepts null. */
const orNull = (schema: JsonSchema): JsonSchema => {
  const { type, enum: words } = schema;
  if (typeof type === 'string') return { ...schema, type: [type, 'null'] };
  if (Array.isArray(words)) return { ...schema, enum: [...words, null] };
  return { anyOf: [schema, { type: 'null' }] };
};

const ruleOf = ({ having, needs }: Rule): JsonSchema => {
  const needed = anyOf(needs.map(holding));
  return having === undefined ? needed : { if: holding(having), then: needed };
};

/** Translates schemas, and collects the named ones. */
class Translation {
  readonly definitions = new Map<string, JsonSchema>();
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** A schema, or a reference to it if it has a name. */
  of(schema: Schema): JsonSchema {
    const { name } = schema;
    if (name === undefined) return this.written(schema);
    const before = this.definitions.get(name);
    // A schema that is being translated is represented by an empty one.
    if (before === undefined) this.definitions.set(name, {});
    const written = this.written(schema);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(written)) {
      throw new Error(`two schemas are called ${name}`);
    }
    this.definitions.set(name, written);
    return { $ref: `${this.#prefix}${name}` };
  }

  /** A schema itself, whether or not it has a name. */
  written(schema: Schema): JsonSchema {
    return {
      ...(schema.doc === undefined ? {} : { description: schema.doc }),
      ...(schema.stricter === undefined ? {} : { $comment: `also: ${schema.stricter}` }),
      ...this.#body(schema),
    };
  }

  #body(schema: Schema): JsonSchema {
    switch (schema.kind) {
      case 'anything':
        return {};
      case 'text':
        return { type: 'string', ...(schema.pattern === undefined ? {} : { pattern: schema.pattern }) };
      case 'number':
        return boundsOf(schema.range);
      case 'boolean':
        return { type: 'boolean' };
      case 'words':
        return { enum: schema.words };
      case 'list':
        return {
          type: 'array',
          ...(schema.first === undefined ? {} : { minItems: 1, prefixItems: [this.of(schema.first)] }),
          items: this.of(schema.element),
        };
      case 'map':
        return { type: 'object', additionalProperties: this.of(schema.value) };
      case 'object':
        return {
          type: 'object',
          properties: Object.fromEntries(
            Object.entries(schema.members).map(([name, member]) => [name, this.#member(member)]),
          ),
          required: Object.entries(schema.members).flatMap(([name, { presence }]) =>
            presence === 'required' ? [name] : []
          ),
          ...(schema.closed ? { additionalProperties: false } : {}),
          ...(schema.rules === undefined ? {} : { allOf: schema.rules.map(ruleOf) }),
        };
      case 'choice':
        return anyOf(schema.among.map((one) => this.of(one)));
    }
  }

  #member({ schema, presence, otherwise, doc }: Member): JsonSchema {
    const there = this.of(schema);
    return {
      ...(presence === 'nullable' ? orNull(there) : there),
      ...(doc === undefined ? {} : { description: doc }),
      ...(otherwise === undefined ? {} : { default: otherwise.value }),
    };
  }
}

/** What was made with references to named schemas, and these schemas; `prefix` is where the references point. */
export const defining = <T>(prefix: string, make: (of: (schema: Schema) => JsonSchema) => T): Defined<T> => {
  const translation = new Translation(prefix);
  const value = make((schema) => translation.of(schema));
  const names = [...translation.definitions].sort(([a], [b]) => (a < b ? -1 : 1));
  return { value, definitions: Object.fromEntries(names) };
};

/** A JSON Schema on its own, with this id. */
export const standalone = (id: string, title: string, schema: Schema): JsonSchema => {
  const { value, definitions } = defining('#/$defs/', (of) => {
    // The schema itself is at the root, so its name would only be a detour.
    const { name: _name, ...root } = schema;
    return of(root);
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: id,
    title,
    ...value,
    $defs: definitions,
  };
};
