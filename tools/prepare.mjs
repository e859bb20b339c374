/**
 * What npm runs before it packs this package, and after it has cloned it as a git dependency: both need `dist`. In a checkout nothing is
 * built, since the sources are run there.
 *
 * @module
 */
// @ts-check
import process from 'node:process';

// npm sets this for the install that it runs in a clone of a git dependency.
const isGitDependency = process.env['_PACOTE_NO_PREPARE_'] !== undefined;
const isPacking = ['pack', 'publish'].includes(process.env['npm_command'] ?? '');
if (isGitDependency || isPacking) await import('./build.mjs');
