/**
 * The inspector page as one HTML file: it contains its script and style, and a policy that lets nothing else run. As a command, it writes
 * the page: `node tools/page.mjs inspector.html`.
 *
 * The page must work from disk, where a policy cannot name files next to it, so the policy names the page's one style and one script by
 * their digests. Anything else is refused, from anywhere, and so is every connection.
 *
 * @module
 */
// @ts-check
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { alias } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = 'adapters/inspector';

/** @param {string} entry */
const bundled = async (entry) => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`${folder}/${entry}`],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: ['es2023', 'chrome120', 'firefox121', 'safari17'],
    mainFields: ['module', 'main'],
    alias,
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0]?.text.trim() ?? '';
};

/** @param {string} text */
const digest = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page. */
export const inspectorPage = async () => {
  const template = await readFile(`${root}${folder}/page.html`, 'utf8');
  // Only the end tag of its own element could end it early.
  const script = (await bundled('main.ts')).replaceAll('</script', '<\\/script');
  const style = await bundled('page.css');
  // It is data, which no policy counts as a script.
  const example = JSON.stringify(JSON.parse(await readFile(`${root}${folder}/example.json`, 'utf8')));
  const policy = [
    "default-src 'none'",
    `script-src ${digest(script)}`,
    `style-src ${digest(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  /** @type {Readonly<Record<string, string>>} */
  const parts = { POLICY: policy, STYLE: style, EXAMPLE: example, SCRIPT: script };
  return template.replace(/%(POLICY|STYLE|EXAMPLE|SCRIPT)%/g, (_all, name) => parts[name] ?? '');
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path = 'dist/inspector.html'] = process.argv.slice(2);
  await writeFile(path, await inspectorPage());
}
