/**
 * Durations as people write them: `60d`, `12h`, `90m`, `30s`.
 *
 * @module
 */
import { type Decoder, textLike } from '../../../core/model/codec.ts';

declare const duration: unique symbol;

/**
 * A string that was decoded as a duration, or is written in code.
 *
 * @internal
 */
type DurationText = string & { readonly [duration]?: true };

/** A duration as people write it: a number and a unit, e.g. `60d`. */
export type Duration = DurationText;

/** Milliseconds of each unit. */
const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

/** Decodes a duration. The number goes from 1 to 99,999. */
export const Duration: Decoder<Duration, string> = textLike<Duration>(
  'a duration such as "60d", "12h", "90m" or "30s"',
  /^[1-9][0-9]{0,4}[dhms]$/u,
);

/**
 * A duration in milliseconds.
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
