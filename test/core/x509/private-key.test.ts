/**
 * Private keys: their forms whatever the label says, and numbers that are damaged.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { describe as readCertificates, generateKey, match } from '../../../core/x509/mod.ts';
import { readPem, writePem } from '../../../core/x509/pem.ts';
import { readPrivateKey } from '../../../core/x509/private-key.ts';
import { right } from './cases.ts';
import * as f from './forge.ts';

const relabel = (text: string, label: string): string => writePem(label, bytesOf(text));

const keyOf = (encoded: string | Uint8Array): string => {
  const read = readPrivateKey(encoded);
  return read._tag === 'Right' ? read.right.kind : read.left;
};

/** The values inside a DER sequence. */
const membersOf = (der: Uint8Array): Array<Uint8Array> => {
  const sizeAt = (bytes: Uint8Array): { readonly from: number; readonly size: number } => {
    const first = bytes[1] ?? 0;
    if (first < 0x80) return { from: 2, size: first };
    const count = first - 0x80;
    return { from: 2 + count, size: bytes.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0) };
  };
  const { from, size } = sizeAt(der);
  const members: Array<Uint8Array> = [];
  let rest = der.subarray(from, from + size);
  while (rest.length > 0) {
    const next = sizeAt(rest);
    members.push(rest.subarray(0, next.from + next.size));
    rest = rest.subarray(next.from + next.size);
  }
  return members;
};

const contentOf = (der: Uint8Array): Uint8Array => {
  const size = der[1] ?? 0;
  return der.subarray(size < 0x80 ? 2 : 2 + size - 0x80);
};

const bytesOf = (pem: string): Uint8Array => readPem(pem).blocks[0]?.bytes ?? new Uint8Array();

