import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describe as read, weak } from '../../../core/x509/mod.ts';
import * as f from './forge.ts';

const made = async (change: Partial<f.Make> = {}) => {
  const self = { subject: f.name('x'), keys: await f.newKeys() };
  const [description] = read(await f.make({ ...self, issuer: self, ...change })).certificates;
  assert.ok(description);
  return description;
};

const rsa = (bytes: number): f.Der =>
  f.der(
    0x30,
    f.der(0x30, f.oid('1.2.840.113549.1.1.1'), f.der(5)),
    f.der(3, 0, f.der(0x30, f.der(2, 0, new Uint8Array(bytes).fill(0xff)), f.der(2, 1, 0, 1))),
  );

const signedWith = (oid: string): Partial<f.Make> => ({ algorithm: f.der(0x30, f.oid(oid), f.der(5)) });

describe('weak()', () => {
  it('finds nothing in a certificate of today', async () => {
    assert.deepEqual(weak(await made()), []);
    assert.deepEqual(weak(await made({ spki: rsa(256) })), []);
  });

  it('finds broken hashes', async () => {
    for (
      const [oid, hash] of [['1.2.840.113549.1.1.4', 'MD5'], ['1.2.840.113549.1.1.5', 'SHA-1'], [
        '1.2.840.113549.1.1.2',
        'MD2',
      ]] as const
    ) {
      assert.deepEqual(weak(await made(signedWith(oid))), [{ code: 'broken-hash', hash }]);
    }
    assert.deepEqual(weak(await made({ algorithm: f.ECDSA_SHA1, hash: 'SHA-1' })), [{
      code: 'broken-hash',
      hash: 'SHA-1',
    }]);
    assert.deepEqual(weak(await made(signedWith('1.2.840.113549.1.1.11'))), []);
  });

  it('finds short RSA keys', async () => {
    assert.deepEqual(weak(await made({ spki: rsa(128) })), [{ code: 'short-key', bits: 1024 }]);
    assert.deepEqual(weak(await made({ spki: rsa(255) })), [{ code: 'short-key', bits: 2040 }]);
  });

  it('finds an end that is near, and says nothing of one that is past', async () => {
    const description = await made({ to: '2030-01-01' });
    const days = (now: string, withinDays: number) => weak(description, { now: new Date(now), withinDays });
    assert.deepEqual(days('2029-12-01', 30), []);
    assert.deepEqual(days('2029-12-02', 30), [{ code: 'ends-soon', days: 30 }]);
    assert.deepEqual(days('2029-12-31T12:00:00Z', 30), [{ code: 'ends-soon', days: 0 }]);
    assert.deepEqual(days('2030-01-01', 0), [{ code: 'ends-soon', days: 0 }]);
    assert.deepEqual(days('2030-01-02', 30), []);
  });
});
