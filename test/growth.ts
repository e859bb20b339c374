/**
 * Whether work grows in proportion to what it is done on: its time for four times as much, over its time for as much.
 *
 * It is processor time, and the least of several runs, so that it does not matter how fast the machine is or what else it does.
 *
 * @module
 */
import assert from 'node:assert/strict';
import process from 'node:process';

/** Characters of the largest input. */
const MOST = 1_000_000;

/** Characters of the smallest one. */
const LEAST = 8_000;

/** Milliseconds below which a time says nothing. */
const MEASURABLE = 8;

/** Linear work has 4, and up to twice that where memory is slow; quadratic work has 16. */
const BOUND = 10;

/** Runs of each size before it is said that work is not linear. */
const RUNS = 7;

const timed = async <A>(input: A, work: (input: A) => unknown): Promise<number> => {
  const before = process.cpuUsage();
  await work(input);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

/** What is measured. */
export interface Growth<A> {
  /** An input of about so many characters, made anew, so that no run knows what the one before has found out. */
  readonly make: (size: number) => A;
  readonly work: (input: A) => unknown;
  /** Characters of the largest input; a million unless said otherwise. */
  readonly most?: number;
}

/** The size from which times can be told from nothing; the largest there is where there is none. */
const measurable = async <A>({ make, work, most = MOST }: Growth<A>): Promise<number> => {
  let size = LEAST;
  while (size * 4 < most) {
    // The first run of anything takes longer than the others.
    await timed(make(size), work);
    if (await timed(make(size), work) >= MEASURABLE) break;
    size *= 2;
  }
  return Math.min(size, most / 4);
};

/** Whether four times as much takes far more than four times as long, at this size. */
const grows = async <A>({ make, work }: Growth<A>, size: number): Promise<string | null> => {
  let [small, large] = [Infinity, Infinity];
  for (let run = 0; run < RUNS; run++) {
    small = Math.min(small, await timed(make(size), work));
    large = Math.min(large, await timed(make(4 * size), work));
    // What is so short cannot be compared, and needs no comparison.
    // The first run of all may be a slow one, which would hide that the other grows.
    if (large < MEASURABLE || (run > 0 && large / small < BOUND)) return null;
  }
  return `${small.toFixed(1)} ms for ${size} characters, ${large.toFixed(1)} ms for four times as many`;
};

/** Fails where four times as much takes far more than four times as long. */
export const assertLinear = async <A>(name: string, growth: Growth<A>): Promise<void> => {
  const size = await measurable(growth);
  const told = await grows(growth, size);
  // What is not linear is so at any size. A collector of garbage that falls into each large run, say, does not.
  const again = told === null ? null : await grows(growth, Math.max(LEAST, Math.ceil(size * 0.8)));
  if (told !== null && again !== null) assert.fail(`${name}: ${told}, and ${again}: not linear`);
};
