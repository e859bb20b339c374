/**
 * Checks whether a unit is as a scenario expects.
 *
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Examination, Examinations } from '../../core/examine/examination.ts';
import { printable } from '../text/printable.ts';
import type { Juju } from './juju/juju.ts';
import { withoutJujuKeys } from './juju/juju-keys.ts';
import { applicationOf } from './juju/model.ts';
import type { Expectation } from './scenario/expectation.ts';

/** The result of an expectation. */
export interface Checked {
  /** What was expected, in words. */
  readonly expected: string;
  /** What is true instead. Null if the expectation holds. */
  readonly but: string | null;
}

const listOf = (texts: ReadonlyArray<string>): string => texts.map((text) => printable(text)).join(', ') || 'none';

const sameSet = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  JSON.stringify([...new Set(a)].sort()) === JSON.stringify([...new Set(b)].sort());

const concerning = ({ examinations }: Examinations, unit: string): ReadonlyArray<Examination> =>
  examinations.filter(({ requirer }) => requirer === unit || requirer === applicationOf(unit));

const codesOf = (examinations: ReadonlyArray<Examination>): ReadonlyArray<string> =>
  [
    ...new Set(examinations.flatMap(({ findings, requests }) =>
      [...findings, ...requests.flatMap((request) => request.findings)].map(({ code }) => code)
    )),
  ].sort();

const answeredTo = (examinations: ReadonlyArray<Examination>): ReadonlyArray<string> =>
  [
    ...new Set(examinations.flatMap(({ requests }) =>
      requests.filter(({ state }) => state === 'answered').map(({ commonName }) => commonName)
    )),
  ].sort();

const publishedBy = (juju: Juju, unit: string): ReadonlyArray<string> =>
  juju.relations.filter(({ dying, gone }) => !dying && !gone).flatMap((relation) =>
    [relation.units.get(unit), relation.applications.get(applicationOf(unit))]
      .flatMap((bag) => Object.keys(withoutJujuKeys(bag?.data ?? {})))
  );

/** The state of a unit's file, in words. */
const fileState = (root: string, path: string): 'there' | 'empty' | 'not there' => {
  const at = join(root, path);
  return !existsSync(at) ? 'not there' : statSync(at).size === 0 ? 'empty' : 'there';
};

/** Checks a unit. */
export const check = (
  { unit: name, ...expected }: Expectation,
  juju: Juju,
  root: string,
  examinations: Examinations,
): ReadonlyArray<Checked> => {
  if (!juju.applications.some(({ units }) => units.some((unit) => unit.name === name && !unit.dying))) {
    return [{ expected: `${name} is there`, but: `there is no unit ${name}` }];
  }
  const { status } = juju.unit(name);
  const about = concerning(examinations, name);
  const checks: Array<Checked> = [];
  const add = (what: string, holds: boolean, but: string): void =>
    void checks.push({ expected: `${name}: ${what}`, but: holds ? null : but });
  if (expected.status !== undefined) {
    const said = `it is ${status.status}${status.message === '' ? '' : `: ${printable(status.message, 300)}`}`;
    add(`status ${expected.status}`, status.status === expected.status, said);
  }
  if (expected.message !== undefined) {
    const isIn = status.message.includes(expected.message);
    add(
      `message with ${JSON.stringify(expected.message)}`,
      isIn,
      `it is ${JSON.stringify(printable(status.message, 300))}`,
    );
  }
  for (const path of expected.files ?? []) {
    const state = fileState(root, path);
    add(`file ${path}`, state === 'there', `it is ${state}`);
  }
  for (const path of expected.absent ?? []) {
    const state = fileState(root, path);
    add(`no file ${path}`, state === 'not there', `it is ${state}`);
  }
  if (expected.findings !== undefined) {
    const [found, wanted] = [codesOf(about), expected.findings === 'none' ? [] : expected.findings];
    add(`findings ${listOf(wanted)}`, sameSet(found, wanted), `inspect finds ${listOf(found)}`);
  }
  if (expected.certificates !== undefined) {
    const answered = answeredTo(about);
    add(
      `certificates ${listOf(expected.certificates)}`,
      sameSet(answered, expected.certificates),
      `they are ${listOf(answered)}`,
    );
  }
  if (expected.published !== undefined) {
    const keys = publishedBy(juju, name);
    const missing = expected.published.filter((key) => !keys.includes(key));
    add(
      `published ${listOf(expected.published)}`,
      missing.length === 0,
      `${listOf(missing)} is not; ${listOf(keys)} are`,
    );
  }
  return checks;
};
