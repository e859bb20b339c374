/**
 * What npm runs before it packs this package, and after it has cloned it as somebody's git dependency: both need `dist`. In a checkout nothing is
 * built, for there the sources are run.
 *
 * @module
 */
// @ts-check
import process from 'node:process';

// npm says so to the install that it runs in a clone of a git dependency.
const isGitDependency = process.env['_PACOTE_NO_PREPARE_'] !== undefined;
const isPacking = ['pack', 'publish'].includes(process.env['npm_command'] ?? '');
if (isGitDependency || isPacking) await import('./build.mjs');
