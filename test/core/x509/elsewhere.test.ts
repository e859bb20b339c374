/**
 * The shared table of cases in workerd and in Chromium: bundled once, run there, and the results compared here.
 *
 * miniflare and playwright-core are among the runtimes (test/runtimes), Chromium is Debian's, which `.ci/run` installs. Where one of them is
 * missing, or the present runtime is not Node, the test is skipped and says so.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, load, without, withoutChromium } from '../../browser.ts';
import type { Result } from './cases.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The cases in one script, with what is to be done with their results. */
const bundled = async (use: string): Promise<string> => {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: { contents: `import { run } from './cases.ts';\n${use}`, resolveDir: `${ROOT}test/core/x509`, loader: 'ts' },
    bundle: true,
    format: 'esm',
    write: false,
    minify: true,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
};

const judge = (results: ReadonlyArray<Result>): void => {
  assert.ok(results.length > 150);
  assert.deepEqual(results.filter(({ expected, result }) => expected !== result), []);
};

describe('the shared cases elsewhere', () => {
  it('come out the same in workerd', { skip: without('miniflare'), timeout: 300_000 }, async () => {
    const { Miniflare } = load('miniflare');
    const script = await bundled('export default { fetch: async () => Response.json(await run()) };');
    const worker = new Miniflare({ modules: true, script, compatibilityDate: '2026-07-01' });
    try {
      judge(await (await worker.dispatchFetch('http://localhost/')).json());
    } finally {
      await worker.dispose();
    }
  });

  it('come out the same in Chromium', { skip: withoutChromium, timeout: 300_000 }, async () => {
    const script = await bundled('globalThis.results = run();');
    const browser = await launch();
    try {
      const page = await browser.newPage();
      // WebCrypto wants a secure context, and http://localhost is one.
      await page.route(
        'http://localhost/**',
        (route: { fulfill: (answer: object) => Promise<void> }) =>
          route.fulfill({
            contentType: 'text/html',
            body: `<script type="module">${script.replaceAll('</', '<\\/')}</script>`,
          }),
      );
      await page.goto('http://localhost/');
      await page.waitForFunction('globalThis.results !== undefined');
      judge(await page.evaluate('globalThis.results'));
    } finally {
      await browser.close();
    }
  });
});
