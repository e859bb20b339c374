/**
 * The certificate requests in a requirer's databag, its unit's or its application's. Both sides read them: the requirer its own, to change
 * them, and the provider those of all requirers.
 *
 * Source: docs/csr-protocol.md, Databags and Malformed data.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Entry, type EntryFault, fieldOf, readList } from '../databag/entries.ts';
import { lookup } from '../databag/lookup.ts';
import { isObject } from '../model/codec.ts';
import { shapeOf } from '../model/shape.ts';
import type { Databag } from '../model/snapshot.ts';
import { laxBoolean } from './lax.ts';
import type { KnownCsr, Texts } from './texts.ts';
import { REQUEST_FIELDS, REQUIRER_KEYS } from './wire.ts';

/** One published request. */
export interface Requested {
  readonly known: KnownCsr;
  /** Whether it asks for a CA certificate. */
  readonly isCa: boolean;
  /** Whether the entry says so explicitly: older charms leave it out, and the Python library then ignores the entry. */
  readonly saysCa: boolean;
}

/** What one databag asks for. */
export interface ReadRequested {
  readonly entries: ReadonlyArray<Entry<number, Requested>>;
  readonly faults: ReadonlyArray<EntryFault<number>>;
}

const readOne = (entry: unknown, texts: Texts): E.Either<string, Requested> => {
  if (!isObject(entry)) return E.left(`expected an object, got ${shapeOf(entry)}`);
  const pem = fieldOf(entry, REQUEST_FIELDS.csr);
  if (typeof pem !== 'string') return E.left(`expected a CSR in PEM as ${REQUEST_FIELDS.csr}, got ${shapeOf(pem)}`);
  const known = texts.csr(pem);
  if (known === null) return E.left(`${REQUEST_FIELDS.csr} is ${shapeOf(pem)} that is no CSR in PEM`);
  const raw = fieldOf(entry, REQUEST_FIELDS.ca);
  const isCa = laxBoolean(raw);
  if (E.isLeft(isCa)) return E.left(`expected ${isCa.left} as ${REQUEST_FIELDS.ca}, got ${shapeOf(raw)}`);
  return E.right({ known, isCa: isCa.right ?? false, saysCa: raw !== undefined });
};

/** Reads what a databag asks for. */
export const readRequested = (bag: Databag, texts: Texts): ReadRequested =>
  readList(lookup(bag, REQUIRER_KEYS.requests), 'a JSON list of requests', (entry) => readOne(entry, texts));
