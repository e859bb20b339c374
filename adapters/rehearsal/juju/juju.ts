/**
 * A Juju in one process: a controller, and agents that run the hooks of deployed charms, one at a time, until none is left.
 *
 * A charm is a folder or a function. The program in a folder runs as a process and calls real hook tools. A function runs in this
 * process, which is quicker. Source: docs/hook-environment.md sections 1 and 3.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declaredParameters, ended as actionEnded } from './actions.ts';
import { Agent } from './agent.ts';
import { type Application, bagWith, newApplication, newUnit, replaceCode } from './application.ts';
import { type ActionResult, type AgentUnit, HookContext, type HookKind, secretIds } from './context.ts';
import { applicationOf, ModelRelation, type StoredSecret, type Unit } from './model.ts';
import { hookDone, newlyKnown, nextHook, versionsFor } from './next-hook.ts';
import { tellOfExpiry, tellOfRevisions } from './secret-hooks.ts';
import { jujuKeys, withoutJujuKeys } from './juju-keys.ts';
import type { CharmCode, DeployOptions, JujuOptions, RanHook } from './seen.ts';

export * from './seen.ts';

/** More hooks than any test needs: after so many, two charms wake each other for ever. */
const MAX_HOOKS = 2_000;
const NONE: ReadonlySet<Unit> = new Set();

