/**
 * Private roots of units where the machine has no user namespaces: the paths of a configuration lead into a folder of the unit.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { openRoots } from '../../../adapters/rehearsal/roots.ts';

const inFolder = (work: (path: (name: string) => string) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), 'roots-'));
  try {
    work((name) => join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

describe('openRoots()', () => {
  it('relocate() moves each path of a configuration, however it is written', () =>
    inFolder((path) => {
      const roots = openRoots(path('roots'), 'folders');
      mkdirSync(path('charm'));
      writeFileSync(
        path('charm/tls-certificates.yaml'),
        `install:
  - key: /etc/web/tls.key # the key
    certificate: "/etc/web/tls.crt"
    ca: '/usr/local/share/ca.crt'
    fullChain:
      /srv/web/chain.pem
    run: [/opt/web/reload, /bin/true, "--config=/etc/web", /etcetera/x]
  - { key: /var/lib/web.key, certificate: /home/web/tls.crt }
`,
      );
      assert.equal(roots.relocate(path('charm'), 'web/0'), true);
      const root = roots.of('web/0');
      assert.deepEqual(parse(readFileSync(path('charm/tls-certificates.yaml'), 'utf8')), {
        install: [{
          key: `${root}/etc/web/tls.key`,
          certificate: `${root}/etc/web/tls.crt`,
          ca: `${root}/usr/local/share/ca.crt`,
          fullChain: `${root}/srv/web/chain.pem`,
          run: [`${root}/opt/web/reload`, '/bin/true', '--config=/etc/web', '/etcetera/x'],
        }, { key: `${root}/var/lib/web.key`, certificate: `${root}/home/web/tls.crt` }],
      });
    }));

  it('relocate() says of a charm without a configuration that it writes to the machine', () =>
    inFolder((path) => {
      mkdirSync(path('charm'));
      assert.equal(openRoots(path('roots'), 'folders').relocate(path('charm'), 'web/0'), false);
    }));
});
