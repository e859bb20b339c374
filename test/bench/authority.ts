/**
 * What the benchmarks of X.509 have in common: an authority, a certificate below it with its key, and how time is taken.
 *
 * @module
 */
import { measure } from 'mitata';
import type { PrivateKey } from '../../core/model/certificate.ts';
import { generateKey, issue, issueRoot, type KeyAlgorithm } from '../../core/x509/mod.ts';
import { right, TERMS } from '../core/x509/cases.ts';

/** The kinds of key that are measured: the default, and what EasyRSA and Vault issue. */
export const ALGORITHMS = ['P-256', 'RSA-2048'] as const satisfies ReadonlyArray<KeyAlgorithm>;

/** A moment at which everything issued here is valid. */
export const NOW = new Date('2026-12-01T00:00:00Z');

/** A root with its key, and a server certificate below it with its own. */
export interface Authority {
  readonly ca: string;
  readonly caKey: PrivateKey;
  readonly cert: string;
  readonly key: PrivateKey;
}

/** Makes an authority of which all keys are of one kind, and a certificate for a host and an address. */
export const authorityOf = async (algorithm: KeyAlgorithm, host: string, address: string): Promise<Authority> => {
  const caKey = right(await generateKey(algorithm)());
  const key = right(await generateKey(algorithm)());
  const ca = right(await issueRoot({ commonName: 'Root', key: caKey }, TERMS)());
  const wanted = { certType: 'server', commonName: host, sans: [address], holder: { key } } as const;
  const cert = right(await issue(wanted, { certificate: ca, key: caKey }, TERMS)());
  return { ca, caKey, cert, key };
};

/** Median milliseconds. Quick work is measured in batches, which are short here, so that no measurement takes seconds. */
export const median = async (work: () => unknown, samples = 12): Promise<number> =>
  (await measure(work, { min_cpu_time: 1.5e8, min_samples: samples, batch_samples: 256 })).p50 / 1e6;
