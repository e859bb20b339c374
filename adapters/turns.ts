/**
 * Turns: work that is done one after another, in the order of the calls.
 *
 * @module
 */

/** Does work when everything passed to it before has ended. */
export type InTurn = <A>(work: () => A | Promise<A>) => Promise<A>;

/** A queue in which work waits for its turn. */
export const turns = (): InTurn => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    // The next caller waits until this one ends, however it ends; only its own caller sees how it ended.
    last = result.then(() => {}, () => {});
    return result;
  };
};
