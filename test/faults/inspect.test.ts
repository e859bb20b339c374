/**
 * The measured faults of what is inspected: each case as it was handed over, as text and as JSON.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import { type Format, inspect } from '../../adapters/cli/commands.ts';
import { plain as unpainted } from '../../adapters/cli/terminal.ts';
import { allFindings } from '../../core/examine/mod.ts';
import { command } from '../command.ts';
import { FAULT_CASES, type InspectCase, isInspectCase, plain, type Worst } from './cases.ts';

const CASES = FAULT_CASES.filter(isInspectCase);

/** Kinds that are not judged right yet, and why. One that is must leave this table. */
const NOT_YET: Readonly<Record<string, string>> = {};

interface Ran {
  readonly exit: number;
  readonly text: string;
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** The command without its process: what it prints, and how it ends. */
const ran = async (files: ReadonlyArray<string>, format: Format): Promise<Ran> => {
  const page = { paint: unpainted, width: 100 };
  const result = await inspect(page, files.map(pathOf), format, { requirer: null })();
  return E.isLeft(result)
    ? { exit: result.left._tag === 'InputError' ? 2 : 3, text: result.left.message }
    : { exit: result.right.foundError ? 1 : 0, text: result.right.text };
};

const SEVERITIES: ReadonlyArray<Worst> = ['none', 'info', 'warning', 'error'];

const rank = (worst: Worst): number => SEVERITIES.indexOf(worst);

const check = async ({ files, expect }: InspectCase): Promise<void> => {
  const [people, programs] = [await ran(files, 'text'), await ran(files, 'json')];
  assert.equal(people.exit, programs.exit);
  const both = people.text + programs.text;
  if (expect.exit !== undefined) assert.equal(people.exit, expect.exit, people.text);
  const report = programs.exit < 2 ? JSON.parse(programs.text) : { examinations: [], findings: [] };
  const findings = allFindings(report);
  const worst = Math.max(0, ...findings.map(({ severity }) => rank(severity)));
  assert.ok(worst >= rank(expect.atLeast ?? 'none'), people.text);
  assert.ok(worst <= rank(expect.atMost ?? 'error'), people.text);
  const codes = new Set(findings.map(({ code }) => code));
  if (expect.codes !== undefined) assert.ok(expect.codes.some((code) => codes.has(code)), people.text);
  for (const code of expect.notCodes ?? []) assert.ok(!codes.has(code), people.text);
  for (const words of expect.says ?? []) {
    assert.ok(findings.some(({ message }) => plain(message).includes(plain(words))), `${words} in: ${people.text}`);
  }
  for (const words of expect.mentions ?? []) {
    assert.ok([words].flat().some((one) => plain(people.text).includes(plain(one))), `${words} in: ${people.text}`);
  }
  for (const words of expect.never ?? []) assert.ok(!plain(both).includes(plain(words)), `${words} in: ${people.text}`);
  if (expect.relations !== undefined) assert.equal(report.examinations.length, expect.relations);
  assert.doesNotMatch(both, /BEGIN [A-Z ]*PRIVATE KEY/);
};

describe('faults of what is inspected', () => {
  it('there are cases, and each kind that is not judged right yet is among them', () => {
    assert.ok(CASES.length >= 36);
    for (const kind of Object.keys(NOT_YET)) assert.ok(CASES.some((one) => one.kind === kind), kind);
  });

  for (const one of CASES) {
    const why = NOT_YET[one.kind];
    if (why === undefined) it(`inspect: ${one.id}`, () => check(one));
    else it(`inspect: ${one.id} is not judged right: ${why}`, () => assert.rejects(check(one), assert.AssertionError));
  }

  it('the command itself prints the same, and ends with the same code', async () => {
    for (const id of ['refusal-as-warning-sha1-leaf', 'short-lived-fresh-six-days', 'wrong-order-intermediate-first']) {
      const { files } = CASES.find((one) => one.id === id) ?? assert.fail(id);
      const { code, stdout } = await command(['inspect', '--format', 'json', ...files.map(pathOf)]);
      const { exit, text } = await ran(files, 'json');
      assert.deepEqual([code, stdout], [exit, text]);
    }
  });
});
