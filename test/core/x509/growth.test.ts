/**
 * Reading PEM and DER takes time in proportion to its length, whatever is in it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe as suite, it } from 'node:test';
import { elementsOf, reading } from '../../../core/x509/der.ts';
import { describe, match, verify } from '../../../core/x509/mod.ts';
import { readPem } from '../../../core/x509/pem.ts';
import { oidOf } from '../../../core/x509/primitives.ts';
import { readRequest } from '../../../core/x509/request.ts';
import { assertLinear } from '../../growth.ts';
import * as f from './forge.ts';

const times = (unit: string, size: number): string => unit.repeat(Math.ceil(size / unit.length));

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

const TEXTS: Readonly<Record<string, (size: number) => string>> = {
  'beginnings': (size) => times(`${BEGIN}\n`, size),
  'beginnings on one line': (size) => times(BEGIN, size),
  'beginnings that are cut off': (size) => times('-----BEGIN \n', size),
  'ends': (size) => times(`${END}\n`, size),
  'ends and beginnings on one line': (size) => times(`${END}${BEGIN}`, size),
  'ends and beginnings on lines': (size) => times(`${END}${BEGIN}\n`, size),
  'empty blocks': (size) => times(`${BEGIN}\n${END}\n`, size),
  'different broken blocks': (size) =>
    Array.from({ length: size / 70 }, (_, i) => `${BEGIN}\n${btoa(String(i))}\n${END}\n`).join(''),
  'the same block': (size) => times(`${BEGIN}\nMIIB\n${END}\n`, size),
  'dashes': (size) => times('-', size),
  'dashes on lines': (size) => times('-----\n', size),
  'a label without an end': (size) => `-----BEGIN ${times('A', size)}`,
  'dashes in a label': (size) => `-----BEGIN ${times('-', size)}`,
  'blanks': (size) => `${BEGIN}\n${times(' ', size)}`,
  'blanks on lines': (size) => times(`${' '.repeat(1_000)}x\n`, size),
  'empty lines': (size) => `${BEGIN}\n${times('\n', size)}${END}`,
  'carriage returns': (size) => `${BEGIN}\n${times('\r', size)}${END}`,
  'headers': (size) => `${BEGIN}\n${times('a: b\n c: d\n', size)}${END}`,
  'base64 with a fault at its end': (size) => `${BEGIN}\n${times('A', size)}!\n${END}`,
  'padding': (size) => `${BEGIN}\n${times('=', size)}\n${END}`,
  'padding within': (size) => `${BEGIN}\n${times('AA==', size)}\n${END}`,
};

const filled = (size: number, unit: ReadonlyArray<number>): Uint8Array => {
  const bytes = new Uint8Array(size - (size % unit.length));
  for (let i = 0; i < bytes.length; i++) bytes[i] = unit[i % unit.length] ?? 0;
  return bytes;
};

/** A value in as many others as there is room for. */
const nested = (size: number): Uint8Array => {
  const heads: Array<ReadonlyArray<number>> = [];
  let length = 0;
  while (length < size) {
    const head = length < 0x80
      ? [0x30, length]
      : length < 0x100
      ? [0x30, 0x81, length]
      : length < 0x10000
      ? [0x30, 0x82, length >> 8, length & 0xff]
      : [0x30, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
    heads.push(head);
    length += head.length;
  }
  return Uint8Array.from(heads.reverse().flat());
};

const DER: Readonly<Record<string, (size: number) => Uint8Array>> = {
  'many values': (size) => filled(size, [0x05, 0x00]),
  'many sequences': (size) => filled(size, [0x30, 0x02, 0x05, 0x00]),
  'values in values': nested,
  'indefinite lengths': (size) => filled(size, [0x30, 0x80]),
  'a sequence of many': (size) => f.der(0x30, filled(size, [0x05, 0x00])),
  'a sequence of sequences': (size) => f.der(0x30, f.der(0x30, filled(size, [0x30, 0x00]))),
  'a long object identifier': (size) => f.der(0x30, f.der(0x06, filled(size, [0x81]))),
  'lengths beyond the end': (size) => filled(size, [0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]),
  'a long number': (size) => f.der(0x30, f.der(0x30, f.der(0x02, filled(size, [0x7f])))),
};

/** Every value, and what is in it: more than any reader of certificates looks at. */
const readAll = (bytes: Uint8Array): void => {
  const waiting = [bytes];
  for (let depth = 0; depth < 12; depth++) {
    const next = waiting.splice(0).flatMap((some) => {
      const read = reading(() => elementsOf(some));
      return read._tag === 'Left' ? [] : read.right.filter(({ tag }) => tag === 0x30).map(({ content }) => content);
    });
    for (const one of next) waiting.push(one);
  }
};

suite('PEM and DER, however they are made up', () => {
  it('readPem() and describe() take time in proportion to the length', { timeout: 600_000 }, async () => {
    for (const [name, make] of Object.entries(TEXTS)) {
      await assertLinear(`readPem(), ${name}`, { make, work: readPem });
      await assertLinear(`describe(), ${name}`, { make, work: describe });
    }
  });

  it('verify() and match() take time in proportion to what is given', { timeout: 600_000 }, async () => {
    for (const [name, make] of Object.entries(TEXTS)) {
      const asked = { certType: 'server', commonName: 'a', sans: [] } as const;
      await assertLinear(`verify(), ${name}`, {
        make,
        work: (text) => verify({ certificate: text, chain: text, ca: text })(),
      });
      await assertLinear(`match(), ${name}`, {
        make,
        work: (text) => match({ certificate: text, key: text, asked })(),
      });
    }
  });

  it('elementsOf(), describe() and readRequest() take time in proportion to DER', { timeout: 600_000 }, async () => {
    for (const [name, make] of Object.entries(DER)) {
      await assertLinear(`elementsOf(), ${name}`, { make, work: readAll });
      await assertLinear(`describe(), ${name}`, { make, work: describe });
      await assertLinear(`readRequest(), ${name}`, { make, work: (der) => readRequest(der)() });
    }
  });

  it(
    'oidOf() reads no more of an object identifier than there is in any that is in use',
    { timeout: 600_000 },
    async () => {
      for (const unit of [[0x81], [0xff], [0x01], [0x80]]) {
        await assertLinear(`oidOf(), ${unit}`, {
          make: (size) => filled(size, unit),
          work: (content) => reading(() => oidOf(content)),
        });
      }
      assert.equal(reading(() => oidOf(filled(1_000, [0x01])))._tag, 'Left');
    },
  );
});
