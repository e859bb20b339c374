/**
 * What a value is, without its content: for messages about values that may hold a private key.
 *
 * @module
 */

/** A count with its noun, e.g. `1 hook` and `2 hooks`. */
export const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** The kind of a value, with its length if it has one. */
export const shapeOf = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return `a string of ${counted(value.length, 'character')}`;
  if (Array.isArray(value)) return `a list of ${counted(value.length, 'element')}`;
  if (typeof value === 'object') return `an object of ${counted(Object.keys(value).length, 'field')}`;
  return `a ${typeof value}`;
};
