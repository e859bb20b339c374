/**
 * A unit that is new in a relation. The remote units join it one by one, and until then it does not see what they ask for. If it already
 * leads, it would take their certificates for ones that nobody asks for any more.
 *
 * So from the hook that creates a relation for a unit, answers without a visible CSR are held until their CSR is seen, and at most until
 * the certificate ends.
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

/** What is held on each relation, and what to remember about it. */
export interface Unseen {
  readonly isHeld: (id: RelationId, csr: NormalPem) => boolean;
  readonly notes: ReadonlyMap<string, Remembered>;
}

/** How long a unit that does not lead counts as new, in milliseconds: everybody has joined long before that. */
const NEW = 3_600_000;

/** The relation is new to this unit, which has not led since; with the moment at which that began. */
const newName = (since: number, id: RelationId): string => `csr.new ${since} ${id}`;

/** An answer is held, by the digest of its CSR. */
const heldName = (digest: string, id: RelationId): string => `csr.held ${digest} ${id}`;

const NOTE = /^csr\.(new|held) (\S+) (.*)$/s;

/** An endpoint's notes of one kind about a relation, by their content. */
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

/** The answers whose CSR nobody shows, and that have not ended. */
const unasked = ({ asked, answers }: Provided, now: number | null): ReadonlyArray<NormalPem> =>
  [...byCsr(answers)].flatMap(([csr, about]) =>
    !asked.csrs.has(csr) &&
      about.some(({ certificate }) => now === null || now < certificate.certificate.notAfter)
      ? [csr]
      : []
  );

/** Determines what is held. A unit that does not lead remembers what it knows. */
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
