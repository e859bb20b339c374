/**
 * Whatever a page shows works: TypeScript has the right types and runs, configurations are configurations, documents are documents, and
 * commands, options, scripts and actions are there.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { readConfiguration } from '../../adapters/charm/config/configuration.ts';
import { decodeInput } from '../../core/any/decide.ts';
import { inFolder } from '../command.ts';
import { PATIENCE } from '../patience.ts';
import { type Block, blocks, ROOT, textOf } from './pages.ts';

const DOORS: Readonly<Record<string, string>> = JSON.parse(textOf('deno.json')).imports;

/** Pages whose TypeScript is a whole charm or program: a test of its own runs it. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  'docs/from-charmlibs.md': 'test/docs/from-charmlibs.test.ts',
  'docs/from-python.md': 'test/docs/from-python.test.ts',
  'docs/tutorials/typescript-charm.md': 'test/docs/tutorials.test.ts',
};

/** Documents that the snippets speak of. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  'relation.json': 'reactive/requires',
  'provider.json': 'reactive/provides',
};

/** The name that a block gives itself in its first line, else one of its own. */
const nameOf = ({ code }: Block, index: number): string =>
  /^\/\/ ([\w-]+\.ts)\n/.exec(code)?.[1] ?? `block-${index}.ts`;

/** A block with the sources in the place of the package, and its documents in the folder. */
const located = (code: string, path: (name: string) => string): string =>
  code.replaceAll(
    /'(interface-tls-certificates[^']*)'/g,
    (_all, door: string) => `'${pathToFileURL(ROOT + (DOORS[door] ?? assert.fail(`no front door ${door}`))).href}'`,
  ).replaceAll(/'(relation|provider)\.json'/g, (_all, name: string) => `'${path(`${name}.json`)}'`);

const byPage = (all: ReadonlyArray<Block>): ReadonlyMap<string, ReadonlyArray<Block>> => {
  const pages = new Map<string, Array<Block>>();
  for (const block of all) pages.set(block.page, [...pages.get(block.page) ?? [], block]);
  return pages;
};

const inputOf = (side: string): unknown => ({
  side,
  snapshot: {
    localUnit: 'web/0',
    endpoint: 'certificates',
    relations: [{ id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': {} } }],
  },
});

describe('what the pages show', () => {
  it('has the right types', { timeout: PATIENCE }, () =>
    inFolder((path) => {
      // A page's own files find each other; those of two pages must not.
      const files = [...byPage(blocks('ts'))].flatMap(([page, all]) =>
        all.map((block, i) => [`${page.replaceAll(/\W/g, '-')}-${nameOf(block, i)}`, page, block] as const)
      );
      for (const [file, page, { code }] of files) {
        writeFileSync(
          path(file),
          `${code.replaceAll("'./", `'./${page.replaceAll(/\W/g, '-')}-`)}\nexport {};\n`,
        );
      }
      const configuration = {
        extends: `${ROOT}tsconfig.json`,
        compilerOptions: {
          noEmit: true,
          skipLibCheck: true,
          declaration: false,
          isolatedDeclarations: false,
          rootDir: '/',
          // A snippet shows how to get something; what is done with it is the reader's.
          noUnusedLocals: false,
          rewriteRelativeImportExtensions: false,
          paths: Object.fromEntries(Object.entries(DOORS).map(([door, file]) => [door, [ROOT + file]])),
          typeRoots: [`${ROOT}node_modules/@types`],
        },
        include: files.map(([file]) => file),
        exclude: [],
      };
      writeFileSync(path('tsconfig.json'), JSON.stringify(configuration));
      writeFileSync(path('package.json'), '{"type": "module"}');
      const { stdout } = spawnSync(process.execPath, [
        ...('Deno' in globalThis ? ['run', '--quiet', '--allow-all'] : []),
        `${ROOT}node_modules/typescript/bin/tsc`,
        '-p',
        path('tsconfig.json'),
      ], { encoding: 'utf8', cwd: path('.') });
      assert.equal(stdout.slice(0, 2_000), '');
      return Promise.resolve();
    }));

  it('runs', { timeout: PATIENCE }, async () => {
    let count = 0;
    for (const [page, all] of byPage(blocks('ts'))) {
      if (Object.hasOwn(RUN_ELSEWHERE, page)) continue;
      await inFolder(async (path) => {
        for (const [name, side] of Object.entries(DOCUMENTS)) writeFileSync(path(name), JSON.stringify(inputOf(side)));
        const files = all.map((block, i) => [path(nameOf(block, i)), located(block.code, path)] as const);
        for (const [file, code] of files) writeFileSync(file, code);
        for (const [file] of files) {
          await import(pathToFileURL(file).href).catch((error) => assert.fail(`${page}: ${error}`));
          count += 1;
        }
      });
    }
    assert.ok(count > 10);
  });

  it('is run by another test where a program ends with it', () => {
    for (const [page, test] of Object.entries(RUN_ELSEWHERE)) {
      assert.ok(textOf(test).includes(page.split('/').at(-1) ?? ''));
    }
  });

  it('is YAML, and a configuration where it says what to ask for', async () => {
    let count = 0;
    for (const { page, code } of blocks('yaml')) {
      const documents = parseAllDocuments(code);
      assert.ok(Array.isArray(documents) && documents.every(({ errors }) => errors.length === 0), `${page}: ${code}`);
      if (!/^endpoint:/m.test(code)) continue;
      const result = await readConfiguration(page, new TextEncoder().encode(code))();
      assert.ok(result._tag === 'Right', result._tag === 'Left' ? result.left.message : '');
      count += 1;
    }
    assert.ok(count > 8);
  });

  it('is JSON, and an input document where it has a side', () => {
    const all = blocks('json');
    assert.ok(all.length > 0);
    for (const { code } of all) {
      const value = JSON.parse(code);
      if (value.side === undefined) continue;
      const decoded = decodeInput(value);
      assert.ok(decoded._tag === 'Right', decoded._tag === 'Left' ? decoded.left.message : '');
    }
  });
});
