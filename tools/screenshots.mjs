/**
 * Retakes the pictures of the inspector page in `docs/`: `npm run screenshots`. It needs Chromium and the fonts Inter and JetBrains Mono
 * (`apt-get install chromium fonts-inter fonts-jetbrains-mono`).
 *
 * @module
 */
// @ts-check
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch } from '../test/browser.ts';
import { inspectorPage } from './page.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const folder = await mkdtemp(join(tmpdir(), 'inspector-'));
const html = join(folder, 'inspector.html');
await writeFile(html, await inspectorPage());

/** @type {ReadonlyArray<{ name: string, file: string, width: number, height: number, colorScheme: 'light' | 'dark', row?: number }>} */
const PICTURES = [
  { name: 'inspector', file: 'adapters/inspector/example.json', width: 1180, height: 1410, colorScheme: 'light' },
  {
    name: 'inspector-dark',
    file: 'test/real/trouble-missing-sans.json',
    width: 1180,
    height: 900,
    colorScheme: 'dark',
    row: 2,
  },
  { name: 'inspector-phone', file: 'test/real/trouble-wrong-ca.json', width: 390, height: 844, colorScheme: 'light' },
];

const browser = await launch();
try {
  for (const { name, file, width, height, colorScheme, row } of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor: 1.5 });
    await page.goto(pathToFileURL(html).href);
    await page.setInputFiles('#files', file);
    await page.waitForSelector('.report .row');
    if (row !== undefined) {
      await page.locator('.row summary').nth(row).click();
      await page.evaluate(() => scrollTo(0, 0));
    }
    await page.screenshot({ path: `docs/${name}.png` });
    await page.close();
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
