/**
 * docs/http.md leaves out nothing, and what it and the README show of HTTP runs.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { FAULTS, LIMITS, PROBLEMS } from '../../adapters/http/mod.ts';
import { openApi } from '../../adapters/http/openapi.ts';
import { inFolder } from '../command.ts';

const ROOT = new URL('../../', import.meta.url);

const readText = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** The rows of the tables below a heading, cell by cell. */
const rows = (heading: string): ReadonlyArray<ReadonlyArray<string>> => {
  const after = readText('docs/http.md').split(`\n${heading}\n`)[1] ?? assert.fail(`no heading ${heading}`);
  const lines = (after.split(/^#+ /m)[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', '')));
};

const first = (heading: string): ReadonlyArray<string> => rows(heading).map(([cell = '']) => cell);

/** The blocks of TypeScript in a document that import the front door. */
const blocks = (path: string): ReadonlyArray<string> =>
  [...readText(path).matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
    .filter((code) => code.includes("'interface-tls-certificates/http'"));

/** A block as a module of its own, with the sources in the place of the package. */
const running = async (code: string): Promise<Readonly<Record<string, unknown>>> => {
  const { imports } = JSON.parse(readText('deno.json'));
  const text = code.replace(
    /'(interface-tls-certificates[^']*)'/g,
    (_all, name: string) => `'${new URL(imports[name] ?? assert.fail(`no front door ${name}`), ROOT).href}'`,
  );
  return await inFolder(async (path) => {
    await writeFile(path('block.ts'), text);
    return await import(pathToFileURL(path('block.ts')).href);
  });
};

describe('docs/http.md', () => {
  it('has every route, and no other', () => {
    const described = Object.entries(openApi().paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`)
    );
    assert.deepEqual([...first('## Routes')].sort(), described.sort());
  });

  it('has every fault, problem and limit, with what is so', () => {
    assert.deepEqual([...first('### Bad days')].sort(), Object.keys(FAULTS).sort());
    assert.deepEqual(
      rows('## Problems').map(([kind, status]) => [kind, status]).sort(),
      Object.entries(PROBLEMS).map(([kind, [status]]) => [kind, String(status)]).sort(),
    );
    assert.deepEqual(
      rows('## Limits').map(([name, , value]) => [name, value]).sort(),
      Object.entries(LIMITS).map(([name, value]) => [name, String(value)]).sort(),
    );
  });

  for (const path of ['docs/http.md', 'README.md']) {
    it(`has code in ${path} that runs, and a worker that answers`, async () => {
      const codes = blocks(path);
      assert.ok(codes.length >= 2);
      let workers = 0;
      for (const code of codes) {
        const { default: worker } = await running(code);
        if (worker === undefined) continue;
        workers += 1;
        const { status } = await Object(worker).fetch(new Request('http://localhost/health'));
        assert.equal(status, 200);
      }
      assert.equal(workers, 1);
    });
  }
});
