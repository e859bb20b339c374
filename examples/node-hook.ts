/**
 * A whole charm as a Node script: it asks for a server certificate, keeps it and its key in files, and tells in the unit's status
 * how far it is.
 *
 * Juju runs it as the charm's `dispatch`, with `#!/usr/bin/env node` as its first line. A handler that throws
 * is called again in the next hook, so that no change is lost.
 *
 * @module
 */
// In a project of your own: from 'interface-tls-certificates/juju', and the same without '/juju'.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { runHook } from '../adapters/charm/mod.ts';
import { requestServerCert, serverCertsMap } from '../mod.ts';

/** Replaces a file in one step: a reader finds the old content or the new, and only the owner can read it. */
const replace = (path: string, content: string): void => {
  rmSync(`${path}.new`, { force: true });
  writeFileSync(`${path}.new`, content, { mode: 0o600, flag: 'wx' });
  renameSync(`${path}.new`, path);
};

const code = await runHook({
  endpoint: 'certificates',
  requests: [requestServerCert('web.example', ['web.example', '10.0.0.7'])],
  on: {
    'server.certs.changed': ({ view }) => {
      const certificate = serverCertsMap(view).get('web.example');
      if (certificate === undefined) return;
      replace('web.key', certificate.key);
      replace('web.pem', certificate.cert);
    },
  },
  status: true,
});
// At once: what is still open would keep the machine's other units waiting.
process.exit(code);
