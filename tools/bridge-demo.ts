/**
 * A charm that requests by name and a provider that signs certificate requests, with a bridge between them, in the simulated Juju of
 * `test/juju`, which runs their hooks as processes with real tools. The provider uses the Python library if that is available, otherwise it
 * is ours.
 *
 * @module
 */
import { chmodSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Juju } from '../test/juju/juju.ts';
import { withJuju } from '../test/juju/juju.ts';
import { type CharmsDemo, type CharmsDemoEnd, fileLines, hookLines, pathWith, verify } from './charms-demo.ts';

/** What is shown, and where. */
export interface BridgeDemo extends Pick<CharmsDemo, 'folder' | 'runtime' | 'print'> {
  /** The folder of the built bridge, and that of a provider of ours. */
  readonly bridge: string;
  readonly provider: string;
}

const VERSION = '1.12.0';

/** The charm that requests by name. */
const requirerIn = (folder: string, installed: string): string => {
  mkdirSync(folder, { recursive: true });
  const script = fileURLToPath(new URL('charmhelpers.mjs', import.meta.url));
  const start = 'Deno' in globalThis ? 'run --quiet --no-config --allow-all ' : '';
  writeFileSync(
    join(folder, 'dispatch'),
    `#!/bin/sh\nexec '${process.execPath}' ${start}'${script}' '${installed}'\n`,
  );
  chmodSync(join(folder, 'dispatch'), 0o755);
  return folder;
};

/** The provider: on the Python library, or ours with a sentence that says why. */
const deployProvider = async (juju: Juju, { provider, folder, print }: BridgeDemo): Promise<string> => {
  const { withoutPython } = await import('../test/peers/python.ts');
  if (withoutPython === false) {
    const { defaultsOf, pythonCharm } = await import('../test/peers/charm.ts');
    juju.deploy('ca', await pythonCharm('provider', VERSION), { config: defaultsOf('provider') });
    print(`The provider is a charm on charmlibs-interfaces-tls-certificates ${VERSION}, from PyPI.`);
    return 'ca:certificates';
  }
  const charm = join(folder, 'charms/ca');
  cpSync(provider, charm, { recursive: true });
  // It only answers certificate requests, as a provider on the Python library does.
  const configuration = {
    side: 'csr/provides',
    endpoint: 'client',
    authority: { commonName: 'Development CA' },
    status: true,
  };
  writeFileSync(join(charm, 'tls-certificates.yaml'), JSON.stringify(configuration));
  juju.deploy('ca', charm);
  print(`The provider is ours, csr/provides, and not one on charmlibs: ${withoutPython}.`);
  return 'ca:client';
};

/** Runs the demo, and prints what happens. Rejects if a hook fails. */
export const bridgeDemo = (options: BridgeDemo): Promise<CharmsDemoEnd> => {
  const { bridge, folder, runtime, print } = options;
  mkdirSync(folder, { recursive: true });
  const installed = join(folder, 'etc/ssl');
  return withJuju({ path: pathWith(join(folder, 'programs'), runtime) }, async (juju) => {
    print('web asks by name, as charms on charmhelpers do. ca signs certificate requests. bridge stands between them.');
    const provider = await deployProvider(juju, options);
    print('');
    juju.deploy('bridge', bridge);
    juju.deploy('web', requirerIn(join(folder, 'charms/web'), installed));
    juju.relate('bridge:clients', 'web:certificates');
    juju.relate(provider, 'bridge:certificates');
    try {
      await juju.settle();
    } finally {
      juju.hooks.filter(({ unit }) => !unit.startsWith('ca/')).flatMap(hookLines).forEach(print);
    }
    const { status, message } = juju.unit('bridge/0').status;
    print('');
    print(`juju status of bridge/0: ${status}: ${message}`);
    print('On disk of web/0:');
    fileLines(installed).forEach(print);
    print('');
    const ca = join(installed, 'ca.crt');
    const names = readdirSync(installed).filter((name) => name.startsWith('cert_')).sort();
    const verdicts = names.map((name) => [name, verify(ca, join(installed, name))] as const);
    for (const [name, verdict] of verdicts) {
      print(
        verdict === null ? `${name}: not verified, since openssl is not installed` : `openssl verify: ${verdict.said}`,
      );
    }
    const isVerified = verdicts.every(([, verdict]) => verdict !== null);
    return {
      hooks: juju.hooks,
      installed,
      verified: isVerified ? Object.fromEntries(verdicts.map(([name, verdict]) => [name, verdict?.ok === true])) : null,
    };
  });
};
