/**
 * Plays a scenario on its stage, step by step.
 *
 * @module
 */
import process from 'node:process';
import type { Examinations } from '../../core/examine/examination.ts';
import { counted } from '../../core/model/shape.ts';
import { drawsOf } from '../memory/random.ts';
import { check, type Checked } from './expecting.ts';
import { Replay } from './history.ts';
import type { Interference, RanHook, SeenCall } from './juju/seen.ts';
import { Kills } from './kills.ts';
import type { RehearsalOptions } from './options.ts';
import { millisecondsOf } from './scenario/duration.ts';
import type { Scenario } from './scenario/scenario.ts';
import type { ActionStep, Step } from './scenario/step.ts';
import { Stage } from './stage.ts';
import { stepWords } from './step-words.ts';
import { type StoryEntry, toldHook } from './story.ts';
import { verdictOn } from './verdict.ts';

/** How often a hook may fail before its unit stays in error. */
const TRIES = 3;

/** How many hooks may run in a row. If more are left, they would never come to an end. */
const MAX_HOOKS = 400;

/** Plays one scenario. */
export class Play {
  readonly seed: number;
  readonly story: Array<StoryEntry> = [];
  readonly checks: Array<Checked> = [];
  readonly problems: Array<string> = [];
  readonly #scenario: Scenario;
  readonly #options: RehearsalOptions;
  readonly #stage: Stage;
  readonly #kills: Kills;
  readonly #replay: Replay | null;
  readonly #failures = new Map<string, number>();
  readonly #stuck = new Set<string>();
  /** Actions that are due but did not run yet, by unit. */
  readonly #actions = new Map<string, string>();
  calls = 0;
  /** Whether hooks came to no end. No more run then. */
  #isRestless = false;

