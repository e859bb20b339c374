/**
 * How a model begins: with nothing deployed, a seed, and the endpoints of what can be deployed.
 *
 * @module
 */
import type { Timestamp } from '../../core/model/snapshot.ts';
import { type Applications, endpointsOf } from './application.ts';
import type { Endpoints, ModelState } from './state.ts';

/** How a model begins, as plain JSON. */
export interface Beginning {
  /** A whole number that determines the order of hooks. */
  readonly seed: number;
  /** The endpoints of what can be deployed, by application. */
  readonly charms: Readonly<Record<string, Endpoints>>;
}

/**
 * The endpoints of applications, without their code.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { nothing, requires } from 'interface-tls-certificates';
 * import { charmsOf, handlerOf } from 'interface-tls-certificates/model';
 * const web = { requires: { certificates: handlerOf(requires, () => ({ intent: nothing })) } };
 * assert.deepEqual(charmsOf({ web }), { web: { certificates: 'requires' } });
 * ```
 */
export const charmsOf = (applications: Applications): Beginning['charms'] =>
  Object.fromEntries(Object.entries(applications).map(([name, application]) => [name, endpointsOf(application)]));

/** The initial time of every model. */
const FIRST = Date.parse('2026-01-01T00:00:00Z');

/** The moment this many milliseconds after 1970, to the second; null if its year does not have four digits. */
export const timestampOf = (time: number): Timestamp | null =>
  time >= 0 && time <= Date.parse('9999-12-31T23:59:59Z') ? toTimestamp(time) : null;

const toTimestamp = (time: number): Timestamp =>
  // `toISOString` writes RFC 3339.
  `${new Date(time).toISOString().slice(0, 19)}Z` as Timestamp;

/**
 * A model in which nothing is deployed. Its time is the beginning of 2026 until an event changes it.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { emptyModel, pending } from 'interface-tls-certificates/model';
 * const state = emptyModel({ seed: 1, charms: { web: { certificates: 'requires' } } });
 * assert.deepEqual(pending(state), []);
 * ```
 */
export const emptyModel = ({ seed, charms }: Beginning): ModelState => ({
  seed,
  now: toTimestamp(FIRST),
  turn: 0,
  machines: 0,
  nextRelation: 0,
  charms,
  applications: {},
  units: {},
  relations: {},
  secrets: {},
});
