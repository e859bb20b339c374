/**
 * The version; `package.json` and `deno.json` repeat it, and a test compares the three.
 *
 * @module
 */

/** This package's version. */
export const VERSION = '0.1.0';
