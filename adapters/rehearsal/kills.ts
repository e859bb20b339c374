/**
 * Hooks that are killed on purpose: which call of which tool is the last that a hook makes.
 *
 * @module
 */
import type { Draw } from '../memory/random.ts';
import type { RanHook, SeenCall } from './juju/seen.ts';
import type { KillStep } from './scenario/step.ts';

/** A kill that is still to come. */
interface Armed {
  readonly step: KillStep;
  /** Calls that pass before it: `any tool call` counts over several hooks. */
  left: number;
  /** How often it has struck. */
  struck: number;
}

/** Calls among which chance chooses: two hooks make about so many. */
const REACH = 16;

/** The kills of a rehearsal. */
export class Kills {
  readonly #draw: Draw;
  #armed: Array<Armed> = [];

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  /** Has a hook killed. */
  arm(step: KillStep): void {
    this.#armed.push({ step, left: this.#draw(REACH), struck: 0 });
  }

  /** Kills that did not come to pass, since no hook made such a call. */
  get unstruck(): ReadonlyArray<KillStep> {
    return this.#armed.filter(({ struck }) => struck === 0).map(({ step }) => step);
  }

  /** Whether a hook ends before this call. */
  strikes({ unit, hook, index, tool }: SeenCall): boolean {
    const armed = this.#armed.find(({ step }) => step.unit === unit && (step.hook === undefined || step.hook === hook));
    if (armed === undefined) return false;
    const { at } = armed.step;
    const isIt = at === 'every tool call'
      ? index === armed.struck
      : at === 'any tool call'
      ? armed.left-- === 0
      : typeof at === 'number'
      ? index === at - 1
      : tool === at;
    if (!isIt) return false;
    armed.struck++;
    if (at !== 'every tool call') this.#armed = this.#armed.filter((one) => one !== armed);
    return true;
  }

  /** A hook that got past all its calls is what `every tool call` waits for. */
  ran({ unit, hook, committed }: RanHook): void {
    if (!committed) return;
    this.#armed = this.#armed.filter(({ step, struck }) =>
      !(step.at === 'every tool call' && struck > 0 && step.unit === unit &&
        (step.hook === undefined || step.hook === hook))
    );
  }
}
