/**
 * Juju's hook tools over a hook's context: their arguments, answers, exit codes and words, as the fact sheet has them.
 *
 * Source: juju-hook-environment.md section 2.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import type { HookContext } from './context.ts';
import { readGoYaml, YamlError } from './go-yaml.ts';
import { applicationOf, goJson, type ModelRelation, type StoredSecret } from './model.ts';

/** What a tool answers. */
export interface Reply {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A tool fails: with 1 where the operation did, with 2 where the arguments are wrong. */
class Failure extends Error {
  readonly code: 1 | 2;

  constructor(code: 1 | 2, message: string) {
    super(message);
    this.code = code;
  }
}

const usage = (message: string): Failure => new Failure(2, message);
const failed = (message: string): Failure => new Failure(1, message);

/** Flags with a value, and those without, per tool. `--format`, `-o` and `--output` are everywhere. */
const FLAGS: Readonly<
  Record<string, { readonly values: ReadonlyArray<string>; readonly bare: ReadonlyArray<string> }>
> = {
  'relation-ids': { values: [], bare: [] },
  'relation-list': { values: ['r', 'relation'], bare: ['app'] },
  'relation-get': { values: ['r', 'relation'], bare: ['app'] },
  'relation-set': { values: ['r', 'relation', 'file'], bare: ['app'] },
  'relation-model-get': { values: ['r', 'relation'], bare: [] },
  'state-get': { values: [], bare: ['strict'] },
  'state-set': { values: ['file'], bare: [] },
  'state-delete': { values: [], bare: [] },
  'is-leader': { values: [], bare: [] },
  'config-get': { values: [], bare: ['all', 'a'] },
  'network-get': { values: ['r', 'relation'], bare: ['bind-address', 'ingress-address', 'egress-subnets'] },
  'status-get': { values: [], bare: ['application', 'include-data'] },
  'status-set': { values: [], bare: ['application'] },
  'juju-log': { values: ['l', 'log-level'], bare: ['debug'] },
  'secret-add': { values: ['label', 'description', 'owner', 'expire', 'rotate', 'file'], bare: [] },
  'secret-set': { values: ['label', 'description', 'owner', 'expire', 'rotate', 'file'], bare: [] },
  'secret-get': { values: ['label'], bare: ['peek', 'refresh'] },
  'secret-info-get': { values: ['label'], bare: [] },
  'secret-ids': { values: [], bare: [] },
  'secret-grant': { values: ['r', 'relation', 'unit'], bare: [] },
  'secret-revoke': { values: ['r', 'relation', 'app', 'unit'], bare: [] },
  'secret-remove': { values: ['revision'], bare: [] },
};

/** The names of all tools. */
export const TOOLS: ReadonlyArray<string> = Object.keys(FLAGS);

interface Parsed {
  readonly flags: ReadonlyMap<string, string>;
  readonly words: ReadonlyArray<string>;
}

/** Flags and words in any order; `--` ends the flags, `-` alone is a word. */
const parseArguments = (tool: string, argv: ReadonlyArray<string>): Parsed => {
  const known = FLAGS[tool] ?? { values: [], bare: [] };
  const values = new Set([...known.values, 'format', 'o', 'output']);
  const flags = new Map<string, string>();
  const words: Array<string> = [];
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (arg === '--') {
      words.push(...argv.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      words.push(arg);
      continue;
    }
    const [, name = '', , value] = /^--?([^=]+)(=(.*))?$/s.exec(arg) ?? [];
    if (values.has(name)) {
      if (value === undefined && i + 1 >= argv.length) throw usage(`option needs an argument: ${arg}`);
      flags.set(name, value ?? argv[++i] ?? '');
    } else if (known.bare.includes(name)) flags.set(name, value ?? 'true');
    else throw usage(`option provided but not defined: ${arg}`);
  }
  return { flags, words };
};

const relationIn = (context: HookContext, { flags }: Parsed): ModelRelation => {
  const [flag, given] = flags.has('relation') ? ['--relation', flags.get('relation')] : ['-r', flags.get('r')];
  if (given === undefined) {
    if (context.kind.relation === undefined) throw usage('no relation id specified');
    return context.kind.relation;
  }
  const invalid = (why: string) => usage(`invalid value ${JSON.stringify(given)} for option ${flag}: ${why}`);
  const [, prefix = '', number] = /^(?:(.*):)?(\d+)$/.exec(given) ?? [];
  if (number === undefined) throw invalid('invalid relation id');
  const relation = context.relation(Number(number));
  if (relation === undefined) throw invalid('relation not found');
  // As newer Juju has it.
  if (prefix !== '' && relation.seenBy(context.application).near.endpoint !== prefix) {
    throw invalid('relation not found');
  }
  return relation;
};

const valuesIn = (parsed: Parsed, stdin: string | undefined): Readonly<Record<string, string>> => {
  const file = parsed.flags.get('file');
  const out: Record<string, string> = Object.create(null);
  if (file !== undefined) {
    try {
      Object.assign(out, readGoYaml(file === '-' ? stdin ?? '' : readFileSync(file, 'utf8')));
    } catch (error) {
      throw error instanceof YamlError ? failed(error.message) : failed(`open ${file}: no such file or directory`);
    }
  }
  const given = new Set<string>();
  for (const word of parsed.words) {
    const at = word.indexOf('=');
    if (at < 1) throw usage(`expected "key=value", got ${JSON.stringify(word)}`);
    const key = word.slice(0, at);
    if (given.has(key)) throw usage(`key ${JSON.stringify(key)} specified more than once`);
    given.add(key);
    out[key] = word.slice(at + 1);
  }
  return out;
};

const bytes = (text: string): number => new TextEncoder().encode(text).length;

type Tool = (context: HookContext, parsed: Parsed, stdin: string | undefined) => unknown;

/** What prints nothing. */
const NOTHING = Symbol('nothing');

/** What prints itself. */
interface Raw {
  readonly raw: string;
}

const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && 'raw' in value;

const readBag = (context: HookContext, parsed: Parsed, relation: ModelRelation): Readonly<Record<string, string>> => {
  const [, named] = parsed.words;
  const { application, unit, kind } = context;
  const far = relation.seenBy(application).far.application;
  const remoteUnit = kind.relation === relation ? kind.remoteUnit : undefined;
  let ofApplication = parsed.flags.get('app') === 'true';
  let name = named === undefined ? undefined : relation.nameFrom(application, named);
  if (name === undefined && remoteUnit !== undefined) name = remoteUnit;
  if (name === undefined && kind.relation === relation) {
    // The trap: no unit to be had, so the application's bag is read.
    name = far;
    ofApplication = true;
  }
  if (name === undefined) throw usage('no unit or application specified');
  if (relation.gone) throw failed('permission denied (unauthorized access)');
  if (ofApplication) {
    const owner = applicationOf(name);
    if (owner === application) {
      if (!unit.isLeader) throw failed('permission denied (unauthorized access)');
      return context.own(relation, 'applications');
    }
    if (owner !== far) throw failed('permission denied');
    return context.remote(relation, 'applications', owner) ?? {};
  }
  if (!name.includes('/')) throw usage(`expected unit name, got application name ${JSON.stringify(name)}`);
  if (name === unit.name) return context.own(relation, 'units');
  const bag = applicationOf(name) === far ? context.remote(relation, 'units', name) : undefined;
  if (bag === undefined) {
    throw failed(
      `cannot read settings for unit ${JSON.stringify(name)} in relation "${relation.idFor(application)}": ` +
        `unit ${JSON.stringify(name)}: settings not found`,
    );
  }
  return bag;
};

const SECRET_KEY = /^[a-z](-?[a-z0-9]){2,}$/;

/** The secrets that the unit may read: an application's are those of all its units. */
const readable = ({ unit }: HookContext): ReadonlyArray<StoredSecret> =>
  unit.secrets.filter(({ owner, madeBy }) => owner === 'application' || madeBy === unit.name);

/** A secret that the unit may change. An application's is its leader's to change. */
const ownSecretIn = (context: HookContext, parsed: Parsed) => {
  const found = secretIn(context, parsed);
  const owner = found.stored?.owner ?? found.draft?.owner;
  if (owner === 'application' && !context.unit.isLeader) throw failed('permission denied');
  return found;
};

const secretIn = (context: HookContext, { flags, words }: Parsed) => {
  const label = flags.get('label');
  const id = words[0]?.replace(/^secret:(\/\/[^/]*\/)?/, '');
  const stored = readable(context).find((secret) => id === undefined ? secret.label === label : secret.id === id);
  const draft = [...context.secrets.values()].find((secret) =>
    id === undefined ? secret.label === label : secret.id === id
  );
  if (stored === undefined && draft === undefined) throw failed(`secret ${JSON.stringify(id ?? label)} not found`);
  return { stored, draft, id: stored?.id ?? draft?.id ?? '' };
};

const secretContent = (parsed: Parsed): Readonly<Record<string, string>> => {
  const content = valuesIn({ ...parsed, words: parsed.words.filter((word) => word.includes('=')) }, undefined);
  return Object.fromEntries(
    Object.entries(content).map(([word, value]) => {
      const [key = '', form = ''] = word.split('#');
      if (!SECRET_KEY.test(key)) throw usage(`key ${JSON.stringify(word)} not valid`);
      if (form === 'file') return [key, readFileSync(value, 'utf8')];
      return [key, form === 'base64' ? atob(value) : value];
    }),
  );
};

let secretNumber = 0;

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
    return key === '-' ? bag : bag[key] ?? null;
  },
  'relation-set': (context, parsed, stdin) => {
    const relation = relationIn(context, parsed);
    const ofApplication = parsed.flags.get('app') === 'true';
    const values = valuesIn(parsed, stdin);
    if (ofApplication && !context.unit.isLeader) throw failed('cannot write relation settings');
    if (relation.gone) throw failed('cannot read relation settings: relation not found');
    context.set(relation, ofApplication ? 'applications' : 'units', values);
    return NOTHING;
  },
  'relation-model-get': () => ({ uuid: 'cdac5656-0000-4000-8000-000000000000' }),
  'state-get': (context, { flags, words: [key] }) => {
    if (key === undefined) return Object.keys(context.state).length === 0 ? null : context.state;
    if (flags.get('strict') === 'true' && context.state[key] === undefined) {
      throw failed(`${JSON.stringify(key)} not found`);
    }
    return context.state[key] ?? '';
  },
  'state-set': (context, parsed, stdin) => {
    const values = valuesIn(parsed, stdin);
    for (const [key, value] of Object.entries(values)) {
      if (bytes(key) > 256) throw failed(`max allowed key length (256) exceeded: ${bytes(key)}`);
      if (bytes(value) > 65_536) throw failed(`max allowed value length (65536) exceeded: ${bytes(value)}`);
    }
    context.state = { ...context.state, ...values };
    return NOTHING;
  },
  'state-delete': (context, { words: [key = ''] }) => {
    const { [key]: _, ...rest } = context.state;
    context.state = rest;
    return NOTHING;
  },
  'is-leader': ({ unit }) => unit.isLeader,
  'config-get': ({ unit }, { words: [key] }) => (key === undefined ? unit.config : unit.config[key] ?? null),
  'network-get': (context, parsed) => {
    const [endpoint = ''] = parsed.words;
    if (parsed.flags.has('r') || parsed.flags.has('relation')) relationIn(context, parsed);
    if (endpoint === '') throw usage('no arguments specified');
    const { address } = context.unit;
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
  'status-get': ({ unit: { status: { status, message } } }, { flags }) => {
    if (flags.get('include-data') === 'true') return { message, status, 'status-data': {} };
    return flags.get('format') === 'json' ? { status } : status;
  },
  'status-set': (context, { words: [status = '', message = ''] }) => {
    if (!['maintenance', 'blocked', 'waiting', 'active'].includes(status)) {
      throw usage(
        `invalid status ${JSON.stringify(status)}, expected one of [maintenance blocked waiting active]`,
      );
    }
    context.unit.status = { status, message };
    return NOTHING;
  },
  'juju-log': (context, { flags, words }) => {
    context.unit.log.push(`${flags.get('l') ?? flags.get('log-level') ?? 'INFO'} ${words.join(' ')}`);
    return NOTHING;
  },
  'secret-add': (context, parsed) => {
    const owner = parsed.flags.get('owner') ?? 'application';
    if (owner === 'application' && !context.unit.isLeader) throw failed('this unit is not the leader');
    const content = secretContent(parsed);
    if (Object.keys(content).length === 0) throw usage('missing secret value or filename');
    const label = parsed.flags.get('label') ?? '';
    const isTaken = [...context.secrets.values(), ...readable(context)].some((secret) => secret.label === label);
    if (label !== '' && isTaken) throw failed(`secret with label ${JSON.stringify(label)} already exists`);
    const id = `9m4e2mr0ui3e8a2${String(++secretNumber).padStart(5, '0')}`;
    context.secrets.set(id, { id, owner, label, content });
    return { raw: `secret:${id}\n` };
  },
  'secret-set': (context, parsed) => {
    const { id, stored, draft } = ownSecretIn(context, { ...parsed, words: parsed.words.slice(0, 1) });
    const content = secretContent({ ...parsed, words: parsed.words.slice(1) });
    const label = parsed.flags.get('label') ?? draft?.label ?? stored?.label ?? '';
    const owner = draft?.owner ?? stored?.owner ?? 'application';
    const next = Object.keys(content).length === 0 ? draft?.content ?? null : content;
    context.secrets.set(id, { id, owner, label, content: next });
    return NOTHING;
  },
  'secret-get': (context, parsed) => {
    const { stored, draft } = secretIn(context, parsed);
    const isFresh = parsed.flags.has('peek') || parsed.flags.has('refresh') || stored === undefined;
    return (isFresh ? draft?.content : undefined) ?? stored?.revisions.at(-1) ?? {};
  },
  'secret-info-get': (context, parsed) => {
    const { id, stored, draft } = ownSecretIn(context, parsed);
    return {
      [id]: {
        revision: stored?.revisions.length ?? 1,
        label: draft?.label ?? stored?.label,
        owner: stored?.owner ?? draft?.owner,
      },
    };
  },
  'secret-ids': (context) => (readable(context).length === 0 ? null : readable(context).map(({ id }) => id)),
  'secret-grant': (context, parsed) => {
    secretIn(context, parsed);
    relationIn(context, parsed);
    return NOTHING;
  },
  'secret-revoke': (context, parsed) => {
    secretIn(context, parsed);
    return NOTHING;
  },
  'secret-remove': (context, parsed) => {
    context.removedSecrets = [...context.removedSecrets, ownSecretIn(context, parsed).id];
    return NOTHING;
  },
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
  stdin: string | undefined,
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
