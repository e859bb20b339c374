/**
 * How long an examination takes for one unit with many certificates, each of which is described, matched with its request and its
 * key, and verified; beside these three done once for one of them, which is the least that each certificate costs.
 *
 * Prints one JSON line per size and kind of key, in milliseconds. The certificates are all different, but have one key between them,
 * since making RSA keys would take longer than everything else; nothing here remembers a key.
 *
 * @module
 */
import { Buffer } from 'node:buffer';
import { createPrivateKey, sign } from 'node:crypto';
import { exchangesOfRequirer } from '../../core/examine/exchange.ts';
import { allFindings, type Examinations } from '../../core/examine/examination.ts';
import { examine } from '../../core/examine/examine.ts';
import { readBundle } from '../../core/x509/bundle.ts';
import { describe, type KeyAlgorithm, match, verify } from '../../core/x509/mod.ts';
import { writePem } from '../../core/x509/pem.ts';
import { der, ECDSA_SHA256, oid } from '../core/x509/forge.ts';
import { answers, decoded, relation } from '../world.ts';
import { ALGORITHMS, type Authority, authorityOf, median, NOW } from './authority.ts';

const SIZES = [10, 100, 1_000];

const ADDRESS = '10.0.0.7';

/** Host names of the same length, so that one can take the place of another in DER. */
const hostOf = (n: number): string => `unit-${String(n).padStart(4, '0')}.example`;

const RSA_SHA256 = der(0x30, oid('1.2.840.113549.1.1.11'), der(5));

/** Certificates for many hosts: the first one with another name in it, signed again. Issuing each would take longer than the rest. */
const certificatesOf = (algorithm: KeyAlgorithm, { caKey, cert }: Authority, n: number): ReadonlyArray<string> => {
  const [first] = readBundle(cert).certificates;
  if (first === undefined) throw new Error('expected a certificate');
  const signer = createPrivateKey(caKey);
  const text = Buffer.from(first.signed.bytes).toString('latin1');
  const identifier = algorithm === 'RSA-2048' ? RSA_SHA256 : ECDSA_SHA256;
  return Array.from({ length: n }, (_, i) => {
    const tbs = Buffer.from(text.replaceAll(hostOf(0), hostOf(i)), 'latin1');
    return writePem('CERTIFICATE', der(0x30, tbs, identifier, der(3, 0, sign('sha256', tbs, signer))));
  });
};

const sansOf = (i: number): ReadonlyArray<string> => [hostOf(i), ADDRESS];

/** What a unit with these certificates sees: all asked for in its collection, all answered, nothing wrong. */
const exchangesWith = ({ ca, key }: Authority, certificates: ReadonlyArray<string>) => {
  const asked = certificates.map((_, i) => [hostOf(i), { sans: sansOf(i) }]);
  const answered = Object.fromEntries(certificates.map((cert, i) => [hostOf(i), { cert, key }]));
  const { snapshot } = decoded({
    side: 'reactive/requires',
    snapshot: {
      localUnit: 'web/0',
      endpoint: 'certificates',
      now: NOW.toISOString(),
      relations: [relation({
        localUnitData: { unit_name: 'web_0', cert_requests: JSON.stringify(Object.fromEntries(asked)) },
        remoteUnits: { 'easyrsa/0': { ca, ...answers(answered) } },
      })],
    },
  });
  return exchangesOfRequirer(snapshot);
};

/** The three parts for one certificate; the last one's name is as good as any. */
const partsOf = ({ ca, key }: Authority, certificate: string, i: number) => async (): Promise<boolean> => {
  const [description] = describe(certificate).certificates;
  const asked = { certType: 'server', commonName: hostOf(i), sans: sansOf(i) } as const;
  const matched = await match({ certificate, key, asked })();
  const verified = await verify({ certificate, ca, now: NOW })();
  return description !== undefined && matched._tag === 'Right' && verified._tag === 'Right';
};

/** Whether all certificates were examined, and found good. */
const isGood = (examined: Examinations | null, n: number): boolean => {
  const requests = examined?.examinations.flatMap(({ requests }) => requests) ?? [];
  const verified = requests.filter(({ answer }) => answer?.verified === true);
  return examined !== null && verified.length === n && allFindings(examined).length === 0;
};

const run = async (algorithm: KeyAlgorithm): Promise<void> => {
  const authority = await authorityOf(algorithm, hostOf(0), ADDRESS);
  const certificates = certificatesOf(algorithm, authority, Math.max(...SIZES));
  const parts = partsOf(authority, certificates[1] ?? '', 1);
  if (!(await parts())) throw new Error('the certificates are not good');
  for (const n of SIZES) {
    const task = examine(exchangesWith(authority, certificates.slice(0, n)));
    const floor = await median(parts);
    let last: Examinations | null = null;
    // A run of 1,000 takes seconds, so there is one, after one that does not count.
    const whole = await median(async () => void (last = await task()), n < 1_000 ? 3 : 1);
    if (!isGood(last, n)) throw new Error('the world is not as it should be');
    console.log(JSON.stringify({ algorithm, n, floor, whole }));
  }
};

for (const algorithm of ALGORITHMS) await run(algorithm);
