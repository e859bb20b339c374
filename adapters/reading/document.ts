/**
 * An input document as text: reads it into a value, and writes a decision back in the original form.
 *
 * Content is never shown, since a document holds private keys. Numbers outside the contract's own fields are read as JavaScript numbers:
 * one with more than 15 digits changes when it is written back.
 *
 * @module
 */
import { parse as locate } from '@humanwhocodes/momoa';
import type * as E from 'fp-ts/lib/Either.js';
import { BAG_FIELD, byRelation, written } from '../../core/databag/write.ts';
import { isObject } from '../../core/model/codec.ts';
import type { InputError } from '../../core/model/input-error.ts';
import type { Outcome, Write } from '../../core/model/outcome.ts';
import { type Document, readJsonBytes } from './json-bytes.ts';

export type { Document } from './json-bytes.ts';

/** Longest text in which the place of a fault is looked for, in characters: the library takes a second and 120 MB for that many. */
const LOCATABLE = 1_000_000;

/** Where the text stops being JSON, as ` (line 3, column 7)`; empty if unknown. */
const placeOfFault = (text: string): string => {
  if (text.length > LOCATABLE) return '';
  try {
    locate(text, { mode: 'json' });
    return '';
  } catch (fault) {
    // The library's message quotes the text, so only its position is used. It has none if the nesting is too deep for it.
    const [line, column] = isObject(fault) ? [fault['line'], fault['column']] : [];
    return typeof line === 'number' && typeof column === 'number' ? ` (line ${line}, column ${column})` : '';
  }
};

/** Decodes UTF-8 bytes, then JSON. `Left` says where the fault is, and nothing about what is there. */
export const readDocument = (bytes: Uint8Array): E.Either<InputError, Document> => readJsonBytes(bytes, placeOfFault);

/** The text of a document. */
export const writeDocument = ({ value, indent, lineEnd, lastNewline, byteOrderMark }: Document): string => {
  const text = JSON.stringify(value, null, indent);
  // Inside strings, JSON has no raw newlines.
  const lines = lineEnd === '\n' ? text : text.replaceAll('\n', lineEnd);
  return (byteOrderMark ? '\ufeff' : '') + lines + (lastNewline ? lineEnd : '');
};

const relationAfter = (relation: unknown, groups: ReadonlyMap<unknown, ReadonlyArray<Write>>): unknown => {
  if (!isObject(relation)) return relation;
  return (groups.get(relation['id']) ?? []).reduce<Readonly<Record<string, unknown>>>((r, write) => {
    const field = BAG_FIELD[write.bag];
    const bag = r[field];
    // The document was decoded before the decision: a databag is a map of strings, or absent.
    return { ...r, [field]: written(isObject(bag) ? (bag as Readonly<Record<string, string>>) : {}, write) };
  }, relation);
};

const snapshotAfter = (snapshot: unknown, writes: ReadonlyArray<Write>): unknown => {
  if (!isObject(snapshot) || !Array.isArray(snapshot['relations']) || writes.length === 0) return snapshot;
  const groups = byRelation(writes);
  return { ...snapshot, relations: snapshot['relations'].map((relation) => relationAfter(relation, groups)) };
};

/** An intent after a decision. The handled changes in it have been applied; if they stayed, they would also count for later changes. */
const intentAfter = (intent: unknown): unknown =>
  isObject(intent) && Array.isArray(intent['handled']) && intent['handled'].length > 0
    ? { ...intent, handled: [] }
    : intent;

const isSameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What others keep besides flags and digests stays. */
const memoryAfter = (memory: unknown, { memory: after }: Outcome): unknown => {
  const isEmpty = after.flags.length === 0 && Object.keys(after.digests).length === 0;
  if (isEmpty && (memory === undefined || memory === null)) return memory;
  const merged = isObject(memory) ? { ...memory, ...after } : after;
  return isSameJson(memory, merged) ? memory : merged;
};

/**
 * The document after an outcome; the same object if nothing differs. If the outcome was decided on the document's own intent, no handled
 * changes are left in it.
 */
export const documentAfter = (document: Document, outcome: Outcome, decidedOn: 'own intent' | 'another'): Document => {
  if (!isObject(document.value)) return document;
  const before = document.value;
  const after = {
    snapshot: snapshotAfter(before['snapshot'], outcome.writes),
    intent: decidedOn === 'own intent' ? intentAfter(before['intent']) : before['intent'],
    memory: memoryAfter(before['memory'], outcome),
  };
  const changed = Object.entries(after).filter(([field, value]) => before[field] !== value);
  return changed.length === 0 ? document : { ...document, value: { ...before, ...Object.fromEntries(changed) } };
};
