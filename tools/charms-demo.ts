/**
 * Deploys two built charms in the rehearsal's Juju, which runs their hooks as processes with real tools, until certificates are on disk.
 * Then OpenSSL judges them.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Juju, RanHook } from '../adapters/rehearsal/juju/juju.ts';
import { withJuju } from '../adapters/rehearsal/juju/with-juju.ts';

/** What is shown, and where. */
export interface CharmsDemo {
  /** The folders of the built charms. */
  readonly requirer: string;
  readonly provider: string;
  /** The folder for all output; it is empty. */
  readonly folder: string;
  /** The program that scripts need, by the name that they start it by; null if the charms need none. */
  readonly runtime: 'node' | 'deno' | 'bun' | null;
  readonly print: (line: string) => void;
}

/** The result. */
export interface CharmsDemoEnd {
  readonly hooks: ReadonlyArray<RanHook>;
  /** The folder of the certificates. */
  readonly installed: string;
  /** What OpenSSL says about each certificate; null if there is no OpenSSL. */
  readonly verified: Readonly<Record<string, boolean>> | null;
}

/** A copy of a charm that installs into a folder of its own instead of the machine's `/etc`. */
const relocated = (charm: string, copy: string, etc: string): string => {
  cpSync(charm, copy, { recursive: true });
  const path = join(copy, 'tls-certificates.yaml');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"/etc/', `"${etc}/`));
  return copy;
};

/** `PATH` preceded by a folder with the current runtime, whatever its file is called. */
export const pathWith = (folder: string, runtime: CharmsDemo['runtime']): string => {
  mkdirSync(folder);
  if (runtime !== null) symlinkSync(process.execPath, join(folder, runtime));
  return `${folder}:${process.env['PATH'] ?? ''}`;
};

/** Tools in the order of their first calls, with the number of calls. */
const toolsIn = ({ calls }: RanHook): string => {
  const counts = new Map<string, number>();
  for (const { tool } of calls) counts.set(tool, (counts.get(tool) ?? 0) + 1);
  return [...counts].map(([tool, count]) => (count === 1 ? tool : `${tool} ×${count}`)).join(', ');
};

/** What a hook did, for people. */
export const hookLines = (ran: RanHook): ReadonlyArray<string> => {
  const title = `${ran.unit}  ${ran.hook}${ran.remoteUnit === undefined ? '' : ` about ${ran.remoteUnit}`}`;
  if (ran.code !== 0) return [`${title}  FAILED (${ran.code})`, ran.stderr];
  if (!ran.calls.some(({ tool }) => /-(set|add)$/.test(tool))) return [`${title}: nothing to do`];
  const said = ran.calls.flatMap(({ tool, args }) =>
    tool === 'status-set'
      ? [`    status  ${args.filter((arg) => arg !== '--' && arg !== '').join(': ')}`]
      : tool === 'juju-log'
      ? [`    log     ${args.at(-1)}`]
      : []
  );
  return [title, `    tools   ${toolsIn(ran)}`, ...said];
};

/** The files in a folder, for people. */
export const fileLines = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder).filter((name) => !name.startsWith('.')).sort().map((name) => {
    const { mode, size } = statSync(join(folder, name));
    return `    ${(mode & 0o777).toString(8).padStart(4, '0')}  ${String(size).padStart(5)}  ${join(folder, name)}`;
  });

/** OpenSSL's verdict on a certificate; null if it is not installed. */
export const verify = (ca: string, certificate: string): { readonly ok: boolean; readonly said: string } | null => {
  const { error, status, stdout, stderr } = spawnSync('openssl', ['verify', '-CAfile', ca, certificate], {
    encoding: 'utf8',
  });
  return error === undefined ? { ok: status === 0, said: `${stdout}${stderr}`.trim() } : null;
};

const converse = async (juju: Juju, { requirer, provider, folder, print }: CharmsDemo): Promise<void> => {
  const etc = join(folder, 'etc');
  mkdirSync(etc);
  const charm = (built: string, name: string) => relocated(built, join(folder, 'charms', name), etc);
  juju.deploy('ca', charm(provider, 'ca'));
  juju.deploy('web', charm(requirer, 'web'), { config: { 'extra-sans': 'web.example' } });
  juju.relate('ca:client', 'web:certificates');
  try {
    await juju.settle();
    juju.fire('web/0', 'update-status');
    await juju.settle();
  } finally {
    juju.hooks.flatMap(hookLines).forEach(print);
  }
};

/** Runs the demo, and prints what happens. Rejects if a hook fails. */
export const charmsDemo = (options: CharmsDemo): Promise<CharmsDemoEnd> => {
  const { folder, runtime, print } = options;
  mkdirSync(folder, { recursive: true });
  return withJuju({ path: pathWith(join(folder, 'programs'), runtime) }, async (juju) => {
    print('Two charms without code in a Juju that runs their hooks as processes: web asks, ca answers.');
    print('');
    await converse(juju, options);
    const installed = join(folder, 'etc/charm-requirer');
    print('');
    print('On disk:');
    fileLines(installed).forEach(print);
    print('');
    const ca = join(installed, 'ca.pem');
    const verdicts = ['server.pem', 'client.pem'].map((name) => {
      const verdict = verify(ca, join(installed, name));
      print(
        verdict === null ? `${name}: not verified, since openssl is not installed` : `openssl verify: ${verdict.said}`,
      );
      return [name, verdict] as const;
    });
    const isVerified = verdicts.every(([, verdict]) => verdict !== null);
    return {
      hooks: juju.hooks,
      installed,
      verified: isVerified ? Object.fromEntries(verdicts.map(([name, verdict]) => [name, verdict?.ok === true])) : null,
    };
  });
};
