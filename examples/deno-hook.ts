/**
 * A whole charm as a Deno script: it asks for a certificate, keeps it and its key in files, and tells in the unit's status how far it is.
 * It works with any provider: one that makes the key and sends it (the reactive protocol), and one that takes a certificate request (the
 * CSR protocol). For the second, it makes its own private key, and `juju run` renews the certificate or replaces the key.
 *
 * Juju runs it as the charm's `dispatch`, with `#!/usr/bin/env -S deno run --allow-all` as its first line. A handler that throws
 * is called again in the next hook, so that no change is lost.
 *
 * @module
 */
// In a project of your own: from 'npm:interface-tls-certificates/juju'.
import { runHook } from '../adapters/charm/mod.ts';

/** Replaces a file in one step: a reader finds the old content or the new, and only the owner can read it. */
const replace = async (path: string, content: string): Promise<void> => {
  const draft = await Deno.makeTempFile({ dir: '.' });
  await Deno.writeTextFile(draft, content);
  await Deno.rename(draft, path);
};

const code = await runHook({
  endpoint: 'certificates',
  requests: [{ certType: 'server', commonName: 'web.example', sans: ['web.example', '10.0.0.7'] }],
  keys: 'P-256',
  on: {
    'server.certs.changed': async ({ certificates }) => {
      for (const { chain, key } of certificates) {
        await replace('web.key', key);
        await replace('web.pem', chain.join('\n'));
      }
    },
  },
  status: true,
  actions: true,
});
// At once: what is still open would keep the machine's other units waiting.
Deno.exit(code);
