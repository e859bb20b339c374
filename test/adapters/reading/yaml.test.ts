/**
 * YAML as `juju show-unit` prints it: read as the reference implementation reads it, in time that grows with its length, and refused
 * by its line where it is something else.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { readObserved } from '../../../adapters/reading/observed.ts';
import { readYaml } from '../../../adapters/reading/yaml/read.ts';
import type { Timestamp } from '../../../adapters/port.ts';
import { assertLinear } from '../../growth.ts';
import { runs } from '../../runs.ts';
import { anyText } from '../../text.ts';

const NOW = '2026-11-24T00:00:00Z' as Timestamp;

/** What is read, or what is wrong with it. */
const read = (yaml: string): unknown => {
  const result = readYaml(yaml);
  return result._tag === 'Right' ? JSON.parse(JSON.stringify(result.right)) : result.left;
};

const times = (unit: string, size: number): string => unit.repeat(Math.ceil(size / unit.length));

const numbered = (size: number, line: (i: number) => string): string =>
  Array.from({ length: Math.ceil(size / line(100_000).length) }, (_, i) => line(i)).join('');

const PEM = times(`            ${'A'.repeat(64)}\n`, 2_000);

/** What `juju show-unit` prints of a provider unit to which many others are related. */
const showUnit = (size: number): string =>
  `ca/0:
  machine: "0"
  opened-ports: []
  relation-info:
  - relation-id: 3
    endpoint: client
    related-endpoint: certificates
    application-data: {}
    related-units:
${
    numbered(size, (i) =>
      `      web/${i}:
        in-scope: true
        data:
          common_name: web${i}.example
          private-address: 10.0.0.7
          sans: '["web", "10.0.0.7"]'
          text: |
${PEM}          unit_name: web_${i}
`)
  }`;

const stairs = (size: number): string => {
  const lines: Array<string> = [];
  for (let length = 0; length < size; length += lines.length) lines.push(`${' '.repeat(lines.length)}a:\n`);
  return lines.join('');
};

const SHAPES: Readonly<Record<string, (size: number) => string>> = {
  'what Juju prints': showUnit,
  'keys': (size) => `web/0:\n${numbered(size, (i) => `  k${i}: x\n`)}`,
  'keys in quotes': (size) => numbered(size, (i) => `"k${i}": 'x'\n`),
  'keys without an end': (size) => numbered(size, (i) => `"k${i}\n`),
  'maps': (size) => numbered(size, (i) => `k${i}:\n  x: 1\n`),
  'aliases': (size) => `a: x\nb:\n${times('- *a\n', size)}`,
  'anchors': (size) => numbered(size, (i) => `- &a${i} x\n`),
  'lists in brackets': (size) => `web/0: [${times('[],', size)}]`,
  'texts in brackets': (size) => `web/0: [${times('a,', size)}]`,
  'objects in brackets': (size) => `web/0: [${times('{},', size)}]`,
  'brackets': (size) => times('[', size),
  'brackets after a key': (size) => `web/0: ${times('{a: [', size)}`,
  'stairs of indentation': stairs,
  'dashes on a line': (size) => times('- ', size),
  'dashes on lines': (size) => times('-\n', size),
  'lists in lists': (size) => times('- - a\n', size),
  'questions': (size) => times('? ', size),
  'colons': (size) => times(':', size),
  'colons and blanks': (size) => `a: ${times(': ', size)}`,
  'a long block': (size) => `a: |\n${times('  xxxx\n', size)}`,
  'a long folded block': (size) => `a: >\n${times('  x\n\n', size)}`,
  'a block of empty lines': (size) => `a: |+\n${times('  \n', size)}`,
  'many blocks': (size) => numbered(size, (i) => `k${i}: |\n  x\n`),
  'comments': (size) => `a: x\n${times('  # c\n', size)}b: y\n`,
  'number signs': (size) => `a: ${times('x#', size)}`,
  'empty lines': (size) => `a:\n${times('\n', size)} b`,
  'lines of blanks': (size) => `a:\n${times(`${' '.repeat(60)}\n`, size)} b`,
  'blanks within a text': (size) => `a: x${times(' ', size)}y`,
  'rows of blanks within a text': (size) => `a: x${times(`${' '.repeat(5_000)}y`, size)}`,
  'tabs': (size) => `a:\n${times('\t', size)}b`,
  'a plain text of many lines': (size) => `a: x\n${times('  y\n', size)}`,
  'a quoted text of many lines': (size) => `a: "${times('x  \n', size)}"`,
  'quotes': (size) => times('"', size),
  'escapes': (size) => `a: "${times('\\n', size)}"`,
  'escapes without an end': (size) => `a: "${times('\\"', size)}`,
  'single quotes': (size) => `a: '${times("''", size)}'`,
  'carriage returns': (size) => times('a:\r', size),
};

