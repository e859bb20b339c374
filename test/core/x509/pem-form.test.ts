/**
 * The form of PEM: what every server loads and what some do not, told and written anew.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  describe as read,
  formFaults,
  generateKey,
  keyFormFaults,
  normalCertificates,
  normalKey,
} from '../../../core/x509/mod.ts';
import { readPem, writePem } from '../../../core/x509/pem.ts';
import { HOSTILE } from '../../hostile.ts';
import { right } from './cases.ts';
import * as f from './forge.ts';
import { inFolder, without } from './openssl.ts';

const codes = (text: string): string => formFaults(text).map(({ code, line }) => `${code}:${line}`).join(' ');

/** Forms of a PEM, what is told of each, and whether OpenSSL loads it. */
const FORMS: ReadonlyArray<readonly [what: string, change: (pem: string) => string, told: string, openssl: boolean]> = [
  ['as it is written here', (pem) => pem, '', true],
  ['CR LF', (pem) => pem.replaceAll('\n', '\r\n'), '', true],
  ['no last line break', (pem) => pem.trimEnd(), '', true],
  ['text around it', (pem) => `a\n\n  b\n${pem}\n c`, '', true],
  ['blanks at the ends of lines', (pem) => pem.replaceAll('\n', ' \t\n'), '', true],
  ['indented base64', (pem) => pem.replace(/\n(?=[A-Za-z0-9+/=])/g, '\n  '), '', true],
  ['one long line', (pem) => pem.replace(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, ''), '', true],
  ['a blank line at the beginning', (pem) => pem.replace('CERTIFICATE-----\n', 'CERTIFICATE-----\n\n'), '', true],
  ['all lines indented', (pem) => pem.replace(/^(?=.)/gm, '  '), 'indented:1', false],
  ['the beginning indented', (pem) => ` ${pem}`, 'indented:1', false],
  ['the end indented', (pem) => pem.replace('-----END', '\t-----END'), 'indented:7', false],
  ['CR alone', (pem) => pem.replaceAll('\n', '\r'), 'carriage-returns:1', false],
  ['a blank line in the middle', (pem) => pem.replace(/\n(?=[^\n]*\n-----END)/, '\n\n'), 'blank-line:6', false],
  ['a blank line at the end', (pem) => pem.replace('\n-----END', '\n\n-----END'), 'blank-line:7', false],
  ['blank lines everywhere', (pem) => pem.replaceAll('\n', '\n\n'), 'blank-line:4', false],
  ['a byte order mark', (pem) => `\ufeff${pem}`, 'byte-order-mark:1', true],
  ['hard blanks', (pem) => pem.replace(/^(?=.)/gm, '\u00a0'), 'strange-blanks:1', false],
  ['the old label', (pem) => pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'), 'old-label:1', true],
  [
    'several at once',
    (pem) => `\ufeff  ${pem.replaceAll('\n', '\r')}`,
    'byte-order-mark:1 indented:1 carriage-returns:1',
    false,
  ],
];

describe('the form of PEM', () => {
  let pem: string;
  let key: string;
  before(async () => {
    const self = { subject: f.name('x'), keys: await f.newKeys() };
    // Of a length that does not depend on chance: without extensions, and with a serial number of three bytes.
    const der = await f.make({ ...self, issuer: self });
    pem = f.pem(der);
    key = right(await generateKey('P-256')());
  });

  for (const [what, change, told] of FORMS) {
    it(`${what}: ${told === '' ? 'nothing is told' : told}, and all of it is read and written anew`, () => {
      const text = change(pem);
      const lines = (list: string): string =>
        list.replace(/:\d+/g, (line) => (pem.split('\n').length === 8 ? line : ':?'));
      assert.equal(lines(codes(text)), lines(told));
      assert.equal(read(text).certificates.length, 1);
      assert.equal(normalCertificates(text), pem);
      assert.equal(codes(normalCertificates(text)), '');
    });
  }

  it('is loaded by OpenSSL or not as was found', { skip: without, timeout: 60_000 }, () => {
    for (const [what, change, , loads] of FORMS) {
      const { ok } = inFolder({ 'c.pem': change(pem) }, (run) => run('x509', '-in', 'c.pem', '-noout'));
      assert.equal(ok, loads, what);
    }
  });

  it('of several certificates tells each kind once, and writes each certificate once', () => {
    assert.equal(codes(` ${pem} ${pem}`), 'indented:1');
    assert.equal(normalCertificates(`${pem}text\n${pem}`), pem);
    assert.equal(normalCertificates('nothing'), '');
    assert.deepEqual(formFaults(readPem(pem).blocks[0]?.bytes ?? new Uint8Array()), [], 'DER has no lines');
  });

  it('of bytes is that of their text', () => {
    const bytes = new TextEncoder().encode(`\ufeff${pem}`);
    assert.deepEqual(formFaults(bytes), [{ code: 'byte-order-mark', line: 1 }]);
  });

  it('of a private key has its label too, which is corrected', () => {
    const bytes = readPem(key).blocks[0]?.bytes ?? new Uint8Array();
    assert.deepEqual(keyFormFaults(key), []);
    assert.equal(normalKey(key), key);
    for (const label of ['RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'ANY PRIVATE KEY']) {
      const wrong = `text\n${writePem(label, bytes)}`;
      assert.deepEqual(keyFormFaults(wrong), [{ code: 'key-label', line: 2 }], label);
      assert.equal(normalKey(wrong), key, label);
    }
    assert.equal(normalKey(key.replaceAll('\n', '\r\n')), key);
    assert.deepEqual(keyFormFaults(key.replace(/^/gm, ' ')), [{ code: 'indented', line: 1 }]);
    assert.equal(normalKey(bytes), key, 'DER becomes PEM');
    assert.equal(normalKey('nothing'), null);
    assert.equal(normalKey(pem), null);
  });

  it('is told of whatever comes', () => {
    for (
      const text of [
        ...HOSTILE,
        '\n'.repeat(1_000_000),
        ' '.repeat(1_000_000),
        '\r'.repeat(1_000_000),
        '-----BEGIN A-----\n'.repeat(50_000),
      ]
    ) {
      assert.ok(formFaults(text).length < 8);
      assert.ok(keyFormFaults(text).length < 8);
    }
  });
});
