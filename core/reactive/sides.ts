/**
 * The table of the reactive sides, for which the front door decides.
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
 * The types of each side, by its name.
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
 * The name of a reactive side.
 *
 * @internal
 */
export type ReactiveName = keyof ReactiveSides;

/** The reactive sides by name. */
export const REACTIVE_SIDES: Rows<ReactiveSides> = { 'reactive/requires': requires, 'reactive/provides': provides };
