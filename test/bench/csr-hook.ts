/**
 * How long a hook of the CSR protocol takes beside the same hook of a charm on the Python library: a requirer asks for other names, its
 * certificates come, and then nothing is new.
 *
 * Each hook is a fresh process that calls real hook tools, in a Juju in this process; it is timed by the `dispatch` around it. All charms
 * take turns, in an order that is reversed each time. Prints one JSON line for each number of certificates and each kind of hook. It runs
 * on Node, as everything that installs the Python library does.
 *
 * @module
 */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { hookCommand } from '../../adapters/charm/command.ts';
import type { ConfigurationDocument } from '../../adapters/charm/config/configuration.ts';
import { Juju } from '../juju/juju.ts';
import { defaultsOf } from '../peers/charm.ts';
import { python, VERSIONS } from '../peers/python.ts';

const SIZES = [1, 10];

/** Times that each hook is run in each charm. */
const ROUNDS = 15;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The hooks that are timed, by what they are about. */
const KINDS = {
  'it asks': 'hooks/config-changed',
  'they come': 'hooks/certificates-relation-changed',
  'at rest': 'hooks/update-status',
} as const;

/** The same as `charms/requirer` asks for. */
const requirerOf = (n: number): ConfigurationDocument => ({
  side: 'csr/requires',
  endpoint: 'certificates',
  status: true,
  requests: Array.from({ length: n }, (_, i) => {
    const commonName = `web-0${i === 0 ? '' : `-${i}`}.example`;
    return { certType: 'server', commonName, sans: [commonName, '{config.sans}'] };
  }),
});

const CA: ConfigurationDocument = {
  side: 'csr/provides',
  endpoint: 'certificates',
  authority: { commonName: 'Test CA' },
};

/** Starts a program and notes for which hook, from when and until when. */
const dispatchOf = (times: string, program: string): string =>
  `#!/bin/bash
began=$EPOCHREALTIME
${program}
code=$?
echo "$JUJU_DISPATCH_PATH $began $EPOCHREALTIME" >> '${times}'
exit $code
`;

/** A charm that is timed: what is in its folder, and what its `dispatch` starts there. */
interface Timed {
  readonly name: string;
  readonly fill: (folder: string, n: number) => void;
  readonly program: string;
}

/** A charm without code in two forms, and the same on Python, made in a folder. */
const charms = async (folder: string): Promise<ReadonlyArray<Timed>> => {
  // Without types: a tool of the project in JavaScript.
  const { bundleHook, compileHook } = await import(new URL('../../tools/bundle.mjs', import.meta.url).href);
  await bundleHook(folder);
  const [bundle, executable] = [join(folder, 'hook.mjs'), join(folder, 'hook')];
  compileHook(join(ROOT, 'test/runtimes/node_modules/.bin/bun'), bundle, executable);
  const fill: Timed['fill'] = (charm, n) =>
    writeFileSync(join(charm, 'tls-certificates.yaml'), JSON.stringify(requirerOf(n)));
  const { interpreter, pathFor } = python();
  const path = pathFor(VERSIONS[VERSIONS.length - 1] ?? '1.12.0');
  return [
    { name: 'compiled', fill, program: `'${executable}'` },
    { name: 'node', fill, program: `'${process.execPath}' '${bundle}'` },
    {
      name: 'python',
      fill: (charm) => cpSync(join(ROOT, 'test/peers/charms/requirer'), charm, { recursive: true }),
      program: `PYTHONPATH='${path}' '${interpreter}' src/charm.py`,
    },
  ];
};

/** A charm that is deployed, and what its hooks took. */
interface Deployed {
  readonly name: string;
  readonly juju: Juju;
  /** By kind, in milliseconds. */
  readonly took: () => Readonly<Record<keyof typeof KINDS, number>>;
}

const median = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const deploy = async (folder: string, { name, fill, program }: Timed, n: number): Promise<Deployed> => {
  const [charm, times, ca] = [`${name}-${n}`, `${name}-${n}.times`, 'ca.json'].map((one) => join(folder, one));
  if (charm === undefined || times === undefined || ca === undefined) throw new Error('three paths');
  mkdirSync(charm);
  fill(charm, n);
  writeFileSync(join(charm, 'dispatch'), dispatchOf(times, program));
  chmodSync(join(charm, 'dispatch'), 0o700);
  writeFileSync(ca, JSON.stringify(CA));
  const juju = new Juju();
  juju.deploy('ca', (variables, runTool) => hookCommand(ca, { variables, runTool }));
  juju.deploy('web', charm, { config: { ...defaultsOf('requirer'), count: n } });
  juju.relate('ca:certificates', 'web:certificates');
  await juju.settle();
  // What comes before the certificates are there is not timed.
  writeFileSync(times, '');
  const took: Deployed['took'] = () => {
    const lines = readFileSync(times, 'utf8').trim().split('\n').map((line) => line.split(' '));
    const of = (hook: string): number =>
      median(lines.filter(([path]) => path === hook).map(([, from, to]) => (Number(to) - Number(from)) * 1000));
    return {
      'it asks': of(KINDS['it asks']),
      'they come': of(KINDS['they come']),
      'at rest': of(KINDS['at rest']),
    };
  };
  return { name, juju, took };
};

/** How many calls of tools the last hook of a kind made. */
const callsIn = ({ hooks }: Juju, kind: keyof typeof KINDS): number =>
  hooks.findLast(({ unit, hook }) => unit === 'web/0' && KINDS[kind] === `hooks/${hook}`)?.calls.length ?? Number.NaN;

const folder = mkdtempSync(join(tmpdir(), 'csr-hook-bench-'));
try {
  const timed = await charms(folder);
  for (const n of SIZES) {
    const deployed: Array<Deployed> = [];
    for (const one of timed) deployed.push(await deploy(folder, one, n));
    for (let round = 0; round < ROUNDS; round++) {
      for (const { juju } of round % 2 === 0 ? deployed : deployed.toReversed()) {
        juju.configure('web', { sans: `round-${round}.example` });
        await juju.settle();
        juju.fire('web/0', 'update-status');
        await juju.settle();
      }
    }
    for (const kind of ['it asks', 'they come', 'at rest'] as const) {
      const programs = Object.fromEntries(
        deployed.map(({ name, juju, took }) => [name, { wall: took()[kind], calls: callsIn(juju, kind) }]),
      );
      console.log(JSON.stringify({ n, kind, ...programs }));
    }
    for (const { juju } of deployed) await juju.remove();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
