/**
 * Leaving keys out of output: nothing that a program may do to a key brings a piece of it through, and nothing else is lost.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { hiderOf } from '../../adapters/redact.ts';

const pemOf = (kind: 'ec' | 'rsa'): string =>
  (kind === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 })).privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

const KEYS = [pemOf('ec'), pemOf('rsa')];

const bodyOf = (pem: string): string => pem.split('\n').filter((line) => !line.startsWith('-')).join('');

const derOf = (pem: string): Uint8Array => Uint8Array.from(Buffer.from(bodyOf(pem), 'base64'));

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const folded = (text: string, width: number): ReadonlyArray<string> =>
  text.match(new RegExp(`[^]{1,${width}}`, 'g')) ?? [];

const reversed = (text: string): string => text.split('').reverse().join('');

/** What programs may do to a key, and how to bring what is left of it back to base64 or hexadecimal. */
const WAYS: Readonly<Record<string, (pem: string) => string>> = {
  'as it is': (pem) => pem,
  'the body': bodyOf,
  'one line after the other, from the end': (pem) => pem.split('\n').reverse().join('\n'),
  'folded narrowly': (pem) => folded(bodyOf(pem), 20).join('\n'),
  'folded to words': (pem) => folded(bodyOf(pem), 4).join(' '),
  'with CRLF': (pem) => folded(bodyOf(pem), 64).join('\r\n'),
  'numbered': (pem) => folded(bodyOf(pem), 16).map((line, at) => `${String(at + 1).padStart(6)}\t${line}`).join('\n'),
  'numbered and narrow': (pem) => folded(bodyOf(pem), 8).map((line, at) => `${at}: ${line}`).join('\n'),
  'quoted in a log': (pem) => folded(bodyOf(pem), 13).map((line) => `nginx[4711]: bad line "${line}"`).join('\n'),
  'as a URL has it': (pem) => bodyOf(pem).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
  'percent-encoded': (pem) => encodeURIComponent(pem),
  'percent-encoded throughout': (pem) => [...Buffer.from(pem)].map((byte) => `%${byte.toString(16)}`).join(''),
  'as JSON': (pem) => JSON.stringify({ body: folded(bodyOf(pem), 10).join('\n') }),
  'as JSON with slashes escaped': (pem) => JSON.stringify(bodyOf(pem)).replaceAll('/', '\\/'),
  'as HTML': (pem) => [...bodyOf(pem)].map((c) => /\w/.test(c) ? c : `&#${c.charCodeAt(0)};`).join(''),
  'as \\u': (pem) => [...bodyOf(pem)].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join(''),
  'as octal escapes': (pem) =>
    [...bodyOf(pem)].map((c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`).join(''),
  'encoded twice': (pem) => Buffer.from(pem).toString('base64'),
  'encoded one byte later': (pem) => Buffer.from(derOf(pem).subarray(1)).toString('base64'),
  'encoded two bytes later': (pem) => Buffer.from(derOf(pem).subarray(2)).toString('base64'),
  'encoded with something before it': (pem) => Buffer.from(`x${pem}`).toString('base64'),
  'hexadecimal': (pem) => hexOf(derOf(pem)),
  'hexadecimal with colons, upper case': (pem) => hexOf(derOf(pem)).toUpperCase().match(/../g)?.join(':') ?? '',
  'hexadecimal as openssl prints it': (pem) =>
    folded(hexOf(derOf(pem)).match(/../g)?.join(':') ?? '', 45).join('\n    '),
  'hexadecimal for C': (pem) => [...derOf(pem)].map((byte) => `0x${byte.toString(16).padStart(2, '0')},`).join(' '),
  'hexadecimal of the file': (pem) => hexOf(Buffer.from(pem)),
  'as xxd prints it': (pem) =>
    folded(hexOf(Buffer.from(pem)), 32).map((line, at) =>
      `${(at * 16).toString(16).padStart(8, '0')}: ${line.match(/.{1,4}/g)?.join(' ')}  ${
        Buffer.from(line, 'hex').toString().replaceAll('\n', '.')
      }`
    ).join('\n'),
  'as od -x prints it': (pem) =>
    folded(hexOf(derOf(pem)).match(/..../g)?.map((word) => word.slice(2) + word.slice(0, 2)).join(' ') ?? '', 40)
      .map((line, at) => `${(at * 16).toString(8).padStart(7, '0')} ${line}`).join('\n'),
  'decimal': (pem) => JSON.stringify([...derOf(pem)]),
  'octal, as od -b prints it': (pem) =>
    [...Buffer.from(pem)].map((byte) => byte.toString(8).padStart(3, '0')).join(' '),
  'octal words, as od prints it': (pem) => {
    const der = derOf(pem);
    const words = Array.from(
      { length: der.length >> 1 },
      (_, at) => (der[2 * at] ?? 0) | ((der[2 * at + 1] ?? 0) << 8),
    );
    return words.map((word) => word.toString(8).padStart(6, '0')).join(' ');
  },
  'backwards': (pem) => reversed(bodyOf(pem)),
  'a piece from the middle': (pem) => bodyOf(pem).slice(31, 55),
};

/** What is left of base64 and hexadecimal in what was told, without what stands between. */
const sharedRun = (told: string, pem: string): string | null => {
  const readings = [told.replace(/[^A-Za-z0-9+/]/g, ''), told.replaceAll('-', '+').replaceAll('_', '/')];
  const body = bodyOf(pem);
  for (const reading of readings) {
    for (let at = 0; at + 12 <= reading.length; at += 1) {
      if (body.includes(reading.slice(at, at + 12))) return reading.slice(at, at + 12);
    }
  }
  const digits = told.toLowerCase().replace(/[^0-9a-f]/g, '');
  for (let at = 0; at + 16 <= digits.length; at += 1) {
    if (hexOf(derOf(pem)).includes(digits.slice(at, at + 16))) return digits.slice(at, at + 16);
  }
  return null;
};

describe('hiderOf()', () => {
  it('hiderOf() hides a key in whatever way it is printed, and leaves what stands before and after', () => {
    const hide = hiderOf(KEYS);
    for (const pem of KEYS) {
      for (const [way, print] of Object.entries(WAYS)) {
        const printed = print(pem);
        const told = hide(`reading web.conf: no such directive\n${printed}\nending now, sorry`);
        assert.equal(sharedRun(told, pem), null, way);
        assert.ok(told.length < 250 + 40 * printed.split('\n').length, `${way}: ${told}`);
        assert.ok(told.startsWith('reading web.conf: no such directive'), `${way}: ${told}`);
        assert.ok(told.endsWith('ending now, sorry') || told.length < 200, `${way}: ${told}`);
      }
    }
  });

  it('hiderOf() sees past numbers and names before lines that are shorter than what it looks for', () => {
    const hide = hiderOf(KEYS);
    for (const pem of KEYS) {
      for (const prefix of [(at: number) => `${at}\t`, (at: number) => `  ${at}: `, () => 'key.pem> ', () => '| ']) {
        const pieces = folded(bodyOf(pem), 5);
        const told = hide(pieces.map((piece, at) => `${prefix(at)}${piece}`).join('\n'));
        for (const piece of pieces.slice(0, -1)) assert.ok(!told.includes(piece), `${piece} in ${told}`);
      }
    }
  });

  it('hiderOf() takes no line for a prefix because a space or a carriage return ends it', () => {
    const hide = hiderOf(KEYS);
    for (const pem of KEYS) {
      const body = bodyOf(pem);
      for (const end of ['\r', ' ', '\t', ' \r']) {
        // The word before the key ends with the letter after which its last line goes on.
        const told = hide(`directive${body.slice(56, 60)}\n${folded(body.slice(0, 120), 60).join(`${end}\n`)}`);
        assert.equal(told, `directive${body.slice(56, 60)}\n…`, JSON.stringify(end));
      }
    }
  });

  it('hiderOf() leaves all else as it is', () => {
    const hide = hiderOf(KEYS);
    const others = [
      '',
      'nginx: [emerg] cannot load certificate key "/etc/web/tls.key": PEM_read_bio_PrivateKey() failed',
      'a1:b2:c3:d4:e5:f6:07:18:29:3a:4b:5c 2026-11-25T09:00:00Z pid 4711, 10.0.0.7:443, 127.0.0.1',
      'x'.repeat(10_000),
      Buffer.from('somebody else’s words, in base64, as long as a line of a key would be').toString('base64'),
    ];
    for (const text of others) assert.equal(hide(text), text);
    assert.equal(hiderOf([])('QUJDREVGR0hJSktM'), 'QUJDREVGR0hJSktM');
    assert.equal(hiderOf(['no key'])('no key'), 'no key');
  });

  it('hiderOf() finds the keys in what stands around them, as in JSON', () => {
    const [pem = ''] = KEYS;
    const hide = hiderOf([JSON.stringify({ 'web.key': pem, other: 'x'.repeat(100_000) })]);
    assert.equal(hide(`ERROR ${bodyOf(pem)}`), 'ERROR …');
  });

  it('hiderOf() tells nothing at all where there are more keys than it looks for', () => {
    const many = Array.from(
      { length: 200 },
      (_, at) => KEYS[0]?.replace('M', String.fromCharCode(65 + at % 26).repeat(at)) ?? '',
    );
    assert.deepEqual([hiderOf(many)('anything'), hiderOf(many)('')], ['…', '']);
  });

  it('hiderOf() takes time in proportion to what was printed', () => {
    const hide = hiderOf(KEYS);
    const [, rsa = ''] = KEYS;
    const shapes: ReadonlyArray<(length: number) => string> = [
      (length) => 'A'.repeat(length),
      (length) => '%4'.repeat(length / 2),
      (length) => '\n'.repeat(length),
      (length) => '1 '.repeat(length / 2),
      (length) => bodyOf(rsa).repeat(Math.ceil(length / bodyOf(rsa).length)).slice(0, length),
      (length) => '-----BEGIN PRIVATE KEY-----'.repeat(Math.ceil(length / 27)),
    ];
    const timeOf = (text: string): number => {
      const times = [0, 1, 2].map(() => {
        const began = performance.now();
        hide(text);
        return performance.now() - began;
      });
      return Math.min(...times);
    };
    for (const [index, shape] of shapes.entries()) {
      const [small, large] = [timeOf(shape(16_384)), timeOf(shape(65_536))];
      // Four times as much may take four times as long; sixteen times would be quadratic.
      assert.ok(large < 12 * Math.max(small, 5), `shape ${index}: ${small} ms, then ${large} ms`);
    }
  });
});
