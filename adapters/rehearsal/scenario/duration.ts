/**
 * Durations as people write them: `60d`, `12h`, `90m`, `30s`.
 *
 * @module
 */
import { type Decoder, textLike } from '../../../core/model/codec.ts';

declare const duration: unique symbol;

/** A duration as it is written. */
export type Duration = string & { readonly [duration]?: true };

/** Milliseconds of each unit. */
const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

/** Decodes a duration of up to 99,999 of its unit. */
export const Duration: Decoder<Duration, string> = textLike<Duration>(
  'a duration such as "60d", "12h", "90m" or "30s"',
  /^[1-9][0-9]{0,4}[dhms]$/u,
);

/**
 * How long it is, in milliseconds.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { millisecondsOf } from './duration.ts';
 * assert.equal(millisecondsOf('90m'), 5_400_000);
 * ```
 */
export const millisecondsOf = (written: Duration): number =>
  Number(written.slice(0, -1)) * (UNITS[written.slice(-1)] ?? 0);
