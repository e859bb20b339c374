/**
 * A Juju to test against: a controller, and agents that run the hooks of deployed charms one at a time until nothing is left to do.
 *
 * A charm is a folder whose `dispatch` is started as a process that calls real hook tools, or a function in this process, which is
 * quicker. Source: docs/hook-environment.md sections 1 and 3.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { RelationEvent } from '../../adapters/juju/environment.ts';
import type { Ending, ToolCall } from '../../adapters/juju/tool-error.ts';
import type { RunTool } from '../../adapters/juju/tools.ts';
import { declaredParameters, ended as actionEnded } from './actions.ts';
import { type ActionResult, type AgentUnit, HookContext, type HookKind, type KnownRelation } from './context.ts';
import { applicationOf, ModelRelation, type StoredSecret, type Unit } from './model.ts';
import { tellOfExpiry, tellOfRevisions } from './secret-hooks.ts';
import { type AgentSocket, type Answer, makeTools, openSocket, type Request } from './socket.ts';
import { type Reply, runTool, TOOLS } from './tools.ts';

/** A charm in this process: it gets the hook's environment and its tools, and gives the exit code. */
export type CharmFunction = (env: Readonly<Record<string, string>>, run: RunTool) => Promise<number>;

/** What runs in a unit: a folder with `dispatch`, a function, or nothing, where the test itself plays the charm. */
export type CharmCode = string | CharmFunction | null;

/** A call of a tool as a test sees it. */
export interface SeenCall {
  readonly unit: Unit;
  readonly hook: string;
  /** How many calls the hook made before. */
  readonly index: number;
  readonly tool: string;
  readonly args: ReadonlyArray<string>;
  readonly stdin: string | undefined;
}

/** What a test does to a call: kills the hook before or after it, lets it hang, or answers it itself. */
export type Interference = 'kill before' | 'kill after' | 'hang' | Reply;

/** A hook that was run. */
export interface RanHook {
  readonly unit: Unit;
  readonly hook: string;
  readonly remoteUnit: Unit | undefined;
  /** Null where it was killed. */
  readonly code: number | null;
  /** Whether what it had buffered became true. */
  readonly committed: boolean;
  readonly calls: ReadonlyArray<SeenCall>;
  readonly stdout: string;
  readonly stderr: string;
  /** What it gave back, if it was an action. */
  readonly action: ActionResult;
}

interface Application {
  readonly name: string;
  code: CharmCode;
  readonly config: Record<string, unknown>;
  readonly units: Array<AgentUnit>;
  readonly secrets: AgentUnit['secrets'];
  made: number;
}

/** What can be said of an application when it is deployed. */
export interface DeployOptions {
  readonly units?: number;
  readonly config?: Record<string, unknown>;
}

/** What can be said of a Juju. */
export interface JujuOptions {
  /** The agents' version; before 2.8 they keep no state. */
  readonly version?: string;
  /** Where hooks look for programs, beside the tools; as this process does unless said. */
  readonly path?: string;
  readonly interfere?: (call: SeenCall) => Interference | undefined;
  /** Whether what a hook that ended well has buffered is refused. */
  readonly refuseCommit?: (hook: HookKind, unit: Unit) => boolean;
  /** Whether a person gives up a hook that failed, as with `juju resolved --no-retry`: it counts as done, and nothing of it is kept. */
  readonly giveUp?: (hook: HookKind, unit: Unit) => boolean;
}

/** Rejects where a hook in this process is killed: what it would have done next does not happen. */
export class Killed extends Error {}

/** A bag with values in it; an empty value deletes. */
const changed = (data: Readonly<Record<string, string>>, values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries({ ...data, ...values }).filter(([, value]) => value !== ''));

/** More hooks than any test needs: two charms that wake each other forever. */
const MAX_HOOKS = 2_000;

const before28 = (version: string): boolean => /^(1|2\.[0-7])\./.test(version);

/** The tools that a version has not: state came with 2.8, secrets with 3.0. */
const missingIn = (version: string): ReadonlyArray<string> =>
  TOOLS.filter((tool) =>
    tool.startsWith('state-') ? before28(version) : tool.startsWith('secret-') && Number.parseInt(version, 10) < 3
  );

