/**
 * Turns: work that is done one after the other, in the order in which it was asked for.
 *
 * @module
 */

/** Does work when all that was given to it before has ended. */
export type InTurn = <A>(work: () => A | Promise<A>) => Promise<A>;

/** A row in which work waits for its turn. */
export const turns = (): InTurn => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    // Whoever comes next waits for this one to end, however it ends; how it ended is for its own caller to see.
    last = result.then(() => {}, () => {});
    return result;
  };
};
