/**
 * A requirer that asks as charms on the reactive protocol's library for the ops framework do. That library is in no package registry, so
 * this stands for it: what it writes, and when it takes what it reads for complete.
 *
 * It writes `unit_name` when a unit joins, asks for server, client and intermediate certificates by name, and withdraws nothing. It takes nothing
 * before the CA and the client certificate that all share are there.
 *
 * @module
 */
import type { HookContext, Model, ModelHandler } from '../../../adapters/memory/mod.ts';
import { difference } from '../../../core/databag/write.ts';
import { emptyMemory } from '../../../mod.ts';
import type { Wanted } from './world.ts';

const KEYS: Readonly<Record<string, readonly [asks: string, answers: string]>> = {
  server: ['cert_requests', 'processed_requests'],
  client: ['client_cert_requests', 'processed_client_requests'],
  intermediate: ['intermediate_cert_requests', 'processed_intermediate_requests'],
};

const munged = (unit: string): string => unit.replace('/', '_');

type Json = Record<string, { readonly cert: string; readonly key: string }>;

/** Its bag once it has asked again: it adds, and takes nothing away. */
const asked = (bag: Readonly<Record<string, string>>, unit: string, wanted: ReadonlyArray<Wanted>) => {
  const after: Record<string, string> = { ...bag, unit_name: munged(unit) };
  for (const { certType, commonName, sans = [] } of wanted) {
    const [key] = KEYS[certType] ?? [];
    if (key === undefined) continue;
    const first = after['common_name'];
    if (certType === 'server' && (first === undefined || first === commonName)) {
      Object.assign(after, { common_name: commonName, sans: JSON.stringify(sans), certificate_name: `of ${unit}` });
      continue;
    }
    const before: Record<string, unknown> = JSON.parse(after[key] ?? '{}');
    after[key] = JSON.stringify({ ...before, [commonName]: { sans: sans.length === 0 ? null : sans } });
  }
  return after;
};

/** Asks on its first relation, once a unit of the provider is there. */
export const opsLibrary =
  (wanted: (config: HookContext['config'], unit: string) => ReadonlyArray<Wanted>): ModelHandler =>
  ({ hook: { unit }, config, state: { snapshot: { relations }, memory } }) => {
    const [relation] = relations;
    const write = relation === undefined || Object.keys(relation.remoteUnits).length === 0 ? null : difference(
      relation.id,
      'unit',
      relation.localUnitData,
      asked(relation.localUnitData, unit, wanted(config, unit)),
    );
    return Promise.resolve({
      side: 'ops',
      outcome: {
        writes: write === null ? [] : [write],
        flags: { set: [], clear: [] },
        memory: { ...emptyMemory, ...memory },
        until: null,
        view: null,
        findings: [],
      },
    });
  };

/** What it reads from the units of a provider together: certificates by kind and common name. */
export const opsReads = (juju: Model, unit: string, providers: ReadonlyArray<string>, id: string, there: string) => {
  const own = juju.unit(unit)?.databag(id);
  const all: Record<string, string> = {};
  for (const provider of providers) Object.assign(all, juju.unit(provider)?.databag(there));
  const found = new Map<string, string>();
  // Its model of the databag requires these three.
  if (own === undefined || own === null || ['ca', 'client.cert', 'client.key'].some((key) => !all[key])) return found;
  const cert = all[`${munged(unit)}.server.cert`];
  if (cert !== undefined) found.set(`server ${own['common_name']}`, cert);
  for (const [kind, [, answers]] of Object.entries(KEYS)) {
    const json: Json = JSON.parse(all[`${munged(unit)}.${answers}`] ?? '{}');
    for (const [commonName, pair] of Object.entries(json)) found.set(`${kind} ${commonName}`, pair.cert);
  }
  return found;
};
