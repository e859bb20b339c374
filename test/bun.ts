/**
 * Loaded by Bun before tests (bunfig.toml): Bun ends a test after five seconds, and no test here depends on how fast the machine is.
 *
 * @module
 */
import { setDefaultTimeout } from 'bun:test';
import { PATIENCE } from './patience.ts';

setDefaultTimeout(PATIENCE);
