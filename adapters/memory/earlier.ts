/**
 * The earlier of two moments.
 *
 * @module
 */
import type { Timestamp } from '../../core/model/snapshot.ts';

/** The earlier of two moments; null means never. */
export const earlier = (a: Timestamp | null, b: Timestamp | null): Timestamp | null =>
  a === null || (b !== null && Date.parse(b) < Date.parse(a)) ? b : a;
