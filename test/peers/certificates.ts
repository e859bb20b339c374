/**
 * What stands in the bags of two who meet, read by the core's X.509.
 *
 * @module
 */
import { describe } from '../../core/x509/mod.ts';
import type { Meeting } from './meeting.ts';

/** A certificate that is published and not revoked. */
export interface Answered {
  readonly pem: string;
  /** DNS names and addresses, sorted. */
  readonly names: ReadonlyArray<string>;
  readonly issuer: string;
  readonly isCa: boolean;
}

const listIn = (text: string | undefined): ReadonlyArray<Readonly<Record<string, unknown>>> => JSON.parse(text ?? '[]');

/** What is asked for in all bags of the requirer, and what is answered. */
export const readCertificates = ({ published }: Meeting): {
  readonly asked: number;
  readonly answered: ReadonlyArray<Answered>;
} => ({
  asked: Object.values(published).reduce((sum, bag) => sum + listIn(bag['certificate_signing_requests']).length, 0),
  answered: listIn(published['ca']?.['certificates']).filter(({ revoked }) => revoked !== true).map((entry) => {
    const pem = String(entry['certificate']);
    const [certificate] = describe(pem).certificates;
    return {
      pem,
      names: (certificate?.sans ?? []).map(({ value }) => value).sort(),
      issuer: certificate?.issuer.text ?? '',
      isCa: certificate?.basicConstraints?.ca ?? false,
    };
  }),
});