/** The model, its agents, and what they did. */
export class Juju {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'juju-'));
  readonly hooks: Array<RanHook> = [];
  readonly #options: JujuOptions;
  readonly #applications: Map<string, Application> = new Map();
  readonly #relations: Array<ModelRelation> = [];
  #socket: AgentSocket | null = null;
  #running: { readonly context: HookContext; readonly calls: Array<SeenCall>; child: ChildProcess | null } | null =
    null;
  #contexts = 0;
  #addresses = 1;
  #turn = 0;
  interfere: JujuOptions['interfere'];

  constructor(options: JujuOptions = {}) {
    this.#options = options;
    this.interfere = options.interfere;
  }

  /** The agents' version. */
  get version(): string {
    return this.#options.version ?? '3.6.8';
  }

  /** Takes everything away. */
  async remove(): Promise<void> {
    await this.#socket?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Deploys a charm; units get a copy of its folder. */
  deploy(name: string, code: CharmCode, { units = 1, config = {} }: DeployOptions = {}): void {
    this.#applications.set(name, { name, code, config, units: [], secrets: [], made: 0 });
    for (let i = 0; i < units; i++) this.addUnit(name);
  }

  #application(name: string): Application {
    const application = this.#applications.get(name);
    if (application === undefined) throw new Error(`there is no application ${name}`);
    return application;
  }

  /** Adds a unit; the first one leads. */
  addUnit(name: string): Unit {
    const application = this.#application(name);
    const unit = `${name}/${application.made++}`;
    const folder = join(this.folder, 'agents', `unit-${unit.replace('/', '-')}`, 'charm');
    mkdirSync(folder, { recursive: true });
    if (typeof application.code === 'string') cpSync(application.code, folder, { recursive: true });
    const isLeader = application.units.length === 0;
    application.units.push({
      name: unit,
      folder,
      address: `10.0.0.${++this.#addresses}`,
      config: application.config,
      isLeader,
      dying: false,
      relations: new Map(),
      state: {},
      secrets: application.secrets,
      waiting: ['install', ...(isLeader ? ['leader-elected'] : []), 'config-changed', 'start'].map((hook) => ({
        hook,
      })),
      status: { status: 'waiting', message: '' },
      log: [],
    });
    for (const relation of this.#relations) if (relation.has(name)) this.#enterByHand(relation, unit);
    return unit;
  }

  /** A unit without a charm is in its relations at once. */
  #enterByHand(relation: ModelRelation, name: Unit): void {
    const application = this.#application(applicationOf(name));
    if (application.code === null) this.#enter(relation, this.unit(name));
  }

  #enter(relation: ModelRelation, unit: AgentUnit): void {
    relation.inScope.add(unit.name);
    const own = {
      'egress-subnets': `${unit.address}/32`,
      'ingress-address': unit.address,
      // Juju 4 has dropped it for good.
      ...(Number.parseInt(this.version, 10) >= 4 ? {} : { 'private-address': unit.address }),
    };
    relation.put('units', unit.name, { ...relation.bag('units', unit.name).data, ...own });
  }

  unit(name: Unit): AgentUnit {
    const unit = this.#application(applicationOf(name)).units.find((one) => one.name === name);
    if (unit === undefined) throw new Error(`there is no unit ${name}`);
    return unit;
  }

  /** The names of the units that an application has and keeps. */
  unitsOf(name: string): ReadonlyArray<Unit> {
    return this.#application(name).units.filter(({ dying }) => !dying).map((unit) => unit.name);
  }

  /** Relates `provider:endpoint` to `requirer:endpoint`. */
  relate(provider: string, requirer: string, { crossModel = false } = {}): ModelRelation {
    const [a, b] = [provider, requirer].map((end) => {
      const [application = '', endpoint = ''] = end.split(':');
      return { application, endpoint };
    });
    if (a === undefined || b === undefined) throw new Error('a relation has two ends');
    const relation = new ModelRelation(this.#relations.length + 1, [a, b], crossModel);
    this.#relations.push(relation);
    for (const { application } of relation.ends) {
      for (const { name } of this.#application(application).units) this.#enterByHand(relation, name);
    }
    return relation;
  }

  /** Publishes as a unit whose charm the test plays. An empty value deletes. */
  publish(relation: ModelRelation, unit: Unit, values: Readonly<Record<string, string>>): void {
    relation.put('units', unit, changed(relation.bag('units', unit).data, values));
  }

  /** Publishes as an application whose charm the test plays. */
  publishAs(relation: ModelRelation, application: string, values: Readonly<Record<string, string>>): void {
    relation.put('applications', application, changed(relation.bag('applications', application).data, values));
  }

  /** What a unit has published, without what Juju itself did. */
  published(relation: ModelRelation, unit: Unit): Readonly<Record<string, string>> {
    const { 'egress-subnets': _e, 'ingress-address': _i, 'private-address': _p, ...own } =
      relation.bag('units', unit).data;
    return own;
  }

  /** What an application has published. */
  publishedBy(relation: ModelRelation, application: string): Readonly<Record<string, string>> {
    return relation.bag('applications', application).data;
  }

  /** Removes a relation, in the way of Juju: its units depart, then it breaks. */
  removeRelation(relation: ModelRelation): void {
    relation.dying = true;
  }

  /** Removes a unit in the same way. */
  removeUnit(name: Unit): void {
    const unit = this.unit(name);
    unit.dying = true;
    if (this.#application(applicationOf(name)).code === null) {
      for (const relation of this.#relations) relation.inScope.delete(name);
    }
  }

  /** Has a unit run a hook, such as `update-status`. */
  fire(unit: Unit, hook: string): void {
    this.unit(unit).waiting.push({ hook });
  }

  /**
   * Has a unit run an action, or whatever `juju exec` would with the charm's program. What a charm's folder does not declare is refused, as
   * `juju run` does.
   */
  act(unit: Unit, action?: string, given: Readonly<Record<string, unknown>> = {}): void {
    const { folder, waiting } = this.unit(unit);
    const { code } = this.#application(applicationOf(unit));
    if (action === undefined) waiting.push({ hook: '' });
    else {
      const parameters = typeof code === 'string' ? declaredParameters(folder, unit, action, given) : given;
      waiting.push({ hook: '', action, parameters });
    }
  }

  /** Has a unit run an action, and everything that comes of it; gives what the action gave back. */
  async run(unit: Unit, action: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<ActionResult> {
    this.act(unit, action, parameters);
    const before = this.hooks.length;
    await this.settle({ retries: 1 });
    const ran = this.hooks.slice(before).find((one) => one.unit === unit && one.hook === '');
    if (ran === undefined) throw new Error(`${unit} did not run ${action}`);
    return ran.action;
  }

  /** Sets options of an application; its units hear of it. */
  configure(name: string, options: Readonly<Record<string, unknown>>): void {
    const application = this.#application(name);
    Object.assign(application.config, options);
    for (const unit of application.units) unit.waiting.push({ hook: 'config-changed' });
  }

  /** Makes a unit the leader of its application. The one that led until now is not told. */
  lead(name: Unit): void {
    const unit = this.unit(name);
    for (const one of this.#application(applicationOf(name)).units) one.isLeader = one === unit;
    unit.waiting.push({ hook: 'leader-elected' });
  }

  /** Gives an application other code: relations, databags and secrets stay, the charm's folder is replaced. */
  upgrade(name: string, code: CharmCode): void {
    const application = this.#application(name);
    application.code = code;
    for (const unit of application.units) {
      if (typeof code === 'string') {
        rmSync(unit.folder, { recursive: true, force: true });
        cpSync(code, unit.folder, { recursive: true });
      }
      unit.waiting.push({ hook: 'upgrade-charm' }, { hook: 'config-changed' });
    }
  }

  /** The secrets of an application and its units. */
  secrets(name: string): ReadonlyArray<StoredSecret> {
    return this.#application(name).secrets;
  }

  /** Has the owners of all secrets that expire by then run `secret-expired`, once for each. */
  expireSecrets(by: Date): void {
    for (const application of this.#applications.values()) tellOfExpiry(application, by);
  }

  #known(unit: AgentUnit, relation: ModelRelation): KnownRelation | undefined {
    return unit.relations.get(relation);
  }

  /** The hook that a unit has to run next (section 3.4). */
  #next(unit: AgentUnit): HookKind | null {
    const application = applicationOf(unit.name);
    if (unit.waiting[0]?.hook === 'install') return unit.waiting[0];
    const about = (relation: ModelRelation, event: RelationEvent, remoteUnit?: Unit): HookKind => ({
      hook: `${relation.seenBy(application).near.endpoint}-relation-${event}`,
      relation,
      event,
      ...(remoteUnit === undefined ? {} : { remoteUnit }),
    });
    const relations = this.#relations.filter((relation) => relation.has(application) && !relation.gone);
    for (const relation of relations) {
      if (this.#known(unit, relation) === undefined && !relation.dying && !unit.dying) {
        return about(relation, 'created');
      }
    }
    // Of a secret that is gone there is nothing more to tell.
    const isAboutNothing = ({ secret }: HookKind) =>
      secret !== undefined && !unit.secrets.some(({ id }) => id === secret.id);
    while (unit.waiting[0] !== undefined && isAboutNothing(unit.waiting[0])) unit.waiting.shift();
    if (unit.waiting[0] !== undefined) return unit.waiting[0];
    const present = relations.flatMap((relation) => {
      const known = this.#known(unit, relation);
      if (known === undefined || known.broken) return [];
      const far = relation.seenBy(application).far.application;
      const isEnding = relation.dying || unit.dying;
      const others = [...relation.inScope].filter((name) => applicationOf(name) === far && !isEnding).sort();
      return [{ relation, known, far, isEnding, others }];
    });
    for (const { relation, known } of present) {
      if (known.mustChange !== null) return about(relation, 'changed', known.mustChange);
    }
    for (const { relation, known, others } of present) {
      const leaving = [...known.members.keys()].find((name) => !others.includes(name));
      if (leaving !== undefined) return about(relation, 'departed', leaving);
    }
    for (const { relation, isEnding } of present) if (isEnding) return about(relation, 'broken');
    for (const { relation, known, far } of present) {
      if (relation.bag('applications', far).version !== known.applicationVersion) return about(relation, 'changed');
    }
    for (const { relation, known, others } of present) {
      const coming = others.find((name) => !known.members.has(name));
      if (coming !== undefined) return about(relation, 'joined', coming);
    }
    for (const { relation, known } of present) {
      const changed = [...known.members].find(([name, seen]) => relation.bag('units', name).version !== seen);
      if (changed !== undefined) return about(relation, 'changed', changed[0]);
    }
    return null;
  }

  /** What the agent takes note of when a hook has ended well; versions are those from when it began. */
  #done(unit: AgentUnit, kind: HookKind, versions: { readonly unit: number; readonly application: number }): void {
    const { relation, event, remoteUnit } = kind;
    const known = relation === undefined ? undefined : this.#known(unit, relation);
    if (relation === undefined || known === undefined) {
      unit.waiting.shift();
      return;
    }
    if (event === 'joined' && remoteUnit !== undefined) {
      known.members.set(remoteUnit, -1);
      known.mustChange = remoteUnit;
    } else if (event === 'changed' && remoteUnit !== undefined) {
      known.members.set(remoteUnit, versions.unit);
      known.mustChange = null;
    } else if (event === 'changed') known.applicationVersion = versions.application;
    else if (event === 'departed' && remoteUnit !== undefined) known.members.delete(remoteUnit);
    else if (event === 'broken') {
      known.broken = true;
      relation.inScope.delete(unit.name);
    }
  }

  #environment(context: HookContext): Record<string, string> {
    const { unit, kind, application } = context;
    const { relation, event, remoteUnit } = kind;
    const far = relation?.seenBy(application).far.application ?? '';
    const shown = (name: string) => relation?.nameFor(application, name) ?? name;
    const departing = unit.dying ? unit.name : shown(remoteUnit ?? '');
    return {
      PATH: `${join(this.folder, 'tools')}:${this.#options.path ?? process.env['PATH'] ?? ''}`,
      LANG: 'C.UTF-8',
      JUJU_CONTEXT_ID: context.id,
      JUJU_AGENT_SOCKET_ADDRESS: this.#socket?.address ?? '127.0.0.1:1',
      JUJU_AGENT_SOCKET_NETWORK: 'unix',
      JUJU_UNIT_NAME: unit.name,
      JUJU_MODEL_NAME: 'prod',
      JUJU_MODEL_UUID: 'b4e1a0de-0000-4000-8000-000000000000',
      JUJU_VERSION: this.version,
      JUJU_CHARM_DIR: unit.folder,
      CHARM_DIR: unit.folder,
      JUJU_HOOK_NAME: kind.hook,
      // Always there, and often empty.
      JUJU_PRINCIPAL_UNIT: '',
      JUJU_AVAILABILITY_ZONE: '',
      JUJU_API_ADDRESSES: '',
      ...(kind.hook === '' ? {} : { JUJU_DISPATCH_PATH: `hooks/${kind.hook}` }),
      ...(kind.action === undefined ? {} : {
        JUJU_DISPATCH_PATH: `actions/${kind.action}`,
        JUJU_ACTION_NAME: kind.action,
        JUJU_ACTION_UUID: '1',
        JUJU_ACTION_TAG: 'action-1',
      }),
      ...(kind.secret === undefined ? {} : {
        JUJU_SECRET_ID: `secret:${kind.secret.id}`,
        JUJU_SECRET_LABEL: kind.secret.label,
        ...(kind.secret.revision === null ? {} : { JUJU_SECRET_REVISION: String(kind.secret.revision) }),
      }),
      ...(relation === undefined ? {} : {
        JUJU_RELATION: relation.seenBy(application).near.endpoint,
        JUJU_RELATION_ID: relation.idFor(application),
        JUJU_REMOTE_APP: shown(far),
        JUJU_REMOTE_UNIT: remoteUnit === undefined ? '' : shown(remoteUnit),
        ...(event === 'departed' && !before28(this.version) ? { JUJU_DEPARTING_UNIT: departing } : {}),
      }),
    };
  }

  /** One call of a tool in the hook that runs; `kill` ends the hook. */
  #call(request: Omit<Request, 'contextId'>, kill: () => void): Reply | 'hang' | 'killed' {
    const running = this.#running;
    if (running === null) return { code: 1, stdout: '', stderr: 'ERROR bad request: no hook is running\n' };
    const { tool, args, stdin } = request;
    const { context, calls } = running;
    const text = stdin instanceof Uint8Array ? new TextDecoder().decode(stdin) : stdin;
    const seen = { unit: context.unit.name, hook: context.kind.hook, index: calls.length, tool, args, stdin: text };
    calls.push(seen);
    const interference = this.interfere?.(seen);
    if (interference === 'hang') return 'hang';
    if (typeof interference === 'object') return interference;
    if (interference === 'kill before') {
      kill();
      return 'killed';
    }
    const reply = runTool(context, tool, args, stdin);
    if (interference !== 'kill after') return reply;
    kill();
    return 'killed';
  }

  #answer({ contextId, ...request }: Request): Answer {
    const running = this.#running;
    if (running === null || running.context.id !== contextId) {
      return { code: 1, text: `ERROR bad request: wrong context ID; got ${JSON.stringify(contextId)}\n` };
    }
    const reply = this.#call(request, () => running.child?.kill('SIGKILL'));
    if (reply === 'hang') return null;
    // Nobody reads it, but the tool must not wait for ever.
    if (reply === 'killed') return { code: 1, text: '' };
    return { code: reply.code, text: reply.code === 0 ? reply.stdout : reply.stderr };
  }

  #runHere(
    code: CharmFunction,
    context: HookContext,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const tool = ({ tool, args, input }: ToolCall): Promise<Ending> => {
      if (missingIn(this.version).includes(tool)) {
        return Promise.resolve({ _tag: 'not started', code: 'ENOENT' });
      }
      const reply = this.#call({ tool, args, stdin: input }, () => {});
      if (reply === 'killed') return Promise.reject(new Killed());
      return Promise.resolve(reply === 'hang' ? { _tag: 'killed', why: 'timeout' } : { _tag: 'exited', ...reply });
    };
    return code(this.#environment(context), tool).then(
      (exit) => ({ code: exit, stdout: '', stderr: '' }),
      (error) => {
        if (error instanceof Killed) return { code: null, stdout: '', stderr: '' };
        throw error;
      },
    );
  }

  async #runProcess(context: HookContext): Promise<{ code: number | null; stdout: string; stderr: string }> {
    if (this.#socket === null) {
      makeTools(join(this.folder, 'tools'), missingIn(this.version));
      this.#socket = await openSocket((request) => this.#answer(request));
    }
    return await new Promise((resolve, reject) => {
      const { folder } = context.unit;
      const child = spawn(join(folder, 'dispatch'), [], {
        cwd: folder,
        env: this.#environment(context),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      if (this.#running !== null) this.#running.child = child;
      const chunks = { stdout: new Array<Uint8Array>(), stderr: new Array<Uint8Array>() };
      child.stdout.on('data', (chunk: Uint8Array) => chunks.stdout.push(chunk));
      child.stderr.on('data', (chunk: Uint8Array) => chunks.stderr.push(chunk));
      child.on('error', reject);
      child.on('close', (code) =>
        resolve({
          code,
          stdout: Buffer.concat(chunks.stdout).toString(),
          stderr: Buffer.concat(chunks.stderr).toString(),
        }));
    });
  }

  /** Runs one hook to its end, and commits it where it ended well. */
  async #run(unit: AgentUnit, kind: HookKind): Promise<RanHook> {
    const { relation, remoteUnit } = kind;
    const code = this.#application(applicationOf(unit.name)).code;
    if (relation !== undefined && kind.event === 'created' && !unit.relations.has(relation)) {
      unit.relations.set(relation, {
        broken: false,
        members: new Map(),
        mustChange: null,
        applicationVersion: 0,
        cache: new Map(),
      });
      this.#enter(relation, unit);
    }
    const versions = {
      unit: remoteUnit === undefined ? 0 : relation?.bag('units', remoteUnit).version ?? 0,
      application: relation === undefined
        ? 0
        : relation.bag('applications', relation.seenBy(applicationOf(unit.name)).far.application).version,
    };
    const context = new HookContext(`${unit.name}-${kind.hook}-${this.#contexts++}`, unit, kind, this.version);
    const calls: Array<SeenCall> = [];
    this.#running = { context, calls, child: null };
    const ended = typeof code === 'function'
      ? await this.#runHere(code, context)
      : code === null
      ? { code: 0, stdout: '', stderr: '' }
      : await this.#runProcess(context);
    this.#running = null;
    const isRefused = context.fault() !== null || (this.#options.refuseCommit?.(kind, unit.name) ?? false);
    const committed = ended.code === 0 && !isRefused;
    if (committed) {
      context.commit();
      this.#done(unit, kind, versions);
      tellOfRevisions(this.#application(applicationOf(unit.name)), unit.name);
    } else if (kind.action !== undefined) {
      // It has failed, and that is all.
      unit.waiting.shift();
    } else if (this.#options.giveUp?.(kind, unit.name) ?? false) {
      this.#done(unit, kind, versions);
    } else if (kind.event === 'created' && relation !== undefined) {
      unit.relations.delete(relation);
    }
    const action = kind.action === undefined ? context.action : actionEnded(context.action, ended.code, isRefused);
    const ran = { unit: unit.name, hook: kind.hook, remoteUnit, committed, calls, action, ...ended };
    this.hooks.push(ran);
    return ran;
  }

  /** Runs hooks until nothing is left to do. A hook that fails comes again, `retries` times at most; then this fails. */
  async settle({ retries = 0 } = {}): Promise<void> {
    const failures = new Map<Unit, number>();
    for (let i = 0; i < MAX_HOOKS; i++) {
      const units = [...this.#applications.values()].flatMap(({ units, code }) => (code === null ? [] : units));
      // In turns, so that no unit has to wait for all others to be at rest.
      const next = units.map((_, at) => units[(at + this.#turn) % units.length]).flatMap((unit) => {
        const kind = unit === undefined ? null : this.#next(unit);
        return unit === undefined || kind === null ? [] : [{ unit, kind }];
      })[0];
      if (next === undefined) return;
      this.#turn = units.indexOf(next.unit) + 1;
      const ran = await this.#run(next.unit, next.kind);
      const count = ran.committed ? 0 : (failures.get(ran.unit) ?? 0) + 1;
      failures.set(ran.unit, count);
      if (count > retries) throw new Error(`${ran.unit}: ${ran.hook} failed (${ran.code}): ${ran.stderr}`);
    }
    throw new Error(`not at rest after ${MAX_HOOKS} hooks`);
  }
}

/** Does the work with a Juju of its own, which is taken away afterwards. */
export const withJuju = async <A>(options: JujuOptions, work: (juju: Juju) => Promise<A>): Promise<A> => {
  const juju = new Juju(options);
  try {
    return await work(juju);
  } finally {
    await juju.remove();
  }
};
