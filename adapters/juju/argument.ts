/**
 * Text as one argument of a program.
 *
 * Source: docs/hook-environment.md section 2.5.
 *
 * @module
 */

/** Bytes of one argument on Linux, its NUL left out. */
const MAX_ARGUMENT = 131_071;

/** Text as an argument: without the NUL that none can have, and cut to what Linux takes. */
export const argument = (message: string): string => {
  const clean = message.replaceAll('\0', '');
  if (clean.length * 3 <= MAX_ARGUMENT) return clean;
  const bytes = new TextEncoder().encode(clean);
  if (bytes.length <= MAX_ARGUMENT) return clean;
  // A character cut in two decodes to U+FFFD, of three bytes.
  return new TextDecoder().decode(bytes.subarray(0, MAX_ARGUMENT - 3));
};
