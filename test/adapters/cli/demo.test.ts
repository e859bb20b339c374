/**
 * `tls-certificates demo` as somebody meets it who has never seen any of this.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { noProgress, progressBar, progressLines } from '../../../adapters/cli/demo/progress.ts';
import { storyOf } from '../../../adapters/cli/demo/story.ts';
import { command, inFolder } from '../../command.ts';

describe('tls-certificates demo', () => {
  it('tells the whole conversation, explains its words, and ends with certificates that are good', async () => {
    const { code, stdout, stderr } = await command(['demo']);
    assert.deepEqual([code, stderr], [0, '']);
    const chapters = [...stdout.matchAll(/^\d\. (.+)$/gm)].map(([, title]) => title);
    assert.deepEqual(chapters, [
      'Everybody asks, and is answered',
      'Addresses change',
      'A unit leaves',
      'The CA is replaced',
    ]);
    assert.match(
      stdout,
      /^ {2}ca\/0 {2}clients-relation-joined about web\/\d\n {6}writes {3}answers to web_\d \(5 keys\)$/m,
    );
    assert.match(
      stdout,
      /^ {2}ca\/0 {2}clients-relation-departed about web\/2\n {6}deletes {2}answers to web_2 \(5 keys\)$/m,
    );
    assert.match(
      stdout,
      /^ {2}ca\/0 {2}config-changed\n {6}writes {3}ca, chain, client\.cert, client\.key, answers to web_0 \(5 keys\)/m,
    );
    assert.match(stdout, /^ {6}handles {2}ca\.changed/m);
    assert.match(stdout, /^ {4}common_name +the first server request: its common name$/m);
    assert.match(stdout, /^ {4}available +a provider unit is joined$/m);
    assert.match(stdout, /^ {4}available +a requirer unit is joined$/m);
    assert.equal(stdout.match(/^ {2}✔ /gm)?.length, 8, 'four certificates of each unit that stayed');
    assert.doesNotMatch(stdout, /✗|PRIVATE|MI[GIH]/);
  });

  it('tells the story by certificate requests: kept keys, a refusal, renewal, revocation, and a new CA', async () => {
    const { code, stdout, stderr } = await command(['demo', '--protocol', 'csr', '--units', '2']);
    assert.deepEqual([code, stderr], [0, '']);
    const chapters = [...stdout.matchAll(/^\d\. (.+)$/gm)].map(([, title]) => title);
    assert.deepEqual(chapters, [
      'Everybody asks, and is answered',
      'A name is refused',
      'The operator allows it',
      'Addresses change',
      'Certificates are renewed',
      'Certificates are revoked',
      'The leader leaves',
      'The CA is replaced',
    ]);
    assert.match(stdout, /^ {6}keeps {4}private-key-certificates of web\/1, a secret$/m);
    assert.match(stdout, /^ {6}so that {2}server admin\.example: refused with code 999, "this request is denied/m);
    assert.match(stdout, /^ {6}so that {2}server admin\.example: there$/m);
    assert.match(
      stdout,
      /^ {2}web\/0 {2}secret-expired\n {6}writes {3}certificate_signing_requests, .+ of the application\n.+ serves until then$/m,
    );
    assert.match(stdout, /^ {6}so that {2}8 certificates revoked$/m);
    assert.match(stdout, /^ {4}request_errors +the refused CSRs, each with a code, a name and a message$/m);
    const [, leaving = ''] = /\n7\. ([\s\S]+)\n8\. /.exec(stdout) ?? [];
    assert.doesNotMatch(leaving, /answered/, 'nothing is issued for the next leader');
    const [, ending = ''] = stdout.split('What tls-certificates inspect says at the end');
    assert.equal(ending.match(/^ {2}✔ .+ {2}answered$/gm)?.length, 5, 'four of web/0, and the one of the application');
    assert.match(ending, /^web \(application\) on clients:0: 1 of 1 answered by ca\/0$/m);
    assert.doesNotMatch(stdout, /✗|PRIVATE|BEGIN|MI[GIH]/);
  });

  it('leaves documents of the CSR protocol that plan, inspect and apply take, without a private key', () =>
    inFolder(async (path) => {
      const out = path('documents');
      const shown = await command(['demo', '--protocol', 'csr', '--units', '1', '--requests', '2', '--out', out]);
      assert.equal(shown.code, 0);
      const names = ['ca_0-answered.json', 'web_0-answered.json', 'web_0-asking.json'];
      assert.deepEqual((await readdir(out)).sort(), names);
      for (const name of names) assert.doesNotMatch(await readFile(`${out}/${name}`, 'utf8'), /PRIVATE/);
      const suggested = [...shown.stdout.matchAll(/^ {2}tls-certificates (\w+) (.+)$/gm)];
      assert.deepEqual(suggested.map(([, name]) => name), ['plan', 'inspect', 'apply']);
      for (const [, name = '', file = ''] of suggested) assert.equal((await command([name, file])).code, 0, name);
      const applied = JSON.parse(await readFile(`${out}/web_0-asking.json`, 'utf8'));
      const { certificate_signing_requests: asked } = applied.snapshot.relations[0].localUnitData;
      assert.equal(JSON.parse(asked).length, 2);
      for (const name of names.slice(0, 2)) {
        assert.match((await command(['plan', `${out}/${name}`])).stdout, /: Nothing to change\.$/m, name);
      }
    }));

  it('refuses a protocol that there is none of', async () => {
    const { code, stdout } = await command(['demo', '--protocol', 'acme']);
    assert.deepEqual([code, stdout], [2, '']);
  });

  it('tells the same for the same seed, and another order for another', async () => {
    const hooks = async (seed: string): Promise<ReadonlyArray<string>> =>
      (await command(['demo', '--units', '2', '--requests', '1', '--seed', seed])).stdout.match(
        /^ {2}\w+\/\d {2}.+$/gm,
      ) ?? [];
    const [one, again, other] = await Promise.all(['1', '1', '5'].map(hooks));
    assert.ok((one?.length ?? 0) > 8);
    assert.deepEqual(again, one);
    assert.notDeepEqual(other, one);
  });

  it('counts the hooks where they would be too many to tell', async () => {
    const { code, stdout, stderr } = await command(['demo', '--units', '6', '--requests', '8']);
    assert.equal(code, 0);
    assert.match(stderr, /^tls-certificates: 1 of \d+: /, 'a sign of life');
    assert.match(stdout, /^ {2}\d+ hooks ran, \d+ of them with something to do$/m);
    assert.doesNotMatch(stdout, /certificates-relation-joined/);
    assert.match(stdout, /^… and 2 units more$/m);
  });

  it('leaves documents that the other commands take, and nobody else may read', () =>
    inFolder(async (path) => {
      const out = path('documents');
      const shown = await command(['demo', '--units', '1', '--out', out]);
      assert.equal(shown.code, 0);
      const names = ['ca_0-answered.json', 'web_0-answered.json', 'web_0-asking.json'];
      assert.deepEqual((await readdir(out)).sort(), names);
      for (const name of names) assert.equal((await stat(`${out}/${name}`)).mode & 0o777, 0o600);
      assert.equal((await stat(out)).mode & 0o777, 0o700);

      const suggested = [...shown.stdout.matchAll(/^ {2}tls-certificates (\w+) (.+)$/gm)];
      assert.deepEqual(suggested.map(([, name]) => name), ['plan', 'inspect', 'apply']);
      for (const [, name = '', file = ''] of suggested) assert.equal((await command([name, file])).code, 0, name);
      const applied = JSON.parse(await readFile(`${out}/web_0-asking.json`, 'utf8'));
      assert.equal(applied.snapshot.relations[0].localUnitData.common_name, 'web-0.example');
      for (const name of names.slice(0, 2)) {
        assert.match((await command(['plan', `${out}/${name}`])).stdout, /: Nothing to change\.$/m);
      }
    }));

  it('plans a provider: the requests, and what becomes of them', () =>
    inFolder(async (path) => {
      const file = path('provider.json');
      const relation = {
        id: 'clients:0',
        localUnitData: { 'gone_0.server.cert': 'CERT', 'gone_0.server.key': 'SECRET' },
        remoteUnits: { 'web/0': { common_name: 'web.example' } },
      };
      const snapshot = { localUnit: 'ca/0', endpoint: 'clients', relations: [relation] };
      await writeFile(file, JSON.stringify({ side: 'reactive/provides', snapshot, intent: { ca: 'CA' } }));
      const { code, stdout } = await command(['plan', file]);
      assert.equal(code, 0);
      assert.match(
        stdout,
        /^ca\/0 on clients \(reactive\/provides\): 1 databag to write, 4 flags to set, 0 flags to clear\.$/m,
      );
      assert.match(stdout, /^ {2}clients:0 {2}web\/0 {2}server {2}web\.example {2}new$/m);
      assert.match(stdout, /^ {4}- {2}gone_0\.server\.key +its private key$/m);
      const answers = [
        {
          relationId: 'clients:0',
          unit: 'web/0',
          certType: 'server',
          commonName: 'web.example',
          cert: 'C',
          key: 'SECRET',
        },
      ];
      const intent = { answers, globalClientCert: { cert: 'C', key: 'SECRET' } };
      await writeFile(file, JSON.stringify({ side: 'reactive/provides', snapshot, intent }));
      const answering = (await command(['plan', file])).stdout;
      assert.match(answering, /web_0\.server\.key +<private key>, 6 characters +its private key$/m);
      assert.match(answering, /client\.key +<private key>, 6 characters/);
      assert.doesNotMatch(answering, /SECRET/);
      assert.match(stdout, /info answer-withdrawn at clients:0 · ca\/0 · gone_0\.server\.cert/);
      assert.doesNotMatch(stdout, /SECRET/);
    }));

  it('refuses a folder that is used, and numbers that make no sense', () =>
    inFolder(async (path) => {
      await mkdir(path('used'));
      await writeFile(path('used/file'), '');
      const { code, stdout, stderr } = await command(['demo', '--out', path('used')]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /used is not empty: name a folder that is, or that is not there yet/);
      for (const args of [['--units', '0'], ['--requests', '1001'], ['--units', 'many']]) {
        assert.equal((await command(['demo', ...args])).code, 2, args.join(' '));
      }
    }));

  it('ends with exit 3 and a sentence where the folder cannot be made, before it tells anything', () =>
    inFolder(async (path) => {
      const { code, stdout, stderr } = await command(['demo', '--out', path('no/such/folder')]);
      assert.deepEqual([code, stdout], [3, '']);
      assert.match(stderr, /^tls-certificates: cannot make .*folder: there is no such file or folder\n$/);
    }));

  it('draws a bar over itself, no wider than the terminal, and no more often than anybody sees', () => {
    const drawn: Array<string> = [];
    let [now, columns] = [1_000, 100];
    const bar = progressBar({ write: (text) => drawn.push(text), columns: () => columns, clock: () => now });
    bar.begin('Asking', 1, 2);
    bar.requests(1, 4);
    bar.requests(2, 4);
    now += 200;
    columns = 30;
    bar.hook();
    bar.end();
    assert.deepEqual(drawn, [
      `\r\u001b[2K${'━'.repeat(3)}${'─'.repeat(17)}  1 of 2: Asking, 0 hooks so far`,
      `\r\u001b[2K${'━'.repeat(5)}${'─'.repeat(15)}  1 of 2:`,
      '\r\u001b[2K',
    ]);
    for (const nobodyLooks of [() => noProgress.begin('', 1, 1), noProgress.hook, () => noProgress.requests(1, 2)]) {
      assert.doesNotThrow(nobodyLooks);
    }
  });

  it('draws a bar that never goes back, however many requests come to be', () => {
    const lengths: Array<number> = [];
    let now = 0;
    const bar = progressBar({
      write: (text) => lengths.push(text.split('━').length - 1),
      columns: () => 100,
      clock: () => now += 1_000,
    });
    for (const chapter of [1, 2, 3]) {
      bar.begin('Chapter', chapter, 3);
      for (const [done, all] of [[0, 0], [1, 2], [2, 2], [1, 40], [20, 40], [41, 40]] as const) {
        bar.requests(done, all);
        bar.hook();
      }
    }
    assert.deepEqual(lengths, lengths.toSorted((a, b) => a - b));
    assert.equal(lengths.at(-1), 20);
  });

  it('gives a sign of life where its output goes to a file: a line a chapter, and every ten seconds', () => {
    const lines: Array<string> = [];
    let now = 0;
    const progress = progressLines({ write: (text) => lines.push(text), clock: () => now });
    progress.begin('Asking', 1, 2);
    for (let i = 0; i < 25; i++) {
      now += 1_000;
      progress.hook();
    }
    progress.end();
    assert.deepEqual(lines, [
      'tls-certificates: 1 of 2: Asking\n',
      'tls-certificates: 1 of 2: Asking, 10 hooks so far\n',
      'tls-certificates: 1 of 2: Asking, 20 hooks so far\n',
    ]);
  });

  it('ends when a charm of the story cannot do its work', async () => {
    const story = storyOf({
      units: 1,
      requests: 1,
      seed: 1,
      random: () => {
        throw new Error('no random bits');
      },
    });
    await assert.rejects(
      story.chapters[0]?.happen() ?? Promise.resolve(),
      /ca\/0: the charm failed on its endpoint clients/,
    );
  });
});
