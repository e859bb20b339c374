/**
 * Stand-ins for Juju's tools that know what a case of a hook says, over the same tools that the simulated Juju has. What a hook leaves
 * behind is there in the next one.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hookCommand } from '../../adapters/charm/command.ts';
import type { Ending, ToolCall } from '../../adapters/juju/tool-error.ts';
import { RELATION_EVENTS } from '../../adapters/juju/environment.ts';
import { type AgentUnit, HookContext, type HookKind } from '../juju/context.ts';
import { applicationOf, ModelRelation } from '../juju/model.ts';
import { runTool } from '../juju/tools.ts';
import type { CaseJuju } from './cases.ts';

/** What came of a hook. */
export interface HookResult {
  readonly exit: number;
  readonly status: string;
  /** Status, log and standard error. */
  readonly said: string;
  readonly calls: ReadonlyArray<ToolCall>;
}

const relationIn = (id: string, unit: string, { remoteApplication, ...bags }: CaseJuju['relations'][string]) => {
  const [endpoint = '', number = ''] = id.split(':');
  const ends = [{ application: remoteApplication, endpoint: 'remote' }, { application: applicationOf(unit), endpoint }];
  const [far, near] = ends;
  if (far === undefined || near === undefined) throw new Error('a relation has two ends');
  const relation = new ModelRelation(Number(number), [far, near], false);
  relation.put('units', unit, bags.local);
  for (const [name, bag] of Object.entries({ ...bags.gone, ...bags.units })) {
    // A bag that is there, though it is empty.
    relation.bag('units', name);
    relation.put('units', name, bag);
  }
  const members = new Map(Object.keys(bags.units).map((name) => [name, 0] as const));
  return [relation, { broken: false, members, mustChange: null, applicationVersion: 0, cache: new Map() }] as const;
};

/** A unit of Juju as a case has it. */
export class StandIn {
  /** What the case says; a test may change it between hooks. */
  juju: CaseJuju;
  readonly folder: string;
  /** The present; at first a little after the certificates of the cases were made. */
  now: Date = new Date('2026-11-28T06:00:00Z');
  readonly #unit: AgentUnit;
  #hooks = 0;

  constructor(juju: CaseJuju, folder: string, config: unknown) {
    this.juju = juju;
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'tls-certificates.yaml'), JSON.stringify(config));
    for (const [name, content] of Object.entries(juju.files ?? {})) writeFileSync(join(folder, name), content);
    this.#unit = {
      name: juju.unit,
      folder,
      address: juju.addresses[0] ?? '',
      config: { ...juju.options },
      isLeader: juju.isLeader ?? false,
      dying: false,
      relations: new Map(Object.entries(juju.relations).map(([id, bags]) => relationIn(id, juju.unit, bags))),
      state: {},
      secrets: [],
      waiting: [],
      status: { status: 'waiting', message: '' },
      log: [],
    };
  }

  /** The secrets of the unit's application. */
  get secrets(): AgentUnit['secrets'] {
    return this.#unit.secrets;
  }

  /** Whether the unit leads its application. */
  lead(isLeader: boolean): void {
    this.#unit.isLeader = isLeader;
  }

  /** The unit's own databag. */
  published(id: string): Readonly<Record<string, string>> {
    const relation = [...this.#unit.relations.keys()].find((one) => one.idFor(applicationOf(this.juju.unit)) === id);
    return relation?.bag('units', this.juju.unit).data ?? {};
  }

  #answer(context: HookContext, { tool, args, input }: ToolCall): Ending {
    const { errors = {}, missingTools = [], secretNotFound, addresses } = this.juju;
    if (missingTools.includes(tool)) return { _tag: 'not started', code: 'ENOENT' };
    const failing = (code: number, stderr: string): Ending => ({
      _tag: 'exited',
      code,
      stdout: '',
      stderr: `${stderr}\n`,
    });
    const failure = errors[`${tool} ${args.at(-1) ?? ''}`] ?? errors[tool] ?? errors['*'];
    if (failure !== undefined) return failing(failure.exit, failure.stderr);
    if (tool === 'network-get') {
      if (addresses.length === 0) return failing(1, `ERROR no network config found for binding "${args.at(-1)}"`);
      return { _tag: 'exited', code: 0, stdout: JSON.stringify({ 'ingress-addresses': addresses }), stderr: '' };
    }
    const reply = runTool(context, tool, args, input);
    const isUnknownLabel = tool === 'secret-get' && reply.code === 1 && args.includes('--label');
    return isUnknownLabel && secretNotFound !== undefined ? failing(1, secretNotFound) : { _tag: 'exited', ...reply };
  }

  #environment(id: string): Readonly<Record<string, string>> {
    const { unit, hook, relationId, remoteUnit, departing, relations } = this.juju;
    return {
      JUJU_CONTEXT_ID: id,
      JUJU_AGENT_SOCKET_ADDRESS: '127.0.0.1:1',
      JUJU_AGENT_SOCKET_NETWORK: 'unix',
      JUJU_UNIT_NAME: unit,
      JUJU_CHARM_DIR: this.folder,
      JUJU_HOOK_NAME: hook,
      JUJU_DISPATCH_PATH: `hooks/${hook}`,
      ...(/-relation-/.test(hook)
        ? {
          JUJU_RELATION: relationId.split(':')[0] ?? '',
          JUJU_RELATION_ID: relationId,
          JUJU_REMOTE_APP: relations[relationId]?.remoteApplication ?? '',
          JUJU_REMOTE_UNIT: remoteUnit ?? '',
          ...(departing === undefined ? {} : { JUJU_DEPARTING_UNIT: departing }),
        }
        : {}),
    };
  }

  /** Runs the case's hook; it is undone where it does not end with 0, or where its commit is refused. */
  async hook({ isCommitted = true } = {}): Promise<HookResult> {
    const { unit, hook, relationId, remoteUnit } = this.juju;
    const relation = [...this.#unit.relations.keys()].find((one) => one.idFor(applicationOf(unit)) === relationId);
    const event = RELATION_EVENTS.find((one) => hook.endsWith(`-relation-${one}`));
    const kind: HookKind = {
      hook,
      ...(event === undefined || relation === undefined ? {} : { relation, event }),
      ...(event === undefined || remoteUnit === undefined ? {} : { remoteUnit }),
    };
    const context = new HookContext(`${unit}-${hook}-${this.#hooks++}`, this.#unit, kind);
    const calls: Array<ToolCall> = [];
    const complaints: Array<string> = [];
    const exit = await hookCommand(join(this.folder, 'tls-certificates.yaml'), {
      variables: this.#environment(context.id),
      runTool: (call) => {
        calls.push(call);
        return Promise.resolve(this.#answer(context, call));
      },
      complain: (line) => void complaints.push(line),
      now: () => this.now,
    });
    if (exit === 0 && isCommitted && context.fault() === null) context.commit();
    const { status, message } = this.#unit.status;
    return { exit, status, said: [message, ...this.#unit.log, ...complaints].join('\n'), calls };
  }
}
