/**
 * The shared table of cases on this runtime, and OpenSSL's judgement on each path of it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describe as read, type Encoded } from '../../../core/x509/mod.ts';
import { readBlocks, writePem } from '../../../core/x509/pem.ts';
import { CASES } from './cases.ts';
import { openssl, without } from './openssl.ts';
import { PATHS } from './paths.ts';

const pemOf = (encoded: Encoded): string => typeof encoded === 'string' ? encoded : writePem('CERTIFICATE', encoded);

const certificatesOf = (encoded: Encoded | undefined): string =>
  encoded === undefined
    ? ''
    : readBlocks(encoded, 'certificate').blocks.map(({ bytes }) => writePem('CERTIFICATE', bytes)).join('');

describe('the shared cases', () => {
  for (const { name, expected, result } of CASES) {
    it(`${name}: ${expected}`, async () => assert.equal(await result(), expected));
  }

  it('have names of their own', () => {
    assert.equal(new Set(CASES.map(({ name }) => name)).size, CASES.length);
  });

  it('are judged alike by OpenSSL, but for those with a reason', { skip: without, timeout: 300_000 }, async () => {
    const disagreements: Array<string> = [];
    for (const { name, input, verdict, openssl: because } of PATHS) {
      const { certificate, chain, ca, now, purpose } = await input();
      if (read(certificate).certificates.length === 0 || read(ca).certificates.length === 0) continue;
      if (now !== undefined && Number.isNaN(now.getTime())) continue;
      const [own = '', ...more] = certificatesOf(certificate).split(/(?<=-----END CERTIFICATE-----\n)/);
      const { ok, output } = openssl([
        'verify',
        ...(now === undefined ? ['-no_check_time'] : ['-attime', String(now.getTime() / 1000)]),
        ...(purpose === 'server' ? ['-purpose', 'sslserver'] : purpose === 'client' ? ['-purpose', 'sslclient'] : []),
        '-no-CApath',
        '-no-CAstore',
        '-CAfile',
        'ca.pem',
        '-untrusted',
        'chain.pem',
        'own.pem',
      ], {
        'own.pem': own, // It wants at least one certificate.
        'chain.pem': certificatesOf(chain) + more.join('') || own,
        'ca.pem': pemOf(ca),
      });
      const expected = verdict.startsWith('ok') !== (because !== undefined);
      if (ok !== expected) disagreements.push(`${name}: ${verdict}, but OpenSSL says ${output}`);
    }
    assert.deepEqual(disagreements, []);
  });
});
