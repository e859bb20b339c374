/**
 * The model's chance: a small generator whose numbers follow from a seed and a turn, so a run can be repeated.
 *
 * It is mulberry32 by Tommy Ettinger: 32 bits of state, good enough to shuffle tests, useless for secrets.
 *
 * @module
 */

/** Draws the next whole number from 0 up to, but not including, `bound`. */
export type Draw = (bound: number) => number;

/**
 * The draws of one turn. Turns do not depend on how many draws the previous turn made: a state that knows its seed and its turn knows its
 * future.
 */
export const drawsOf = (seed: number, turn: number): Draw => {
  // Turns of one seed begin far apart: 0x9e3779b1 is the odd number nearest to 2³² divided by the golden ratio.
  let state = (seed ^ Math.imul(turn + 1, 0x9e3779b1)) >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
};
