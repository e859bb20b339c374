/**
 * Hooks that are killed on purpose, and before which tool call.
 *
 * @module
 */
import type { Draw } from '../memory/random.ts';
import type { RanHook, SeenCall } from './juju/seen.ts';
import type { KillStep } from './scenario/step.ts';

/** A kill that has not ended yet. */
interface Armed {
  readonly step: KillStep;
  /** For `any tool call`: how many calls pass before it, counted over several hooks. */
  left: number;
  /** How often it has struck. */
  struck: number;
}

/** `any tool call` means one of this many: about as many as two hooks make. */
const REACH = 16;

/** The kills of a rehearsal. */
export class Kills {
  readonly #draw: Draw;
  #armed: Array<Armed> = [];

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  /** Adds a kill. */
  arm(step: KillStep): void {
    this.#armed.push({ step, left: this.#draw(REACH), struck: 0 });
  }

  /** Kills that never happened, since no hook made such a call. */
  get unstruck(): ReadonlyArray<KillStep> {
    return this.#armed.filter(({ struck }) => struck === 0).map(({ step }) => step);
  }

  /** Whether to kill the hook before this call. */
  strikes({ unit, hook, index, tool }: SeenCall): boolean {
    const isIt = (armed: Armed): boolean => {
      const { at } = armed.step;
      return at === 'every tool call'
        ? index === armed.struck
        : at === 'any tool call'
        ? armed.left-- === 0
        : typeof at === 'number'
        ? index === at - 1
        : tool === at;
    };
    // A kill that waits for another call does not hide the ones after it.
    const armed = this.#armed.find((one) =>
      one.step.unit === unit && (one.step.hook === undefined || one.step.hook === hook) && isIt(one)
    );
    if (armed === undefined) return false;
    armed.struck++;
    if (armed.step.at !== 'every tool call') this.#armed = this.#armed.filter((one) => one !== armed);
    return true;
  }

  /** Ends `every tool call` once a hook gets past all its calls. */
  ran({ unit, hook, committed }: RanHook): void {
    if (!committed) return;
    this.#armed = this.#armed.filter(({ step, struck }) =>
      !(step.at === 'every tool call' && struck > 0 && step.unit === unit &&
        (step.hook === undefined || step.hook === hook))
    );
  }
}
