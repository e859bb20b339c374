/**
 * A bridge in a Juju, between requirers by name that the test plays, charms without code, and a provider.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hookCommand } from '../../adapters/charm/command.ts';
import type { ConfigurationDocument } from '../../adapters/charm/config/configuration.ts';
import type { CharmFunction, Juju } from './juju.ts';
import type { ModelRelation, Unit } from './model.ts';

/** A moment that tests move. */
export interface Clock {
  now: Date;
}

/** A charm without code in this process. */
export const charmOf = (
  configuration: ConfigurationDocument,
  clock: Clock = { now: new Date() },
  complain: ((line: string) => void) | null = null,
): CharmFunction =>
(variables, runTool) => {
  const path = join(variables['JUJU_CHARM_DIR'] ?? '', 'tls-certificates.yaml');
  writeFileSync(path, JSON.stringify(configuration));
  return hookCommand(path, {
    variables,
    runTool,
    now: () => clock.now,
    complain: complain ?? ((line) => assert.fail(`${variables['JUJU_UNIT_NAME']}: ${line}`)),
  });
};

/** The bridge as tests have it: keys that are made quickly. */
export const BRIDGE = {
  side: 'bridge',
  below: 'clients',
  above: 'certificates',
  keys: 'P-256',
  status: true,
} satisfies ConfigurationDocument;

/** A small CA that takes certificate requests alone. */
export const CSR_CA = {
  side: 'csr/provides',
  endpoint: 'client',
  authority: { commonName: 'Upper CA', keys: 'P-256', generation: '{config.generation}' },
  policy: { announceDays: 1e-9, allowedNames: ['*'] },
  status: true,
} satisfies ConfigurationDocument;

/** Asks by name as a unit that the test plays, in the way of charmhelpers. */
export const askByName = (
  juju: Juju,
  relation: ModelRelation,
  unit: Unit,
  requests: Readonly<Record<string, ReadonlyArray<string>>>,
  kind = 'cert_requests',
): void =>
  juju.publish(relation, unit, {
    unit_name: unit.replace('/', '_'),
    [kind]: JSON.stringify(
      Object.fromEntries(Object.entries(requests).map(([name, sans]) => [name, { sans: [...sans].sort() }])),
    ),
  });

/** A certificate with its key, as a requirer by name reads it. */
export interface Pair {
  readonly cert: X509Certificate;
  readonly key: string;
}

/** What a requirer by name reads from the first unit of the bridge that has it. */
export const pairOf = (
  juju: Juju,
  relation: ModelRelation,
  unit: Unit,
  commonName: string,
  kind = '',
): Pair | null => {
  for (const name of juju.unitsOf('bridge')) {
    const raw = juju.published(relation, name)[`${unit.replace('/', '_')}.processed_${kind}requests`];
    const pair = raw === undefined ? undefined : JSON.parse(raw)[commonName];
    if (pair === undefined) continue;
    const cert = new X509Certificate(pair.cert);
    assert.ok(cert.checkPrivateKey(createPrivateKey(pair.key)), 'the key fits');
    return { cert, key: pair.key };
  }
  return null;
};

/** The same where it has to be there. */
export const thePairOf = (...args: Parameters<typeof pairOf>): Pair =>
  pairOf(...args) ?? assert.fail(`${args[2]} ${args[3]} is not answered`);

/** The certificate requests that the bridge has published above. */
export const askedAbove = (juju: Juju, relation: ModelRelation): ReadonlyArray<string> =>
  JSON.parse(juju.publishedBy(relation, 'bridge')['certificate_signing_requests'] ?? '[]').map(
    (one: { readonly certificate_signing_request: string }) => one.certificate_signing_request,
  );

/** The keys that the bridge keeps, by the label of their secret. */
export const keptKeys = (juju: Juju): ReadonlyMap<string, string> =>
  new Map(
    juju.secrets('bridge').flatMap(({ label, revisions }) => {
      const key = revisions.at(-1)?.['private-key'];
      return key === undefined ? [] : [[label, key] as const];
    }),
  );

/** Everything in which no private key may stand: what is published above, states, statuses, logs, and what hooks said. */
export const assertNoKeyLeaks = (juju: Juju, above: ModelRelation): void => {
  const units = juju.unitsOf('bridge').map((name) => juju.unit(name));
  const text = JSON.stringify([
    juju.publishedBy(above, 'bridge'),
    units.map(({ name, state, status, log }) => [juju.published(above, name), state, status, log]),
    juju.hooks.filter(({ unit }) => unit.startsWith('bridge/')).map(({ stdout, stderr, calls }) => [
      stdout,
      stderr,
      calls.map(({ args }) => args),
    ]),
  ]);
  assert.doesNotMatch(text, /PRIVATE KEY/);
  for (const key of keptKeys(juju).values()) {
    const [, line = ''] = key.split('\n');
    assert.ok(line.length > 20 && !text.includes(line), 'no key stands where it should not');
  }
};
