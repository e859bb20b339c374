/**
 * Reads DER, and nothing but DER: one encoding per value, definite lengths in their shortest form, and no bytes left over (X.690 section
 * 10).
 *
 * Certificates are judged by what is read here, so it is our own. The library's decoder is made for reading whatever comes: it
 * takes BER, passes over what follows a value, fills a field from one that stands out of order, and shows an address mask of
 * ff00ff00 as /16; all of that was tried with version 2.2.0. Readers throw {@link Malformed}, and {@link reading} turns that into
 * a value; no exception leaves this room.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';

/** What is wrong with bytes that are not the DER they should be. */
export type Flaw =
  /** A value ends early, or its length is not in the shortest form. */
  | 'length'
  /** A value of another kind, or none at all. */
  | 'unexpected-value'
  /** Something follows where nothing may. */
  | 'left-over'
  /** A value that its type does not allow, at least not in this form. */
  | 'value'
  | 'time'
  | 'text'
  | 'duplicate-extension'
  /** The algorithm outside the signed part differs from the one inside (RFC 5280 section 4.1.1.2). */
  | 'two-algorithms'
  /** An invalid public key, such as a point that is not on its curve, or an even modulus. */
  | 'public-key';

/** Thrown by the readers below, only within {@link reading}. */
class Malformed extends Error {
  readonly flaw: Flaw;
  constructor(flaw: Flaw) {
    super(flaw);
    this.flaw = flaw;
  }
}

/** Gives up reading. */
export const malformed = (flaw: Flaw): never => {
  throw new Malformed(flaw);
};

/** Runs a reader; a reader that gives up yields the reason as a value. */
export const reading = <A>(read: () => A): E.Either<Flaw, A> => {
  try {
    return E.right(read());
  } catch (error) {
    // Anything else that might be thrown here is treated as malformed: when in doubt, bytes are not a certificate.
    return E.left(error instanceof Malformed ? error.flaw : 'value');
  }
};

/** The tags that occur in certificates, requests and keys. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  ia5: 0x16,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The tag of a context-specific value: `[n]`, primitive or constructed. */
export const context = (n: number, form: 'primitive' | 'constructed' = 'constructed'): number =>
  (form === 'primitive' ? 0x80 : 0xa0) + n;

/** One value: its tag, its content, and the two together in their original bytes. */
export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

/** A value that was read. Few ask for the whole of it, so that it is cut out only then. */
class Cut implements Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  constructor(bytes: Uint8Array, start: number, from: number, end: number) {
    this.tag = bytes[start] ?? 0;
    this.content = bytes.subarray(from, end);
    this.#bytes = bytes;
    this.#start = start;
  }
  get whole(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.content.byteOffset - this.#bytes.byteOffset + this.content.length);
  }
}

/** Reads consecutive values. Content is neither copied nor looked into. */
export const elementsOf = (bytes: Uint8Array): ReadonlyArray<Element> => {
  const elements: Array<Element> = [];
  let start = 0;
  while (start < bytes.length) {
    const tag = bytes[start] ?? 0;
    // Tag numbers from 31 up take several bytes; nothing here uses them.
    if ((tag & 0x1f) === 0x1f) malformed('unexpected-value');
    let length = bytes[start + 1] ?? malformed('length');
    let from = start + 2;
    if (length >= 0x80) {
      const size = length - 0x80;
      // A missing length is BER's indefinite form; five length bytes would be more than any input has.
      if (size < 1 || size > 4) malformed('length');
      length = 0;
      for (let i = 0; i < size; i++) length = length * 256 + (bytes[from + i] ?? malformed('length'));
      if (length < 0x80 || length < 256 ** (size - 1)) malformed('length');
      from += size;
    }
    if (from + length > bytes.length) malformed('length');
    elements.push(new Cut(bytes, start, from, from + length));
    start = from + length;
  }
  return elements;
};

/** The single value that these bytes encode. */
export const elementOf = (bytes: Uint8Array): Element => {
  const [element, ...more] = elementsOf(bytes);
  if (more.length > 0) return malformed('left-over');
  return element ?? malformed('length');
};

/** Takes the values of a sequence from the front, one by one, and makes sure that none remain. */
export interface Cursor {
  /** The next value, which must be of this kind. */
  readonly take: (tag: number) => Element;
  /** The next value if it is of this kind. */
  readonly maybe: (tag: number) => Element | null;
  /** The next value, whatever it is. */
  readonly any: () => Element;
  readonly end: () => void;
}

/** A cursor over the values in `element`, which must be of the kind `tag`. */
export const cursor = (element: Element, tag: number = TAG.sequence): Cursor => {
  const elements = inside(element, tag);
  let next = 0;
  const maybe = (wanted: number): Element | null => {
    const found = elements[next];
    if (found === undefined || found.tag !== wanted) return null;
    next++;
    return found;
  };
  return {
    take: (wanted) => maybe(wanted) ?? malformed('unexpected-value'),
    maybe,
    any: () => elements[next++] ?? malformed('unexpected-value'),
    end: () => void (next < elements.length && malformed('left-over')),
  };
};

/** The values inside a value that must be of this kind. */
export const inside = (element: Element, tag: number = TAG.sequence): ReadonlyArray<Element> =>
  element.tag === tag ? elementsOf(element.content) : malformed('unexpected-value');
