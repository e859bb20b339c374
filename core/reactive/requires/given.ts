/**
 * For which common name a top-level answer was given: the wire does not say, so it is remembered from when the answer was first seen.
 *
 * The memory has two digests for each provider unit: of the certificate with its key, and of the two with the common name. A pair
 * that any unit of the relation gave for one name is not the answer to another, whoever publishes it then, and in whatever form of PEM. Source:
 * D18, D22, D31.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import type { KeyPair } from '../../model/certificate.ts';
import type { Digest, Memory } from '../../model/memory.ts';
import type { RelationId, UnitName } from '../../model/names.ts';
import { normalPem } from '../../model/pem-text.ts';

/** What the names of these digests begin with, after the endpoint. */
const KIND = 'answer/';

/** The place in the memory for one unit: its relation and its name as JSON, so that any text keeps them apart. */
const nameOf = (relationId: string, unit: string): string => `${KIND}${JSON.stringify([relationId, unit])}`;

/** The relation in such a name; null for a name that is none. */
const relationIn = (name: string): string | null => {
  try {
    const parts: unknown = JSON.parse(name.slice(KIND.length));
    return Array.isArray(parts) && typeof parts[0] === 'string' ? parts[0] : null;
  } catch {
    // A memory that somebody else wrote: what it says there is not ours.
    return null;
  }
};

/** The entry of a pair for each name; for null, that of a pair that nobody asked for. */
const entriesOf = (cert: string, key: string): (name: string | null) => Digest => {
  const pair = digestOf([cert, key]);
  // The one place where such an entry is put together.
  return (name) => (name === null ? pair : `${pair}:${digestOf([name, cert, key])}`) as Digest;
};

/** What is known of top-level answers, and what has been learnt in this decision. */
export class Given {
  /** By relation and digest of the pair: the whole entry. */
  readonly #known = new Map<string, Digest>();
  readonly #kept = new Map<string, Digest>();

  /**
   * From the memory of the hook before. What was learnt on relations that are still there is kept: a unit that goes and comes back may
   * bring an old answer with it.
   */
  constructor(endpoint: string, { digests }: Memory, relations: Iterable<RelationId>) {
    const present = new Set<string>(relations);
    const prefix = `${endpoint}.${KIND}`;
    for (const [name, entry] of Object.entries(digests)) {
      if (!name.startsWith(prefix)) continue;
      const own = name.slice(endpoint.length + 1);
      const relationId = relationIn(own);
      if (relationId === null || !present.has(relationId)) continue;
      this.#kept.set(own, entry);
      this.#known.set(`${relationId}\n${entry.split(':')[0]}`, entry);
    }
  }

  /**
   * Takes note of an answer, which counts as given for `assumed` where nothing else is known, and for nobody where that is null. Says
   * whether it was given for `commonName`.
   */
  see(
    relationId: RelationId,
    unit: UnitName,
    { cert, key }: KeyPair,
    assumed: string | null,
    commonName: string | null,
  ): boolean {
    const given = entriesOf(normalPem(cert), normalPem(key));
    const place = `${relationId}\n${given(null)}`;
    const entry = this.#known.get(place) ??
      this.#fromEarlier(relationId, { cert, key }, [assumed, commonName], given) ??
      given(assumed);
    this.#known.set(place, entry);
    this.#kept.set(nameOf(relationId, unit), entry);
    return commonName !== null && entry === given(commonName);
  }

  /** What an earlier version remembered, which compared texts as they came: the same entry as it is written now, where a name fits it. */
  #fromEarlier(
    relationId: RelationId,
    { cert, key }: KeyPair,
    names: ReadonlyArray<string | null>,
    given: (name: string | null) => Digest,
  ): Digest | undefined {
    const before = entriesOf(cert, key);
    const entry = this.#known.get(`${relationId}\n${before(null)}`);
    const name = [...names, null].find((one) => before(one) === entry);
    return name === undefined ? entry : given(name);
  }

  /** What to remember, by name after the endpoint. */
  entries(): ReadonlyMap<string, Digest> {
    return this.#kept;
  }
}
