/**
 * What is wrong with names that people ask for, in words; and that all forms of a name are the same.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { checkSan, checkServerName, checkSubjectName } from '../../../core/model/name-flaws.ts';
import { type Check, PASSED } from '../../../core/model/passed.ts';
import { nameKeyOf, sameNames } from '../../../core/model/same-names.ts';
import { HOSTILE } from '../../hostile.ts';

/** What is wrong with a name; empty where nothing is. */
const flawIn = (check: Check<string>): string => (E.isLeft(check) ? check.left : '');

/** In each row the same name, in the forms in which people write it. */
const SAME: ReadonlyArray<ReadonlyArray<string>> = [
  ['web.example', 'Web.EXAMPLE', 'web.example.', ' web.example\n'],
  ['*.web.example', '*.WEB.example.'],
  ['_service.web', '_Service.Web'],
  ['bücher.example', 'BÜCHER.example', 'bu\u0308cher.example'],
  ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', '2001:db8:0::1', '2001:db8::0.0.0.1', '\t2001:db8::1 '],
  ['::ffff:10.0.0.7', '::FFFF:a00:7', '0:0:0:0:0:ffff:10.0.0.7'],
  ['10.0.0.7', ' 10.0.0.7'],
  ['web@example.com', 'web@EXAMPLE.com'],
  ['spiffe://example.com/Web', 'SPIFFE://Example.COM/Web'],
  ['urn:uuid:1', 'urn:uuid:1 '],
];

/** What is no name, and a word of what is said of it. */
const FLAWED: ReadonlyArray<readonly [name: string, says: RegExp]> = [
  ['', /empty/],
  [' \t', /empty/],
  ['web.example:8443', /port/],
  ['10.0.0.7:443', /port/],
  ['[fd00::1]:443', /port/],
  ['[fd00::1]', /brackets/],
  ['fe80::1%eth0', /zone/],
  ['10.0.0.0/8', /network/],
  ['fd00::1/64', /network/],
  ['DNS:web.example', /kind/],
  ['IP: 10.0.0.7', /kind/],
  ['IP Address:10.0.0.7', /kind/],
  ['web.example,api.example', /blank or a comma/],
  ['web example', /blank or a comma/],
  ['web.example/path', /characters/],
  ['a..b', /./],
  ['-web.example', /./],
  [`${'x'.repeat(64)}.example`, /./],
  ['10.0.0.256', /./],
  ['web.*.example', /./],
  ['*', /./],
  ['@example.com', /./],
  ['web\u0000.example', /characters/],
  ['a\nb', /characters/],
  ['x'.repeat(3_000), /long|characters/],
];

describe('flaws of names', () => {
  it('nameKeyOf() is one for all forms of a name, and another for every other name', () => {
    const forms = SAME.map((names) => new Set(names.map(nameKeyOf)));
    for (const [i, own] of forms.entries()) assert.equal(own.size, 1, `${SAME[i]}: ${[...own]}`);
    assert.equal(new Set(forms.flatMap((own) => [...own])).size, SAME.length);
  });

  it('nameKeyOf() leaves alone what has a case of its own', () => {
    for (const [a, b] of [['Web@example.com', 'web@example.com'], ['x://h/A', 'x://h/a'], ['A B', 'a b']] as const) {
      assert.notEqual(nameKeyOf(a), nameKeyOf(b));
    }
  });

  it('sameNames() compares sets, in whatever order, form and number', () => {
    assert.ok(sameNames(['b', '10.0.0.7', 'A', 'a.'], ['a', 'b', '10.0.0.7']));
    assert.ok(!sameNames(['10.0.0.7'], ['::ffff:10.0.0.7']), 'a certificate holds 4 bytes of one and 16 of the other');
    assert.ok(!sameNames(['a'], ['a', 'b']) && !sameNames(['a', 'b'], ['a']));
    const names = fc.array(fc.constantFrom(...SAME.flat(), ...FLAWED.map(([name]) => name)), { maxLength: 6 });
    fc.assert(fc.property(names, names, (a, b) => {
      assert.equal(sameNames(a, b), sameNames([...b, ...b].reverse(), a));
      assert.ok(sameNames(a, [...a].reverse()));
    }));
  });

  for (const [name, says] of FLAWED) {
    it(`checkSan() says what is wrong with ${JSON.stringify(name.slice(0, 30))}`, () => {
      assert.match(flawIn(checkSan(name)), says);
    });
  }

  it('checkSan() finds nothing wrong with names of any kind', () => {
    for (const name of SAME.flat()) assert.deepEqual(checkSan(name), PASSED, name);
  });

  it('checkSan() quotes nothing, never throws, and takes time that grows with the text alone', () => {
    for (const text of [...HOSTILE, 'a.'.repeat(400_000), 'ä'.repeat(900), `${'ä'.repeat(900)}!`, 'a:'.repeat(900)]) {
      assert.ok(flawIn(checkSan(text)).length < 100);
      nameKeyOf(text);
      checkServerName(text, []);
      checkSubjectName(text, [text]);
    }
  });

  it('checkSubjectName() takes a long name that is a SAN too, and no other', () => {
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`;
    assert.match(flawIn(checkSubjectName(long, [])), /64/);
    assert.deepEqual(checkSubjectName(long, [long.toUpperCase()]), PASSED);
    assert.match(flawIn(checkSubjectName('x '.repeat(40), ['x '.repeat(40)])), /64/);
    assert.deepEqual(checkSubjectName('ä'.repeat(64), []), PASSED);
    assert.deepEqual(checkSubjectName('\u{1f600}'.repeat(64), []), PASSED);
    assert.match(flawIn(checkSubjectName('\u{1f600}'.repeat(65), [])), /64/);
    assert.match(flawIn(checkSubjectName('', ['a'])), /empty/);
    assert.match(flawIn(checkSubjectName('a\u0007', ['a'])), /control/);
    for (const name of ['system:web', 'My Web CA', 'web/0']) assert.deepEqual(checkSubjectName(name, []), PASSED);
  });

  it('checkServerName() says what a person mistook for a name', () => {
    const flaws = [
      ['https://web.example/', /URL/],
      ['//web.example', /characters/],
      ['web.example:443', /port/],
      ['[fd00::1]:443', /port/],
      ['a.example, b.example', /blank or a comma/],
      ['a.example b.example', /blank or a comma/],
      ['web.example/path', /characters/],
    ] as const;
    for (const [name, says] of flaws) assert.match(flawIn(checkServerName(name, [])), says, name);
    for (const name of ['web.example', '*.web.example', '10.0.0.7', 'fd00::1', 'web', 'bücher.example', 'web_0']) {
      assert.deepEqual(checkServerName(name, []), PASSED, name);
    }
  });
});