/** Texts of all sorts, those that look like something else above all. */
const texts = fc.oneof(
  fc.string(),
  anyText(),
  fc.stringMatching(/^[ab :#\n\-'"[\]{},&*!|>%?\\\t]{0,12}$/),
  fc.stringMatching(/^( ?[ab]{1,30}){0,12}\n{0,3}$/),
  fc.constantFrom('yes', 'null', '~', '1', '- a', 'a: b', '# c', '\n\n a', '  x\ny\n', 'a\n\n\nb\n', ' a', 'a '),
);

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    texts,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(texts.filter((key) => key !== ''), tie('value'), { maxKeys: 4 }),
  ),
})).value;

const QUOTES = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'] as const;

const styles = fc.record({
  defaultStringType: fc.constantFrom(...QUOTES, 'BLOCK_LITERAL' as const, 'BLOCK_FOLDED' as const),
  defaultKeyType: fc.constantFrom(...QUOTES),
  lineWidth: fc.constantFrom(0, 20, 40, 80),
  indent: fc.constantFrom(2, 4),
  indentSeq: fc.boolean(),
});

/** What the library makes of a text; nothing where it refuses it. */
const byLibrary = (yaml: string): { readonly value: unknown } | null => {
  try {
    return { value: parse(yaml, { schema: 'failsafe', logLevel: 'error' }) };
  } catch {
    return null;
  }
};

const plainly = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_key, member) => member ?? ''));

