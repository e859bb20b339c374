/**
 * What a hook of a provider costs by the number of units that ask it, in both protocols: a CA without code, with one relation, whose agent has met n
 * units with a certificate each. One of them then asks for something else.
 *
 * It runs in the Juju that tests run against, in this process, so that the time is that of the charm alone; a tool call takes a machine about a
 * millisecond besides. Prints one JSON line for each protocol and number of units.
 *
 * @module
 */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hookCommand } from '../../adapters/charm/command.ts';
import type { PrivateKey } from '../../core/model/certificate.ts';
import { contentOf } from '../../core/csr/content.ts';
import { makeCsr } from '../../core/keyring/csr.ts';
import { right } from '../core/x509/cases.ts';
import { type RanHook, withJuju } from '../juju/juju.ts';

const SIZES = [10, 100, 1_000];

/** Requirers of both have keys of P-256, as the CA has; a key of RSA-2048 makes a request twice as long. */
const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

type Values = Readonly<Record<string, string>>;

/** What a unit publishes to ask for a certificate. */
const asking = {
  reactive: (name: string, unit: string): Promise<Values> =>
    Promise.resolve({
      common_name: name,
      sans: JSON.stringify([name, '10.0.0.7']),
      certificate_name: name,
      unit_name: unit.replace('/', '_'),
    }),
  csr: async (name: string): Promise<Values> => {
    const asked = { certType: 'server', commonName: name, sans: [name, '10.0.0.7'], uniqueIdentifier: false } as const;
    const content = right(contentOf(asked));
    // It is one, in PEM.
    const csr = right(await makeCsr({ content, certType: 'server', key: KEY as PrivateKey, identifier: null })());
    return { certificate_signing_requests: JSON.stringify([{ certificate_signing_request: csr, ca: false }]) };
  },
};

const bytesOf = (values: Values): number =>
  Object.entries(values).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0);

const told = ({ calls }: RanHook, tool: string): number =>
  calls.filter((call) => call.tool === tool).reduce((sum, { stdin = '' }) => sum + Buffer.byteLength(stdin), 0);

const measure = (protocol: keyof typeof asking, n: number): Promise<object> =>
  withJuju({}, async (juju) => {
    const path = join(juju.folder, 'ca.json');
    const configuration = { side: `${protocol}/provides`, endpoint: 'client', authority: { commonName: 'CA' } };
    writeFileSync(path, JSON.stringify(configuration));
    let took = 0;
    juju.deploy('ca', async (variables, runTool) => {
      const began = performance.now();
      const code = await hookCommand(path, { variables, runTool });
      took = performance.now() - began;
      return code;
    });
    juju.deploy('web', null, { units: 0 });
    const relation = juju.relate('ca:client', 'web:certificates');
    await juju.settle();
    for (let i = 0; i < n; i++) {
      const unit = juju.addUnit('web');
      juju.publish(relation, unit, await asking[protocol](`unit-${i}.example`, unit));
      // As if there had been hooks about it, each of which would have issued.
      juju.unit('ca/0').relations.get(relation)?.members.set(unit, relation.bag('units', unit).version);
    }
    juju.fire('ca/0', 'config-changed');
    await juju.settle();
    const last = (): RanHook => {
      const hook = juju.hooks.at(-1);
      if (hook === undefined) throw new Error('no hook was run');
      return hook;
    };
    juju.fire('ca/0', 'config-changed');
    await juju.settle();
    const whole = { calls: last().calls.length, ms: took };
    juju.publish(relation, 'web/7', await asking[protocol]('other.example', 'web/7'));
    await juju.settle();
    const hook = last();
    return {
      protocol,
      n,
      whole,
      calls: hook.calls.length,
      ms: took,
      written: told(hook, 'relation-set'),
      kept: told(hook, 'state-set'),
      state: bytesOf(juju.unit('ca/0').state),
      bag: bytesOf(protocol === 'csr' ? juju.publishedBy(relation, 'ca') : juju.published(relation, 'ca/0')),
    };
  });

for (const protocol of ['reactive', 'csr'] as const) {
  for (const n of SIZES) console.log(JSON.stringify(await measure(protocol, n)));
}
