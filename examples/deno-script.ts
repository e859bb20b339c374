/**
 * The smallest script on Deno: it asks for a server certificate in a relation document, and uses it once it is there.
 *
 * Run it with `deno run --allow-read --allow-write --allow-sys examples/deno-script.ts [DOCUMENT]`. What it asks for is applied to
 * the document: the first run may change the file, a second one finds everything as it should be and changes nothing.
 *
 * @module
 */
// In a project of your own: from 'npm:interface-tls-certificates/file', and the same without '/file'.
import { fileHost } from '../adapters/file/mod.ts';
import { intentOf, orThrow, requestServerCert, requires, run, serverCertsMap } from '../mod.ts';

const host = fileHost(Deno.args[0] ?? `${import.meta.dirname}/easyrsa.json`);
const intent = intentOf(requestServerCert('node-7.example', ['node-7.example', '10.0.0.17']));
const { view } = await orThrow(run(host)({ side: requires, intent }));
const certificate = serverCertsMap(view).get('node-7.example');
console.log(certificate ? `${certificate.commonName} has a certificate` : 'asked; there is no certificate yet');
