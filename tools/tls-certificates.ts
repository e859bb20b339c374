/**
 * The command from a checkout, on Deno: the task runs in the project's folder, but file arguments are relative to the folder that it was
 * called from.
 *
 * @module
 */
import { mkdir, writeFile } from 'node:fs/promises';
import process from 'node:process';

if (process.argv[2] === 'serve') {
  const cache = new URL('../node_modules/.cache/', import.meta.url);
  const { inspectorPage } = await import(new URL('page.mjs', import.meta.url).href);
  await mkdir(cache, { recursive: true });
  await writeFile(new URL('inspector.html', cache), await inspectorPage());
}
process.chdir(process.env['INIT_CWD'] ?? process.cwd());
await import('../adapters/main.ts');
