/**
 * The form in which texts in PEM are compared.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { normalPem, samePem } from '../../../core/model/pem-text.ts';
import { HOSTILE } from '../../hostile.ts';

const BODY = 'TUlJQg=='.padStart(200, 'QUJD');

const lines = (text: string, width: number): ReadonlyArray<string> =>
  text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];

/** One certificate, in a form. */
const block = (width = 64, end = '\n', body = BODY, label = 'CERTIFICATE'): string =>
  [`-----BEGIN ${label}-----`, ...lines(body, width), `-----END ${label}-----`].join(end);

const NORMAL = `${block()}\n`;

describe('the form of a text in PEM', () => {
  it('samePem() is true for the same blocks, whatever stands around them and however their lines end', () => {
    const forms = [
      NORMAL,
      block(),
      `${block()}\n\n\n`,
      `${block(64, '\r\n')}\r\n`,
      block(64, '\r'),
      `${block(76)}\n`,
      `${block(10_000)}\n`,
      `subject=CN = web\nCertificate:\n    Data:\n${NORMAL}`,
      `\ufeff${NORMAL}`,
      `${NORMAL}trailing words`,
      block(64, '\n  '),
      block(64, '\n\n'),
      `${block(64, '\n', BODY, 'X509 CERTIFICATE')}\n`,
    ];
    for (const form of forms) {
      assert.equal(normalPem(form), NORMAL);
      assert.ok(samePem(form, NORMAL));
    }
  });

  it('samePem() tells other blocks, another order and another number apart', () => {
    const other = `${block(64, '\n', BODY.replace('Q', 'R'))}\n`;
    const key = `${block(64, '\n', BODY, 'PRIVATE KEY')}\n`;
    const texts = [NORMAL, other, key, `${NORMAL}${other}`, `${other}${NORMAL}`, `${NORMAL}${NORMAL}`, ''];
    for (const [i, a] of texts.entries()) {
      for (const [j, b] of texts.entries()) assert.equal(samePem(a, b), i === j, `${i} ${j}`);
    }
  });

  it('normalPem() leaves alone what is not whole PEM, so that nothing is taken for the same that may not be', () => {
    const broken = [
      ...HOSTILE,
      block().slice(0, 100),
      `${NORMAL}${block().slice(0, 50)}`,
      block().replace('END CERTIFICATE', 'END OTHER'),
      block().replace('TUlJ', 'T*lJ'),
      block().replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n'),
      '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
      'no PEM\r\n',
    ];
    for (const text of broken) assert.equal(normalPem(text), text);
  });

  it('normalPem() is its own normal form', () => {
    const piece = fc.constantFrom(NORMAL, block(3, '\r\n'), block(), '\n', '-----BEGIN ', '-----', 'text', 'QUJD');
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const form = normalPem(pieces.join(''));
      assert.equal(normalPem(form), form);
    }));
  });

  it('normalPem() takes a value of many megabytes', () => {
    assert.equal(normalPem(block(4, '\r\n', 'QUJD'.repeat(1_000_000))).split('\n').length, 62_503);
  });
});
