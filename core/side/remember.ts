/**
 * What a side keeps for the next hook: the flags and digests of its own endpoint. The same memory also holds those of other endpoints.
 *
 * @module
 */
import { deltaBetween, type FlagDelta, flagOf } from '../model/flag.ts';
import type { Memory, Remembered } from '../model/memory.ts';
import { byCodePoint } from '../model/order.ts';

/** The flags that are set now, and the digests and notes to keep, without the prefix of the endpoint. */
export interface ToKeep<Name extends string> {
  readonly flags: ReadonlySet<Name>;
  readonly digests: ReadonlyMap<string, Remembered>;
}

/** The flags that change, and the resulting memory. `names` lists all flags that belong to the side; others stay. */
export const remember = <Name extends string>(
  endpoint: string,
  names: ReadonlyArray<Name>,
  memory: Memory,
  { flags, digests }: ToKeep<Name>,
): { readonly delta: FlagDelta; readonly memory: Memory } => {
  const own = new Set(names.map((name) => flagOf(endpoint, name)));
  const kept = new Set(memory.flags.filter((flag) => !own.has(flag)));
  const flagsNow = [...kept, ...[...flags].map((name) => flagOf(endpoint, name))].sort(byCodePoint);
  const prefix = `${endpoint}.`;
  const foreign = Object.entries(memory.digests).filter(([name]) => !name.startsWith(prefix));
  const mine = [...digests].map(([name, digest]) => [`${prefix}${name}`, digest] as const);
  return {
    delta: deltaBetween(memory.flags, flagsNow),
    memory: {
      flags: flagsNow,
      digests: Object.fromEntries([...foreign, ...mine].sort(([a], [b]) => byCodePoint(a, b))),
    },
  };
};

/** What was remembered of this endpoint under a name. */
export const rememberedOf = (endpoint: string, { digests }: Memory) => (name: string): Remembered | undefined =>
  Object.hasOwn(digests, `${endpoint}.${name}`) ? digests[`${endpoint}.${name}`] : undefined;
