/**
 * A program for tests: asks for client certificates in the document of the first argument, one run of the host for each further
 * argument; the word `forever` makes it start over until it is killed. It says so when the first is done.
 *
 * @module
 */
import process from 'node:process';
import { fileHost } from '../../../adapters/file/mod.ts';
import { intentOf, orThrow, requestClientCert, requires, run } from '../../../mod.ts';

const [path = '', ...names] = process.argv.slice(2);
const host = fileHost(path);
const ask = (name: string) => orThrow(run(host)({ side: requires, intent: intentOf(requestClientCert(name)) }));

for (let round = 0;; round++) {
  for (const name of names) if (name !== 'forever') await ask(names.includes('forever') ? `${name}-${round}` : name);
  if (round === 0) console.log('asked');
  if (!names.includes('forever')) break;
}
