/**
 * Certificate requests read without a look at their signature, and the first block of a text, in every form that Python takes.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCsr } from '../../../core/x509/csr.ts';
import { firstBlock, isNormalBlock, writeBlock } from '../../../core/x509/first-block.ts';
import { base64, CLIENT, csrDer, csrPem, ecKey, extended, extension, rsaKey } from '../csr/forge.ts';

const read = (der: Uint8Array) => {
  const result = readCsr(der);
  if (result._tag === 'Left') throw new Error(result.left);
  return result.right;
};

describe('readCsr()', () => {
  const key = ecKey(1);

  it('reads subject, names, key and usages', () => {
    const csr = read(csrDer({
      key,
      commonName: 'web',
      sans: ['dns:a', 'ip:0a000007', 'id:1.2.3'],
      uniqueIdentifier: 'x',
      extensions: [extended(CLIENT), extension('1.2.3.4', new Uint8Array([5, 0]), true)],
    }));
    assert.equal(csr.subject.text, 'CN=web, 2.5.4.45=x');
    assert.deepEqual(csr.altNames.map(({ type }) => type), ['dns', 'ip', 'registeredId']);
    assert.equal(base64(csr.publicKey.spki), base64(key));
    assert.deepEqual([csr.extendedKeyUsage, csr.critical], [['clientAuth'], ['1.2.3.4']]);
    const bare = read(csrDer({ key: rsaKey(2, 1024), uniqueIdentifier: null }));
    assert.deepEqual([bare.extendedKeyUsage, bare.critical, bare.altNames], [null, [], []]);
  });

  it('does not care what the signature says', () => {
    const der = csrDer({ key });
    der[der.length - 1] = 0x55;
    assert.equal(readCsr(der)._tag, 'Right');
  });

  it('refuses whatever is not DER to the last byte, and never throws', () => {
    const der = csrDer({ key, sans: ['dns:a'] });
    for (let at = 0; at < der.length; at++) {
      assert.equal(readCsr(der.subarray(0, at))._tag, 'Left');
      const changed = Uint8Array.from(der);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      readCsr(changed);
    }
    assert.equal(readCsr(Uint8Array.from([...der, 0]))._tag, 'Left');
    assert.equal(readCsr(csrDer({ key, sans: ['ip:0a0000'] }))._tag, 'Left', 'an address of three bytes');
    const twice = extension('1.2.3.4', new Uint8Array([5, 0]));
    assert.equal(readCsr(csrDer({ key, extensions: [twice, twice] }))._tag, 'Left');
    assert.equal(readCsr(new Uint8Array(200_000))._tag, 'Left');
  });
});

describe('firstBlock()', () => {
  const der = csrDer({ key: ecKey(1) });
  const pem = writeBlock('request', der);
  const same = (text: string): boolean => {
    const found = firstBlock(text, 'request');
    return found !== null && base64(found) === base64(der);
  };

  it('takes every form of the text that the Python library takes', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
    const body = pem.split('\n').slice(1, -1).join('');
    const forms = [
      pem,
      `${pem}\n`,
      pem.replaceAll('\n', '\r\n'),
      pem.replaceAll('\n', '\r'),
      pem.replaceAll('\n', ''),
      pem.replaceAll('\n', '\n\t '),
      `\ufeff${pem}`,
      `text\n${pem}\nmore`,
      pem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'),
      `${pem}\n${csrPem({ key: ecKey(2) })}`,
      `${key}${pem}`,
      `-----BEGIN X-----\n${pem}`,
      `-----BEGIN CERTIFICATE REQUEST-----${body}-----END CERTIFICATE REQUEST-----`,
    ];
    for (const form of forms) assert.ok(same(form), JSON.stringify(form.slice(0, 60)));
  });

  it('finds nothing in what it refuses', () => {
    const refused = [
      '',
      btoa(pem),
      pem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE'),
      pem.slice(0, -5),
      pem.replace('-----END', '-----BEGIN X-----\n-----END'),
      pem.replace('\n', '\n!'),
      pem.replace('\n', '\nA'),
      '-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----',
    ];
    for (const text of refused) assert.equal(firstBlock(text, 'request'), null, JSON.stringify(text.slice(0, 60)));
  });

  it('knows the form in which it writes', () => {
    for (let size = 1; size < 200; size++) {
      const text = writeBlock('request', Uint8Array.from({ length: size }, (_, i) => (i * 37) & 0xff));
      assert.ok(isNormalBlock(text, 'request'), String(size));
      assert.ok(!isNormalBlock(`${text}\n`, 'request') && !isNormalBlock(text, 'certificate'));
      assert.ok(!isNormalBlock(text.replace('REQUEST-----\n', 'REQUEST-----\n\n'), 'request'));
    }
    const loose = '-----BEGIN CERTIFICATE-----\nAB==\n-----END CERTIFICATE-----';
    assert.ok(!isNormalBlock(loose, 'certificate'), 'bits that no byte needs');
    assert.equal(
      writeBlock('certificate', firstBlock(loose, 'certificate') ?? new Uint8Array()).includes('AA=='),
      true,
    );
    assert.ok(
      !isNormalBlock(`-----BEGIN CERTIFICATE-----\n${'A'.repeat(68)}\n-----END CERTIFICATE-----`, 'certificate'),
    );
  });
});
