/**
 * Whether what is installed still holds. A certificate that was checked once ends some day, though nothing else changes.
 *
 * The dates are remembered, so that no hook has to read the certificate for this.
 *
 * @module
 */
import { type Decoder, object, required } from '../../core/model/codec.ts';
import type { Finding } from '../../core/model/finding.ts';
import { Timestamp } from '../../core/model/snapshot.ts';

/** From when until when a certificate is valid. */
export interface Validity {
  readonly notBefore: Timestamp;
  readonly notAfter: Timestamp;
}

/** Decodes what was remembered. */
export const Validity: Decoder<Validity> = object<Validity>('open', {
  notBefore: required(Timestamp),
  notAfter: required(Timestamp),
});

const DAY = 86_400_000;

/**
 * How long before its end a certificate should have been renewed: a quarter of its life, and 30 days at most. Providers
 * renew after two thirds of it, or 30 days before.
 */
const marginOf = (from: number, until: number): number => Math.min((until - from) / 4, 30 * DAY);

/** What is to be said of an installed certificate at present. The words stay the same from hook to hook. */
export const endingOf = async (
  { notBefore, notAfter }: Validity,
  commonName: string,
  now: Date,
): Promise<ReadonlyArray<Finding>> => {
  const [from, until] = [Date.parse(notBefore), Date.parse(notAfter)];
  if (now.getTime() < until - marginOf(from, until)) return [];
  const { finding } = await import('../../core/examine/findings.ts');
  return [
    now.getTime() > until
      ? finding(
        'expired',
        { commonName },
        `the installed certificate ended at ${notAfter}; the provider has not renewed it`,
      )
      : finding(
        'ends-soon',
        { commonName },
        `the installed certificate ends at ${notAfter}, and the provider has not renewed it yet`,
      ),
  ];
};
