/**
 * Chromium for tests: Debian's, which `.ci/run` installs, driven by playwright-core, which is among the runtimes (test/runtimes). Where one
 * of them is missing, or the present runtime is not Node, tests are skipped and say so.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { RUNTIME } from './command.ts';
import { PATIENCE } from './patience.ts';

const RUNTIMES = fileURLToPath(new URL('./runtimes/', import.meta.url));
const CHROMIUM = '/usr/bin/chromium';

const has = (name: string): boolean => existsSync(`${RUNTIMES}node_modules/${name}/package.json`);

/** Why a test that needs some of the packages of test/runtimes is skipped; false where it is not. */
export const without = (...packages: ReadonlyArray<string>): string | false => {
  if (RUNTIME !== 'node') return 'it is run from Node';
  const missing = packages.filter((name) => !has(name));
  return missing.length === 0 ? false : `${missing.join(' and ')} is not installed`;
};

/** Why a test in Chromium is skipped; false where it is not. */
export const withoutChromium: string | false = existsSync(CHROMIUM)
  ? without('playwright-core')
  : without() || 'there is no Chromium';

/** Loads a package of test/runtimes, which may not be there, so that no type can be known. */
// deno-lint-ignore no-explicit-any -- see above.
export const load = (name: string): any => createRequire(`${RUNTIMES}package.json`)(name);

/** The path of a file in a package of test/runtimes. */
export const pathIn = (file: string): string => createRequire(`${RUNTIMES}package.json`).resolve(file);

/** A browser of one's own, whose pages wait for what happens as long as a test may. */
// deno-lint-ignore no-explicit-any -- as above.
export const launch = async (): Promise<any> => {
  const browser = await load('playwright-core').chromium.launch({
    executablePath: CHROMIUM,
    timeout: PATIENCE,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const newContext = browser.newContext.bind(browser);
  // newPage goes this way, too.
  browser.newContext = async (options: unknown) => {
    const context = await newContext(options);
    context.setDefaultTimeout(PATIENCE);
    return context;
  };
  return browser;
};
