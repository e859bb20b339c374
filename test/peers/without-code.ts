/**
 * Ours, as operators have it: charms without code, whose hooks do what a configuration says.
 *
 * A configuration is written before each hook, since all units are on one machine here, each with a folder of its own, and since a test
 * changes what it says.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hookCommand } from '../../adapters/charm/command.ts';
import type { ConfigurationDocument } from '../../adapters/charm/config/configuration.ts';
import type { AnyRequirerDocument, CsrRequirerDocument } from '../../adapters/charm/config/csr.ts';
import type { CharmFunction, Juju } from '../juju/juju.ts';
import type { Unit } from '../juju/model.ts';
import type { Asked } from './asked.ts';

/** Late in the life of certificates, which are issued for 90 days here: each renewal is due by then, and each has had its turn. */
export const late = (): Date => new Date(Date.now() + 86 * 86_400_000);

/** A charm of a configuration. It finds that it is late when a secret expires, and at no other time: Python's clock does not leap. */
const charmOf =
  (folder: string, configuration: (unit: Unit) => ConfigurationDocument | string): CharmFunction =>
  (variables, runTool) => {
    const unit = variables['JUJU_UNIT_NAME'] ?? '';
    const wanted = configuration(unit);
    const [text, kind] = typeof wanted === 'string' ? [wanted, 'yaml'] : [JSON.stringify(wanted), 'json'];
    const path = join(folder, `${unit.replace('/', '-')}.${kind}`);
    writeFileSync(path, text);
    return hookCommand(path, {
      variables,
      runTool,
      now: () => (variables['JUJU_HOOK_NAME'] === 'secret-expired' ? late() : new Date()),
      complain: (line) => assert.fail(`${unit}: ${line}`),
    });
  };

const etcOf = ({ folder }: Juju, unit: Unit): string => join(folder, 'etc', unit.replace('/', '-'));

const FILES = ['cert', 'key', 'ca'] as const;

/** The requirer: what `charms/requirer` asks for, installed. */
export const ourRequirer = (
  juju: Juju,
  { mode, certType, keys, more }: Asked,
  protocol: 'csr' | 'any',
): CharmFunction =>
  charmOf(juju.folder, (unit): CsrRequirerDocument | AnyRequirerDocument => {
    const etc = etcOf(juju, unit);
    mkdirSync(etc, { recursive: true });
    const named = [
      ...(mode === 'UNIT' ? [] : [{ certType: 'application', commonName: '{application}.example' } as const]),
      ...(mode === 'APP' ? [] : [{ certType, commonName: `${unit.replace('/', '-')}.example` }]),
      ...more.map((kind) => ({ certType: kind, commonName: `${unit.replace('/', '-')}.${kind}.example` })),
    ];
    return {
      side: `${protocol}/requires`,
      endpoint: 'certificates',
      keys,
      requests: named.map((one) => ({ ...one, sans: [one.commonName, '{config.sans}'] })),
      install: named.map((one) => ({
        ...one,
        ...Object.fromEntries(FILES.map((file) => [file, join(etc, `${one.certType}.${file}`)])),
      })),
      status: true,
    };
  });

/** Names that our provider certifies from the beginning; not `bad.example`. */
const ALLOWED = ['web-0.example', 'web-1.example', 'web.example', 'www.example', '10.0.0.0/8'];

/** The provider. `allowed` are the names that it certifies besides. */
export const ourProvider = (
  { folder }: Juju,
  { certType }: Asked,
  allowed: ReadonlyArray<string>,
  protocol: 'csr' | 'any',
): CharmFunction =>
  charmOf(folder, () => ({
    side: `${protocol}/provides`,
    endpoint: 'certificates',
    authority: { commonName: 'Our CA', generation: '{config.generation}' },
    // A new CA signs in the hook that makes it, as Python's does.
    policy: { announceDays: 1e-9, allowedNames: certType === 'intermediate' ? ['*'] : [...ALLOWED, ...allowed] },
    status: true,
  }));

const EXAMPLE = new URL('../../examples/charm-provider/tls-certificates.yaml', import.meta.url);

/** The provider of the examples as it is, but for the name of its endpoint. */
export const exampleProvider = ({ folder }: Juju): CharmFunction => {
  const text = readFileSync(EXAMPLE, 'utf8').replace(/^endpoint: client$/m, 'endpoint: certificates');
  return charmOf(folder, () => text);
};

/** A certificate of a unit of ours that is on its disk beside its key, by kind. */
export const installedFor = (juju: Juju, unit: Unit, kind: string): X509Certificate | null => {
  const path = join(etcOf(juju, unit), kind);
  if (!existsSync(`${path}.cert`)) return null;
  const certificate = new X509Certificate(readFileSync(`${path}.cert`));
  assert.ok(certificate.checkPrivateKey(createPrivateKey(readFileSync(`${path}.key`))), `${unit}: its own key`);
  return certificate;
};

/** The certificates of a unit of ours, by mode. */
export const installedIn = (juju: Juju, unit: Unit): { readonly [M in 'APP' | 'UNIT']: X509Certificate | null } => {
  const read = (kind: string) => installedFor(juju, unit, kind);
  return { APP: read('application'), UNIT: read('server') ?? read('intermediate') };
};
