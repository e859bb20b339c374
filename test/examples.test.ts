/**
 * The examples, each run in processes of its own: the scripts that are written for the present runtime, on a copy of a relation
 * document and as a charm's hooks, and `react.ts`, which is written for all of them. The charms have a test of their own, test/tools.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { actionsYaml } from '../tools/actions.ts';
import { RUNTIME } from './command.ts';
import { script as shellScript } from './juju/built-charm.ts';
import { charmFolder } from './juju/charm-folder.ts';
import { withJuju } from './juju/juju.ts';
import { decoded } from './world.ts';
import { PATIENCE } from './patience.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** How the present runtime runs a script, and which one is written for it. */
const [runtime, script, ...options] = 'deno' in process.versions
  ? ['Deno', 'deno-script.ts', 'run', '--quiet', '--allow-read', '--allow-write', '--allow-sys'] as const
  : 'bun' in process.versions
  ? ['Bun', 'bun-script.ts'] as const
  : ['Node', 'react.ts'] as const;

/** What an example prints in the first run on an answered document, in the second, and on a document without answers. */
const PRINTS: Readonly<
  Record<string, { readonly first: string; readonly second: string; readonly unanswered: string }>
> = {
  'deno-script.ts': {
    first: 'node-7.example has a certificate\n',
    second: 'node-7.example has a certificate\n',
    unanswered: 'asked; there is no certificate yet\n',
  },
  'bun-script.ts': {
    first: 'node-7.example has a certificate\n',
    second: 'node-7.example has a certificate\n',
    unanswered: 'asked; there is no certificate yet\n',
  },
  'react.ts': {
    first: 'to install: the certificate of kubernetes-api.example\nto install: the certificate of node-7.example\n',
    second: '',
    unanswered: '',
  },
};

const prints = (example: string) => PRINTS[example] ?? assert.fail(`no expectation for ${example}`);

/** The recorded document, since running the examples by hand changes their own. */
const ANSWERED = join(ROOT, 'test/real/easyrsa-answered.json');
const UNANSWERED = join(ROOT, 'test/real/easyrsa-fresh.json');

