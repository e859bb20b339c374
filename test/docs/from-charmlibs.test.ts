/**
 * docs/from-charmlibs.md leaves out nothing of the Python library, and names nothing that is not there.
 *
 * The library's names are recorded in test/data/charmlibs-members.json, which test/peers holds against the library itself.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CSR_PROVIDER_ACTIONS, CSR_REQUIRER_ACTIONS } from '../../adapters/charm/actions/declared.ts';
import { readConfiguration } from '../../adapters/charm/config/configuration.ts';
import { CSR_REQUIRES_FINDINGS, CSR_REQUIRES_FLAGS } from '../../core/csr/mod.ts';
import { doors, exportsOf, type Origin } from '../doors.ts';

const ROOT = new URL('../../', import.meta.url);

const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const page = read('docs/from-charmlibs.md');

const { names }: { readonly names: Readonly<Record<string, ReadonlyArray<string>>> } = JSON.parse(
  read('test/data/charmlibs-members.json'),
);

/** The text between a heading and the next one. */
const section = (heading: string): string => {
  const after = page.split(`\n## ${heading}\n`)[1] ?? assert.fail(`there is no heading "${heading}"`);
  return after.split(/^## /m)[0] ?? '';
};

/** A row of a table, by the heads of its columns. */
type Row = Readonly<Record<string, string>>;

const rows = (heading: string): ReadonlyArray<Row> => {
  const [head = [], , ...body] = section(heading)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  assert.ok(body.length > 0, `rows below "${heading}"`);
  return body.map((cells) => {
    assert.equal(cells.length, head.length, `cells in: ${cells.join(' | ')}`);
    return Object.fromEntries(head.map((name, i) => [name, cells[i] ?? '']));
  });
};

const codes = (cell = ''): ReadonlyArray<string> => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);

const tables = headings.filter((heading) => /^\|.* Python \|/m.test(section(heading)));

/** Those that say what stands for something. */
const DECISIONS = 'Where we decide differently';
const ofMembers = tables.filter((heading) => heading !== DECISIONS);

const sorted = (all: Iterable<string>): ReadonlyArray<string> => [...all].sort();

/** All that can be imported. */
const exported: ReadonlyMap<string, Origin> = new Map(
  [...doors().values()].flatMap((file) => [...exportsOf(file)]),
);

/** Whether an interface of a file has a field, by itself or from one that it extends there. */
const interfaceHas = (text: string, name: string, field: string): boolean => {
  const [, more = '', body = ''] = new RegExp(`\\binterface ${name}\\b([^{]*)\\{([^]*?)\\n\\}`).exec(text) ?? [];
  const base = /extends (\w+)/.exec(more)?.[1];
  return new RegExp(`^  readonly ${field}\\??:`, 'm').test(body) ||
    (base !== undefined && interfaceHas(text, base, field));
};

/** Whether an exported type has a field. */
const hasField = (type: string, field: string): boolean => {
  const origin = exported.get(type);
  return origin !== undefined && interfaceHas(read(origin.file), origin.name, field);
};

const isThere = (code: string): boolean => {
  const [type = '', field] = code.split('.');
  if (field === undefined) return exported.has(code);
  return exported.has(type) ? hasField(type, field) : Object.hasOwn(CSR_REQUIRES_FLAGS, code);
};

const ACTIONS: ReadonlyArray<string> = [CSR_REQUIRER_ACTIONS, CSR_PROVIDER_ACTIONS].flatMap((all) => Object.keys(all));

const schema = JSON.parse(read('schema/hook-configuration.json'));

/** Every schema of a field of this name beneath a schema. */
const fieldsBeneath = (at: unknown, name: string, seen = new Set<unknown>()): ReadonlyArray<unknown> => {
  if (typeof at !== 'object' || at === null || seen.has(at)) return [];
  seen.add(at);
  return Object.entries(at).flatMap(([key, value]) => {
    if (key === '$ref') return fieldsBeneath(schema.$defs[String(value).replace('#/$defs/', '')], name, seen);
    const own = key === 'properties' && Object.hasOwn(value, name) ? [value[name]] : [];
    return [...own, ...fieldsBeneath(value, name, seen)];
  });
};

