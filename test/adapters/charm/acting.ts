/**
 * A CA and somebody who asks it, both charms without code, for tests of actions: with hooks in this process and a clock, or in processes of
 * their own.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hookCommand } from '../../../adapters/charm/command.ts';
import { charmFolder } from '../../juju/charm-folder.ts';
import type { ActionResult } from '../../juju/context.ts';
import { type CharmCode, type Juju, type JujuOptions, withJuju } from '../../juju/juju.ts';
import type { ModelRelation } from '../../juju/model.ts';

/** How the two are configured, beside what both need. */
export interface Configurations {
  readonly ca?: Readonly<Record<string, unknown>>;
  readonly web?: Readonly<Record<string, unknown>>;
}

/** The two at rest. */
export interface Acting {
  readonly juju: Juju;
  readonly relation: ModelRelation;
  readonly clock: { now: number };
  /** The text of a file that the requirer has installed. */
  readonly installed: (file: 'cert' | 'key' | 'ca') => string;
  readonly certificate: () => X509Certificate;
  /** What hooks complained of. */
  readonly complaints: ReadonlyArray<string>;
}

/** How a world is made. */
export interface ActingOptions extends JujuOptions {
  readonly protocol?: 'csr' | 'reactive';
  readonly configurations?: Configurations;
  readonly inProcesses?: boolean;
  readonly units?: { readonly ca?: number; readonly web?: number };
}

/** Does the work with both at rest. */
export const withActing = (options: ActingOptions, work: (acting: Acting) => Promise<void>): Promise<void> =>
  withJuju(options, async (juju) => {
    const { protocol = 'csr', configurations = {}, inProcesses = false, units = {} } = options;
    const [etc, clock] = [join(juju.folder, 'etc'), { now: Date.now() }];
    mkdirSync(etc);
    const complaints: Array<string> = [];
    const charm = async (name: string, configuration: object): Promise<CharmCode> => {
      const text = JSON.stringify(configuration);
      if (inProcesses) return await charmFolder(join(juju.folder, name), text);
      const path = join(juju.folder, `${name}.json`);
      writeFileSync(path, text);
      return (variables, runTool) =>
        hookCommand(path, {
          variables,
          runTool,
          now: () => new Date(clock.now),
          complain: (line) => void complaints.push(line),
        });
    };
    const ca = { side: `${protocol}/provides`, endpoint: 'client', authority: { commonName: 'Test CA' } };
    const path = (file: string) => join(etc, file);
    const web = {
      side: `${protocol}/requires`,
      endpoint: 'certificates',
      status: true,
      requests: [{ certType: 'server', commonName: 'www.example' }],
      install: [{
        certType: 'server',
        commonName: 'www.example',
        cert: path('cert'),
        fullChain: path('fullChain'),
        key: path('key'),
        ca: path('ca'),
      }],
      ...(protocol === 'csr' ? { keys: 'P-256' } : {}),
    };
    juju.deploy('ca', await charm('ca', { ...ca, ...configurations.ca }), { units: units.ca ?? 1 });
    juju.deploy('web', await charm('web', { ...web, ...configurations.web }), { units: units.web ?? 1 });
    const relation = juju.relate('ca:client', 'web:certificates');
    await juju.settle();
    const installed = (file: string) => (existsSync(path(file)) ? readFileSync(path(file), 'utf8') : '');
    await work({
      juju,
      relation,
      clock,
      installed,
      certificate: () => new X509Certificate(installed('cert')),
      complaints,
    });
  });

/** What an action gave back, which has to have succeeded. */
export const done = ({ failure, results }: ActionResult): Readonly<Record<string, string>> => {
  assert.equal(failure, null);
  return results;
};

/** A result that is JSON. */
export const jsonIn = (results: Readonly<Record<string, string>>, name: string) => JSON.parse(results[name] ?? '');

/** Calls of tools that write, since a hook. */
export const writesSince = (juju: Juju, hooks: number): ReadonlyArray<string> =>
  juju.hooks.slice(hooks).flatMap(({ calls }) => calls).map(({ tool }) => tool)
    .filter((tool) => /^(?:relation|state|secret)-(?:set|add|remove)$/.test(tool));

/** Everything that an operator and others on the machine could see: calls without what goes to secrets, output, logs, results, state. */
export const seenIn = (juju: Juju, ...units: ReadonlyArray<string>): string =>
  JSON.stringify([
    juju.hooks.map(({ calls, stdout, stderr, action }) => [
      calls.map(({ tool, args, stdin }) => [tool, args, stdin]),
      stdout,
      stderr,
      action,
    ]),
    units.map((name) => [juju.unit(name).log, juju.unit(name).status, juju.unit(name).state]),
  ]);
