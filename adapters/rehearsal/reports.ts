/**
 * What came of a rehearsal, for programs: as JSON, and as JUnit's XML, which every CI reads.
 *
 * @module
 */
import type { Rehearsal } from './rehearse.ts';

/** A test as JUnit has it. */
export interface ReportedTest {
  readonly name: string;
  /** Why it failed; null: it did not. */
  readonly failure: string | null;
}

/** The tests that a rehearsal is. */
export const testsOf = ({ checks, problems, errors }: Rehearsal): ReadonlyArray<ReportedTest> => [
  ...checks.map(({ expected, but }) => ({ name: expected, failure: but })),
  {
    name: 'every hook ends well, and everybody comes to rest',
    failure: problems.length === 0 ? null : problems.join('\n'),
  },
  {
    name: 'inspect finds no error at the end',
    failure: errors.length === 0 ? null : errors.map(({ code, message }) => `${code}: ${message}`).join('\n'),
  },
];

/** What XML 1.0 cannot hold, and what has a meaning in it. */
const xml = (text: string): string =>
  // deno-lint-ignore no-control-regex
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[<>&"\n]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Tests as JUnit's XML. There are no times in it: the same rehearsal is the same text. */
export const junitOf = (suite: string, tests: ReadonlyArray<ReportedTest>): string => {
  const failures = tests.filter(({ failure }) => failure !== null).length;
  const counts = `tests="${tests.length}" failures="${failures}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${xml(suite)}" ${counts}>`,
    ...tests.map(({ name, failure }) =>
      failure === null
        ? `    <testcase name="${xml(name)}" classname="${xml(suite)}"/>`
        : `    <testcase name="${xml(name)}" classname="${xml(suite)}"><failure message="${xml(failure)}"/></testcase>`
    ),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
};

/** A rehearsal as plain JSON. */
export const jsonOf = ({ examinations: _, ...rest }: Rehearsal): unknown => rest;
