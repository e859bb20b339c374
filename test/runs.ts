/**
 * Work that the runtimes share. What decides is the same code on all three, so of many random cases, or of all the places where a hook can be
 * killed, each runtime takes a third: together they try as many as one would.
 *
 * The cases are the same in each run of the gate, so that what fails there is the change in hand and not the luck of the draw. `PROPERTIES=50 npm
 * test FILE` tries fifty times as many, and others each time; `SEED=1` tries those of another seed. `WHOLE=1` has each runtime take every place.
 *
 * @module
 */
import process from 'node:process';
import { RUNTIME } from './command.ts';

const RUNTIMES = ['node', 'deno', 'bun'] as const;

const MORE = Number(process.env['PROPERTIES'] ?? 1);

/** The seed of random cases, another on each runtime; none where others are to be tried each time. */
export const SEEDED: { readonly seed?: number } = MORE === 1
  ? { seed: Number(process.env['SEED'] ?? 20_261_128) * RUNTIMES.length + RUNTIMES.indexOf(RUNTIME) }
  : {};

/** How often fast-check tries a property here, of so many times in all. */
export const runs = (inAll: number): { readonly numRuns: number; readonly seed?: number } => ({
  numRuns: Math.ceil(inAll * MORE / RUNTIMES.length),
  ...SEEDED,
});

/** Which cases of a row the present runtime takes: every third, from the first, the second or the third. */
export const OURS: { readonly first: number; readonly step: number } = process.env['WHOLE'] === '1'
  ? { first: 0, step: 1 }
  : { first: RUNTIMES.indexOf(RUNTIME), step: RUNTIMES.length };

/** Whether the present runtime takes a case of a row; for filtering. */
export const isOurs = (index: number): boolean => index % OURS.step === OURS.first;
