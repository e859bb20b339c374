/**
 * Merges the writes of both halves to the same databags; each half has keys of its own.
 *
 * @module
 */
import type { Write } from '../model/outcome.ts';
import { byCodePoint } from '../model/order.ts';

const inOrder = (set: Write['set']): Write['set'] =>
  Object.fromEntries(Object.entries(set).sort(([a], [b]) => byCodePoint(a, b)));

/** One write for each databag that changes: by relation, the unit's before the application's. */
export const united = (writes: ReadonlyArray<Write>): ReadonlyArray<Write> => {
  const byBag = new Map<string, Write>();
  for (const write of writes) {
    const key = JSON.stringify([write.relationId, write.bag]);
    const before = byBag.get(key);
    byBag.set(
      key,
      before === undefined ? write : {
        ...before,
        set: inOrder({ ...before.set, ...write.set }),
        delete: [...before.delete, ...write.delete].sort(byCodePoint),
      },
    );
  }
  return [...byBag.values()].sort((a, b) => byCodePoint(a.relationId, b.relationId) || byCodePoint(b.bag, a.bag));
};