/** Runs an example on a document; what it prints, errors included. */
const printed = (example: string, document: string): string => {
  const child = spawnSync(process.execPath, [...options, join(ROOT, 'examples', example), document], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  assert.equal(child.status, 0, child.stderr);
  return child.stdout + child.stderr;
};

/** Lends a copy of a document and takes it away again. */
const onCopyOf = <A>(document: string, use: (copy: string) => A): A => {
  const folder = mkdtempSync(join(tmpdir(), 'examples-'));
  try {
    const copy = join(folder, 'document.json');
    writeFileSync(copy, readFileSync(document));
    return use(copy);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** The second line of each private key: the first is a heading, and no two keys share the second. */
const keyLines = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/-----BEGIN PRIVATE KEY-----(?:\\\\n|\\n)[^\\]+(?:\\\\n|\\n)([^\\]+)/g)].flatMap(([, line]) =>
    line ?? []
  );

/** The command that runs a hook of the examples on the present runtime. */
const hookOf = (name: string): string => {
  const before = RUNTIME === 'deno' ? 'run --quiet --no-check --allow-all' : '';
  return `'${process.execPath}' ${before} '${join(ROOT, 'examples', `${RUNTIME}-${name}.ts`)}'`;
};

/** Whether the certificate in a file is of the key in another. */
const isPair = (certificate: string, key: string): boolean =>
  new X509Certificate(readFileSync(certificate)).checkPrivateKey(createPrivateKey(readFileSync(key)));

const contractInput = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe(`the examples on ${runtime}`, () => {
  it('the script of this runtime uses the certificate that is there', () => {
    onCopyOf(ANSWERED, (copy) => assert.equal(printed(script, copy), prints(script).first));
  });

  it('the script of this runtime asks where nothing is answered yet', () => {
    onCopyOf(UNANSWERED, (copy) => {
      assert.equal(printed(script, copy), prints(script).unanswered);
      const [relation] = decoded(contractInput(copy)).snapshot.relations;
      assert.equal(relation?.localUnitData['common_name'], 'node-7.example');
      assert.equal(relation?.localUnitData['sans'], '["node-7.example", "10.0.0.17"]');
    });
  });

  it('the script of this runtime prints no private key', () => {
    onCopyOf(ANSWERED, (copy) => {
      const lines = keyLines(readFileSync(copy, 'utf8'));
      assert.equal(lines.length, 4, 'the document holds four keys');
      const output = printed(script, copy);
      assert.deepEqual([...lines, 'PRIVATE KEY'].filter((part) => output.includes(part)), []);
    });
  });

  it('the script of this runtime changes the document once', () => {
    onCopyOf(ANSWERED, (copy) => {
      const before = readFileSync(copy);
      assert.equal(printed(script, copy), prints(script).first);
      const after = readFileSync(copy);
      assert.notDeepEqual(after, before);
      assert.equal(printed(script, copy), prints(script).second);
      assert.deepEqual(readFileSync(copy), after);
    });
  });

  it('react.ts handles a change once, and the next change again', () => {
    onCopyOf(ANSWERED, (copy) => {
      assert.equal(printed('react.ts', copy), prints('react.ts').first);
      assert.equal(printed('react.ts', copy), prints('react.ts').second);
      // The provider takes its answers to the collected requests back, so that the list of certificates changes.
      const renewed = readFileSync(copy, 'utf8').replace(
        /"(kubernetes-control-plane_0\.processed_requests)": ".*"/,
        '"$1": "{}"',
      );
      writeFileSync(copy, renewed);
      assert.equal(printed('react.ts', copy), 'to install: the certificate of kubernetes-api.example\n');
    });
  });

  for (const [protocol, side] of [['reactive', 'reactive/provides'], ['CSR', 'csr/provides']] as const) {
    it(
      `the hook of this runtime is a charm that keeps its certificate in files, with a CA of the ${protocol} protocol`,
      { timeout: PATIENCE },
      () =>
        withJuju({}, async (juju) => {
          const folder = join(juju.folder, 'web');
          mkdirSync(folder);
          shellScript(join(folder, 'dispatch'), `exec ${hookOf('hook')}`);
          const ca = `side: ${side}\nendpoint: client\nauthority: { commonName: Test CA }\n`;
          juju.deploy('ca', await charmFolder(join(juju.folder, 'ca'), ca));
          juju.deploy('web', folder);
          const relation = juju.relate('ca:client', 'web:certificates');
          await juju.settle();
          const message = `certificates: ca speaks the ${protocol} protocol (${
            protocol === 'CSR' ? 'capabilities' : 'ca'
          })`;
          assert.deepEqual(juju.unit('web/0').status, { status: 'active', message });
          const [key = '', certificate = ''] = ['web.key', 'web.pem'].map((name) =>
            join(juju.unit('web/0').folder, name)
          );
          const sent = juju.published(relation, 'ca/0')['web_0.server.key'];
          const kept = juju.secrets('web').flatMap(({ revisions }) => revisions.at(-1)?.['private-key'] ?? [])[0];
          assert.equal(readFileSync(key, 'utf8').trim(), (protocol === 'CSR' ? kept : sent)?.trim());
          assert.ok(isPair(certificate, key));
          assert.equal(statSync(key).mode & 0o777, 0o600);
          assert.equal(juju.hooks.map(({ stdout, stderr }) => stdout + stderr).join(''), '');
          rmSync(certificate);
          juju.fire('web/0', 'update-status');
          await juju.settle();
          assert.ok(!existsSync(certificate), 'a change is handled once');
        }),
    );
  }

  it(
    'the CSR hook of this runtime is a charm that makes its key itself, and replaces it when it is told to',
    { timeout: PATIENCE },
    () =>
      withJuju({}, async (juju) => {
        const folder = join(juju.folder, 'web');
        mkdirSync(folder);
        shellScript(join(folder, 'dispatch'), `exec ${hookOf('csr-hook')}`);
        writeFileSync(join(folder, 'actions.yaml'), actionsYaml('csr/requires'));
        const ca = 'side: csr/provides\nendpoint: client\nauthority: { commonName: Test CA }\n';
        juju.deploy('ca', await charmFolder(join(juju.folder, 'ca'), ca));
        juju.deploy('web', folder);
        juju.relate('ca:client', 'web:certificates');
        await juju.settle();
        assert.deepEqual(juju.unit('web/0').status, { status: 'active', message: '' });
        const [key = '', certificate = ''] = ['web.key', 'web.pem'].map((name) =>
          join(juju.unit('web/0').folder, name)
        );
        const [first] = juju.secrets('web').flatMap(({ revisions }) => revisions.at(-1)?.['private-key'] ?? []);
        assert.equal(readFileSync(key, 'utf8').trim(), first);
        assert.equal(statSync(key).mode & 0o777, 0o600);
        assert.ok(isPair(certificate, key));
        assert.deepEqual((await juju.run('web/0', 'rotate-private-key')).failure, null);
        assert.ok(isPair(certificate, key));
        assert.notEqual(readFileSync(key, 'utf8').trim(), first);
        assert.equal(juju.hooks.map(({ stdout, stderr }) => stdout + stderr).join(''), '');
      }),
  );

  it('easyrsa.json is the recorded relation, also after the examples ran on it', () => {
    const own = decoded(contractInput(join(ROOT, 'examples/easyrsa.json')));
    assert.deepEqual(own.snapshot, decoded(contractInput(ANSWERED)).snapshot);
  });
});
