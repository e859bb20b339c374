/**
 * The documentation at `/docs`: contents, examples that are true, words for each status, findings, and no fault that axe knows.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROUTES } from '../../../adapters/http/api.ts';
import { EXAMPLES } from '../../../adapters/http/examples.ts';
import { httpHandler } from '../../../adapters/http/mod.ts';
import { EXAMINE_FINDINGS } from '../../../core/examine/mod.ts';
import { launch, pathIn, without, withoutChromium } from '../../browser.ts';
import { inFolder } from '../../command.ts';
import { PATIENCE } from '../../patience.ts';

const HERE = 'http://localhost';

const page = async (): Promise<string> => await (await httpHandler().fetch(new Request(`${HERE}/docs`))).text();

/** Whether an answer has all that an example shows of it. */
const shows = (answer: unknown, example: unknown, path = ''): void => {
  if (typeof example === 'string' && example.endsWith('…')) {
    return assert.ok(typeof answer === 'string' && answer.startsWith(example.slice(0, -1)), path);
  }
  if (Array.isArray(example)) {
    assert.ok(Array.isArray(answer) && answer.length === example.length, path);
    for (const [i, one] of example.entries()) shows(answer[i], one, `${path}[${i}]`);
    return;
  }
  if (typeof example !== 'object' || example === null) return assert.deepEqual(answer, example, path);
  assert.ok(typeof answer === 'object' && answer !== null, path);
  for (const [key, one] of Object.entries(example)) shows(Reflect.get(answer, key), one, `${path}.${key}`);
};

describe('the documentation of the API', () => {
  it('has an example of each operation that is true', async () => {
    const { fetch } = httpHandler();
    const named = ROUTES.map(({ operation }) => operation);
    assert.deepEqual([...named].sort(), Object.keys(EXAMPLES).sort());
    // In the order of a session's life.
    for (const operation of Object.keys(EXAMPLES) as ReadonlyArray<keyof typeof EXAMPLES>) {
      const { request, status, answer } = EXAMPLES[operation];
      const route = ROUTES.find((one) => one.operation === operation);
      const url = `${HERE}${(route?.path ?? '').replace(':session', 'my-test')}`;
      const body = request === undefined ? {} : { body: JSON.stringify(request) };
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(new Request(url, { method: route?.method ?? '', headers, ...body }));
      assert.equal(response.status, status, operation);
      const text = await response.text();
      if (answer === undefined) assert.equal(text, '', operation);
      else shows(JSON.parse(text), answer, operation);
    }
  });

  it('has contents, examples, words for each status, and each finding; every link leads somewhere', async () => {
    const text = await page();
    const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...text.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);
    assert.ok(links.length > ROUTES.length);
    assert.deepEqual(links.filter((id) => !ids.has(id)), []);
    assert.equal(text.split('<h3>Example</h3>').length - 1, ROUTES.length);
    for (const code of Object.keys(EXAMINE_FINDINGS)) assert.ok(ids.has(`finding-${code}`), code);
    const statuses = [...text.matchAll(/<tr><td>(\d{3})<\/td><td>(.*?)<\/td>/g)];
    assert.ok(statuses.length > 30);
    assert.deepEqual(statuses.filter(([, , words = '']) => words.length < 4), []);
    assert.ok(text.includes('href="/"'), 'the page is one link away');
  });

  for (const width of [1280, 360]) {
    it(`has no fault that axe knows, ${width} wide`, {
      skip: withoutChromium || without('axe-core'),
      timeout: PATIENCE,
    }, () =>
      inFolder(async (path) => {
        await writeFile(path('docs.html'), await page());
        const browser = await launch();
        try {
          const tab = await (await browser.newContext({ viewport: { width, height: 900 } })).newPage();
          await tab.addInitScript({ path: pathIn('axe-core/axe.min.js') });
          await tab.goto(pathToFileURL(path('docs.html')).href);
          const { violations } = await tab.evaluate('axe.run()');
          assert.deepEqual(violations.map(({ id }: { readonly id: string }) => id), []);
          assert.ok(await tab.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'nothing sticks out');
        } finally {
          await browser.close();
        }
      }));
  }
});
