/**
 * The result of a rehearsal for programs: as JSON, and as JUnit XML, which every CI reads.
 *
 * @module
 */
import type { Rehearsal } from './rehearse.ts';

/** A test in the sense of JUnit. */
export interface ReportedTest {
  /** What it tests. */
  readonly name: string;
  /** Why it failed. Null if it passed. */
  readonly failure: string | null;
}

/** A rehearsal as tests: one for each expectation, one for the hooks, one for the findings. */
export const testsOf = ({ checks, problems, errors }: Rehearsal): ReadonlyArray<ReportedTest> => [
  ...checks.map(({ expected, but }) => ({ name: expected, failure: but })),
  {
    name: 'no hook fails for good, and the hooks come to an end',
    failure: problems.length === 0 ? null : problems.join('\n'),
  },
  {
    name: 'inspect finds no error at the end',
    failure: errors.length === 0 ? null : errors.map(({ code, message }) => `${code}: ${message}`).join('\n'),
  },
];

/** Escapes a text for XML 1.0, and replaces characters that XML cannot hold. */
const xml = (text: string): string =>
  // deno-lint-ignore no-control-regex
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[<>&"\n]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Writes tests as JUnit XML. It has no times, so that the same rehearsal gives the same text. */
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

/** A rehearsal as plain JSON, without the examinations. */
export const jsonOf = ({ examinations: _, ...rest }: Rehearsal): unknown => rest;
