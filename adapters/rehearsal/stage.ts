/**
 * The stage of a rehearsal: a Juju with the scenario's charms, their roots, and the clock.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { inputError } from '../../core/model/input-error.ts';
import type { Problem } from '../host.ts';
import type { Fault } from '../provider/fault.ts';
import { builtinMalformed } from './builtin/malformed.ts';
import { builtinProvider, type ProviderCharm } from './builtin/provider.ts';
import { builtinRequirer, REQUIRER_OPTIONS } from './builtin/requirer.ts';
import { Cleaner } from './clean.ts';
import { charmError, type CharmFolder, completeCharm, readCharm } from './charm.ts';
import { Juju } from './juju/juju.ts';
import type { CharmCode, JujuOptions } from './juju/seen.ts';
import { openRoots, type RootKind, type Roots } from './roots.ts';
import type { Scenario } from './scenario/scenario.ts';
import type { FaultStep } from './scenario/step.ts';

/** Why a rehearsal cannot go on. */
export class Stopped extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** The options of a stage. */
export interface StageOptions extends Pick<JujuOptions, 'choose' | 'interfere' | 'onHook'> {
  /** The folder that paths of charms are relative to. */
  readonly base: string;
  /** Lets charms write to the machine itself if it cannot give them private roots. */
  readonly sharedRoot: boolean;
  readonly roots?: RootKind;
}

/** When a rehearsal begins if all charms are builtin. */
const BEGINNING = Date.parse('2026-01-01T00:00:00Z');

/** Where libfaketime may be installed. It gives programs another clock. */
const FAKETIME: ReadonlyArray<string> = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib64/faketime/libfaketime.so.1',
  '/usr/lib/faketime/libfaketime.so.1',
];

/** The endpoint of an application's first relation. A builtin charm uses it. */
const endpointOf = ({ relations }: Scenario, application: string): string =>
  relations.flatMap(({ ends }) => ends).find((end) => end.startsWith(`${application}:`))?.split(':')[1] ??
    'certificates';

/** A stage. */
export class Stage {
  readonly juju: Juju;
  readonly roots: Roots;
  /** Whether programs' clocks go forward with the stage's. */
  readonly clock: string | null = FAKETIME.find((path) => existsSync(path)) ?? null;
  readonly #options: StageOptions;
  readonly #scenario: Scenario;
  readonly #charms: Map<string, CharmFolder> = new Map();
  readonly #providers: Map<string, ProviderCharm> = new Map();
  readonly #faults: Map<string, ReadonlyArray<Fault>> = new Map();
  readonly #cleaner: Cleaner;
  #ahead = 0;

  constructor(scenario: Scenario, { base, sharedRoot, roots, ...options }: StageOptions) {
    this.#scenario = scenario;
    this.#options = { base, sharedRoot, ...options };
    this.juju = new Juju({
      version: scenario.juju,
      now: () => this.now,
      variables: () => this.#clockVariables(),
      onUnpacked: (unit, folder) => this.#unpacked(unit, folder),
      enter: (unit, program) => this.roots.enter?.(unit, program) ?? [program],
      ...options,
    });
    this.roots = openRoots(join(this.juju.folder, 'roots'), roots);
    this.#cleaner = new Cleaner(this.juju, (unit) => this.roots.of(unit));
  }

