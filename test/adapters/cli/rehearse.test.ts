/**
 * The command `rehearse`: what it prints, what it writes, and how it ends.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { command, inFolder } from '../../command.ts';

const WEB = 'applications: { web: { charm: builtin:requirer } }\n';
const HOLDS = `${WEB}steps: [{ expect: { unit: web/0, status: blocked } }]\n`;
const BREAKS = `${WEB}steps: [{ expect: { unit: web/0, status: active } }]\n`;

describe('tls-certificates rehearse', () => {
  it('ends with 0 where everything is as expected, and tells the story', async () => {
    await inFolder(async (path) => {
      writeFileSync(path('s.yaml'), HOLDS);
      const { code, stdout, stderr } = await command(['rehearse', path('s.yaml'), '--log', path('log.json')]);
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^ {2}web\/0 {2}install$/m);
      assert.match(stdout, /^ {2}ok {4}web\/0: status blocked$/m);
      assert.match(stdout, /^1 of 1 expectation held, 0 problems, 0 errors/m);
      const again = await command(['rehearse', path('s.yaml'), '--replay', path('log.json')]);
      assert.deepEqual([again.code, again.stdout], [0, stdout]);
      assert.equal(JSON.parse(readFileSync(path('log.json'), 'utf8')).format, 'rehearsal 1');
    });
  });

  it('ends with 1 where something is not, in each format', async () => {
    await inFolder(async (path) => {
      writeFileSync(path('s.yaml'), BREAKS);
      const junit = await command(['rehearse', path('s.yaml'), '--format', 'junit']);
      assert.equal(junit.code, 1);
      assert.match(junit.stdout, /^<\?xml .*\n<testsuites tests="3" failures="1">/);
      const json = await command(['rehearse', path('s.yaml'), '--format', 'json', '--explore', '2']);
      assert.equal(json.code, 1);
      assert.equal(JSON.parse(json.stdout).checks[0].expected, 'web/0: status active');
    });
  });

  it('ends with 2 where the scenario or the arguments are wrong, and with 3 where a charm is missing', async () => {
    await inFolder(async (path) => {
      writeFileSync(path('s.yaml'), `${WEB}step: []\n`);
      const wrong = await command(['rehearse', path('s.yaml')]);
      assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
      assert.match(wrong.stderr, /s\.yaml:2: step: no such field/);
      writeFileSync(path('m.yaml'), 'applications: { web: { charm: ./nowhere } }\n');
      const missing = await command(['rehearse', path('m.yaml')]);
      assert.equal(missing.code, 3);
      assert.match(missing.stderr, /nowhere: there is no such folder/);
      const several = await command(['rehearse', path('m.yaml'), '--explore', '2', '--conformance', 'requirer']);
      assert.deepEqual([several.code, several.stdout], [2, '']);
    });
  });

  it('gives a verdict of each conversation, and a page of them', async () => {
    await inFolder(async (path) => {
      writeFileSync(path('s.yaml'), WEB);
      const args = ['--conformance', 'requirer', '--protocol', 'csr', '--only', 'first', '--report', path('./page.md')];
      const { code, stdout } = await command(['rehearse', path('s.yaml'), ...args]);
      assert.equal(code, 0);
      assert.match(stdout, /^kept +csr +first request$/m);
      assert.match(readFileSync(path('./page.md'), 'utf8'), /^\| first request \| csr \| kept \|/m);
    });
  });
});
