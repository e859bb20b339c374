/**
 * Why something is written or set, for either side: asks the row of the side in question.
 *
 * @module
 */
import type { Flag } from '../model/flag.ts';
import { REACTIVE_SIDES, type ReactiveName } from './sides.ts';

/** A side by its name. */
export type Asker = ReactiveName;

/**
 * What a flag says while it is set; null for a flag that this endpoint does not have.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { explainFlag, flagOf } from 'interface-tls-certificates';
 * const flag = flagOf('certificates', 'server.certs.available');
 * assert.equal(explainFlag('reactive/requires', 'certificates', flag), 'there are server certificates');
 * ```
 */
export const explainFlag = (side: Asker, endpoint: string, flag: Flag): string | null =>
  flag.startsWith(`${endpoint}.`) ? REACTIVE_SIDES[side].explain.flag(flag.slice(endpoint.length + 1)) : null;

/**
 * What a key of the side's own databag is for, in a few words; null for a key that the protocol does not know.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { explainKey } from 'interface-tls-certificates';
 * assert.ok(explainKey('reactive/requires', 'common_name') !== null);
 * assert.equal(explainKey('reactive/requires', 'colour'), null);
 * ```
 */
export const explainKey = (side: Asker, key: string): string | null => REACTIVE_SIDES[side].explain.key(key);
