/**
 * A charm that requests certificates by name as charmhelpers does, like Charmed OpenStack's charms: all names of the unit in
 * `cert_requests`, with all addresses. Once both `ca` and the answers are there, it writes certificate with chain, key and CA to its
 * folder. It is a complete hook.
 *
 *     node tools/charmhelpers.mjs FOLDER
 *
 * @module
 */
// @ts-check
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const [folder = '.'] = process.argv.slice(2);
const unit = process.env['JUJU_UNIT_NAME'] ?? '';
const name = unit.replace('/', '_');

/** @param {string} tool @param {ReadonlyArray<string>} args @returns {any} */
const ask = (tool, ...args) => JSON.parse(execFileSync(tool, ['--format=json', ...args], { encoding: 'utf8' }));

/** @param {string} relation */
const request = (relation) => {
  const addresses = ask('network-get', 'certificates')['ingress-addresses'];
  const names = [`${name.replace('_', '-')}.maas`, `${unit.split('/')[0]}.internal`];
  const requests = Object.fromEntries(names.map((cn) => [cn, { sans: [...new Set([cn, ...addresses])].sort() }]));
  execFileSync('relation-set', ['-r', relation, `unit_name=${name}`, `cert_requests=${JSON.stringify(requests)}`]);
};

/** @param {string} relation @returns {boolean} Whether there were certificates. */
const install = (relation) => {
  for (const other of ask('relation-list', '-r', relation)) {
    const { ca, chain = '', [`${name}.processed_requests`]: answers } = ask('relation-get', '-r', relation, '-', other);
    if (!ca || !answers) continue;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'ca.crt'), `${ca}\n`);
    for (const [cn, { cert, key }] of Object.entries(JSON.parse(answers))) {
      writeFileSync(join(folder, `cert_${cn}`), `${cert}\n${chain}\n`);
      writeFileSync(join(folder, `key_${cn}`), `${key}\n`, { mode: 0o600 });
    }
    return true;
  }
  return false;
};

let isServed = false;
for (const relation of ask('relation-ids', 'certificates')) {
  if (process.env['JUJU_HOOK_NAME'] !== 'certificates-relation-broken') request(relation);
  isServed = install(relation) || isServed;
}
execFileSync(
  'status-set',
  isServed ? ['active', 'certificates are installed'] : ['waiting', 'certificates: incomplete'],
);
