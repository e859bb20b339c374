/**
 * The version, as `package.json` and `deno.json` say it too; a test compares the three.
 *
 * @module
 */

/** This package's version. */
export const VERSION = '0.1.0';
