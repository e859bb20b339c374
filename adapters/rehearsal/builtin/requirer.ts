/**
 * `builtin:requirer`: a charm that requests certificates and installs them. It does what `tls-certificates hook` does with a
 * configuration, but in this process.
 *
 * @module
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hookCommand } from '../../charm/command.ts';
import type { SpokenByOurs } from '../scenario/scenario.ts';
import type { CharmFunction } from '../juju/seen.ts';

/** The options of the charm, with their defaults. */
export const REQUIRER_OPTIONS: Readonly<Record<string, unknown>> = { domain: 'web.example', 'extra-sans': '' };

/** Where the charm is deployed. */
export interface BuiltinRequirer {
  readonly application: string;
  readonly endpoint: string;
  readonly protocol: SpokenByOurs;
  /** The folder that holds the unit's own files, as its `/`. */
  readonly rootOf: (unit: string) => string;
  readonly now: () => Date;
}

/** The configuration for `tls-certificates hook`: one server certificate, installed below `/etc`. */
const configurationFor = ({ application, endpoint, protocol, rootOf }: BuiltinRequirer, unit: string): unknown => {
  const at = (file: string): string => join(rootOf(unit), 'etc', application, file);
  return {
    side: `${protocol}/requires`,
    endpoint,
    ...(protocol === 'reactive' ? {} : { keys: 'P-256' }),
    requests: [
      {
        certType: 'server',
        commonName: '{config.domain}',
        sans: ['{config.domain}', '{ingress-addresses}', '{config.extra-sans}'],
      },
    ],
    install: [{
      certType: 'server',
      commonName: '{config.domain}',
      cert: at('tls.crt'),
      key: at('tls.key'),
      fullChain: at('chain.pem'),
      ca: at('ca.pem'),
      makeFolders: true,
    }],
    status: true,
  };
};

/** Makes the charm. */
export const builtinRequirer = (given: BuiltinRequirer): CharmFunction => (env, runTool, complain = () => {}) => {
  const path = join(env['JUJU_CHARM_DIR'] ?? '', 'tls-certificates.yaml');
  if (!existsSync(path)) writeFileSync(path, JSON.stringify(configurationFor(given, env['JUJU_UNIT_NAME'] ?? '')));
  return hookCommand(path, { variables: env, runTool, complain, now: given.now });
};
