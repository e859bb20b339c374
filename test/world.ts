/**
 * Builders of input documents: a valid world to begin with, of which a test changes one thing.
 *
 * @module
 */
import { decodeInput, type Memory } from '../mod.ts';
import type { ProvidesInput, RequiresInput } from '../adapters/port.ts';

/** One relation of a document. */
export interface WorldRelation {
  readonly id: string;
  readonly localUnitData: Readonly<Record<string, string>>;
  readonly remoteUnits: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A relation with one provider unit that has published nothing. */
export const relation = (change: Partial<WorldRelation> = {}): WorldRelation => ({
  id: 'certificates:3',
  localUnitData: {},
  remoteUnits: { 'easyrsa/0': {} },
  ...change,
});

/** What a test may change in a document. */
export interface World {
  readonly localUnit?: string;
  readonly endpoint?: string;
  readonly departing?: unknown;
  readonly relations?: ReadonlyArray<WorldRelation>;
  readonly intent?: unknown;
  readonly memory?: unknown;
}

/** An input document of the requirer `web/0` on the endpoint `certificates`. */
export const documentOf = (
  { intent, memory, ...snapshot }: World = {},
): { readonly side: 'reactive/requires'; readonly [field: string]: unknown } => ({
  side: 'reactive/requires',
  snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations: [relation()], ...snapshot },
  ...(intent === undefined ? {} : { intent }),
  ...(memory === undefined ? {} : { memory }),
});

/** A requirer's document, decoded; a test that expects it to be valid fails with the complaint. */
export const decoded = (document: unknown): RequiresInput => {
  const result = decodeInput(document);
  if (result._tag === 'Left') throw new Error(`not a valid document: ${result.left.message}`);
  if (result.right.side !== 'reactive/requires') throw new Error('not a document of the requirer');
  return result.right;
};

/** A provider's document, decoded. */
export const decodedProvides = (document: unknown): ProvidesInput => {
  const result = decodeInput(document);
  if (result._tag === 'Left') throw new Error(`not a valid document: ${result.left.message}`);
  if (result.right.side !== 'reactive/provides') throw new Error('not a document of the provider');
  return result.right;
};

/** A requirer's document from a world, decoded. */
export const input = (world: World = {}): RequiresInput => decoded(documentOf(world));

/** A memory as if these flags of `certificates` were set. */
export const remembering = (...flags: ReadonlyArray<string>): unknown => ({
  flags: flags.map((flag) => `certificates.${flag}`),
  digests: {},
});

/** The names of a memory's flags without the endpoint. */
export const flagNames = ({ flags }: Memory): ReadonlyArray<string> =>
  flags.map((flag) => flag.replace('certificates.', ''));

/** The answer to the top-level request of `web/0`. */
export const topAnswer = (cert: string, key: string): Readonly<Record<string, string>> => ({
  'web_0.server.cert': cert,
  'web_0.server.key': key,
});

/** Answers of a collection of `web/0`, by common name. */
export const answers = (
  certificates: Readonly<Record<string, unknown>>,
  key = 'processed_requests',
): Readonly<Record<string, string>> => ({ [`web_0.${key}`]: JSON.stringify(certificates) });
