/**
 * docs/from-python.md leaves out nothing: its tables against the recordings of Python, the exports of mod.ts and of `./python`, and the flags.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as api from '../../mod.ts';
import * as old from '../../core/reactive/python.ts';
import { answers, decodedProvides, input, relation } from '../world.ts';

const ROOT = new URL('../../', import.meta.url);

const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** The text between a heading and the next one. */
const section = (heading: string): string => {
  const after = read('docs/from-python.md').split(`\n${heading}\n`)[1];
  if (after === undefined) throw new Error(`there is no heading "${heading}"`);
  return after.split(/^#+ /m)[0] ?? '';
};

/** The cells of a section's table, without its head; a row of another length than the head is a fault of the page. */
const rows = (heading: string): ReadonlyArray<ReadonlyArray<string>> => {
  const [head = [], , ...body] = section(heading)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  for (const row of body) assert.equal(row.length, head.length, `cells in: ${row.join(' | ')}`);
  assert.ok(body.length > 0, `rows below "${heading}"`);
  return body;
};

/** The name that a cell begins with, e.g. `get_ca` of "`get_ca()` (deprecated)". */
const nameIn = (cell: string | undefined): string => /^`([\w.]+)/.exec(cell ?? '')?.[1] ?? `no name in "${cell}"`;

const members = (heading: '## Members' | '## Members of the provider' = '## Members') =>
  rows(heading).map(([python = '', here]) => ({
    python: nameIn(python),
    here: nameIn(here),
    deprecated: python.includes('(deprecated)'),
  }));

const flags = (heading: '## Flags' | '## Flags of the provider' = '## Flags') =>
  rows(heading).map(([flag, says, toDo = '']) => ({ flag: nameIn(flag), says, toDo }));

interface Recording {
  readonly endpoint: string;
  readonly steps: ReadonlyArray<{
    readonly result: { readonly flags: ReadonlyArray<string>; readonly view: Readonly<Record<string, unknown>> | null };
  }>;
}

const recordings = (side: 'requires' | 'provides'): ReadonlyArray<Recording> =>
  readdirSync(new URL('test/vectors/reactive/', ROOT))
    .filter((file) => file.startsWith(`${side}-`))
    .map((file) => JSON.parse(read(`test/vectors/reactive/${file}`)));

/** Python's methods that ask; the recordings know them by what they led to. */
const REQUESTS = [
  'request_server_cert',
  'add_request_server_cert',
  'request_server_certs',
  'request_client_cert',
  'request_application_cert',
  'request_intermediate_cert',
];

/** Python's methods that publish; the recordings know them by what they led to. `set_cert` is one of a request. */
const PUBLICATIONS = [
  'set_ca',
  'set_chain',
  'set_client_cert',
  'set_cert',
  'set_server_cert',
  'add_server_cert',
  'set_server_multicerts',
];

const camelCase = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const sorted = (names: Iterable<string>): ReadonlyArray<string> => [...names].sort();

/** What stands in the doc comment of each exported constant of a source. */
const documented = (path: string): ReadonlyArray<readonly [name: string, comment: string]> =>
  [...read(path).matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*export const (\w+)/g)]
    .map(([, comment = '', name = '']) => [name, comment] as const);

const isExportedFunction = (name: string): boolean =>
  Object.hasOwn(api, name) && typeof Reflect.get(api, name) === 'function';

describe('docs/from-python.md', () => {
  it('the members of TlsRequires have one row each', () => {
    const views = recordings('requires').flatMap(({ steps }) =>
      steps.flatMap(({ result }) => Object.keys(result.view ?? {}))
    );
    assert.equal(new Set(views).size, 14);
    assert.deepEqual(sorted(members().map(({ python }) => python)), sorted([...new Set(views), ...REQUESTS]));
  });

  it('the members of TlsProvides have one row each', () => {
    const views = recordings('provides').flatMap(({ steps }) =>
      steps.flatMap(({ result }) => Object.keys(result.view ?? {}))
    );
    assert.equal(new Set(views).size, 8);
    const rowsOfProvider = members('## Members of the provider').map(({ python }) => python);
    assert.deepEqual(sorted(rowsOfProvider), sorted([...new Set(views), ...PUBLICATIONS]));
  });

  it('the function of a member is exported and has its name in camel case', () => {
    for (const { python, here } of [...members(), ...members('## Members of the provider')]) {
      assert.equal(here, camelCase(python));
      const isOld = Object.hasOwn(old, here);
      assert.ok(isOld !== isExportedFunction(here), `${here} is a function of mod.ts or of ./python, not of both`);
    }
  });

  it('./python has the deprecated functions and the second names, and nothing else', () => {
    const rowsOfBoth = [...members(), ...members('## Members of the provider')];
    const deprecated = rowsOfBoth.filter((row) => row.deprecated).map(({ here }) => here);
    assert.deepEqual(sorted(Object.keys(old)), sorted([...deprecated, 'getCa', 'getChain']));
  });

  it('the functions with @deprecated are those whose rows say so', () => {
    const comments = new Map([
      ...documented('core/reactive/provides/intent.ts'),
      ...documented('core/reactive/provides/view.ts'),
      ...documented('core/reactive/provides/python.ts'),
      ...documented('core/reactive/requires/python.ts'),
      ...documented('core/reactive/requires/intent.ts'),
      ...documented('core/reactive/requires/view.ts'),
    ]);
    for (const { here, deprecated } of [...members(), ...members('## Members of the provider')]) {
      const comment = comments.get(here) ?? assert.fail(`no doc comment before ${here}`);
      assert.equal(comment.includes('@deprecated'), deprecated, here);
    }
    assert.equal(members().filter(({ deprecated }) => deprecated).length, 5);
  });

  it('the fields of a certificate are those that the view has', () => {
    const world = {
      relations: [relation({ remoteUnits: { 'easyrsa/0': answers({ 'web.example': { cert: 'C', key: 'K' } }) } })],
    };
    const [certificate] = api.decideInput(input(world)).view.serverCerts;
    const fields = rows('### Fields of a certificate');
    assert.deepEqual(sorted(fields.map(([, here]) => nameIn(here))), sorted(Object.keys(certificate ?? {})));
    assert.deepEqual(fields.map(([python]) => camelCase(nameIn(python))), fields.map(([, here]) => nameIn(here)));
  });

  it('the fields of a request are those that the view has', () => {
    const snapshot = {
      localUnit: 'easyrsa/0',
      endpoint: 'certificates',
      relations: [{ id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { common_name: 'a' } } }],
    };
    const [request] = api.decideInput(decodedProvides({ side: 'reactive/provides', snapshot })).view.allRequests;
    const fields = rows('### Fields of a request').map(([, here]) => nameIn(here));
    assert.deepEqual(sorted(fields), sorted(Object.keys(request ?? {})));
  });

  it('PROVIDES_FLAGS and the rows are the same flags with the same meanings, and Python has no other', () => {
    const rowsOfProvider = flags('## Flags of the provider');
    assert.deepEqual(
      rowsOfProvider.map(({ flag, says }) => [flag, says]).sort(),
      Object.entries(api.PROVIDES_FLAGS).sort(),
    );
    const set = recordings('provides').flatMap(({ endpoint, steps }) =>
      steps.flatMap(({ result }) => result.flags.map((flag) => flag.replace(`${endpoint}.`, '')))
    );
    assert.deepEqual(sorted(new Set(set)), sorted(Object.keys(api.PROVIDES_FLAGS)));
  });

  it('REQUIRES_FLAGS and the rows are the same flags with the same meanings', () => {
    assert.deepEqual(flags().map(({ flag, says }) => [flag, says]).sort(), Object.entries(api.REQUIRES_FLAGS).sort());
  });

  it('every flag that Python sets has a row', () => {
    const known = new Set(flags().map(({ flag }) => flag));
    const set = recordings('requires').flatMap(({ endpoint, steps }) =>
      steps.flatMap(({ result }) => result.flags.map((flag) => flag.replace(`${endpoint}.`, '')))
    );
    assert.ok(set.length > 0);
    assert.deepEqual(set.filter((flag) => !known.has(flag)), []);
  });

  it('handled() stands in the rows of those flags that it clears, and in no other', () => {
    for (const { flag, toDo } of flags()) {
      const name = api.flagOf('certificates', flag);
      const { findings } = api.decideInput(input({ intent: api.intentOf(api.handled(name)) }));
      assert.equal(toDo === `\`handled('${name}')\``, findings.length === 0, flag);
      assert.equal(toDo.includes('handled('), findings.length === 0, flag);
    }
  });

  it('each decision has at most one row, and none is forgotten', () => {
    const numbers = rows('## Where we decide differently').map(([number = '']) => number);
    assert.deepEqual(numbers.filter((number, i) => numbers.indexOf(number) !== i), []);
    const mentioned = new Set(section('## Where we decide differently').match(/\bD\d+\b/g));
    const all = Array.from({ length: 33 }, (_, i) => `D${i + 1}`);
    assert.deepEqual(sorted(mentioned), sorted(all));
  });

  it('each decision by which we differ from a recording has a row', () => {
    const numbers = new Set(rows('## Where we decide differently').map(([number]) => number));
    const because = ['recordings', 'provides-recordings']
      .flatMap((name) => read(`test/core/reactive/${name}.test.ts`).match(/\bD\d+\b/g) ?? []);
    assert.ok(because.length > 0);
    assert.deepEqual(because.filter((number) => !numbers.has(number)), []);
  });

  it('the functions that are new are exported, and not among the members', () => {
    const old = new Set(members().map(({ here }) => here));
    for (const name of rows('## What is new').map(([cell]) => nameIn(cell))) {
      assert.ok(isExportedFunction(name), `${name} is a function of mod.ts`);
      assert.ok(!old.has(name), name);
    }
  });

  it('the example is examples/react.ts as a package shows it', () => {
    const shown = /```ts\n([^]*?)```/.exec(section('## The flow of data'))?.[1] ?? assert.fail('there is no example');
    const here = shown
      .replace("'interface-tls-certificates/file'", "'../adapters/file/mod.ts'")
      .replace("'interface-tls-certificates'", "'../mod.ts'")
      .replace("'easyrsa.json'", '`${import.meta.dirname}/easyrsa.json`');
    assert.equal(read('examples/react.ts').split("the same without '/file'.\n")[1], here);
  });
});
