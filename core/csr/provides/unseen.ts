/**
 * A unit that is new in a relation: the units on the other side join it one by one, and until then it does not see what they ask for. Where
 * it leads already, it would take their certificates for ones that nobody asks for any more.
 *
 * So from the hook in which a relation is created for a unit, answers that nobody is seen to ask for are held until their CSR is seen, and
 * at most until the certificate ends.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import type { Memory, Remembered } from '../../model/memory.ts';
import type { RelationId } from '../../model/names.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { NormalPem } from '../texts.ts';
import { byCsr } from './entry-list.ts';
import type { Provided } from './relation.ts';

/** What is held on each relation, and what is to be remembered of it. */
export interface Unseen {
  readonly isHeld: (id: RelationId, csr: NormalPem) => boolean;
  readonly notes: ReadonlyMap<string, Remembered>;
}

/** For how long a unit that does not lead counts as new, in milliseconds: all have joined long before. */
const NEW = 3_600_000;

/** The relation is new to this unit, which has not led since; with the moment from which it is. */
const newName = (since: number, id: RelationId): string => `csr.new ${since} ${id}`;

/** An answer is held, by the digest of its CSR. */
const heldName = (digest: string, id: RelationId): string => `csr.held ${digest} ${id}`;

const NOTE = /^csr\.(new|held) (\S+) (.*)$/s;

/** The notes of an endpoint that a relation has of one kind, by what they say. */
const notesIn = (endpoint: string, { digests }: Memory) => {
  const found = new Map<string, Map<string, Remembered>>();
  for (const [name, value] of Object.entries(digests)) {
    if (!name.startsWith(`${endpoint}.`)) continue;
    const [, kind, says = '', id] = NOTE.exec(name.slice(endpoint.length + 1)) ?? [];
    if (kind === undefined) continue;
    const key = `${kind} ${id}`;
    found.set(key, (found.get(key) ?? new Map<string, Remembered>()).set(says, value));
  }
  return (kind: 'new' | 'held', id: RelationId): ReadonlyMap<string, Remembered> =>
    found.get(`${kind} ${id}`) ?? new Map<string, Remembered>();
};

/** The answers that nobody is seen to ask for, and that have not ended. */
const unasked = ({ asked, answers }: Provided, now: number | null): ReadonlyArray<NormalPem> =>
  [...byCsr(answers)].flatMap(([csr, about]) =>
    !asked.csrs.has(csr) &&
      about.some(({ certificate }) => now === null || now < certificate.certificate.notAfter)
      ? [csr]
      : []
  );

/** Works out what is held. A unit that does not lead remembers what it knows. */
export const unseenIn = (
  { endpoint, created, isLeader }: Snapshot,
  memory: Memory,
  relations: ReadonlyArray<Provided>,
  now: number | null,
): Unseen => {
  const before = notesIn(endpoint, memory);
  const notes = new Map<string, Remembered>();
  for (const on of relations) {
    const { id } = on.relation;
    const since = created === id
      ? [now ?? 0]
      : [...before('new', id).keys()].map(Number).filter((from) => now === null || Math.abs(now - from) < NEW);
    const held = before('held', id);
    if (!isLeader) {
      for (const from of since) notes.set(newName(from, id), digestOf([id]));
      for (const [digest, value] of held) notes.set(heldName(digest, id), value);
      continue;
    }
    for (const csr of unasked(on, now)) {
      const digest = digestOf([csr]);
      if (since.length > 0 || held.has(digest)) notes.set(heldName(digest, id), digest);
    }
  }
  return { isHeld: (id, csr) => notes.has(heldName(digestOf([csr]), id)), notes };
};
