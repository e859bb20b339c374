/**
 * docs/documents.md has every field of the JSON Schemas of input and outcome.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textOf } from './pages.ts';

/** All names of fields in a schema. */
const fieldsIn = (schema: unknown): ReadonlyArray<string> => {
  if (Array.isArray(schema)) return schema.flatMap(fieldsIn);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === 'properties' ? Object.keys(Object(value)) : []),
    ...fieldsIn(value),
  ]);
};

describe('docs/documents.md', () => {
  for (const name of ['input', 'outcome']) {
    it(`has every field of schema/${name}.json`, () => {
      const page = textOf('docs/documents.md');
      const fields = new Set(fieldsIn(JSON.parse(textOf(`schema/${name}.json`))));
      assert.ok(fields.size > 30);
      assert.deepEqual([...fields].filter((field) => !new RegExp(`[\`{, "]${field}[\`}, "]`).test(page)), []);
    });
  }
});