describe('private keys', () => {
  let rsa: string;
  let ec: string;
  let pkcs1: Uint8Array;
  let sec1: Uint8Array;

  before(async () => {
    rsa = right(await generateKey('RSA-2048')());
    ec = right(await generateKey('P-256')());
    pkcs1 = contentOf(membersOf(bytesOf(rsa))[2] ?? new Uint8Array());
    const inner = membersOf(contentOf(membersOf(bytesOf(ec))[2] ?? new Uint8Array()));
    sec1 = f.der(
      0x30,
      inner[0] ?? f.der(5),
      inner[1] ?? f.der(5),
      f.der(0xa0, f.oid('1.2.840.10045.3.1.7')),
      inner.at(-1) ?? f.der(5),
    );
  });

  it('are read by their structure, whatever the label says', () => {
    const labels = [
      'PRIVATE KEY',
      'RSA PRIVATE KEY',
      'EC PRIVATE KEY',
      'ENCRYPTED PRIVATE KEY',
      'DSA PRIVATE KEY',
      'ANY PRIVATE KEY',
    ];
    for (const label of labels) {
      assert.equal(keyOf(relabel(rsa, label)), 'rsa', label);
      assert.equal(keyOf(writePem(label, pkcs1)), 'rsa', label);
      assert.equal(keyOf(relabel(ec, label)), 'P-256', label);
      assert.equal(keyOf(writePem(label, sec1)), 'P-256', label);
    }
    for (const bytes of [pkcs1, sec1, bytesOf(rsa)]) {
      assert.equal(keyOf(bytes), bytes === sec1 ? 'P-256' : 'rsa', 'also as DER');
    }
  });

  it('are told to be encrypted, whatever the label says', () => {
    const encrypted = f.der(0x30, f.der(0x30, f.oid('1.2.840.113549.1.5.13')), f.der(4, 1, 2, 3));
    for (const label of ['ENCRYPTED PRIVATE KEY', 'PRIVATE KEY', 'RSA PRIVATE KEY']) {
      assert.equal(keyOf(writePem(label, encrypted)), 'key-encrypted', label);
    }
    const old = relabel(rsa, 'RSA PRIVATE KEY').replace(
      'KEY-----\n',
      'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n',
    );
    assert.equal(keyOf(old), 'key-encrypted');
  });

  it('are of no kind that is worked with, or none at all', () => {
    assert.equal(
      keyOf(writePem('OPENSSH PRIVATE KEY', new TextEncoder().encode('openssh-key-v1\0…'))),
      'key-unsupported',
    );
    assert.equal(
      keyOf(writePem('PRIVATE KEY', f.der(0x30, f.der(2, 0), f.der(0x30, f.oid('1.3.101.113')), f.der(4, 1)))),
      'key-unsupported',
    );
    for (
      const bytes of [
        f.der(0x30),
        f.der(5),
        f.der(0x30, f.der(2, 0)),
        f.der(0x30, f.der(2, 0), f.der(5)),
        pkcs1.subarray(1),
      ]
    ) {
      assert.equal(keyOf(writePem('PRIVATE KEY', bytes)), 'key-unreadable');
    }
    assert.equal(keyOf('nothing'), 'key-missing');
  });

  it('of RSA have numbers that belong together', () => {
    const members = membersOf(pkcs1);
    assert.equal(members.length, 9);
    for (const [at, name] of ['version', 'n', 'e', 'd', 'p', 'q', 'dP', 'dQ', 'qInv'].entries()) {
      const damaged = (change: (content: Uint8Array) => Uint8Array | ReadonlyArray<number>): string =>
        keyOf(
          writePem(
            'RSA PRIVATE KEY',
            f.der(0x30, ...members.map((member, i) => i === at ? f.der(2, ...change(contentOf(member))) : member)),
          ),
        );
      assert.notEqual(
        damaged((content) => content.map((byte, i) => i === content.length - 1 ? byte ^ 2 : byte)),
        'rsa',
        name,
      );
      if (at > 0) {
        assert.equal(damaged(() => [0]), 'key-unreadable', `${name} is nought`);
        assert.equal(damaged(() => [0xff]), 'key-unreadable', `${name} is negative`);
        assert.equal(damaged((content) => [0, ...content]), 'key-unreadable', `${name} is not as short as it can be`);
      }
    }
    const swapped = [0, 1, 2, 3, 5, 4, 6, 7, 8].map((at) => members[at] ?? f.der(5));
    assert.equal(keyOf(writePem('RSA PRIVATE KEY', f.der(0x30, ...swapped))), 'key-unreadable', 'p and q are swapped');
    assert.equal(
      keyOf(writePem('RSA PRIVATE KEY', f.der(0x30, ...members, f.der(5)))),
      'key-unreadable',
      'something is behind',
    );
    const several = [f.der(2, 1), ...members.slice(1), f.der(0x30)];
    assert.equal(
      keyOf(writePem('RSA PRIVATE KEY', f.der(0x30, ...several))),
      'key-unsupported',
      'there are more than two primes',
    );
  });

  it('of a curve have a public half that fits the certificate, where they have one', async () => {
    const keys = await f.newKeys();
    const self = { subject: f.name('x'), keys };
    const certificate = await f.make({ ...self, issuer: self, extensions: [f.sans('dns:web.example')] });
    assert.equal(readCertificates(certificate).certificates.length, 1);
    const asked = { certType: 'server', commonName: 'web.example', sans: [] } as const;
    const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
    const matched = async (key: Uint8Array): Promise<string> => {
      const result = await match({ certificate, key, asked })();
      return result._tag === 'Right' ? 'ok' : result.left.map(({ code }) => code).join();
    };
    assert.equal(await matched(pkcs8), 'ok');
    const [version, algorithm, octets] = membersOf(pkcs8);
    const inner = membersOf(contentOf(octets ?? f.der(5)));
    const scalar = inner[1] ?? f.der(5);
    const wrapped = (...more: ReadonlyArray<f.Der>): f.Der =>
      f.der(0x30, version ?? f.der(5), algorithm ?? f.der(5), f.der(4, f.der(0x30, f.der(2, 1), scalar, ...more)));
    assert.equal(await matched(wrapped()), 'ok');
    const other = new Uint8Array(await crypto.subtle.exportKey('raw', (await f.newKeys()).publicKey));
    assert.equal(await matched(wrapped(f.der(0xa1, f.der(3, 0, other)))), 'key-mismatch');
    const zero = f.der(
      0x30,
      version ?? f.der(5),
      algorithm ?? f.der(5),
      f.der(4, f.der(0x30, f.der(2, 1), f.der(4, new Uint8Array(32)))),
    );
    assert.equal(await matched(zero), 'key-unreadable');
  });
});