/** The model, its agents, and the hooks that they ran. */
export class Juju {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'juju-'));
  readonly hooks: Array<RanHook> = [];
  readonly #options: JujuOptions;
  readonly #applications: Map<string, Application> = new Map();
  readonly #relations: Array<ModelRelation> = [];
  readonly #agent: Agent;
  readonly #newSecretId = secretIds();
  #contexts = 0;
  #addresses = 1;
  #turn = 0;

  constructor(options: JujuOptions = {}) {
    this.#options = options;
    this.#agent = new Agent(this.folder, () => this.version, options);
  }

  /** What to do to tool calls. */
  get interfere(): JujuOptions['interfere'] {
    return this.#agent.interfere;
  }

  set interfere(interfere: JujuOptions['interfere']) {
    this.#agent.interfere = interfere;
  }

  /** The version of Juju. */
  get version(): string {
    return this.#options.version ?? '3.6.8';
  }

  /** All relations that ever existed. */
  get relations(): ReadonlyArray<ModelRelation> {
    return this.#relations;
  }

  /** All applications with their units, including units that are leaving. */
  get applications(): ReadonlyArray<Application> {
    return [...this.#applications.values()];
  }

  /** Removes everything from this machine. */
  async remove(): Promise<void> {
    await this.#agent.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Deploys a charm. Each unit gets a copy of its folder. */
  deploy(name: string, code: CharmCode, { units = 1, config = {} }: DeployOptions = {}): void {
    this.#applications.set(name, newApplication(name, code, config));
    for (let i = 0; i < units; i++) this.addUnit(name);
  }

  #application(name: string): Application {
    const application = this.#applications.get(name);
    if (application === undefined) throw new Error(`there is no application ${name}`);
    return application;
  }

  /** Adds a unit. The first one is the leader. */
  addUnit(name: string): Unit {
    const application = this.#application(name);
    const unit = `${name}/${application.made++}`;
    const folder = join(this.folder, 'agents', `unit-${unit.replace('/', '-')}`, 'charm');
    application.units.push(newUnit(application, unit, folder, `10.0.0.${++this.#addresses}`));
    this.#options.onUnpacked?.(unit, folder);
    for (const relation of this.#relations) if (relation.has(name)) this.#enterByHand(relation, unit);
    return unit;
  }

  /** A unit without a charm enters its relations at once. */
  #enterByHand(relation: ModelRelation, name: Unit): void {
    const application = this.#application(applicationOf(name));
    if (application.code === null) this.#enter(relation, this.unit(name));
  }

  #enter(relation: ModelRelation, unit: AgentUnit): void {
    relation.inScope.add(unit.name);
    relation.put('units', unit.name, {
      ...relation.bag('units', unit.name).data,
      ...jujuKeys(this.version, unit.address),
    });
  }

  unit(name: Unit): AgentUnit {
    const unit = this.#application(applicationOf(name)).units.find((one) => one.name === name);
    if (unit === undefined) throw new Error(`there is no unit ${name}`);
    return unit;
  }

  /** The names of an application's units, without those that are leaving. */
  unitsOf(name: string): ReadonlyArray<Unit> {
    return this.#application(name).units.filter(({ dying }) => !dying).map((unit) => unit.name);
  }

  /** Relates `provider:endpoint` to `requirer:endpoint`. */
  relate(
    provider: string,
    requirer: string,
    { crossModel = false }: { readonly crossModel?: boolean } = {},
  ): ModelRelation {
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
    relation.put('units', unit, bagWith(relation.bag('units', unit).data, values));
  }

  /** Publishes as an application whose charm the test plays. */
  publishAs(relation: ModelRelation, application: string, values: Readonly<Record<string, string>>): void {
    relation.put('applications', application, bagWith(relation.bag('applications', application).data, values));
  }

  /** What a unit has published, without Juju's own keys. */
  published(relation: ModelRelation, unit: Unit): Readonly<Record<string, string>> {
    return withoutJujuKeys(relation.bag('units', unit).data);
  }

  /** What an application has published. */
  publishedBy(relation: ModelRelation, application: string): Readonly<Record<string, string>> {
    return relation.bag('applications', application).data;
  }

  /** Removes a relation as Juju does: its units depart, then it breaks. */
  removeRelation(relation: ModelRelation): void {
    relation.dying = true;
  }

  /** Removes a unit as Juju does. */
  removeUnit(name: Unit): void {
    const unit = this.unit(name);
    unit.dying = true;
    if (this.#application(applicationOf(name)).code === null) {
      for (const relation of this.#relations) relation.inScope.delete(name);
    }
  }

  /** Queues a hook for a unit, such as `update-status`. */
  fire(unit: Unit, hook: string): void {
    this.unit(unit).waiting.push({ hook });
  }

  /**
   * Queues an action for a unit. Without a name, queues the charm's program, as `juju exec` would run it. Throws the error of `juju run` if
   * the charm's folder does not declare the action.
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

  /** Runs an action and all hooks that follow. Returns what the action returned. */
  async run(unit: Unit, action: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<ActionResult> {
    this.act(unit, action, parameters);
    const before = this.hooks.length;
    await this.settle({ retries: 1 });
    const ran = this.hooks.slice(before).find((one) => one.unit === unit && one.hook === '');
    if (ran === undefined) throw new Error(`${unit} did not run ${action}`);
    return ran.action;
  }

  /** Sets options of an application. Its units get `config-changed`. */
  configure(name: string, options: Readonly<Record<string, unknown>>): void {
    const application = this.#application(name);
    Object.assign(application.config, options);
    for (const unit of application.units) unit.waiting.push({ hook: 'config-changed' });
  }

  /** Makes a unit the leader of its application. The old leader gets no hook. */
  lead(name: Unit): void {
    const unit = this.unit(name);
    for (const one of this.#application(applicationOf(name)).units) one.isLeader = one === unit;
    unit.waiting.push({ hook: 'leader-elected' });
  }

  /** Replaces an application's code and the charm's folder. Relations, databags and secrets stay. */
  upgrade(name: string, code: CharmCode): void {
    const application = this.#application(name);
    replaceCode(application, code);
    for (const unit of application.units) this.#options.onUnpacked?.(unit.name, unit.folder);
  }

  /** The secrets of an application and its units. */
  secrets(name: string): ReadonlyArray<StoredSecret> {
    return this.#application(name).secrets;
  }

  /** Queues `secret-expired` for the owner of each secret that expires by then, once for each. */
  expireSecrets(by: Date): void {
    for (const application of this.#applications.values()) tellOfExpiry(application, by);
  }

  /** Runs a hook to its end, and commits its changes if it succeeds. */
  async #run(unit: AgentUnit, kind: HookKind): Promise<RanHook> {
    const { relation, remoteUnit } = kind;
    const code = this.#application(applicationOf(unit.name)).code;
    if (relation !== undefined && kind.event === 'created' && !unit.relations.has(relation)) {
      unit.relations.set(relation, newlyKnown());
      this.#enter(relation, unit);
    }
    const versions = versionsFor(unit, kind);
    const context = new HookContext(`${unit.name}-${kind.hook}-${this.#contexts++}`, unit, kind, this.version, {
      now: this.#options.now?.() ?? new Date(),
      newSecretId: this.#newSecretId,
    });
    const ended = await this.#agent.run(context, code);
    const changes = context.changes();
    const isRefused = context.fault() !== null || this.#options.refuseCommit?.(kind, unit.name) === true;
    const committed = ended.code === 0 && !isRefused;
    if (committed) {
      context.commit();
      hookDone(unit, kind, versions);
      tellOfRevisions(this.#application(applicationOf(unit.name)), unit.name);
    } else if (kind.action === undefined && this.#options.giveUp?.(kind, unit.name) === true) {
      hookDone(unit, kind, versions);
    } else if (kind.action !== undefined) {
      unit.waiting.shift();
    } else if (kind.event === 'created' && relation !== undefined) {
      unit.relations.delete(relation);
    }
    const action = kind.action === undefined ? context.action : actionEnded(context.action, ended.code, isRefused);
    const ran = { unit: unit.name, hook: kind.hook, remoteUnit, committed, changes, action, ...ended };
    this.hooks.push(ran);
    this.#options.onHook?.(ran);
    return ran;
  }

  /** Runs the next hook, of a unit that is not in `without`. Null if none is left. */
  async runNext(without: ReadonlySet<Unit> = NONE): Promise<RanHook | null> {
    const units = [...this.#applications.values()].flatMap(({ units, code }) => (code === null ? [] : units));
    // Units take turns, so that none has to wait until all others are done.
    const ready = units.map((_, at) => units[(at + this.#turn) % units.length]).flatMap((unit) => {
      const kind = unit === undefined || without.has(unit.name) ? null : nextHook(unit, this.#relations);
      return unit === undefined || kind === null ? [] : [{ unit, kind }];
    });
    const next = ready.length === 0
      ? undefined
      : ready[this.#options.choose?.(ready.map(({ unit }) => unit.name)) ?? 0];
    if (next === undefined) return null;
    this.#turn = units.indexOf(next.unit) + 1;
    return await this.#run(next.unit, next.kind);
  }

  /** Runs hooks until none is left. A hook that fails runs again, at most `retries` times. Then this throws. */
  async settle({ retries = 0 }: { readonly retries?: number } = {}): Promise<void> {
    const failures = new Map<Unit, number>();
    for (let i = 0; i < MAX_HOOKS; i++) {
      const ran = await this.runNext();
      if (ran === null) return;
      const count = ran.committed ? 0 : (failures.get(ran.unit) ?? 0) + 1;
      failures.set(ran.unit, count);
      if (count > retries) throw new Error(`${ran.unit}: ${ran.hook} failed (${ran.code}): ${ran.stderr}`);
    }
    throw new Error(`not at rest after ${MAX_HOOKS} hooks`);
  }
}
