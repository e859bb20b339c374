/**
 * Juju's hook tools: their arguments, answers, exit codes and messages.
 *
 * Source: docs/hook-environment.md section 2.
 *
 * @module
 */
import type { HookContext } from './context.ts';
import { type Input, isRaw, NOTHING, relationIn, type Tool, valuesIn } from './given.ts';
import { failed, Failure, parseArguments, type Parsed, usage } from './arguments.ts';
import { applicationOf, goJson, type ModelRelation } from './model.ts';
import { ACTIONS } from './actions.ts';
import { SECRETS } from './secrets.ts';

export { TOOLS } from './arguments.ts';

/** The answer of a tool. */
export interface Reply {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The entries of a map in an order that looks random. The same `seed` gives the same order. */
const inNoOrder = (
  values: Readonly<Record<string, string>>,
  seed: string,
): ReadonlyArray<readonly [string, string]> => {
  const place = (key: string): number =>
    [...`${seed}${key}`].reduce((sum, c) => (sum * 31 + (c.codePointAt(0) ?? 0)) % 65_521, 7);
  return Object.entries(values).sort(([a], [b]) => place(a) - place(b));
};

const bytes = (text: string): number => new TextEncoder().encode(text).length;

const readBag = (context: HookContext, parsed: Parsed, relation: ModelRelation): Readonly<Record<string, string>> => {
  const [, named] = parsed.words;
  const { application, unit, kind } = context;
  const far = relation.seenBy(application).far.application;
  const remoteUnit = kind.relation === relation ? kind.remoteUnit : undefined;
  let ofApplication = parsed.flags.get('app') === 'true';
  let name = named === undefined ? undefined : relation.nameFrom(application, named);
  if (name === undefined && remoteUnit !== undefined) name = remoteUnit;
  if (name === undefined && kind.relation === relation) {
    // A trap in Juju: without a remote unit, it reads the application's databag.
    name = far;
    ofApplication = true;
  }
  if (name === undefined) throw usage('no unit or application specified');
  if (!ofApplication && !/^[a-z][a-z0-9-]*\/\d+$/.test(name)) {
    throw /^[a-z][a-z0-9-]*$/.test(name)
      ? usage(`expected unit name, got application name ${JSON.stringify(name)}`)
      : usage(`invalid unit name ${JSON.stringify(name)}`);
  }
  if (relation.gone) throw failed(context.isJuju4 ? 'relation not found' : 'permission denied (unauthorized access)');
  if (ofApplication) {
    const owner = applicationOf(name);
    if (owner === application) {
      if (!unit.isLeader) throw failed('permission denied (unauthorized access)');
      return context.own(relation, 'applications');
    }
    if (owner !== far) throw failed('permission denied (unauthorized access)');
    return context.remote(relation, 'applications', owner) ?? {};
  }
  if (name === unit.name) return context.own(relation, 'units');
  const bag = applicationOf(name) === far ? context.remote(relation, 'units', name) : undefined;
  if (bag === undefined) {
    if (context.isJuju4) throw failed('relation unit not found');
    const [provider, requirer] = relation.ends.map((end) => `${end.application}:${end.endpoint}`);
    const quoted = JSON.stringify(name);
    throw failed(
      `cannot read settings for unit ${quoted} in relation "${requirer} ${provider}": unit ${quoted}: settings not found`,
    );
  }
  return bag;
};

const IMPLEMENTED: Readonly<Record<string, Tool>> = {
  'relation-ids': (context, { words }) => {
    const endpoint = words[0] ?? context.kind.relation?.seenBy(context.application).near.endpoint;
    if (endpoint === undefined) throw usage('no endpoint name specified');
    return context.relationsOf(endpoint).map((relation) => relation.idFor(context.application)).sort();
  },
  'relation-list': (context, parsed) => {
    const relation = relationIn(context, parsed);
    const name = (of: string) => relation.nameFor(context.application, of);
    return parsed.flags.get('app') === 'true'
      ? name(relation.seenBy(context.application).far.application)
      : context.members(relation).map(name).sort();
  },
  'relation-get': (context, parsed) => {
    const relation = relationIn(context, parsed);
    const bag = readBag(context, parsed, relation);
    const [key = '-'] = parsed.words;
    return key === '-' || key === '' ? bag : bag[key] ?? null;
  },
  'relation-set': (context, parsed, stdin) => {
    const relation = relationIn(context, parsed);
    const ofApplication = parsed.flags.get('app') === 'true';
    const values = valuesIn(parsed, stdin);
    if (ofApplication && !context.unit.isLeader) throw failed('cannot write relation settings');
    if (relation.gone) {
      const whose = ofApplication ? 'application ' : '';
      throw failed(`cannot read relation ${whose}settings: permission denied (unauthorized access)`);
    }
    context.set(relation, ofApplication ? 'applications' : 'units', values);
    return NOTHING;
  },
  'relation-model-get': () => ({ uuid: 'cdac5656-0000-4000-8000-000000000000' }),
  'state-get': (context, { flags, words: [key] }) => {
    if (key === undefined || key === '-' || key === '') {
      return Object.keys(context.state).length === 0 ? null : context.state;
    }
    if (flags.get('strict') === 'true' && context.state[key] === undefined) {
      throw failed(`${JSON.stringify(key)} not found`);
    }
    return context.state[key] ?? '';
  },
  'state-set': (context, parsed, stdin) => {
    const values = valuesIn(parsed, stdin);
    const refused = (what: string, limit: number) =>
      failed(`max allowed ${what} length (${limit})${context.isJuju4 ? ': quota limit exceeded' : ' exceeded'}`);
    // Go's maps have no fixed order. What was set before a refusal stays.
    for (const [key, value] of inNoOrder(values, context.id)) {
      if (bytes(key) > 256) throw refused('key', 256);
      if (bytes(value) > 65_536) throw refused('value', 65_536);
      context.state = { ...context.state, [key]: value };
    }
    return NOTHING;
  },
  'state-delete': (context, { words: [key = ''] }) => {
    // An empty key can be set, but never deleted.
    if (key === '') return NOTHING;
    const { [key]: _, ...rest } = context.state;
    context.state = rest;
    return NOTHING;
  },
  'is-leader': ({ unit }) => unit.isLeader,
  'config-get': ({ unit }, { flags, words: [key] }) => {
    const isAll = flags.has('all') || flags.has('a');
    if (isAll && key !== undefined) throw usage(`cannot use argument --all together with key ${JSON.stringify(key)}`);
    if (key !== undefined) return unit.config[key] ?? null;
    return Object.fromEntries(Object.entries(unit.config).filter(([, value]) => isAll || value !== null));
  },
  'network-get': (context, parsed) => {
    const [endpoint = ''] = parsed.words;
    if (endpoint === '') throw usage('no arguments specified');
    const relation = parsed.flags.has('r') || parsed.flags.has('relation') ? relationIn(context, parsed) : null;
    if (relation?.gone) throw failed(`relation ${relation.number} not found`);
    const { address } = context.unit;
    if (address === '') throw failed(`no network config found for binding ${JSON.stringify(endpoint)}`);
    return {
      'bind-addresses': [{
        'mac-address': '00:16:3e:00:00:01',
        'interface-name': 'eth0',
        addresses: [{ hostname: '', value: address, cidr: '10.0.0.0/24' }],
      }],
      'egress-subnets': [`${address}/32`],
      'ingress-addresses': [address],
    };
  },
  'status-get': (context, { flags }) => {
    if (flags.has('application')) {
      if (!context.unit.isLeader) throw failed('finding application status: this unit is not the leader');
      return { 'application-status': { message: '', status: 'unknown', 'status-data': {} } };
    }
    // The agent reads the status once in a hook. A later status-set does not change its answer.
    const { status, message } = context.statusSeen ??= context.unit.status;
    if (flags.get('include-data') === 'true') return { message, status, 'status-data': {} };
    return flags.get('format') === 'json' ? { status } : status;
  },
  'status-set': (context, { flags, words: [status, message = ''] }) => {
    if (status === undefined) throw usage('invalid args, require <status> [message]');
    if (!['maintenance', 'blocked', 'waiting', 'active'].includes(status)) {
      throw usage(
        `invalid status ${JSON.stringify(status)}, expected one of [maintenance blocked waiting active]`,
      );
    }
    if (flags.has('application')) {
      if (!context.unit.isLeader) throw failed('this unit is not the leader');
    } else context.unit.status = { status, message };
    return NOTHING;
  },
  'juju-log': (context, { flags, words }) => {
    if (words.length === 0) throw usage('no message specified');
    context.unit.log.push(`${flags.get('l') ?? flags.get('log-level') ?? 'INFO'} ${words.join(' ')}`);
    return NOTHING;
  },
  ...ACTIONS,
  ...SECRETS,
};

const smart = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'string') return `${value}\n`;
  if (typeof value === 'boolean') return value ? 'True\n' : 'False\n';
  if (Array.isArray(value)) return value.map((one) => `${one}\n`).join('');
  return Object.entries(value).map(([key, inner]) => `${key}: ${goJson(inner)}\n`).join('');
};

const printed = (value: unknown, { flags }: Parsed): string => {
  if (value === NOTHING) return '';
  if (isRaw(value)) return value.raw;
  return flags.get('format') === 'json' ? `${goJson(value)}\n` : smart(value);
};

/** Runs a tool in a hook. */
export const runTool = (
  context: HookContext,
  tool: string,
  argv: ReadonlyArray<string>,
  stdin: Input,
): Reply => {
  const implementation = IMPLEMENTED[tool];
  if (implementation === undefined) return { code: 1, stdout: '', stderr: `ERROR unknown command: ${tool}\n` };
  try {
    const parsed = parseArguments(tool, argv);
    return { code: 0, stdout: printed(implementation(context, parsed, stdin), parsed), stderr: '' };
  } catch (error) {
    if (error instanceof Failure) return { code: error.code, stdout: '', stderr: `ERROR ${error.message}\n` };
    throw error;
  }
};
