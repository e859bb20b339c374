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
import { writeFile } from 'node:fs/promises';
import { runHook } from '../adapters/juju/mod.ts';
import { requestServerCert, serverCertsMap } from '../mod.ts';

const code = await runHook({
  endpoint: 'certificates',
  requests: [requestServerCert('web.example', ['web.example', '10.0.0.7'])],
  on: {
    'server.certs.changed': async ({ view }) => {
      const certificate = serverCertsMap(view).get('web.example');
      if (certificate === undefined) return;
      // Not Bun.write, which takes no heed of a mode: the key would be for everybody to read.
      await writeFile('web.key', certificate.key, { mode: 0o600 });
      await Bun.write('web.pem', certificate.cert);
    },
  },
  status: true,
});
// At once: what is still open would keep the machine's other units waiting.
process.exit(code);
