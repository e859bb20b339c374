/**
 * What `relation-set --file` and `state-set --file` read: the YAML of Go's `yaml.v2`, of which JSON is almost a subset.
 *
 * There are three differences: control characters beyond ASCII's first 32 must be escaped, the halves of surrogate pairs cannot be, and a
 * key of more than 1,024 characters needs a question mark before it. Source: docs/hook-environment.md section 2.5; go-yaml `readerc.go`,
 * `scannerc.go`.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';

/** Why strings cannot be written: half of a surrogate pair is not a character. `key` says where. */
export interface Unwritable {
  readonly key: string;
}

/** Refused or changed if they are not escaped: DEL, C1, the line breaks of YAML 1.1, byte order marks, non-characters. */
const TO_ESCAPE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Characters, including quotes, within which a colon must follow a key that has no question mark. */
const MAX_SIMPLE_KEY = 1_000;

const quoted = (text: string): string =>
  JSON.stringify(text).replace(TO_ESCAPE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * A flat map of strings as YAML that Juju reads back unchanged. `relation-set` deletes the key of an empty value.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { yamlOf } from 'interface-tls-certificates/juju';
 * const result = yamlOf({ common_name: 'web.example', old: '' });
 * assert.equal(result._tag === 'Right' && result.right, '{"common_name": "web.example", "old": ""}\n');
 * ```
 */
export const yamlOf = (values: Readonly<Record<string, string>>): E.Either<Unwritable, string> => {
  const entries = Object.entries(values);
  const bad = entries.find(([key, value]) => LONE_SURROGATE.test(key) || LONE_SURROGATE.test(value));
  if (bad !== undefined) return E.left({ key: bad[0] });
  const pairs = entries.map(([key, value]) => {
    const name = quoted(key);
    return `${name.length > MAX_SIMPLE_KEY ? `? ${name} ` : name}: ${quoted(value)}`;
  });
  return E.right(`{${pairs.join(', ')}}\n`);
};
