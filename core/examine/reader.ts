/**
 * Reads what was published, once: each text is read once, and so is a certificate that occurs in different texts.
 *
 * @module
 */
import type { Certificate } from '../model/certificate.ts';
import { type Pair, pairOf, type ReadValue, readValue, type Shelf, type TriedKey, tryKey } from '../x509/mod.ts';

/** Reads values that should hold certificates. */
export type Reader = (text: string) => ReadValue;

/** Makes a reader; certificates on the shelf are not read again. */
export const readerWith = (shelf: Shelf = new Map()): Reader => {
  const known = new Map<string, ReadValue>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = readValue(text, shelf);
    known.set(text, value);
    return value;
  };
};

/** What was found about private keys, by certificate as published: by an earlier study, and by this one. */
export interface TriedKeys {
  readonly before: ReadonlyMap<string, TriedKey>;
  readonly found: Map<string, TriedKey>;
}

/** Reads a certificate and tries its key. */
export type Trying = (certificate: Pick<Certificate, 'cert' | 'key'>) => Promise<Pair>;

/** Tries each certificate with its key once: one that answers several requests is the same object for each. */
export const tryingWith = (read: Reader, { before, found }: TriedKeys): Trying => {
  const tried = new Map<object, Promise<Pair>>();
  const make = async ({ cert, key }: Pick<Certificate, 'cert' | 'key'>): Promise<Pair> => {
    const value = read(cert);
    const fault = before.get(cert) ?? await tryKey(value, key)();
    found.set(cert, fault);
    return pairOf(value, fault);
  };
  return (certificate) => {
    const known = tried.get(certificate);
    if (known !== undefined) return known;
    const pair = make(certificate);
    tried.set(certificate, pair);
    return pair;
  };
};
