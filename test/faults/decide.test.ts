/**
 * The measured faults of decisions: each case as it was handed over.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as E from 'fp-ts/lib/Either.js';
import { decide, type Memory, type Outcome } from '../../mod.ts';
import { type DecideCase, FAULT_CASES, faultFile, isDecideCase } from './cases.ts';

const CASES = FAULT_CASES.filter((one) => isDecideCase(one)).filter(({ inflate }) => inflate === undefined);

/** Hooks one after the other, each with the memory of the one before. */
const outcomesOf = (files: ReadonlyArray<string>): ReadonlyArray<Outcome> => {
  const outcomes: Array<Outcome> = [];
  let memory: Memory | undefined;
  for (const file of files) {
    const document = JSON.parse(faultFile(file));
    const decided = decide({ ...document, ...(memory === undefined ? {} : { memory }) });
    if (E.isLeft(decided)) assert.fail(decided.left.message);
    outcomes.push(decided.right);
    memory = decided.right.memory;
  }
  return outcomes;
};

const check = ({ files, expect }: DecideCase): void => {
  const outcomes = outcomesOf(files);
  const last = outcomes.at(-1) ?? assert.fail('no hook was run');
  const codes = outcomes.flatMap(({ findings }) => findings.map(({ code }) => code));
  const keys = outcomes.flatMap(({ writes }) => writes.flatMap(({ set }) => Object.keys(set)));
  if (expect.writes === 'none') assert.deepEqual(outcomes.flatMap(({ writes }) => writes), []);
  if (expect.findings !== undefined) assert.equal(codes.length > 0, expect.findings === 'some');
  for (const code of expect.notCodes ?? []) assert.ok(!codes.includes(code), code);
  for (const key of expect.keysSet ?? []) assert.ok(keys.includes(key), `${key} in ${keys}`);
  for (const character of expect.keysNever ?? []) assert.ok(keys.every((key) => !key.includes(character)));
  const flags: ReadonlyArray<string> = last.memory.flags;
  for (const flag of expect.flagsSet ?? []) assert.ok(flags.includes(flag), flag);
  for (const flag of expect.flagsNotSet ?? []) assert.ok(!flags.includes(flag), flag);
};

describe('faults of decisions', () => {
  it('there are cases', () => assert.ok(CASES.length >= 5));

  for (const one of CASES) it(`decide: ${one.id}`, () => check(one));
});
