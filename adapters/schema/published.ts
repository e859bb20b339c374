/**
 * The schemas that are published: as files of the package in the folder `schema/`, and by a server under `/schema/`. Editors use them to
 * complete and check documents.
 *
 * @module
 */
import { Input } from '../../core/any/decide.ts';
import type { Schema } from '../../core/model/schema.ts';
import { Configuration } from '../charm/config/configuration.ts';
import { Scenario } from '../rehearsal/scenario/scenario.ts';
import { type JsonSchema, standalone } from './json-schema.ts';
import { OutcomeSchema } from './outcome.ts';

/** Where the package's files can be fetched; their ids start with this, wherever they are. */
export const SCHEMA_HOME = 'https://unpkg.com/interface-tls-certificates/schema/';

/** The name of a published file. */
export type SchemaName = 'input.json' | 'outcome.json' | 'hook-configuration.json' | 'scenario.json';

const SOURCES: Readonly<Record<SchemaName, { readonly title: string; readonly schema: Schema }>> = {
  'input.json': { title: 'Input of tls-certificates', schema: Input.schema },
  'outcome.json': { title: 'Outcome of tls-certificates', schema: OutcomeSchema },
  'hook-configuration.json': { title: 'Configuration of tls-certificates hook', schema: Configuration.schema },
  'scenario.json': { title: 'Scenario of tls-certificates rehearse', schema: Scenario.schema },
};

/** All names: the keys of a constant table are its names. */
export const SCHEMA_NAMES: ReadonlyArray<SchemaName> = Object.keys(SOURCES) as ReadonlyArray<SchemaName>;

/** Schemas made so far: each is made once, when first needed. */
const MADE = new Map<SchemaName, JsonSchema>();

/**
 * A published schema.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { publishedSchema } from './published.ts';
 * assert.equal(publishedSchema('input.json')['$schema'], 'https://json-schema.org/draft/2020-12/schema');
 * ```
 */
export const publishedSchema = (name: SchemaName): JsonSchema => {
  const made = MADE.get(name);
  if (made !== undefined) return made;
  const { title, schema } = SOURCES[name];
  const making = standalone(SCHEMA_HOME + name, title, schema);
  MADE.set(name, making);
  return making;
};
