/**
 * Names that somebody asks for: which kind each is, why others are none, and when two lists are the same.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { classifyName, mailboxOf, NOT_A_NAME, uriOf } from '../../../core/model/asked-name.ts';
import { commonNameFault, distinctNames, nameKeyOf, sameNames } from '../../../core/model/same-names.ts';
import { HOSTILE } from '../../hostile.ts';

const short = (text: string): string => {
  const name = classifyName(text);
  return name.kind === 'none' ? `none ${name.reason}` : `${name.kind} ${name.value}`;
};

const TABLE: ReadonlyArray<readonly [text: string, expected: string]> = [
  ['web.example', 'dns web.example'],
  ['WEB.Example.', 'dns web.example'],
  ['web', 'dns web'],
  ['my_host', 'dns my_host'],
  ['*.web.example', 'dns *.web.example'],
  ['bücher.example', 'dns xn--bcher-kva.example'],
  ['10.0.0.7', 'ip 10.0.0.7'],
  ['FD00:0:0:0:0:0:0:7', 'ip fd00::7'],
  ['::ffff:10.0.0.7', 'ip ::ffff:a00:7'],
  ['a.b+c@Example.com', 'email a.b+c@example.com'],
  ['"a b"@example.com', 'email "a b"@example.com'],
  ['"ab"@example.com', 'email ab@example.com'],
  ['spiffe://example.com/web', 'uri spiffe://example.com/web'],
  ['HTTPS://Web.Example:8443/A?b#c', 'uri https://web.example:8443/A?b#c'],
  ['https://[fd00::1]:8443/', 'uri https://[fd00::1]:8443/'],
  ['https://A:b@Web.example/', 'uri https://A:b@web.example/'],
  ['urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66', 'uri urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66'],
  ['', 'none empty'],
  ['web.example:8443', 'none port'],
  ['web:443', 'none port'],
  ['10.0.0.7:443', 'none port'],
  ['[fd00::1]:443', 'none port'],
  ['*.web.example:443', 'none port'],
  ['DNS:web.example', 'none kind-prefix'],
  ['dns: web.example', 'none kind-prefix'],
  ['IP:10.0.0.7', 'none kind-prefix'],
  ['IP Address:10.0.0.7', 'none kind-prefix'],
  ['URI:web.example', 'none kind-prefix'],
  ['URI:https://web.example/', 'none kind-prefix'],
  ['email:a@example.com', 'none kind-prefix'],
  ['CN=web.example', 'none kind-prefix'],
  ['fe80::1%eth0', 'none zone'],
  ['10.0.0.7%1', 'none zone'],
  ['fd00::1/64', 'none network'],
  ['10.0.0.0/8', 'none network'],
  ['[fd00::1]', 'none brackets'],
  ['a.example,b.example', 'none several'],
  ['a.example b.example', 'none several'],
  [' web.example', 'dns web.example'],
  ['web.example\n', 'dns web.example'],
  ['web\n.example', 'none characters'],
  ['Our Server', 'none several'],
  ['*', 'none wildcard'],
  ['w*.example.com', 'none wildcard'],
  ['web.*.example', 'none wildcard'],
  ['*.*.example', 'none wildcard'],
  ['10.0.7', 'none not-an-address'],
  ['010.0.0.7', 'none not-an-address'],
  ['256.0.0.1', 'none not-an-address'],
  ['10.0.0.0.7', 'none not-an-address'],
  ['0x0a000007', 'none not-an-address'],
  ['fd00::1::2', 'none not-an-address'],
  ['a@b@example.com', 'none not-a-mailbox'],
  ['a..b@example.com', 'none not-a-mailbox'],
  ['@example.com', 'none not-a-mailbox'],
  ['a@', 'none not-a-mailbox'],
  ['https://', 'none not-a-uri'],
  ['https:///path', 'none not-a-uri'],
  ['https://web.example/%zz', 'none not-a-uri'],
  ['https://web.example/<x>', 'none not-a-uri'],
  ['//web.example/', 'none characters'],
  ['web.example/path', 'none characters'],
  ['web..example', 'none characters'],
  ['-web.example', 'none characters'],
  ['.example.com', 'none characters'],
  ['web\u0000.example', 'none characters'],
  ['x\ud800', 'none characters'],
  [`${'a'.repeat(64)}.example`, 'none too-long'],
  [Array.from({ length: 64 }, () => 'abc').join('.') + '.example', 'none too-long'],
  ['mailto:a@example.com', 'none not-a-mailbox'],
  ['urn:x', 'none characters'],
];

describe('names that are asked for', () => {
  for (const [text, expected] of TABLE) {
    it(`has ${JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)} as ${expected.slice(0, 60)}`, () =>
      assert.equal(short(text), expected));
  }

  it('has words for every reason, which go behind a name', () => {
    for (const words of Object.values(NOT_A_NAME)) assert.match(words, /^(is|has|looks) /);
  });

  it('gives back a form that stays as it is', () => {
    const pieces = fc.constantFrom(
      'web',
      'A',
      '.',
      ':',
      '10',
      '0',
      '@',
      '/',
      '://',
      '*',
      '%',
      '[',
      ']',
      'x-1',
      '"',
      'ü',
    );
    fc.assert(fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const name = classifyName(parts.join(''));
      if (name.kind !== 'none') assert.deepEqual(classifyName(name.value), name);
    }));
  });

  it('takes whatever comes, in time that grows with its length', () => {
    const nasty = ['a@', '"', 'http://a', 'a.', '1:', '[', '%', 'a:', '*.', ' ', '\u00e4'].map((part) =>
      part.repeat(200_000)
    );
    for (const text of [...HOSTILE, ...nasty]) {
      assert.ok(typeof classifyName(text).kind === 'string');
      assert.ok(nameKeyOf(text).includes(':'));
    }
  });

  it('takes mailboxes apart as RFC 5321 has them', () => {
    assert.deepEqual(mailboxOf('a@b.example'), { box: 'a', host: 'b.example' });
    assert.deepEqual(mailboxOf('"a@b"@c.example'), { box: '"a@b"', host: 'c.example' });
    for (
      const text of [
        'a@b@c.example',
        '.a@b.example',
        'a.@b.example',
        'a b@c.example',
        'a@b.example.',
        `${'a'.repeat(65)}@b.example`,
      ]
    ) {
      assert.equal(mailboxOf(text), null, text);
    }
  });

  it('wants a scheme of a URI', () => {
    for (const text of ['web.example', 'web.example:8443', '/path', 'a:b', '1https://x/']) {
      assert.equal(uriOf(text), null, text);
    }
  });

  it('has lists as the same whatever the order, the repetition and the spelling', () => {
    assert.ok(sameNames(['a.example', 'fd00::7', 'a.example'], ['FD00:0::7', 'A.Example.']));
    assert.ok(sameNames(['bücher.example'], ['xn--bcher-kva.example']));
    assert.ok(sameNames([], []));
    assert.ok(!sameNames(['a.example'], ['a.example', 'b.example']));
    assert.ok(!sameNames(['10.0.0.7'], ['::ffff:10.0.0.7']));
    assert.ok(!sameNames(['*.example.com'], ['www.example.com']));
    assert.ok(!sameNames(['a@example.com'], ['A@example.com']));
    assert.ok(!sameNames(['web.example:1'], ['web.example:2']));
    assert.deepEqual(distinctNames(['B.example', 'a.example', 'b.example.', 'a.example']), ['B.example', 'a.example']);
  });

  it('says what cannot be the common name of a server', () => {
    const long = `${'a'.repeat(60)}.web.example`;
    assert.equal(commonNameFault('web.example', []), null);
    assert.equal(commonNameFault('10.0.0.7', []), null);
    assert.equal(commonNameFault('https://web.example/', []), 'uri');
    assert.equal(commonNameFault('web.example:443', []), 'port');
    assert.equal(commonNameFault('web example', []), 'several');
    assert.equal(commonNameFault('a.example,b.example', []), 'several');
    assert.equal(commonNameFault('', []), 'empty');
    assert.equal(commonNameFault(long, ['web.example']), 'common-name-too-long');
    assert.equal(commonNameFault(long, [long.toUpperCase()]), null);
  });
});