describe('readYaml()', () => {
  it('takes time in proportion to the length', { timeout: 600_000 }, async () => {
    for (const [name, make] of Object.entries(SHAPES)) await assertLinear(name, { make, work: readYaml });
  });

  it('reads whatever the library writes, however it writes it, as the library does', { timeout: 300_000 }, () => {
    const tried = runs(2_000);
    let compared = 0;
    fc.assert(
      fc.property(values, styles, (value, style) => {
        const yaml = stringify(value, { ...style, schema: 'failsafe' });
        const expected = byLibrary(yaml);
        if (expected === null) return;
        compared += 1;
        assert.deepEqual(read(yaml), plainly(expected.value), yaml);
      }),
      tried,
    );
    assert.ok(compared > 0.75 * tried.numRuns);
  });

  it('reads what is strewn together as the library does, or refuses it', { timeout: 300_000 }, () => {
    const pieces = [
      'a',
      'b: ',
      '- ',
      '-',
      '? ',
      ': ',
      '\n',
      '\n  ',
      '\n ',
      '\n    ',
      '"x"',
      "'y'",
      '|',
      '>',
      '# c',
      ' ',
    ];
    const more = [
      '[',
      ']',
      '{',
      '}',
      ', ',
      'k:',
      '"',
      '\\n',
      '\t',
      '|-',
      '>-',
      '\n- ',
      '\nc: ',
      '~',
      '&a ',
      '*a',
      '!!str ',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 14 }), (strewn) => {
        const yaml = strewn.join('');
        const own = readYaml(yaml);
        const expected = byLibrary(yaml);
        if (expected === null || own._tag === 'Left') return;
        assert.deepEqual(plainly(own.right), plainly(expected.value), JSON.stringify(yaml));
      }),
      runs(5_000),
    );
  });

  it('reads what Juju prints', () => {
    const key = 'k'.repeat(200);
    const yaml = [
      '# a comment',
      '---',
      'web/0:',
      '  machine: "0"',
      '  opened-ports: []',
      '  leader: true',
      '  relation-info:',
      '  - relation-id: 3 # the third',
      '    application-data: {}',
      '    related-units:',
      '      easyrsa/0:',
      '        data:',
      '          ca: |-',
      '            -----BEGIN CERTIFICATE-----',
      '            MIIB',
      '            -----END CERTIFICATE-----',
      '          empty: ""',
      '          nothing:',
      '          list: \'["a", "it\'\'s"]\'',
      '          odd: "tab\\t, bell\\a, \\u00e9, \\x41, \\U0001F600, \\',
      '            joined"',
      '          folded: a long text that',
      '            goes on',
      '',
      '            after an empty line',
      '          indented: |2+',
      '              two more',
      '',
      `          ? ${key}`,
      '          : long',
      '          __proto__: own',
      '...',
      '',
    ];
    const data = Object.fromEntries([
      ['ca', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
      ['empty', ''],
      ['nothing', ''],
      ['list', '["a", "it\'s"]'],
      ['odd', 'tab\t, bell\x07, é, A, \u{1F600}, joined'],
      ['folded', 'a long text that goes on\nafter an empty line'],
      ['indented', '  two more\n\n'],
      [key, 'long'],
      ['__proto__', 'own'],
    ]);
    const expected = {
      'web/0': {
        machine: '0',
        'opened-ports': [],
        leader: 'true',
        'relation-info': [{ 'relation-id': '3', 'application-data': {}, 'related-units': { 'easyrsa/0': { data } } }],
      },
    };
    for (const lineEnd of ['\n', '\r\n', '\r']) {
      assert.deepEqual(read(`\ufeff${yaml.join(lineEnd)}`), expected);
      assert.deepEqual(read(yaml.slice(2, -2).join(lineEnd)), expected);
    }
  });

  it('says what it refuses, and in which line', () => {
    const refused: ReadonlyArray<readonly [yaml: string, says: RegExp, line: number]> = [
      ['a: &x b\nc: *x', /anchors and aliases/, 1],
      ['a: b\nc: *x', /anchors and aliases/, 2],
      ['a: b\nc: !!binary eA==', /tags/, 2],
      ['%YAML 1.2\n---\na: b', /directives/, 1],
      ['a: b\n---\nc: d', /several documents/, 2],
      ['a: b\n...\nc: d', /indented differently/, 3],
      ['a:\n\tb: c', /a tab stands/, 2],
      ['a: b\nc: "d\ne: f', /does not end/, 2],
      ["a: 'b", /does not end/, 1],
      ['a: "\\q"', /no such escape/, 1],
      ['a: "\\u12"', /no such escape/, 1],
      ['a: "\\UFFFFFFFF"', /no such escape/, 1],
      ['a: "b" c', /something follows/, 1],
      ['a: b: c', /something follows/, 1],
      ['a: b\n  c: d', /something follows/, 2],
      ['a:\n    b: c\n  d: e', /indented differently/, 3],
      ['a: b\nc', /expected a key/, 2],
      ['a: b\nc: d\na: e', /stands here twice/, 3],
      ['a: {b: 1, b: 2}', /stands here twice/, 1],
      ['? [a]\n: b', /key has to be a text/, 2],
      ['a: [b', /in brackets does not end/, 1],
      ['a: [b c}', /in brackets does not end/, 1],
      ['a: {b}', /expected a key/, 1],
      ['a: @b', /cannot begin/, 1],
      ['a: |x\n  b', /cannot begin/, 1],
      ['- '.repeat(100), /too deeply/, 1],
      ['['.repeat(100), /too deeply/, 1],
      [`a: [${'b,'.repeat(200_000)}]`, /too many lists/, 1],
    ];
    for (const [yaml, says, line] of refused) {
      const result = readYaml(yaml);
      assert.ok(result._tag === 'Left', yaml.slice(0, 40));
      assert.match(result.left.flaw, says, yaml.slice(0, 40));
      assert.equal(result.left.line, line, yaml.slice(0, 40));
    }
  });

  it('is what an inspection reads, 16 MB of it as well', { timeout: 300_000 }, () => {
    const bytes = new TextEncoder().encode(showUnit(16_000_000));
    const result = readObserved([{ name: 'unit.yaml', bytes }], NOW);
    assert.ok(result._tag === 'Right' && result.right.exchanges.length > 5_000);
    const names = new Set(result.right.exchanges.map(({ asked }) => asked?.['common_name']));
    assert.ok(names.size === result.right.exchanges.length && names.has('web4321.example'));
  });

  it('is told of by its line in an inspection, and nothing of the text', () => {
    const told = (text: string): string => {
      const result = readObserved([{ name: 'f', bytes: new TextEncoder().encode(text) }], NOW);
      return result._tag === 'Left' ? result.left.message : 'read';
    };
    assert.match(told('web/0:\n  a: *SECRET\n'), /^f: not valid JSON or YAML \(line 2\): anchors and aliases/);
    assert.match(told('web/0: "SECRET\n'), /\(line 1\): a quoted text does not end$/);
    assert.match(told('{"SECRET": '), /^f: not valid JSON \(line 1, column \d+\)$/);
    assert.match(told('SECRET: x'), /^f: not valid JSON or YAML \(line 1, column 1\)/);
    assert.match(told(''), /expected JSON, got nothing/);
    for (const text of ['a: *SECRET', '"SECRET', '{"SECRET', 'SECRET: x']) assert.ok(!told(text).includes('SECRET'));
  });
});
