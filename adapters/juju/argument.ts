/**
 * Text as a single argument of a program.
 *
 * Source: docs/hook-environment.md section 2.5.
 *
 * @module
 */

/** Maximum bytes of one argument on Linux, not counting its NUL. */
const MAX_ARGUMENT = 131_071;

/** Text as an argument: without NUL, which no argument can contain, and cut to the limit of Linux. */
export const argument = (message: string): string => {
  const clean = message.replaceAll('\0', '');
  if (clean.length * 3 <= MAX_ARGUMENT) return clean;
  const bytes = new TextEncoder().encode(clean);
  if (bytes.length <= MAX_ARGUMENT) return clean;
  // A character cut in two decodes to U+FFFD, which has three bytes.
  return new TextDecoder().decode(bytes.subarray(0, MAX_ARGUMENT - 3));
};
