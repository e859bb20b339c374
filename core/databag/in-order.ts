/**
 * Databag JSON with fields in a given order, byte for byte as Python's `json.dumps(value)` writes it; `json.ts` serves the protocol that
 * sorts them. Also the text of each list element, so that an element that is kept keeps its bytes.
 *
 * @module
 */
import { type DatabagJson, encodeDatabagJson } from './json.ts';

/** A value with ordered fields. Numbers are integers. */
export type OrderedJson = null | boolean | string | number | ReadonlyArray<string> | OrderedFields;

/** The fields of an object, in order; undefined ones are left out. */
export interface OrderedFields {
  readonly fields: ReadonlyArray<readonly [name: string, value: OrderedJson | undefined]>;
}

const isFields = (value: OrderedJson): value is OrderedFields =>
  typeof value === 'object' && value !== null && 'fields' in value;

/**
 * Writes a value with the separators and escapes of `json.dumps`.
 */
export const encodeInOrder = (value: OrderedJson): string => {
  if (typeof value === 'number') return String(value);
  if (!isFields(value)) {
    const plain: DatabagJson = value;
    return encodeDatabagJson(plain);
  }
  const written: Array<string> = [];
  for (const [name, member] of value.fields) {
    if (member !== undefined) written.push(`${encodeDatabagJson(name)}: ${encodeInOrder(member)}`);
  }
  return `{${written.join(', ')}}`;
};

/** A list of these elements, each given as JSON text; the empty text if there are none, since no key holds an empty list. */
export const listOfTexts = (elements: ReadonlyArray<string>): string =>
  elements.length === 0 ? '' : `[${elements.join(', ')}]`;

/** The text of each element of a list. `raw` must be the JSON text of a list. */
export const elementTexts = (raw: string): ReadonlyArray<string> => {
  const texts: Array<string> = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < raw.length; i++) {
    const c = raw[i];
    if (c === '"') {
      // Up to the quote that ends the string, skipping escaped characters.
      for (i++; i < raw.length && raw[i] !== '"'; i++) if (raw[i] === '\\') i++;
    } else if (c === '[' || c === '{') {
      if (depth++ === 0) start = i + 1;
    } else if (c === ']' || c === '}' || (c === ',' && depth === 1)) {
      if (c === ',' || depth === 1) {
        const text = raw.slice(start, i).trim();
        if (text !== '') texts.push(text);
        start = i + 1;
      }
      if (c !== ',') depth--;
    }
  }
  return texts;
};
