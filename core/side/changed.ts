/**
 * How long a `.changed` flag stays: whoever sees the change sets it, and only the charm clears it, by saying that it has handled the
 * change.
 *
 * @module
 */
import { type Flag, flagOf } from '../model/flag.ts';
import type { Memory } from '../model/memory.ts';

/** The message about such an element of `handled`, by its index. */
export const unknownFlagWords = (i: number): string =>
  `intent.handled[${i}] is not one of this endpoint's .changed flags: nothing was cleared`;

/** The `.changed` flags that are still set once the charm's handled ones are cleared, and which of those are not such flags. */
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
    // Elements that are no such flags, by index.
    unknown: handled.flatMap((flag, i) => (known.has(flag) ? [] : [i])),
  };
};
