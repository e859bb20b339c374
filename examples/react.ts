/**
 * A charm that reacts: it asks for a server certificate, installs what is new, and says that it has done so.
 *
 * Runs on Deno, Bun and Node: `node examples/react.ts [DOCUMENT]`. The handler runs before anything is applied to the document:
 * if it throws, or if the file cannot be written, the change is announced again in the next run. A second run finds nothing new
 * and changes nothing.
 *
 * @module
 */
// In a project of your own: from 'interface-tls-certificates/file', and the same without '/file'.
import process from 'node:process';
import { fileHost } from '../adapters/file/mod.ts';
import {
  flagOf,
  handled,
  intentOf,
  orThrow,
  type Outcome,
  requestServerCert,
  requires,
  type RequiresIntent,
  type RequiresView,
  run,
  serverCerts,
} from '../mod.ts';

const changed = flagOf('certificates', 'server.certs.changed');
const wanted = requestServerCert('node-7.example', ['node-7.example', '10.0.0.17']);

const react = ({ memory, view }: Outcome<RequiresView>): RequiresIntent => {
  if (!memory.flags.includes(changed)) return intentOf(wanted);
  for (const { commonName } of serverCerts(view)) console.log(`to install: the certificate of ${commonName}`);
  return intentOf(wanted, handled(changed));
};

const host = fileHost(process.argv[2] ?? `${import.meta.dirname}/easyrsa.json`);
const { findings } = await orThrow(run(host)({ side: requires, intent: intentOf(wanted), react }));
for (const { severity, message } of findings) console.log(`${severity}: ${message}`);