  constructor(scenario: Scenario, options: RehearsalOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.seed = options.replay?.seed ?? options.seed ?? scenario.seed;
    this.#replay = options.replay === undefined ? null : new Replay(options.replay);
    // Orders and kills draw from two sequences, so that the choice of a kill does not change the order of hooks.
    const order = drawsOf(this.seed, 0);
    this.#kills = new Kills(drawsOf(this.seed, 1));
    this.#stage = new Stage(scenario, {
      base: options.base ?? process.cwd(),
      sharedRoot: options.sharedRoot ?? false,
      ...(options.roots === undefined ? {} : { roots: options.roots }),
      choose: (ready) => this.#replay?.choose(ready) ?? order(ready.length),
      interfere: (call) => this.#interfere(call),
      onHook: (ran) => this.#ran(ran),
    });
  }

  /** The hooks that ran so far. */
  get hooks(): ReadonlyArray<RanHook> {
    return this.#stage.juju.hooks;
  }

  /** What `inspect` reports now. */
  examine(): Promise<Examinations> {
    return verdictOn(this.#stage.juju, this.#stage.now);
  }

  remove(): Promise<void> {
    return this.#stage.remove();
  }

  #tell(entry: StoryEntry): void {
    this.story.push(entry);
    this.#options.onTold?.(entry);
  }

  #wrong(problem: string): void {
    this.problems.push(problem);
    this.#tell({ kind: 'note', words: problem });
  }

  #interfere(call: SeenCall): Interference | undefined {
    this.calls++;
    const kills = this.#replay === null
      ? this.calls === this.#options.killAt || this.#kills.strikes(call)
      : this.#replay.kills(call.index);
    return kills ? 'kill before' : undefined;
  }

  #ran(ran: RanHook): void {
    const action = ran.hook === '' ? this.#actions.get(ran.unit) ?? null : null;
    this.#tell(toldHook(ran, action, this.#stage.clean));
    this.#replay?.ran(ran);
    this.#kills.ran(ran);
    if (ran.committed) this.#failures.delete(ran.unit);
    // Juju runs a killed hook again. It does not repeat an action that fails.
    if (ran.committed || ran.code === null || ran.hook === '') return;
    const count = (this.#failures.get(ran.unit) ?? 0) + 1;
    this.#failures.set(ran.unit, count);
    if (count < TRIES) return;
    this.#stuck.add(ran.unit);
    this.#wrong(`${ran.unit} is in error: ${ran.hook} has failed ${counted(count, 'time')}`);
  }

  /** Plays all steps. */
  async run(): Promise<void> {
    const { roots, juju } = this.#stage;
    this.#stage.deploy();
    if (this.#stage.hasPrograms && roots.kind === 'folders') {
      this.#tell({
        kind: 'note',
        words:
          'This machine gives no private roots (user namespaces are off). A charm that is a configuration gets other paths instead.',
      });
    }
    const done = this.#options.steps ?? this.#options.replay?.steps;
    for (const [i, step] of this.#scenario.steps.entries()) {
      if (done !== undefined && !done.includes(i)) continue;
      this.#tell({ kind: 'step', number: i + 1, words: stepWords(step) });
      await this.#do(step);
    }
    await this.#settle();
    for (const { unit } of this.#replay === null ? this.#kills.unstruck : []) {
      this.#tell({ kind: 'note', words: `No hook of ${unit} was killed, since none made such a call.` });
    }
    const divergence = this.#replay?.divergence ?? null;
    if (divergence !== null) this.#wrong(`the replay differs from its log: ${divergence}`);
    if (juju.hooks.length === 0) this.#tell({ kind: 'note', words: 'No hook ran.' });
  }

  async #settle(): Promise<void> {
    if (this.#isRestless) return;
    for (let i = 0; i < MAX_HOOKS; i++) if ((await this.#stage.juju.runNext(this.#stuck)) === null) return;
    this.#isRestless = true;
    this.#wrong(`hooks are left after ${MAX_HOOKS} of them: two charms seem to wake each other without end`);
  }

  async #do(step: Step): Promise<void> {
    const { juju } = this.#stage;
    switch (step.is) {
      case 'settle':
        return await this.#settle();
      case 'expect': {
        await this.#settle();
        const root = this.#stage.roots.of(step.what.unit);
        return this.#look(check(step.what, juju, root, await this.examine()));
      }
      case 'config':
        return Object.entries(step.what).forEach(([name, options]) => this.#stage.configure(name, options));
      case 'fault':
        return this.#stage.fault(step.what);
      case 'replace-ca':
        return this.#stage.replaceCa(step.what);
      case 'leader':
        return juju.lead(step.what);
      case 'advance':
        return this.#advance(millisecondsOf(step.what));
      case 'kill':
        return this.#kills.arm(step.what);
      case 'add-unit':
        return void juju.addUnit(step.what);
      case 'remove-unit':
        return juju.removeUnit(step.what);
      case 'relate':
        return this.#stage.relate(step.what);
      case 'remove-relation':
        return this.#stage.unrelate(step.what);
      case 'upgrade':
        return Object.entries(step.what).forEach(([name, charm]) => this.#stage.upgrade(name, charm));
      case 'action':
        return await this.#act(step.what);
    }
  }

  #look(checks: ReadonlyArray<Checked>): void {
    this.checks.push(...checks);
    this.#tell({ kind: 'checks', checks });
  }

  #advance(milliseconds: number): void {
    this.#stage.advance(milliseconds);
    if (!this.#stage.hasPrograms || this.#stage.clock !== null) return;
    this.#tell({
      kind: 'note',
      words:
        "The clocks of Juju and of builtin charms go forward. Programs keep the machine's clock, since libfaketime is not installed here.",
    });
  }

  async #act({ unit, run, parameters = {}, results = {}, fails }: ActionStep): Promise<void> {
    const { juju } = this.#stage;
    const expected = `${unit}: action ${run}`;
    await this.#settle();
    try {
      juju.act(unit, run, parameters);
    } catch (error) {
      // `juju run` says this if the charm does not declare the action, or not these parameters.
      return this.#look([{ expected, but: error instanceof Error ? error.message : String(error) }]);
    }
    this.#actions.set(unit, run);
    const before = juju.hooks.length;
    await this.#settle();
    const ran = juju.hooks.slice(before).find((one) => one.unit === unit && one.hook === '');
    this.#actions.delete(unit);
    if (ran === undefined) return this.#look([{ expected, but: 'it did not run' }]);
    const { failure, results: given } = ran.action;
    const ending: Checked = fails === undefined
      ? { expected: `${expected} succeeds`, but: failure === null ? null : `it fails: ${this.#stage.clean(failure)}` }
      : {
        expected: `${expected} fails with ${JSON.stringify(fails)}`,
        but: failure?.includes(fails)
          ? null
          : failure === null
          ? 'it succeeds'
          : `it fails: ${this.#stage.clean(failure)}`,
      };
    this.#look([
      ending,
      ...Object.entries(results).map(([key, part]): Checked => ({
        expected: `${expected} gives ${key} with ${JSON.stringify(part)}`,
        but: given[key]?.includes(part)
          ? null
          : given[key] === undefined
          ? `it gives ${Object.keys(given).join(', ') || 'nothing'}`
          : `it is ${JSON.stringify(this.#stage.clean(given[key]))}`,
      })),
    ]);
  }
}
