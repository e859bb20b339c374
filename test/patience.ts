/**
 * The one limit on time that tests have. No test depends on how fast the machine is: each waits for something that happens, and this only ends
 * one that waits for what never will.
 *
 * @module
 */

/** Milliseconds, far beyond what anything takes on a machine that is ten times slower and busy with other things. */
export const PATIENCE = 600_000;
