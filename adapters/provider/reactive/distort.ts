/**
 * Turns the databag that a correct provider publishes into the one that is shown: some answers are removed, replaced, or broken.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { encodeDatabagJson, parseDatabagJson } from '../../../core/databag/json.ts';
import { isObject } from '../../../core/model/codec.ts';
import type { KeyPair } from '../../../core/model/certificate.ts';
import type { Databag } from '../../../core/model/snapshot.ts';
import type { ProvidesRequest } from '../../../core/reactive/provides/view.ts';
import { answersKey, APPLICATION_ENTRY, topLevelKeys } from '../../../core/reactive/wire.ts';

/** What happens to an answer. */
export type Distortion =
  | { readonly _tag: 'TakenAway' }
  | { readonly _tag: 'Replaced'; readonly pair: KeyPair }
  | { readonly _tag: 'WithoutKey' }
  | { readonly _tag: 'BrokenOff' };

/** An answered request, and what happens to its answer. */
export interface Distorted {
  readonly request: ProvidesRequest;
  readonly distortion: Distortion;
}

const half = (text: string): string => text.slice(0, Math.floor(text.length / 2));

/** The answer to the first server request has keys of its own. */
const isAtTop = (bag: Databag, { certType, unitName, cert }: ProvidesRequest): boolean =>
  certType === 'server' && cert !== null && bag[topLevelKeys(unitName).cert] === cert;

const atTop = (bag: Record<string, string>, { unitName }: ProvidesRequest, distortion: Distortion): void => {
  const keys = topLevelKeys(unitName);
  switch (distortion._tag) {
    case 'Replaced':
      bag[keys.cert] = distortion.pair.cert;
      bag[keys.key] = distortion.pair.key;
      return;
    case 'BrokenOff':
      bag[keys.cert] = half(bag[keys.cert] ?? '');
      return;
    case 'TakenAway':
      delete bag[keys.cert];
      delete bag[keys.key];
      return;
    case 'WithoutKey':
      delete bag[keys.key];
  }
};

/** The entry of a collection as it is shown; null if it is not shown. */
const entryOf = (cert: string, key: string, distortion: Distortion): Readonly<Record<string, string>> | null => {
  switch (distortion._tag) {
    case 'Replaced':
      return { cert: distortion.pair.cert, key: distortion.pair.key };
    case 'TakenAway':
      return null;
    case 'WithoutKey':
      return { cert };
    case 'BrokenOff':
      return { cert, key };
  }
};

/** Distorts answers that are together under one key. */
const collected = (raw: string, distorted: ReadonlyArray<Distorted>): string | null => {
  const parsed = parseDatabagJson(raw);
  // The correct provider wrote it.
  const entries = new Map(Object.entries(E.isRight(parsed) && isObject(parsed.right) ? parsed.right : {})) as Map<
    string,
    Readonly<Record<string, string>>
  >;
  const done = new Set<string>();
  for (const { request: { certType, commonName, cert, key }, distortion } of distorted) {
    const name = certType === 'application' ? APPLICATION_ENTRY : commonName;
    // All application requests have one answer: the first distortion counts.
    if (done.has(name)) continue;
    done.add(name);
    const entry = entryOf(cert ?? '', key ?? '', distortion);
    if (entry === null) entries.delete(name);
    else entries.set(name, entry);
  }
  if (entries.size === 0) return null;
  const text = encodeDatabagJson(new Map([...entries].map(([name, entry]) => [name, { ...entry }])));
  return distorted.some(({ distortion }) => distortion._tag === 'BrokenOff') ? half(text) : text;
};

/** A relation's databag with its answers distorted. */
export const distort = (good: Databag, all: ReadonlyArray<Distorted>): Databag => {
  const bag: Record<string, string> = { ...good };
  const together = new Map<string, Array<Distorted>>();
  for (const one of all) {
    const { request, distortion } = one;
    if (isAtTop(good, request)) {
      atTop(bag, request, distortion);
      continue;
    }
    const key = answersKey(request.unitName, request.certType);
    together.set(key, [...together.get(key) ?? [], one]);
  }
  for (const [key, distorted] of together) {
    const raw = good[key];
    const text = raw === undefined ? null : collected(raw, distorted);
    if (text === null) delete bag[key];
    else bag[key] = text;
  }
  return bag;
};
