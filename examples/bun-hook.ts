/**
 * A whole charm as a Bun script: it asks for a server certificate, keeps it and its key in files, and tells in the unit's status
 * how far it is.
 *
 * Juju runs it as the charm's `dispatch`, with `#!/usr/bin/env bun` as its first line. A handler that throws
 * is called again in the next hook, so that no change is lost.
 *
 * @module
 */
// In a project of your own: from 'interface-tls-certificates/juju', and the same without '/juju'.
import { rename, rm, writeFile } from 'node:fs/promises';
import { runHook } from '../adapters/charm/mod.ts';
import { requestServerCert, serverCertsMap } from '../mod.ts';

/** Replaces a file in one step: a reader finds the old content or the new, and only the owner can read it. */
const replace = async (path: string, content: string): Promise<void> => {
  await rm(`${path}.new`, { force: true });
  // Not Bun.write, which takes no heed of a mode: a key would be for everybody to read.
  await writeFile(`${path}.new`, content, { mode: 0o600, flag: 'wx' });
  await rename(`${path}.new`, path);
};

const code = await runHook({
  endpoint: 'certificates',
  requests: [requestServerCert('web.example', ['web.example', '10.0.0.7'])],
  on: {
    'server.certs.changed': async ({ view }) => {
      const certificate = serverCertsMap(view).get('web.example');
      if (certificate === undefined) return;
      await replace('web.key', certificate.key);
      await replace('web.pem', certificate.cert);
    },
  },
  status: true,
});
// At once: what is still open would keep the machine's other units waiting.
process.exit(code);
