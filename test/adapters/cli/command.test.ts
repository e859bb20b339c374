/**
 * The command as a person and as a program meet it: standard output, standard error, exit codes.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile, symlink, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decide } from '../../../mod.ts';
import { command, ended, inFolder, start } from '../../command.ts';
import { documentOf, relation } from '../../world.ts';

const EASYRSA = new URL('../../real/easyrsa-answered.json', import.meta.url);
const FRESH = new URL('../../real/easyrsa-fresh.json', import.meta.url);

/** A document in which a private key is where none belongs, and every kind of text that a terminal would obey. */
const nasty = documentOf({
  relations: [relation({
    localUnitData: { cert_requests: '-----BEGIN PRIVATE KEY-----SECRET', common_name: 'a' },
    remoteUnits: {
      'easyrsa/0': {
        ca: '\u001b]0;owned\u0007',
        'web_0.processed_requests':
          '{"\u001b[2Jb": {"cert": "C", "key": "SECRET"}, "c": "-----BEGIN PRIVATE KEY-----SECRET"}',
        'web_0.processed_client_requests': '-----BEGIN PRIVATE KEY-----SECRET',
      },
    },
  })],
  intent: { requests: [{ certType: 'server', commonName: '-----BEGIN PRIVATE KEY-----SECRET' }] },
});

/** The command where a line has 60 columns. */
const narrow = (args: ReadonlyArray<string>) => {
  process.env['COLUMNS'] = '60';
  try {
    return command(args);
  } finally {
    delete process.env['COLUMNS'];
  }
};

