/**
 * The command from a checkout, on Deno: the task runs in the project's folder, while file arguments are relative to the folder that
 * it was called from.
 *
 * @module
 */
import process from 'node:process';

process.chdir(process.env['INIT_CWD'] ?? process.cwd());
await import('../adapters/main.ts');
