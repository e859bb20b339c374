/**
 * `inspect` of PEM and DER files.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { inspect } from '../../../adapters/cli/commands.ts';
import { examineFiles, isPemFile } from '../../../adapters/cli/pem-files.ts';
import { plain } from '../../../adapters/cli/terminal.ts';
import { inFolder } from '../../command.ts';
import { assertLinear } from '../../growth.ts';
import { newKey, NOW, testAuthority } from '../install/authority.ts';

const page = { paint: plain, width: Infinity };

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const examined = async (...texts: ReadonlyArray<string>) => {
  const files = texts.map((text, i) => ({ name: `${i}.pem`, bytes: bytesOf(text) }));
  assert.ok(files.every(isPemFile));
  const result = await examineFiles(files, { now: new Date(NOW) });
  if (result._tag === 'Left') return assert.fail(result.left.message);
  const { examination, withKey } = result.right;
  return {
    ...examination,
    withKey,
    codes: [...examination.findings, ...examination.requests.flatMap(({ findings }) => findings)].map(({ code }) =>
      code
    ),
  };
};

describe('tls-certificates inspect of files', () => {
  it('finds certificate, chain, CA and key in any order, in one file or several', async () => {
    const ca = await testAuthority();
    const { cert, key } = await ca.answer('server', 'web.example');
    for (
      const files of [
        [cert, ca.intermediate, ca.root, key],
        [key, ca.root, ca.intermediate, cert],
        [cert + ca.intermediate, key, ca.root],
        [`${key}${cert}${ca.intermediate}${ca.root}`],
        [`subject=CN=web.example\nissuer=CN=x\n${cert}\n 1 s:CN=CA\n${ca.intermediate}`, ca.root, key],
      ]
    ) {
      const { requests, codes, withKey } = await examined(...files);
      assert.deepEqual(requests.map(({ commonName, certType }) => [commonName, certType]), [['web.example', 'server']]);
      assert.deepEqual(codes, []);
      assert.equal(requests[0]?.answer?.verified, true);
      assert.equal(requests[0]?.answer?.path.length, 3);
      assert.equal(withKey.size, 1);
    }
  });

  it('says nothing of a key that is not there', async () => {
    const ca = await testAuthority();
    const { cert } = await ca.answer('server', 'web.example');
    const { codes, withKey } = await examined(cert, ca.intermediate, ca.root);
    assert.deepEqual([codes, withKey.size], [[], 0]);
  });

  it('finds a key of another certificate, an end, a missing chain, a CA that is not there', async () => {
    const ca = await testAuthority();
    const other = await testAuthority('other');
    const { cert } = await ca.answer('server', 'web.example');
    const expired = await ca.expired('old.example');
    assert.deepEqual((await examined(cert, ca.intermediate, ca.root, await newKey())).codes, ['key-mismatch']);
    assert.deepEqual((await examined(expired.cert, ca.intermediate, ca.root)).codes, ['expired']);
    assert.deepEqual((await examined(cert, ca.root)).codes, ['untrusted']);
    assert.deepEqual((await examined(cert, other.root)).codes, ['untrusted']);
    assert.deepEqual((await examined(cert)).codes, ['no-ca']);
  });

  it('takes several certificates, each with its key, and a client’s for a client’s', async () => {
    const ca = await testAuthority();
    const [web, client] = [await ca.answer('server', 'web.example'), await ca.answer('client', 'someone', [])];
    const all = await examined(web.cert, client.cert, client.key, web.key, ca.intermediate, ca.root);
    assert.deepEqual(all.requests.map(({ certType }) => certType), ['server', 'client']);
    assert.deepEqual([all.codes, all.withKey.size], [[], 2]);
    const stray = await examined(web.cert, client.cert, await newKey(), ca.intermediate, ca.root);
    assert.deepEqual(stray.codes, ['key-mismatch']);
  });

  it('examines a CA by itself', async () => {
    const { root } = await testAuthority();
    const { requests, ca, codes } = await examined(root);
    assert.deepEqual([requests.length, ca.length, codes], [0, 1, []]);
  });

  it('finds what cannot be read, and refuses files without a certificate', async () => {
    const ca = await testAuthority();
    const { cert, key } = await ca.answer('server', 'web.example');
    assert.ok(
      (await examined(cert, `${ca.root}-----BEGIN CERTIFICATE-----\nAAAA\n`)).codes.includes('unreadable-certificate'),
    );
    for (const text of [key, '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n']) {
      const result = await examineFiles([{ name: 'x.pem', bytes: bytesOf(text) }], { now: null });
      assert.ok(result._tag === 'Left');
      assert.match(result.left.message, /^x\.pem: there is no certificate/);
    }
  });

  it('takes no document and no output of Juju for a file', () => {
    for (
      const text of [
        '{"side": "x", "ca": "-----BEGIN CERTIFICATE-----\\nAAAA"}',
        'web/0:\n  relation-info:\n  - related-units:\n      a/0:\n        data:\n          ca: |-\n            -----BEGIN CERTIFICATE-----\n            AAAA\n',
        '',
        'nothing',
      ]
    ) assert.equal(isPemFile({ name: 'x', bytes: bytesOf(text) }), false, text);
  });

  it('prints it without the key, and with the names of the files; reads DER too', () =>
    inFolder(async (path) => {
      const ca = await testAuthority();
      const { cert, key } = await ca.answer('server', 'web.example');
      const der = Buffer.from(cert.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
      await writeFile(path('server.der'), der);
      await writeFile(path('rest.pem'), ca.intermediate + ca.root + key);
      for (const format of ['text', 'json', 'openmetrics'] as const) {
        const result = await inspect(page, [path('server.der'), path('rest.pem')], format, { requirer: null })();
        assert.ok(result._tag === 'Right');
        const { text } = result.right;
        assert.ok(text.includes('server.der') && text.includes('web.example'), text);
        assert.doesNotMatch(text, /PRIVATE|databag|relation /);
        const piece = key.split('\n')[1] ?? '';
        assert.ok(piece.length > 20 && !text.includes(piece));
        if (format === 'text') assert.match(text, /key +EC P-256, the private key belongs to it/);
      }
    }));

  it('takes time in proportion to the files', () =>
    assertLinear('examineFiles()', {
      make: (size) => bytesOf('-----BEGIN CERTIFICATE-----\n'.repeat(size / 28)),
      work: (bytes) => examineFiles([{ name: 'x', bytes }], { now: null }),
    }));
});
