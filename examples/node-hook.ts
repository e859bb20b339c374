/**
 * A whole charm as a Node script: it asks for a certificate, keeps it and its key in files, and tells in the unit's status how far it is.
 * It works with any provider: one that makes the key and sends it (the reactive protocol), and one that takes a certificate request (the
 * CSR protocol). For the second, it makes its own private key, and `juju run` renews the certificate or replaces the key.
 *
 * Juju runs it as the charm's `dispatch`, with `#!/usr/bin/env node` as its first line. A handler that throws
 * is called again in the next hook, so that no change is lost.
 *
 * @module
 */
// In a project of your own: from 'interface-tls-certificates/juju'.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { runHook } from '../adapters/charm/mod.ts';

/** Replaces a file in one step: a reader finds the old content or the new, and only the owner can read it. */
const replace = (path: string, content: string): void => {
  rmSync(`${path}.new`, { force: true });
  writeFileSync(`${path}.new`, content, { mode: 0o600, flag: 'wx' });
  renameSync(`${path}.new`, path);
};

const code = await runHook({
  endpoint: 'certificates',
  requests: [{ certType: 'server', commonName: 'web.example', sans: ['web.example', '10.0.0.7'] }],
  keys: 'P-256',
  on: {
    'server.certs.changed': ({ certificates }) => {
      for (const { chain, key } of certificates) {
        replace('web.key', key);
        replace('web.pem', chain.join('\n'));
      }
    },
  },
  status: true,
  actions: true,
});
// At once: what is still open would keep the machine's other units waiting.
process.exit(code);
