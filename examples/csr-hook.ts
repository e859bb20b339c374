/**
 * A whole charm as a script, for the CSR protocol: it makes its private key, asks for a server certificate, and keeps both in files.
 *
 * Juju runs it as the charm's `dispatch`. It runs on Deno, Bun and Node. A hook that throws fails, and Juju runs it again.
 *
 * @module
 */
// In a project of your own: from 'interface-tls-certificates/csr' and so on, and the same without '/csr'.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { environmentOf, hookToolsIn, jujuHost, openKeys } from '../adapters/charm/mod.ts';
import { csrRequires, type CsrRequiresIntent } from '../core/csr/mod.ts';
import { makeMissing } from '../core/keyring/mod.ts';
import { flagOf, orThrow, run } from '../mod.ts';

const endpoint = 'certificates';
const changed = flagOf(endpoint, 'certs.changed');

/** Replaces a file in one step; only the owner can read it. */
const replace = (path: string, content: string): void => {
  rmSync(`${path}.new`, { force: true });
  writeFileSync(`${path}.new`, content, { mode: 0o600, flag: 'wx' });
  renameSync(`${path}.new`, path);
};

const found = environmentOf(process.env);
if (found._tag === 'Left') throw new Error(found.left.message);
const environment = found.right;
const tools = hookToolsIn(environment);

// The unit's key, in the secret in which the Python library keeps it. It is made if there is none.
const { keys, kept } = await orThrow(openKeys({ environment, tools, now: new Date() }, endpoint, {
  owners: ['unit'],
  leads: false,
  make: () => Promise.resolve({ _tag: 'Right', right: 'RSA-2048' }),
}));

const wanted: CsrRequiresIntent = {
  ...csrRequires.nothing,
  requests: [{
    certType: 'server',
    commonName: 'web.example',
    sans: ['web.example', '10.0.0.7'],
    uniqueIdentifier: true,
  }],
};

const host = jujuHost({
  tools,
  environment,
  endpoint,
  reads: csrRequires.reads,
  keys: () => Promise.resolve({ _tag: 'Right', right: kept }),
});

const outcome = await orThrow(
  run(host)({
    side: csrRequires,
    intent: wanted,
    react: async ({ view, memory }) => {
      const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
      const made = await makeMissing(view, { keys, random })();
      if (made._tag === 'Left') throw new Error(made.left);
      const intent = { ...wanted, made: made.right.made };
      const [request] = view.requests;
      if (!memory.flags.includes(changed) || !request?.certificate || keys.unit === null) return intent;
      replace('web.key', keys.unit);
      replace('web.pem', [request.certificate, ...request.chain.slice(1)].join('\n'));
      return { ...intent, handled: [changed] };
    },
  }),
);

const [request] = outcome.view.requests;
const refusal = request?.denied ? `refused: ${request.denied.message}` : 'waiting for the certificate';
await orThrow(request?.certificate ? tools.statusSet('active', '') : tools.statusSet('waiting', refusal));
process.exit(0);
