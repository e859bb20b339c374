/**
 * How long a `.changed` flag stays: it is set by whoever sees the change, and cleared only when the charm says that it has handled it.
 *
 * @module
 */
import { type Flag, flagOf } from '../model/flag.ts';
import type { Memory } from '../model/memory.ts';

/** What is said of such an element of `handled`, by its place. */
export const unknownFlagWords = (i: number): string =>
  `intent.handled[${i}] is not one of this endpoint's .changed flags: nothing was cleared`;

/** The `.changed` flags that are still set once those that the charm has dealt with are cleared, and which of these are none. */
export const unhandledOf = (
  endpoint: string,
  names: ReadonlyArray<string>,
  memory: Memory,
  handled: ReadonlyArray<Flag>,
): { readonly flags: ReadonlySet<string>; readonly unknown: ReadonlyArray<number> } => {
  const [set, cleared] = [new Set(memory.flags), new Set(handled)];
  const changed = names.filter((name) => name.endsWith('.changed'));
  const known = new Set(changed.map((name) => flagOf(endpoint, name)));
  const isLeft = (flag: Flag): boolean => set.has(flag) && !cleared.has(flag);
  return {
    flags: new Set(changed.filter((name) => isLeft(flagOf(endpoint, name)))),
    // Those that are none, by their place.
    unknown: handled.flatMap((flag, i) => (known.has(flag) ? [] : [i])),
  };
};
