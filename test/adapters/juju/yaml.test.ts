/**
 * What is written for `relation-set --file` comes back as it was from a reader with the rules of Juju's.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { yamlOf } from '../../../adapters/charm/mod.ts';
import { HOSTILE } from '../../hostile.ts';
import { readGoYaml } from '../../juju/go-yaml.ts';
import { anyText } from '../../text.ts';

const written = (values: Readonly<Record<string, string>>): string => {
  const result = yamlOf(values);
  return result._tag === 'Right' ? result.right : assert.fail(`cannot write ${JSON.stringify(result.left.key)}`);
};

const isWhole = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** Characters that YAML has an opinion on. */
const character = fc.oneof(
  fc.constantFrom(
    ...'\u007f\u0080\u0085\u009f\u2028\u2029\ufeff\ufffe\uffff\0\t\n\r "\'\\/{}[]:,?&*#|>%@`~-',
    '\u{1f600}',
  ),
  anyText({ minLength: 1, maxLength: 1 }),
);
const text = fc.array(character, { maxLength: 12 }).map((parts) => parts.join('')).filter(isWhole);

describe('yamlOf()', () => {
  it('yamlOf() writes what Juju reads back as it was', () =>
    fc.assert(
      fc.property(fc.dictionary(text, text), (values) => {
        assert.deepEqual({ ...readGoYaml(written(values)) }, { ...values });
      }),
      { numRuns: 500 },
    ));

  it('yamlOf() writes hostile texts too, as values and as keys', () => {
    for (const hostile of HOSTILE.filter(isWhole)) {
      const values = Object.fromEntries([['key', hostile], [`x${hostile}`, 'value']]);
      assert.deepEqual({ ...readGoYaml(written(values)) }, values);
    }
  });

  it('yamlOf() writes keys around the length at which YAML wants a question mark', () => {
    for (const length of [990, 998, 999, 1_022, 1_023, 1_024, 1_025, 5_000]) {
      const key = 'k'.repeat(length);
      assert.equal(readGoYaml(written({ a: '', [key]: 'value' }))[key], 'value');
    }
  });

  it('yamlOf() says which entry has half a character', () => {
    assert.deepEqual(yamlOf({ good: 'x', bad: '\ud83d' }), { _tag: 'Left', left: { key: 'bad' } });
    assert.equal(yamlOf({ '\udc00': 'x' })._tag, 'Left');
  });
});
