/**
 * What people paste from a terminal: what Juju printed is found in it, and all else is left out.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stringify } from 'yaml';
import type { Timestamp } from '../../../adapters/port.ts';
import { readObserved } from '../../../adapters/reading/observed.ts';
import { assertLinear } from '../../growth.ts';

const CLOCK = '2026-11-28T06:00:00Z' as Timestamp;

const entry = (endpoint: string, related: string, unit: string, data: object) => ({
  'relation-info': [{
    'relation-id': 3,
    endpoint,
    'related-endpoint': related,
    'application-data': {},
    'related-units': { [unit]: { 'in-scope': true, data } },
  }],
});

const PUBLISHED = {
  ca: '-----BEGIN CERTIFICATE-----\n# a comment\n$ no prompt\n-----END CERTIFICATE-----\n',
  'web_0.server.cert': 'C',
};
const ASKED = { unit_name: 'web_0', common_name: 'web.example', 'ingress-address': '10.0.0.7' };
const web = { 'web/0': entry('certificates', 'client', 'vault/0', PUBLISHED) };
const vault = { 'vault/0': entry('client', 'certificates', 'web/0', ASKED) };

const read = (text: string) => {
  const result = readObserved([{ name: 'FILE', bytes: new TextEncoder().encode(text) }], CLOCK);
  return result._tag === 'Right'
    ? JSON.parse(JSON.stringify(result.right.exchanges))
    : { complaint: result.left.message };
};

const WHOLE = read(stringify({ ...web, ...vault }));

const indented = (text: string, blanks: string): string => text.replaceAll(/^(?=.)/gm, blanks);

describe('readObserved() of what is pasted', () => {
  it('readObserved() reads the outputs as they are', () => {
    assert.deepEqual(WHOLE, [{
      relationId: 'certificates:3',
      requirer: 'web/0',
      asked: ASKED,
      providers: { 'vault/0': PUBLISHED },
    }]);
  });

  const [a, b] = [stringify(web), stringify(vault)];
  const both = a + b;
  const json = JSON.stringify({ ...web, ...vault });
  const TEXTS: Readonly<Record<string, string>> = {
    'a prompt': `$ juju show-unit web/0 vault/0\n${both}`,
    'a prompt with user, host and folder':
      `ubuntu@host:~/charms$ juju show-unit web/0 vault/0\n${both}ubuntu@host:~/charms$ `,
    'a prompt of root': `root@host:~# juju show-unit web/0 vault/0\n${both}root@host:~# exit\n`,
    'a prompt of zsh': `➜  ~ juju show-unit web/0 vault/0\n${both}➜  ~ \n`,
    'the command without a prompt': `juju show-unit web/0 vault/0\n${both}`,
    'two prompts': `$ juju show-unit web/0\n${a}$ juju show-unit vault/0\n${b}$\n`,
    'a fence': `\`\`\`yaml\n${both}\`\`\`\n`,
    'a fence and a prompt': `Here it is:\n\n\`\`\`\n$ juju show-unit web/0 vault/0\n${both}\`\`\`\nThanks!\n`,
    'two fences': `\`\`\`\n${a}\`\`\`\nand\n~~~yaml\n${b}~~~\n`,
    'a warning before it': `WARNING juju client is older than the controller\n${both}`,
    'a warning in between': `${a}ERROR cannot reach something\n${b}`,
    'a sentence before it': `This is what I see with Juju 3.6, please help\n${both}`,
    'marks between documents': `---\n${a}---\n${b}...\n`,
    'one after the other': `${a}\n\n${b}`,
    'an indented block': indented(`$ juju show-unit web/0 vault/0\n${both}`, '    '),
    'a quotation': indented(`$ juju show-unit web/0 vault/0\n${both}`, '> '),
    'colours': `\u001b[32mubuntu@host\u001b[0m:\u001b[34m~\u001b[0m$ juju show-unit web/0 vault/0\n${both}`,
    'line ends of Windows': `PS C:\\> juju show-unit web/0 vault/0\n${both}`.replaceAll('\n', '\r\n'),
    'JSON after a prompt': `$ juju show-unit web/0 vault/0 --format json\n${json}\n$`,
    'JSON after a warning': `WARNING something {odd}\n${json}`,
    'JSON twice': `${JSON.stringify(web)}\n${JSON.stringify(vault, null, 2)}\n`,
    'JSON and YAML': `$ juju show-unit web/0 --format json\n${JSON.stringify(web)}\n$ juju show-unit vault/0\n${b}`,
    'another output before it': `Model  Controller\nprod   maas\n\nUnit     Workload\nweb/0*   blocked\n\n${both}`,
  };
  for (const [what, text] of Object.entries(TEXTS)) {
    it(`readObserved() finds the output in ${what}`, () => assert.deepEqual(read(text), WHOLE));
  }

  it('readObserved() reads databags by themselves, with the names of the commands', () => {
    const commands = (write: (bag: object) => string) =>
      `$ juju exec --unit web/0 -- relation-get -r certificates:3 - web/0\n${write(ASKED)}\n` +
      `$ juju exec --unit web/0 -- relation-get -r certificates:3 - vault/0\n${write(PUBLISHED)}\n`;
    for (const write of [stringify, JSON.stringify]) assert.deepEqual(read(commands(write)), WHOLE);
    const [one] = read(JSON.stringify(PUBLISHED));
    assert.deepEqual([one.requirer, one.asked, one.providers], ['requirer/0', null, { 'provider/0': PUBLISHED }]);
    const [other] = read(stringify(ASKED));
    assert.deepEqual([other.requirer, other.asked, other.providers], ['requirer/0', ASKED, null]);
  });

  it('readObserved() reads databags of applications by themselves', () => {
    const said = { certificates: '[]', capabilities: '{}' };
    const found = read(`$ juju exec -u web/0 -- relation-get -r certificates:3 --app - vault\n${stringify(said)}`);
    assert.deepEqual(
      found.map(({ requirer, applications }: { requirer: string; applications: { published: object } }) => [
        requirer,
        applications.published,
      ]),
      [['web/0', said], ['web', said]],
    );
    const asks = { certificate_signing_requests: '[]' };
    assert.deepEqual(read(JSON.stringify(asks)).at(-1).asked, asks);
    assert.deepEqual(read(JSON.stringify({ ...asks, 'ingress-address': '10.0.0.7' }))[0].requirer, 'requirer/0');
  });

  it('readObserved() finds an input document after a prompt', () => {
    const document = {
      side: 'reactive/requires',
      snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations: [] },
    };
    assert.deepEqual(read(`$ cat state.json\n${JSON.stringify(document, null, 2)}\n`), []);
  });

  it('readObserved() does not pass over an output that is broken, and quotes nothing of it', () => {
    const { complaint } = read(`$ juju show-unit web/0\nweb/0:\n  relation-info: [SECRET\n`);
    assert.match(complaint, /line \d+/);
    assert.doesNotMatch(complaint, /SECRET/);
    for (const text of ['SECRET', '$ SECRET', '```\nSECRET\n```', '$ juju status\nSECRET: x', '{"SECRET']) {
      const result = read(text);
      assert.match(result.complaint, /FILE: /, text);
      assert.doesNotMatch(result.complaint, /SECRET/);
    }
  });

  it('readObserved() takes time in proportion to the length', { timeout: 600_000 }, async () => {
    const shapes: Readonly<Record<string, string>> = {
      'prompts': '$ juju\n',
      'almost prompts': 'a b $ \n',
      'brackets': '{\n',
      'objects': '{}\n',
      'units': 'web/0:\n',
      'quotations': '> > >\n',
      'one long line': '$ juju ',
      'signs': '$#%>',
    };
    for (const [name, unit] of Object.entries(shapes)) {
      await assertLinear(name, {
        make: (size) => `x\n${unit.repeat(size / unit.length)}`,
        work: (text) => void read(text),
      });
    }
  });
});
