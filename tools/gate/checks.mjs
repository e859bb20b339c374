/**
 * What the gate checks besides the test suite: types, lint, format, and the examples in the documentation.
 *
 * @module
 */
// @ts-check
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runtime } from '../runtimes.mjs';

/**
 * A program that exits with 0 if all is well. `kind` is what `npm test -- --only KIND` selects.
 *
 * @typedef {{ kind: 'types' | 'lint' | 'doc', title: string, program: string, args: ReadonlyArray<string> }} Check
 */

/** An example named after one runtime type-checks only in that one. @param {'bun-' | 'deno-'} other */
const examplesBut = (other) =>
  readdirSync('examples')
    .filter((file) => file.endsWith('.ts') && !file.startsWith(other))
    .map((file) => join('examples', file));

/** All checks, the longest first. @returns {ReadonlyArray<Check>} */
export const checks = () => {
  const tsc = 'node_modules/.bin/tsc';
  const deno = runtime('deno');
  const inDeno = ['mod.ts', 'core', 'adapters', ...examplesBut('bun-'), 'tools/tls-certificates.ts'];
  const withSnippets = ['README.md', 'docs/from-python.md', 'docs/authority.md', 'docs/http.md'];
  return [
    { kind: 'doc', title: 'examples in the documentation', program: deno, args: ['task', '-q', 'test:doc'] },
    { kind: 'types', title: 'types', program: tsc, args: ['-p', 'tsconfig.all.json'] },
    { kind: 'types', title: 'declarations without inference', program: tsc, args: ['-p', '.', '--noEmit'] },
    { kind: 'types', title: 'core needs ECMAScript only', program: tsc, args: ['-p', 'tsconfig.core.json'] },
    { kind: 'types', title: 'core/x509 needs WebCrypto only', program: tsc, args: ['-p', 'tsconfig.x509.json'] },
    { kind: 'types', title: 'types as Deno sees them', program: deno, args: ['check', ...inDeno] },
    {
      kind: 'doc',
      title: 'public names are documented',
      program: process.execPath,
      args: ['tools/docs.mjs', '--lint'],
    },
    { kind: 'lint', title: 'lint', program: deno, args: ['lint'] },
    { kind: 'lint', title: 'format', program: deno, args: ['fmt', '--check'] },
    { kind: 'types', title: 'README and docs compile', program: deno, args: ['check', '--doc-only', ...withSnippets] },
  ];
};
