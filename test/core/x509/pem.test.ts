import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readPem, writePem } from '../../../core/x509/pem.ts';
import { HOSTILE } from '../../hostile.ts';

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';
const BLOCK = `${BEGIN}\nMAA=\n${END}`;

/** What was found, in a few words: kinds with lines, then faults with lines. */
const found = (text: string): string => {
  const { blocks, faults } = readPem(text);
  return [...blocks.map(({ kind, line }) => `${kind}:${line}`), ...faults.map(({ code, line }) => `${code}:${line}`)]
    .join(' ');
};

const TABLE: ReadonlyArray<readonly [title: string, text: string, expected: string]> = [
  ['nothing', '', ''],
  ['text', 'just words\nand more', ''],
  ['one block', `${BLOCK}\n`, 'certificate:1'],
  ['one block without the last newline', BLOCK, 'certificate:1'],
  [
    'text before, between and after',
    `Certificate:\n    Data:\n${BLOCK}\nnote: x\n${BLOCK}\nbye`,
    'certificate:3 certificate:7',
  ],
  ['CRLF', BLOCK.replaceAll('\n', '\r\n'), 'certificate:1'],
  ['CR alone', BLOCK.replaceAll('\n', '\r'), 'certificate:1'],
  ['blanks around lines, and a mark at the front', `\ufeff  ${BLOCK.replaceAll('\n', '  \n\t')}  `, 'certificate:1'],
  ['blank lines inside', BLOCK.replaceAll('\n', '\n\n'), 'certificate:1'],
  ['base64 on many lines', `${BEGIN}\nM\nA\nA\n=\n${END}`, 'certificate:1'],
  [
    'each kind',
    ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'CERTIFICATE REQUEST', 'X509 CRL']
      .map((label) => BLOCK.replaceAll('CERTIFICATE', label)).join('\n'),
    'pkcs8:1 pkcs1:4 sec1:7 encrypted-key:10 request:13 other:16',
  ],
  [
    'an old encrypted key',
    BLOCK.replaceAll('CERTIFICATE', 'RSA PRIVATE KEY').replace('MAA=', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nMAA='),
    'encrypted-key:1',
  ],
  ['an unfinished block', `${BLOCK}\n${BEGIN}\nMAA=`, 'certificate:1 unfinished:4'],
  ['a beginning that is cut off', `${BLOCK}\n-----BEGIN CERTIF`, 'certificate:1 unfinished:4'],
  ['an end that is cut off', `${BEGIN}\nMAA=\n-----END CERTIFICATE----`, 'unfinished:1'],
  ['a beginning in a block', `${BEGIN}\nMAA=\n${BLOCK}`, 'certificate:3 unfinished:1'],
  ['an end of another kind', BLOCK.replace(END, '-----END PRIVATE KEY-----'), 'stray-end:3'],
  ['an end alone', END, 'stray-end:1'],
  ['blocks without a break between them', `${BLOCK}${BLOCK}`, 'certificate:3 joined:3'],
  ['an end with something behind it', `${BLOCK}x`, 'not-base64:3'],
  ['an empty block', `${BEGIN}\n${END}`, 'empty-block:1'],
  ['what is not base64', BLOCK.replace('MAA=', 'M*A='), 'not-base64:1'],
  ['base64 of the web', BLOCK.replace('MAA=', 'M-_='), 'not-base64:1'],
  ['base64 without its padding', BLOCK.replace('MAA=', 'MAA'), 'not-base64:1'],
  ['padding in the middle', BLOCK.replace('MAA=', 'MA==MAA='), 'not-base64:1'],
  ['a header in a certificate', BLOCK.replace('MAA=', 'a: b\n\nMAA='), 'not-base64:1'],
];

describe('PEM', () => {
  for (const [title, text, expected] of TABLE) {
    it(`readPem() finds ${expected === '' ? 'nothing' : expected} in ${title}`, () =>
      assert.equal(found(text), expected));
  }

  it('readPem() gives back what writePem() wrote', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.constantFrom('', 'text\n', '\r\n\r\n'),
        (bytes, between) => {
          const text = `${between}${writePem('CERTIFICATE', bytes)}${between}`;
          assert.deepEqual(readPem(text).blocks.map((block) => [...block.bytes]), [[...bytes]]);
          assert.ok(text.split('\n').every((line) => line.length <= 64));
        },
      ),
    );
  });

  it('readPem() never throws', () => {
    const piece = fc.constantFrom(BEGIN, END, BEGIN.slice(0, 11), '\n', '\r', ' ', 'MAA=', 'a: b', '-----', 'x');
    fc.assert(fc.property(fc.array(piece).map((pieces) => pieces.join('')), (text) => void readPem(text)));
    for (const text of HOSTILE) readPem(text);
  });

  it('readPem() reads to its end what takes others exponential time; see growth.test.ts', () => {
    const hostile = [
      `${BEGIN}\n${'a: b\n c: d\n'.repeat(100_000)}`,
      `${BEGIN}\n`.repeat(100_000),
      `${BEGIN}\n${' '.repeat(1_000_000)}`,
      '-'.repeat(1_000_000),
      `${BEGIN}\n${'A'.repeat(1_000_000)}!\n${END}`,
      `${BEGIN}${END}`.repeat(20_000),
    ];
    for (const text of hostile) readPem(text);
  });

  it('readPem() says nothing of what stands in a text but kinds and lines', () => {
    const { faults } = readPem(`-----BEGIN PRIVATE KEY-----\nSECRET!\n-----END PRIVATE KEY-----`);
    assert.doesNotMatch(JSON.stringify(faults), /SECRET/);
  });
});