  /**
   * The clock of the controller and of builtin charms. If no program reads the machine's clock, it begins at a fixed moment and each hook
   * takes a second, so that dates are the same each time.
   */
  get now(): Date {
    const present = this.hasPrograms ? Date.now() : BEGINNING + this.juju.hooks.length * 1_000;
    return new Date(present + this.#ahead);
  }

  /** Whether any charm is a program. Programs have a clock of their own. */
  get hasPrograms(): boolean {
    return this.#charms.size > 0;
  }

  #clockVariables(): Readonly<Record<string, string>> {
    if (this.clock === null || this.#ahead === 0) return {};
    return { LD_PRELOAD: this.clock, FAKETIME: `+${Math.round(this.#ahead / 1_000)}s` };
  }

  #unpacked(unit: string, folder: string): void {
    if (!this.#charms.has(unit.replace(/\/.*/, ''))) return;
    completeCharm(folder);
    if (this.roots.relocate(folder, unit) || this.#options.sharedRoot) return;
    throw new Stopped(charmError(
      `${unit}: this machine gives no private roots (user namespaces are off), so the charm's hooks could write to the machine's own /etc: ` +
        'run this on a machine that has them, e.g. in a container with --privileged, or add --shared-root if nothing on this machine can be harmed',
    ));
  }

  #codeOf(application: string, charm: string): CharmCode {
    const { protocol } = this.#scenario.applications[application] ?? { protocol: 'any' };
    const given = { application, endpoint: endpointOf(this.#scenario, application), protocol, now: () => this.now };
    if (charm === 'builtin:provider') {
      // An upgrade keeps its CA, as charms keep theirs in secrets.
      const made = this.#providers.get(application) ?? builtinProvider(given);
      this.#providers.set(application, made);
      return made.charm;
    }
    if (charm === 'builtin:requirer') return builtinRequirer({ ...given, rootOf: (unit) => this.roots.of(unit) });
    if (charm === 'builtin:malformed') return builtinMalformed;
    if (charm.startsWith('builtin:')) {
      throw new Stopped(inputError([{
        path: `applications.${application}.charm`,
        message: 'expected a folder, "builtin:provider" or "builtin:requirer"',
      }]));
    }
    const folder = isAbsolute(charm) ? charm : resolve(this.#options.base, charm);
    try {
      this.#charms.set(application, readCharm(folder));
    } catch (error) {
      // `readCharm` throws the problem itself.
      throw error instanceof Error ? error : new Stopped(error as Problem);
    }
    return folder;
  }

  /** Deploys and relates everything. */
  deploy(): void {
    for (const [name, { charm, units, config }] of Object.entries(this.#scenario.applications)) {
      const code = this.#codeOf(name, charm);
      const defaults = this.#charms.get(name)?.defaults ?? (charm === 'builtin:requirer' ? REQUIRER_OPTIONS : {});
      this.#checkOptions(name, config, defaults);
      this.juju.deploy(name, code, { units, config: { ...defaults, ...config } });
    }
    for (const { ends, crossModel } of this.#scenario.relations) this.relate(ends, crossModel);
  }

  #checkOptions(
    name: string,
    config: Readonly<Record<string, unknown>>,
    known: Readonly<Record<string, unknown>>,
  ): void {
    for (const option of Object.keys(config)) {
      if (Object.hasOwn(known, option)) continue;
      const has = Object.keys(known).join(', ') || 'none';
      const path = `applications.${name}.config.${option}`;
      throw new Stopped(inputError([{ path, message: `the charm has no such option (it has: ${has})` }]));
    }
  }

  /** Sets options of an application. */
  configure(name: string, options: Readonly<Record<string, unknown>>): void {
    const charm = this.#scenario.applications[name]?.charm;
    const known = this.#charms.get(name)?.defaults ?? (charm === 'builtin:requirer' ? REQUIRER_OPTIONS : {});
    this.#checkOptions(name, options, known);
    this.juju.configure(name, options);
  }

  #provides(end: string): boolean | null {
    const [application = '', endpoint = ''] = end.split(':');
    const builtin = this.#scenario.applications[application]?.charm;
    if (builtin?.startsWith('builtin:')) return builtin === 'builtin:provider';
    const charm = this.#charms.get(application);
    return charm?.provides.includes(endpoint) ? true : charm?.requires.includes(endpoint) ? false : null;
  }

  /** Relates two endpoints, whichever of them provides. */
  relate(ends: ReadonlyArray<string>, crossModel = false): void {
    const [a = '', b = ''] = ends;
    for (const end of ends) {
      const [application = '', endpoint = ''] = end.split(':');
      const charm = this.#charms.get(application);
      if (charm === undefined || charm.provides.includes(endpoint) || charm.requires.includes(endpoint)) continue;
      const has = [...charm.provides, ...charm.requires].join(', ') || 'none';
      throw new Stopped(inputError([{ path: end, message: `the charm has no such endpoint (it has: ${has})` }]));
    }
    const [provider, requirer] = this.#provides(a) === true ? [a, b] : [b, a];
    if (this.#provides(provider) === this.#provides(requirer)) {
      throw new Stopped(
        inputError([{ path: ends.join(', '), message: 'one of the two has to provide, and the other has to require' }]),
      );
    }
    this.juju.relate(provider, requirer, { crossModel });
  }

  /** Removes the relation between two endpoints. */
  unrelate(ends: ReadonlyArray<string>): void {
    const wanted = [...ends].sort().join();
    const relation = this.juju.relations.findLast(({ dying, ends: own }) =>
      !dying && own.map(({ application, endpoint }) => `${application}:${endpoint}`).sort().join() === wanted
    );
    if (relation === undefined) {
      throw new Stopped(inputError([{ path: ends.join(', '), message: 'there is no relation between these two' }]));
    }
    this.juju.removeRelation(relation);
  }

  /** Replaces a charm. */
  upgrade(name: string, charm: string): void {
    this.juju.upgrade(name, this.#codeOf(name, charm));
  }

  /** Adds a fault to a builtin provider, or ends all of them. Its units notice at once. */
  fault({ provider, answer, ...to }: FaultStep): void {
    const { unit, ...rest } = to;
    // A unit's name was decoded.
    const fault = { ...rest, ...(unit === undefined ? {} : { unit: unit as NonNullable<Fault['unit']> }) };
    const before = this.#faults.get(provider) ?? [];
    const faults = answer === 'well' ? [] : [{ fault: answer, ...fault }, ...before];
    this.#faults.set(provider, faults);
    this.#providers.get(provider)?.setFaults(faults);
    this.#wake(provider);
  }

  /** Makes a builtin provider replace its CA. */
  replaceCa(provider: string): void {
    this.#providers.get(provider)?.replaceCa();
    this.#wake(provider);
  }

  #wake(application: string): void {
    for (const unit of this.juju.unitsOf(application)) this.juju.fire(unit, 'update-status');
  }

  /** Puts the clock forward. */
  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
    this.juju.expireSecrets(this.now);
    for (const { name } of this.juju.applications) this.#wake(name);
  }

  /** Returns a text in a form that can be shown. */
  readonly clean = (text: string): string => this.#cleaner.clean(text);

  /** Removes everything. */
  async remove(): Promise<void> {
    this.roots.remove();
    await this.juju.remove();
  }
}