const isConfigured = (path: string): boolean =>
  path.split('.').reduce<ReadonlyArray<unknown>>(
    (found, name) => found.flatMap((at) => fieldsBeneath(at, name)),
    [schema],
  ).length > 0;

describe('docs/from-charmlibs.md', () => {
  it('every class of the library has a table, functions and exceptions have one each, and there is no other', () => {
    const classes = Object.entries(names).filter(([name, members]) => members.length > 0 && /^[A-Z]/.test(name));
    const expected = [...classes.map(([name]) => name), 'Functions', 'Exceptions', DECISIONS];
    assert.ok(expected.length > 15);
    assert.deepEqual(sorted(tables), sorted(expected));
  });

  it('every argument, method, field and event has one row', () => {
    const others = Object.keys(names).filter((name) => names[name]?.length === 0);
    const expected = (heading: string): ReadonlyArray<string> =>
      heading === 'Functions'
        ? others.filter((name) => /^[a-z]/.test(name))
        : heading === 'Exceptions'
        ? others.filter((name) => /^[A-Z]/.test(name))
        : names[heading] ?? [];
    for (const heading of ofMembers) {
      const listed = rows(heading).flatMap((row) => codes(row['Python']));
      assert.deepEqual(sorted(listed), sorted(expected(heading)), heading);
    }
  });

  it('what stands for it can be imported, and has that field', () => {
    const all = ofMembers.flatMap((heading) => rows(heading).flatMap((row) => codes(row['here'])));
    assert.ok(all.length > 80);
    assert.deepEqual(all.filter((code) => !isThere(code)), []);
    assert.ok(!isThere('CsrRequest.nothing') && !isThere('nothing.changed') && !isThere('Nobody'));
  });

  it('a row without a counterpart says why', () => {
    for (const heading of ofMembers) {
      for (const row of rows(heading)) {
        if (codes(row['here']).length === 0) {
          assert.ok((row['what differs'] ?? '').length > 5, row['Python'] ?? heading);
        }
      }
    }
  });

  it('what stands for it without code is a field of the configuration, or an action', () => {
    const all = ofMembers.flatMap((heading) => rows(heading).flatMap((row) => codes(row['without code'])));
    assert.ok(all.length > 20);
    assert.deepEqual(all.filter((code) => !isConfigured(code) && !ACTIONS.includes(code)), []);
    assert.ok(!isConfigured('requests.nothing') && !isConfigured('nothing'));
  });

  it('findings that it speaks of are findings', () => {
    const linked = [...page.matchAll(/findings\.md#([\w-]+)/g)].map(([, code = '']) => code);
    assert.deepEqual(linked.filter((code) => !Object.hasOwn(CSR_REQUIRES_FINDINGS, code)), []);
  });

  it('C1 to C16 have one row each', () => {
    const numbers = rows(DECISIONS).map((row) => row['#'] ?? '');
    assert.deepEqual(numbers, Array.from({ length: 16 }, (_, i) => `C${i + 1}`));
    const mentioned = [...page.matchAll(/\((C\d+)\)/g)].map(([, number = '']) => number);
    assert.deepEqual(mentioned.filter((number) => !numbers.includes(number)), []);
  });

  it('its configurations are configurations', async () => {
    const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml = '']) => yaml);
    assert.equal(blocks.length, 2);
    for (const yaml of blocks) {
      const result = await readConfiguration('t.yaml', new TextEncoder().encode(yaml))();
      assert.ok(result._tag === 'Right', result._tag === 'Left' ? result.left.message : '');
    }
  });

  it('its charm is examples/node-csr-hook.ts as a package shows it', () => {
    const shown = /```ts\n([^]*?)```/.exec(page)?.[1] ?? assert.fail('there is no example');
    const here = shown.replace("'interface-tls-certificates/juju'", "'../adapters/charm/mod.ts'");
    assert.equal(read('examples/node-csr-hook.ts').split("from 'interface-tls-certificates/juju'.\n")[1], here);
  });
});
