/**
 * How long it takes to make a certificate request and to issue a certificate for one, beside the WebCrypto calls that the work cannot do
 * without.
 *
 * Keys, requests and the CA are in PEM, as they are kept and published. Prints one JSON line per operation and kind of key.
 *
 * @module
 */
import { contentOf } from '../../core/csr/content.ts';
import { makeCsr } from '../../core/keyring/csr.ts';
import { type KeyAlgorithm, readKeys } from '../../core/x509/key.ts';
import { issueFor, openIssuer } from '../../core/x509/mod.ts';
import { algorithmsOf } from '../../core/x509/private-key.ts';
import { right, TERMS } from '../core/x509/cases.ts';
import { ALGORITHMS, authorityOf, median } from './authority.ts';

const REQUEST = {
  certType: 'server',
  commonName: 'web.example',
  sans: ['web.example', '10.0.0.7'],
  uniqueIdentifier: true,
} as const;

const run = async (algorithm: KeyAlgorithm): Promise<void> => {
  const { ca, caKey, key } = await authorityOf(algorithm, 'web.example', '10.0.0.7');
  const content = right(contentOf(REQUEST));
  const make = async () => right(await makeCsr({ content, certType: 'server', key, identifier: 'an identifier' })());
  const csr = await make();
  const issuer = right(await openIssuer({ certificate: ca, key: caKey })());
  const keys = right(await readKeys(key)());
  const { importAs, signAs } = algorithmsOf(keys.kind);
  // As long as what is signed in a request of this kind.
  const bytes = new Uint8Array(300);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
  const signature = new Uint8Array(await crypto.subtle.sign(signAs, keys.privateKey, bytes));
  const operations = {
    'make a CSR': {
      ours: make,
      floor: async () => crypto.subtle.sign(signAs, right(await readKeys(key)()).privateKey, bytes),
    },
    'issue for a CSR': {
      ours: async () => right(await issueFor({ csr, kinds: ['server'], usage: null, subtrees: null }, issuer, TERMS)()),
      floor: async () => {
        const publicKey = await crypto.subtle.importKey('spki', spki, importAs, false, ['verify']);
        const isRight = await crypto.subtle.verify(signAs, publicKey, signature, bytes);
        return [isRight, await crypto.subtle.sign(signAs, issuer.keys.privateKey, bytes)];
      },
    },
  };
  for (const [operation, { ours, floor }] of Object.entries(operations)) {
    console.log(JSON.stringify({ operation, algorithm, ours: await median(ours), floor: await median(floor) }));
  }
};

for (const algorithm of ALGORITHMS) await run(algorithm);
