/**
 * Why something is written or set, for either side: looks up the words of the side in whose name it is asked.
 *
 * @module
 */
import { type Flag, flagOf } from '../model/flag.ts';
import { ANSWER_KEYS, PROVIDES_FLAGS, PROVIDES_KEYS } from './provides/explain.ts';
import { REQUIRES_FLAGS, REQUIRES_KEYS } from './requires/explain.ts';

const FLAGS: Readonly<Record<Asker, Readonly<Record<string, string>>>> = {
  'reactive/requires': REQUIRES_FLAGS,
  'reactive/provides': PROVIDES_FLAGS,
};

/** A side by its name. */
export type Asker = 'reactive/requires' | 'reactive/provides';

/**
 * What a flag says while it is set; null for a flag that is none of this endpoint's.
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
  Object.entries(FLAGS[side]).find(([name]) => flagOf(endpoint, name) === flag)?.[1] ?? null;

const own = (words: Readonly<Record<string, string>>, key: string): string | null =>
  Object.hasOwn(words, key) ? words[key] ?? null : null;

/**
 * What a key of the side's own databag is there for, in a few words; null for a key that the protocol does not know.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { explainKey } from 'interface-tls-certificates';
 * assert.ok(explainKey('reactive/requires', 'common_name') !== null);
 * assert.equal(explainKey('reactive/requires', 'colour'), null);
 * ```
 */
export const explainKey = (side: Asker, key: string): string | null =>
  side === 'reactive/requires'
    ? own(REQUIRES_KEYS, key)
    : own(PROVIDES_KEYS, key) ?? Object.entries(ANSWER_KEYS).find(([ending]) => key.endsWith(ending))?.[1] ?? null;
