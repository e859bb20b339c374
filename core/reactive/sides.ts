/**
 * The table of the reactive sides, which the front door decides for.
 *
 * @module
 */
import type { Rows } from '../side/table.ts';
import type { ProvidesIntent, ProvidesIntentDocument } from './provides/intent.ts';
import type { ProvidesView } from './provides/view.ts';
import { provides } from './provides.ts';
import type { RequiresIntent, RequiresIntentDocument } from './requires/intent.ts';
import type { RequiresView } from './requires/view.ts';
import { requires } from './requires.ts';

/**
 * What each side is made of, by its name.
 *
 * @internal
 */
export interface ReactiveSides {
  readonly 'reactive/requires': {
    readonly intent: RequiresIntent;
    readonly view: RequiresView;
    readonly document: RequiresIntentDocument;
  };
  readonly 'reactive/provides': {
    readonly intent: ProvidesIntent;
    readonly view: ProvidesView;
    readonly document: ProvidesIntentDocument;
  };
}

/**
 * A reactive side's name.
 *
 * @internal
 */
export type ReactiveName = keyof ReactiveSides;

/** The reactive sides, each under its name. */
export const REACTIVE_SIDES: Rows<ReactiveSides> = { 'reactive/requires': requires, 'reactive/provides': provides };
