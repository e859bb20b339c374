/**
 * For which common name each top-level answer was given.
 *
 * The memory has a note for each provider unit, which maps a digest of certificate and key to a digest of the two with their common name. A
 * pair that any unit of the relation gave for one name is not the answer to another name, whoever publishes it later, and in whatever form
 * of PEM. Source:
 * D18, D22, D31.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import type { KeyPair } from '../../model/certificate.ts';
import type { Memory, Remembered } from '../../model/memory.ts';
import type { RelationId, UnitName } from '../../model/names.ts';
import { normalPem } from '../../model/pem-text.ts';
import { givenIn, noteOf } from '../given.ts';

/** The prefix of these notes' names, after the endpoint. */
export const KIND = 'answer/';

/** The place in the memory for one unit: its relation and its name as JSON, so that no two texts collide. */
const nameOf = (relationId: string, unit: string): string => `${KIND}${JSON.stringify([relationId, unit])}`;

/** The relation in such a name; null for any other name. */
const relationIn = (name: string): string | null => {
  try {
    const parts: unknown = JSON.parse(name.slice(KIND.length));
    return Array.isArray(parts) && typeof parts[0] === 'string' ? parts[0] : null;
  } catch {
    // Somebody else wrote this memory: what it says there is not ours.
    return null;
  }
};

/** What is known of earlier answers. */
export interface Before {
  readonly endpoint: string;
  readonly memory: Memory;
  /** Only what was learnt on relations that still exist counts. */
  readonly relations: ReadonlyArray<RelationId>;
}

/** A top-level answer. */
export interface TopAnswer {
  readonly relationId: RelationId;
  readonly unit: UnitName;
  readonly pair: KeyPair;
  /** The common name that it counts as given for unless the memory says otherwise; null for nobody's. */
  readonly assumed: string | null;
  /** The common name that is requested now. */
  readonly commonName: string | null;
}

/** What answers were given for. */
export interface GivenFor {
  /** For each answer, whether it was given for the common name that is requested now. */
  readonly isForThis: ReadonlyArray<boolean>;
  /** What to remember, by name after the endpoint. */
  readonly notes: ReadonlyMap<string, Remembered>;
}

/** The digest of a pair, and the digest of a pair with a name; nothing for null, a pair that nobody asked for. */
const tellerOf = (cert: string, key: string) => ({
  pair: digestOf([cert, key]),
  with: (name: string | null): string => (name === null ? '' : digestOf([name, cert, key])),
});

/**
 * Judges answers by what is remembered of earlier ones. Notes on absent units are kept: a unit that leaves and comes back may bring an old
 * answer with it.
 */
export const givenFor = ({ endpoint, memory, relations }: Before, answers: ReadonlyArray<TopAnswer>): GivenFor => {
  const present = new Set<string>(relations);
  const prefix = `${endpoint}.${KIND}`;
  /** By relation and pair: what it was given for. */
  const known = new Map<string, string>();
  const notes = new Map<string, Remembered>();
  for (const [name, remembered] of Object.entries(memory.digests)) {
    if (!name.startsWith(prefix)) continue;
    const own = name.slice(endpoint.length + 1);
    const relationId = relationIn(own);
    if (relationId === null || !present.has(relationId)) continue;
    notes.set(own, remembered);
    for (const [pair, subject] of givenIn(remembered)) known.set(`${relationId}\n${pair}`, subject);
  }
  const isForThis = answers.map(({ relationId, unit, pair, assumed, commonName }) => {
    const now = tellerOf(normalPem(pair.cert), normalPem(pair.key));
    const place = `${relationId}\n${now.pair}`;
    /** What an earlier version remembered, which compared texts as they came, in today's form if a name matches. */
    const fromEarlier = (): string | undefined => {
      const earlier = tellerOf(pair.cert, pair.key);
      const subject = known.get(`${relationId}\n${earlier.pair}`);
      const name = [assumed, commonName, null].find((one) => earlier.with(one) === subject);
      return name === undefined ? subject : now.with(name);
    };
    const subject = known.get(place) ?? fromEarlier() ?? now.with(assumed);
    known.set(place, subject);
    const note = noteOf(new Map([[now.pair, subject]]));
    if (note !== null) notes.set(nameOf(relationId, unit), note);
    return commonName !== null && subject === now.with(commonName);
  });
  return { isForThis, notes };
};
