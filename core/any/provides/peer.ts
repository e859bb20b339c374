/**
 * What the requirer of a relation speaks, judged by what it has published there. This decides whether a private key may be published in the
 * databag that all its units read.
 *
 * @module
 */
import { REQUIRER_KEYS as CSR_KEYS } from '../../csr/wire.ts';
import { lookup } from '../../databag/lookup.ts';
import type { Note, Remembered } from '../../model/memory.ts';
import type { Databag, Relation } from '../../model/snapshot.ts';
import { givenIn, noteOf } from '../../reactive/given.ts';
import { COLLECTIONS, REQUIRER_KEYS, speaksAs } from '../../reactive/wire.ts';
import { type Spoken, spokenNote } from '../protocol.ts';

/** What a requirer speaks, and what to remember about it. */
export interface Peer {
  readonly spoken: Spoken;
  readonly note: readonly [name: string, note: Note | null];
}

const REQUEST_KEYS = [REQUIRER_KEYS.commonName, ...Object.values(COLLECTIONS).map(({ requests }) => requests)];

/**
 * A requirer that publishes CSRs speaks CSR, even if it also requests by name. One that did so before still speaks it, until it requests
 * only by name: its name stays in the databag when its requests are withdrawn.
 */
export const peerOn = (relation: Relation, remembered: (name: string) => Remembered | undefined): Peer => {
  const units: ReadonlyArray<Databag> = Object.values(relation.remoteUnits);
  const hasCsrs = [relation.remoteApplicationData, ...units].some((bag) => lookup(bag, CSR_KEYS.requests) !== null);
  const asksByName = units.some((bag) => REQUEST_KEYS.some((key) => lookup(bag, key) !== null));
  const isNamed = units.some((bag) => speaksAs(bag) === 'requirer');
  const name = spokenNote(relation.id);
  const before = givenIn(remembered(name));
  if (hasCsrs || (before.has('csr') && !asksByName)) {
    return { spoken: 'csr', note: [name, noteOf(new Map([['csr', '']]))] };
  }
  return { spoken: isNamed ? 'reactive' : 'unknown', note: [name, null] };
};
