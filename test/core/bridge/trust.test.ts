/**
 * CA and chain below, whatever order they come in above.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { latest, trustIn } from '../../../core/bridge/trust.ts';
import { type KnownCertificate, textsOnce } from '../../../core/csr/texts.ts';
import { generateKey, issue, issueRoot, openIssuer, type PrivateKey } from '../../../core/x509/mod.ts';
import { right } from '../authority/csr-world.ts';

const texts = textsOnce();
const known = (pem: string): KnownCertificate => texts.certificate(pem) ?? assert.fail('no certificate');

const [NOT_BEFORE, NOT_AFTER] = [new Date('2026-01-01'), new Date('2030-01-01')];
const terms = (notBefore = NOT_BEFORE) => ({
  notBefore,
  notAfter: NOT_AFTER,
  random: (n: number) => crypto.getRandomValues(new Uint8Array(n)),
});

/** A CA below another, or a root. */
const caBelow = async (
  above: { readonly certificate: string; readonly key: PrivateKey } | null,
  commonName: string,
) => {
  const key = await right(generateKey('P-256'));
  const certificate = await right(
    above === null ? issueRoot({ commonName, key }, terms()) : issue(
      { certType: 'intermediate', commonName, sans: [], holder: { key }, pathLength: commonName === 'Middle' ? 1 : 0 },
      await right(openIssuer(above)),
      terms(),
    ),
  );
  return { certificate, key };
};
const ROOT = await caBelow(null, 'Root');
const MIDDLE = await caBelow(ROOT, 'Middle');
const ISSUING = await caBelow(MIDDLE, 'Issuing');
const OTHER = await caBelow(null, 'Root');
const leafBelow = async (above: typeof ROOT, notBefore = NOT_BEFORE) =>
  known(
    await right(
      issue(
        { certType: 'server', commonName: 'a.example', sans: [], holder: { key: await right(generateKey('P-256')) } },
        await right(openIssuer(above)),
        terms(notBefore),
      ),
    ),
  );
const LEAF = await leafBelow(ISSUING);
const [root, middle, issuing, other] = [ROOT, MIDDLE, ISSUING, OTHER].map(({ certificate }) => known(certificate));

describe('the CA and the chain of a bridge', () => {
  if (root === undefined || middle === undefined || issuing === undefined || other === undefined) assert.fail('no CAs');

  it('are the root, and the CAs from the one that issued, in whatever order they came', () => {
    const all = [LEAF, root, middle, issuing, other];
    fc.assert(fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (chain) => {
      assert.deepEqual(trustIn({ certificate: LEAF, ca: issuing, chain }), {
        ca: root.pem,
        chain: [issuing, middle, root].map(({ pem }) => pem).join('\n'),
      });
    }));
  });

  it('are the CA that issued and what is known above it, where the root did not come', () => {
    assert.deepEqual(trustIn({ certificate: LEAF, ca: issuing, chain: [LEAF, issuing, middle] }), {
      ca: issuing.pem,
      chain: [issuing, middle].map(({ pem }) => pem).join('\n'),
    });
  });

  it('are not there where the issuer is not, nor taken from a CA of the same name with another key', () => {
    assert.equal(trustIn({ certificate: LEAF, ca: root, chain: [LEAF, middle] }), null);
    assert.equal(trustIn({ certificate: middle, ca: other, chain: [] }), null);
    assert.equal(trustIn({ certificate: LEAF, ca: null, chain: [] }), null);
  });

  it('are those of the certificate that was issued last, in whatever order they are looked at', async () => {
    const later = await leafBelow(MIDDLE, new Date('2026-02-01'));
    const all = [LEAF, later, await leafBelow(ROOT)].map((certificate) => ({ certificate, ca: null, chain: [] }));
    for (const order of [all, all.toReversed()]) assert.equal(latest(order)?.certificate, later);
    assert.equal(latest([]), null);
  });
});
