/**
 * The commands that pages show are there: shell syntax, programs, scripts, subcommands with their options, actions. And docs/commands.md
 * leaves none of them out.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ACTIONS_BY_SIDE } from '../../adapters/charm/actions/declared.ts';
import { command } from '../command.ts';
import { PATIENCE } from '../patience.ts';
import { blocks, PAGES, ROOT, textOf } from './pages.ts';

const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(textOf('package.json'));
const { tasks }: { tasks: Readonly<Record<string, string>> } = JSON.parse(textOf('deno.json'));

/** Each command of a script by itself: what stands between pipes, `&&` and line ends. */
const commandsIn = (code: string): ReadonlyArray<string> =>
  code.replaceAll(/\\\n\s*/g, ' ').replaceAll(/(^|\s)#.*$/gm, '').split(/\n|\|(?!\|)|&&|;|\$\(|\)/)
    .map((text) => text.replaceAll(/^[\s(]+|\s+$/g, '')).filter((text) => text !== '');

/** Commands that stand in a sentence or a table. */
const inProse = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/`((?:npm|npx|deno|bun|tls-certificates|node tools)\b[^`\n]*)`/g)].flatMap(([, code = '']) =>
    commandsIn(code)
  );

const shown: ReadonlyArray<readonly [page: string, command: string]> = [
  ...blocks('sh').flatMap(({ page, code }) => commandsIn(code).map((text) => [page, text] as const)),
  ...PAGES.filter((page) => page !== 'CHANGELOG.md').flatMap((page) =>
    inProse(textOf(page)).map((text) => [page, text] as const)
  ),
];

/** The arguments of `tls-certificates`, however it is started; null for another program. */
const argumentsOf = (text: string): ReadonlyArray<string> | null => {
  const start =
    /^(?:npx interface-tls-certificates|(?:exec )?(?:\.\/)?tls-certificates|npm run -s tls-certificates --|(?:deno task|bun run) tls-certificates)(?= |$)(.*)/;
  return start.exec(text)?.[1]?.trim().split(/\s+/) ?? null;
};

/** Actions of other charms that pages tell people to run. */
const FOREIGN = new Set([
  'generate-root-ca',
  'get-csr',
  'upload-signed-csr',
  'reissue-certificates',
  'disable-pki',
  'regenerate-intermediate-ca',
]);

const ACTIONS = new Set(Object.values(ACTIONS_BY_SIDE).flatMap((actions) => Object.keys(actions)));

/** What is wrong with a command of a package manager, of Juju or of Node; null where nothing is. */
const faultOf = (text: string): string | null => {
  const [, script] = /^(?:npm run(?: -s)?|bun run) ([\w:-]+)/.exec(text) ?? [];
  if (script !== undefined && scripts[script] === undefined) return `there is no script ${script}`;
  const [, task] = /^deno task ([\w:-]+)/.exec(text) ?? [];
  if (task !== undefined && tasks[task] === undefined) return `there is no task ${task}`;
  const [, file] = /^(?:node|python3) ((?:tools|examples|test)\/[\w./-]+)/.exec(text) ?? [];
  if (file !== undefined && !existsSync(ROOT + file)) return `there is no ${file}`;
  const [, action] = /^juju run [\w-]+\/(?:leader|\d+) ([\w-]+)/.exec(text) ?? [];
  if (action !== undefined && !ACTIONS.has(action) && !FOREIGN.has(action)) return `there is no action ${action}`;
  return null;
};

/** The words for a command's options in its help. */
const helpOf = async (name: string): Promise<string> => (await command([name, '--help'])).stdout;

describe('the commands in pages', () => {
  it('are good shell', () => {
    for (const { page, code } of blocks('sh')) {
      const { status, stderr } = spawnSync('sh', ['-n'], { input: code, encoding: 'utf8' });
      assert.equal(status, 0, `${page}: ${stderr}`);
    }
  });

  it('name scripts, tasks, files and actions that are there', () => {
    assert.ok(shown.length > 100);
    assert.deepEqual(shown.flatMap(([page, text]) => faultOf(text) === null ? [] : [`${page}: ${faultOf(text)}`]), []);
    assert.match(faultOf('npm run -s nothing') ?? '', /no script nothing/);
    assert.match(faultOf('juju run ca/leader nothing') ?? '', /no action nothing/);
  });

  it('name commands and options of tls-certificates that are there', { timeout: PATIENCE }, async () => {
    const used = shown.flatMap(([page, text]) => {
      const [name = '', ...rest] = argumentsOf(text) ?? [''];
      return /^[a-z]+$/.test(name) ? [[page, name, rest] as const] : [];
    });
    assert.ok(used.length > 15);
    const all = (await command(['--help'])).stdout;
    const names = new Set(used.map(([, name]) => name));
    const helps = new Map<string, string>();
    for (const name of names) helps.set(name, await helpOf(name));
    for (const [page, name, rest] of used) {
      assert.match(all, new RegExp(`^ +${name} `, 'm'), `${page}: ${name}`);
      for (const option of rest.filter((word) => /^--[a-z]/.test(word))) {
        assert.ok(helps.get(name)?.includes(option.split('=')[0] ?? ''), `${page}: ${name} ${option}`);
      }
    }
  });

  it('are all in docs/commands.md, with their options', { timeout: PATIENCE }, async () => {
    const page = textOf('docs/commands.md');
    const [, list = ''] = /SUBCOMMANDS\n([\s\S]*?)\n\n/.exec((await command(['--help'])).stdout) ?? [];
    const names = [...list.matchAll(/^ +([a-z]+) /gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
    assert.ok(names.length >= 7);
    for (const name of names) {
      assert.ok(page.includes(`| \`tls-certificates ${name}`), name);
      const [, own = ''] = /\nFLAGS\n([\s\S]*?)\n\n/.exec(await helpOf(name)) ?? [];
      for (const [, option = ''] of own.matchAll(/^ +(--[a-z-]+)/gm)) {
        assert.ok(page.includes(option), `${name} ${option}`);
      }
    }
  });
});