describe('tls-certificates', () => {
  it('decide prints the outcome of a file, as the library has it', async () => {
    const { code, stdout, stderr } = await command(['decide', EASYRSA.pathname]);
    const expected = decide(JSON.parse(await readFile(EASYRSA, 'utf8')));
    assert.deepEqual([code, stderr], [0, '']);
    assert.ok(expected._tag === 'Right');
    assert.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(expected.right)));
  });

  it('decide reads standard input, to the last byte of a large document', async () => {
    const filler = 'x'.repeat(5_000_000);
    const remoteUnits = { 'easyrsa/0': { ca: filler } };
    const { code, stdout } = await command(
      ['decide'],
      JSON.stringify(documentOf({ relations: [relation({ remoteUnits })] })),
    );
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).view.rootCaCert.length, filler.length);
  });

  it('decide ends well when its reader goes away, as head does', () =>
    inFolder(async (path) => {
      const remoteUnits = { 'easyrsa/0': { ca: 'x'.repeat(3_000_000) } };
      await writeFile(path('x.json'), JSON.stringify(documentOf({ relations: [relation({ remoteUnits })] })));
      const child = start('adapters/cli/main.ts', ['decide', path('x.json')]);
      child.stdout?.once('data', () => child.stdout?.destroy());
      const { code, stderr } = await ended(child);
      assert.deepEqual([code, stderr], [0, '']);
    }));

  it('plan shows certificates, writes and flags', async () => {
    const answered = await command(['plan', EASYRSA.pathname]);
    assert.equal(answered.code, 0);
    assert.match(
      answered.stdout,
      /^kubernetes-control-plane\/0 on certificates .*: 0 databags to write, 12 flags to set/,
    );
    assert.match(answered.stdout, /server {2}kubernetes-api\.example +1 certificate/);
    const fresh = await command(['plan', FRESH.pathname]);
    assert.match(fresh.stdout, /\+ {2}cert_requests +\{"node-7\.example"/);
    assert.match(fresh.stdout, /\+ {2}certificates\.ca\.changed/);
  });

  it('plan marks what is new, what changes and what goes', () =>
    inFolder(async (path) => {
      const localUnitData = {
        unit_name: 'web_0',
        client_cert_requests: '{"c": {"sans": []}}',
        cert_requests: '{"d": {"sans": []}}',
      };
      await writeFile(
        path('x.json'),
        JSON.stringify(documentOf({
          relations: [relation({ localUnitData })],
          intent: {
            requests: [{ certType: 'client', commonName: 'c', sans: ['x'] }, { certType: 'server', commonName: 'e' }],
            withdraw: [{ certType: 'server', commonName: 'd' }],
          },
        })),
      );
      const { stdout } = await command(['plan', path('x.json')]);
      assert.match(stdout, /^ {4}\+ {2}common_name/m);
      assert.match(stdout, /^ {4}~ {2}client_cert_requests/m);
      assert.match(stdout, /^ {4}- {2}cert_requests/m);
      assert.match(stdout, /info sans-replaced at certificates:3 · web\/0 · client_cert_requests · c/);
    }));

  it('plan shows no private key and obeys no escape sequence', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(nasty));
      for (const args of [['plan', path('x.json')], ['apply', path('x.json')]]) {
        const { code, stdout, stderr } = await command(args);
        assert.equal(code, 0);
        assert.doesNotMatch(stdout + stderr, /SECRET/);
        // deno-lint-ignore no-control-regex
        assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f]/);
      }
    }));

  it('apply changes a document once', () =>
    inFolder(async (path) => {
      await copyFile(FRESH, path('x.json'));
      const first = await command(['apply', 'x.json'], '', path('.'));
      const once = await readFile(path('x.json'), 'utf8');
      assert.match(first.stdout, /1 databag to write, 3 flags to set/);
      const second = await command(['apply', 'x.json'], '', path('.'));
      assert.match(second.stdout, /Nothing to change\./);
      assert.equal(await readFile(path('x.json'), 'utf8'), once);
      assert.deepEqual([first.code, second.code], [0, 0]);
    }));

  it('apply leaves a whole document behind when it is killed', { timeout: 600_000 }, () =>
    inFolder(async (path) => {
      const fresh = JSON.stringify(JSON.parse(await readFile(FRESH, 'utf8')));
      await writeFile(path('done.json'), fresh);
      await command(['apply', path('done.json')]);
      const done = await readFile(path('done.json'), 'utf8');
      for (let round = 0; round < 8; round++) {
        await writeFile(path('x.json'), fresh);
        const child = start('adapters/cli/main.ts', ['apply', path('x.json')]);
        const end = ended(child);
        await sleep(50 + round * 60);
        child.kill('SIGKILL');
        await end;
        assert.ok([fresh, done].includes(await readFile(path('x.json'), 'utf8')), `round ${round}`);
      }
      assert.equal((await command(['apply', path('x.json')])).code, 0);
      assert.equal(await readFile(path('x.json'), 'utf8'), done);
    }));

  it('apply at once with another of its kind waits for it', () =>
    inFolder(async (path) => {
      await copyFile(FRESH, path('x.json'));
      const both = await Promise.all([command(['apply', path('x.json')]), command(['apply', path('x.json')])]);
      assert.deepEqual(both.map(({ code }) => code), [0, 0]);
      assert.deepEqual(both.map(({ stdout }) => stdout.includes('Nothing to change.')).sort(), [false, true]);
    }));

  it('says where broken JSON is broken, and nothing of what is there', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), '{\n  "side": "SECRET",\n  "snapshot": SECRET\n}\n');
      const { code, stdout, stderr } = await command(['plan', path('x.json')]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.equal(stderr, `tls-certificates: ${path('x.json')}: not valid JSON (line 3, column 15)\n`);
    }));

  it('refuses what is no document, with exit code 2, and touches nothing', () =>
    inFolder(async (path) => {
      const cases: ReadonlyArray<readonly [string | Uint8Array, RegExp]> = [
        ['', /expected JSON, got nothing/],
        [new Uint8Array([0xff, 0xfe, 0x00]), /bytes that are not UTF-8/],
        ['[]', /expected an object, got a list of 0 elements/],
        ['{"side": "reactive/requires", "snapshot": {}}', /snapshot\.localUnit: expected a unit name, got nothing/],
        ['['.repeat(200_000), /JSON/],
        [`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, /expected/],
      ];
      for (const [content, message] of cases) {
        await writeFile(path('x.json'), content);
        const { code, stdout, stderr } = await command(['apply', path('x.json')]);
        assert.deepEqual([code, stdout], [2, ''], stderr);
        assert.match(stderr, message);
        assert.deepEqual(new Uint8Array(await readFile(path('x.json'))), new Uint8Array(Buffer.from(content)));
      }
    }));

  it('refuses wrong arguments with exit code 2, on standard error only', async () => {
    for (const args of [['plan'], ['paln', 'x'], ['plan', '--frob', 'x'], ['plan', 'x', 'y'], ['apply', '-']]) {
      const { code, stdout, stderr } = await command(args);
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, args[1] === '-' ? /standard input/ : /^tls-certificates: [\s\S]*--help/);
    }
  });

  it('escapes what a path or a key would tell the terminal', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(documentOf({ intent: { '\u009b31mEVIL\u202e': 1 } })));
      const { code, stderr } = await command(['plan', path('x.json')]);
      assert.equal(code, 2);
      assert.match(stderr, /\\u009b31mEVIL\\u202e/);
      assert.match((await command(['plan', path('\u001b[2J')])).stderr, /\\u001b\[2J/);
    }));

  it('ends with exit code 3 where the environment fails', () =>
    inFolder(async (path) => {
      await symlink('loop', path('loop'));
      for (const file of [path('none.json'), path('loop'), path('.')]) {
        const { code, stdout, stderr } = await command(['apply', file]);
        assert.deepEqual([code, stdout], [3, ''], stderr);
        assert.match(stderr, /^tls-certificates: cannot (read|use) .*: [a-z]/);
      }
    }));

  it('helps, tells its version and completes', async () => {
    const [help, version, completions] = await Promise.all([
      command(['plan', '--help']),
      command(['--version']),
      command(['--completions', 'bash']),
    ]);
    assert.match(help.stdout, /USAGE\s+tls-certificates plan/);
    assert.match(version.stdout, /^tls-certificates v\d+\.\d+\.\d+\n$/);
    assert.match(completions.stdout, /tls-certificates/);
    assert.deepEqual([help.code, version.code, completions.code], [0, 0, 0]);
  });

  it('tells defaults, exit codes, an example and a link in the help of each command, within 60 columns', async () => {
    const names = ['inspect', 'plan', 'apply', 'decide', 'demo', 'serve', 'hook'];
    const helps = await Promise.all([
      narrow(['help']),
      ...names.map((name) => narrow(['help', name])),
      narrow(['inspect', '--help']),
    ]);
    for (const { code, stdout, stderr } of helps) {
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /EXIT CODES[\s\S]*0 +done[\s\S]*EXAMPLES\n[\s\S]*tls-certificates[\s\S]*MORE\n +https:\/\//);
    }
    const [whole, ...each] = helps.map(({ stdout }) => stdout);
    for (const name of [...names, 'help']) assert.match(whole ?? '', new RegExp(`^ {2}${name} `, 'm'));
    const told = (each[4] ?? '').replaceAll(/\s+/g, ' ');
    for (const words of ['(default: reactive)', '(default: 3)', '(default: 4)', '(default: 1)']) {
      assert.ok(told.includes(words));
    }
    assert.ok((each[5] ?? '').includes('(default: 8080)') && (each[6] ?? '').includes('tls-certificates.yaml'));
    assert.match(each[6] ?? '', /1 +never/);
    assert.equal(each[7], each[0], 'help COMMAND and --help are the same');
    // An example that can be pasted stays on its line.
    const wide = [whole, each[1], each[5]].flatMap((text) => (text ?? '').split('\n')).filter((line) =>
      line.length > 60 && !/^ {2}(?:juju|tls-certificates|https:|\$|#)/.test(line)
    );
    assert.deepEqual(wide, []);
    assert.equal((await command(['help', 'nothing'])).code, 2);
  });

  it(
    'completes files where files are meant, and leaves the rest to the shell',
    { skip: !existsSync('/bin/bash') },
    () =>
      inFolder(async (path) => {
        const { stdout: script } = await command(['--completions', 'bash']);
        await writeFile(path('complete.bash'), script);
        await writeFile(path('relation.json'), '');
        await writeFile(path('other file.yaml'), '');
        const complete = (...words: ReadonlyArray<string>): ReadonlyArray<string> => {
          const quoted = words.map((word) => `'${word}'`).join(' ');
          const { stdout } = spawnSync('bash', [
            '-c',
            `
          cd '${path('.')}'; source complete.bash
          COMP_WORDS=(tls-certificates ${quoted}); COMP_CWORD=${words.length}
          COMP_LINE="tls-certificates ${words.join(' ')}"; COMP_POINT=\${#COMP_LINE}
          function_name=$(complete -p tls-certificates | sed 's/.*-F \\([^ ]*\\).*/\\1/')
          $function_name tls-certificates '${words.at(-1)}' '${
              words.at(-2) ?? ''
            }' 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"
        `,
          ], { encoding: 'utf8' });
          return stdout.trim().split('\n');
        };
        for (const name of ['plan', 'apply', 'decide', 'inspect']) {
          assert.deepEqual(complete(name, 'rel').map((word) => word.trim()), ['relation.json'], name);
        }
        assert.ok(complete('inspect', 'relation.json', 'oth')[0]?.includes('other'));
        assert.deepEqual(complete('hook', '--config', 'rel').map((word) => word.trim()), ['relation.json']);
        assert.deepEqual(complete('serve', '--token-file', 'rel').map((word) => word.trim()), ['relation.json']);
        assert.deepEqual(complete('ins').map((word) => word.trim()), ['inspect']);
        assert.deepEqual(complete('inspect', '--format', 'op').map((word) => word.trim()), ['openmetrics']);
        for (const shell of ['zsh', 'fish']) {
          const { stdout } = await command(['--completions', shell]);
          const expected = shell === 'zsh'
            ? /an input document[^\n]*:_files/
            : /__fish_seen_subcommand_from plan' [^\n]*-F|decide/;
          assert.match(stdout, expected);
          if (shell === 'fish') {
            assert.doesNotMatch(stdout, /__fish_seen_subcommand_from (?:plan|apply|decide|inspect)' -f$/m);
          }
        }
      }),
  );
});
