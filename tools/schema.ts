/**
 * Writes the published schemas into the folder `schema/`: `npm run schema`.
 *
 * @module
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { publishedSchema, SCHEMA_NAMES } from '../adapters/schema/published.ts';

const folder = new URL('../schema/', import.meta.url);

await mkdir(folder, { recursive: true });
for (const name of SCHEMA_NAMES) {
  await writeFile(new URL(name, folder), `${JSON.stringify(publishedSchema(name), null, 2)}\n`);
}
