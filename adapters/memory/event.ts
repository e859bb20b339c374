/**
 * Events: what a person does to a model, and how its state changes. No hook runs here; dispatch.ts says which will.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { timestampOf } from './beginning.ts';
import { addUnits, configure, deploy, failNextHook, removeUnit, resolved, setLeader, wake } from './deploying.ts';
import { choices, isCount, type ModelError, refuse } from './error.ts';
import { integrate, removeRelation } from './relating.ts';
import { withoutSecret } from './secrets.ts';
import { type Config, type ModelState, own, type Wake } from './state.ts';

/** What can be done to a model, each as plain JSON. */
export type ModelEvent =
  /** `juju deploy`: one of the model's applications, with this many units; 1 by default. */
  | { readonly event: 'deploy'; readonly application: string; readonly units?: number; readonly config?: Config }
  /** `juju add-unit` */
  | { readonly event: 'add-unit'; readonly application: string }
  /** `juju remove-unit`: the unit goes through its last hooks. */
  | { readonly event: 'remove-unit'; readonly unit: string }
  /**
   * `juju integrate web:certificates easyrsa:client`. Across models the provider makes the offer: it sees the application `remote-<32 hex>`
   * in place of the requirer, while the requirer keeps its own names and the provider's.
   */
  | { readonly event: 'integrate'; readonly endpoints: readonly [string, string]; readonly crossModel?: boolean }
  /** `juju remove-relation`, by number */
  | { readonly event: 'remove-relation'; readonly relation: number }
  /** The unit takes over the leadership of its application. */
  | { readonly event: 'set-leader'; readonly unit: string }
  /** `juju config`: these values change, others stay; `config-changed` follows if anything differs. */
  | { readonly event: 'configure'; readonly application: string; readonly config: Config }
  /** Time passes. If time alone changes a unit's decision, `secret-expired` wakes the unit; no other unit is woken: see `wake`. */
  | { readonly event: 'advance'; readonly seconds: number }
  /** Sets the clock to a time in RFC 3339; fractions of seconds do not count. */
  | { readonly event: 'set-time'; readonly now: string }
  /** A unit gets a hook that is not about a relation. */
  | { readonly event: 'wake'; readonly unit: string; readonly hook: Wake }
  /**
   * This many of the unit's next hooks fail after the charm has run, and are tried again; 1 by default. What the charm decided is lost or,
   * with `applied`, published and kept: the hook was killed at its very end.
   */
  | { readonly event: 'fail-next-hook'; readonly unit: string; readonly times?: number; readonly applied?: boolean }
  /** `juju resolved --no-retry`: a failed hook counts as done, without anything that it would have written. */
  | { readonly event: 'resolved'; readonly unit: string }
  /** `juju remove-secret`: removes a secret of a unit or an application, by its label. No unit is woken. */
  | { readonly event: 'remove-secret'; readonly owner: string; readonly label: string };

type After = E.Either<ModelError, ModelState>;

const setTime = (state: ModelState, time: number, instead: string): After => {
  const now = timestampOf(time);
  return now === null ? refuse(`the clock cannot be set to that: ${instead}`) : E.right({ ...state, now });
};

const advance = (state: ModelState, seconds: number): After =>
  isCount(seconds)
    ? setTime(state, Date.parse(state.now) + seconds * 1000, 'stay before the year 10000')
    : refuse(`time cannot go on by ${seconds} seconds: give a whole number`);

const removeSecret = (state: ModelState, owner: string, label: string): After => {
  const after = withoutSecret(state, owner, label);
  if (after !== null) return E.right(after);
  const labels = Object.keys(own(state.secrets, owner) ?? {});
  return refuse(`${owner} has no secret ${JSON.stringify(label)}: ${choices(labels)}`);
};

/**
 * The state after an event. `Left`, with a sentence, if it is impossible: an unknown name, a leaving unit, endpoints that do not fit.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import * as E from 'fp-ts/lib/Either.js';
 * import { pipe } from 'fp-ts/lib/function.js';
 * import { applyEvent, emptyModel } from 'interface-tls-certificates/model';
 * const related = pipe(
 *   emptyModel({ seed: 1, charms: { web: { certificates: 'requires' }, easyrsa: { client: 'provides' } } }),
 *   applyEvent({ event: 'deploy', application: 'web', units: 2 }),
 *   E.chain(applyEvent({ event: 'integrate', endpoints: ['web:certificates', 'easyrsa:client'] })),
 * );
 * assert.equal(E.isLeft(related) && related.left.message, 'no application "easyrsa" is deployed: there is web');
 * ```
 */
export const applyEvent = (event: ModelEvent): (state: ModelState) => E.Either<ModelError, ModelState> => (state) => {
  switch (event.event) {
    case 'deploy':
      return deploy(state, event.application, event.units ?? 1, event.config ?? {});
    case 'add-unit':
      return addUnits(state, event.application, 1);
    case 'remove-unit':
      return removeUnit(state, event.unit);
    case 'integrate':
      return integrate(state, event.endpoints, event.crossModel ?? false);
    case 'remove-relation':
      return removeRelation(state, event.relation);
    case 'set-leader':
      return setLeader(state, event.unit);
    case 'configure':
      return configure(state, event.application, event.config);
    case 'advance':
      return advance(state, event.seconds);
    case 'set-time':
      return setTime(state, Date.parse(event.now), 'give a time such as 2026-11-23T21:00:00Z');
    case 'wake':
      return wake(state, event.unit, event.hook);
    case 'fail-next-hook':
      return failNextHook(state, event.unit, event.times ?? 1, event.applied ?? false);
    case 'resolved':
      return resolved(state, event.unit);
    case 'remove-secret':
      return removeSecret(state, event.owner, event.label);
    default:
      // A log that was read from JSON may have any event.
      return refuse('there is no such event: the log is of another version, or was changed by hand');
  }
};
