/**
 * Long text in parts, for stores that take no long values.
 *
 * @module
 */

/** A text in parts of at most so many characters; at least one part. */
export const inParts = (text: string, length: number): ReadonlyArray<string> =>
  Array.from(
    { length: Math.max(1, Math.ceil(text.length / length)) },
    (_, i) => text.slice(i * length, (i + 1) * length),
  );
