/**
 * Expiry of what is installed. A certificate that was checked once ends some day although nothing else changes, and it is useless after a
 * CA above it has ended.
 *
 * The dates are remembered, so that no hook has to read certificates for this.
 *
 * @module
 */
import { type Decoder, object, omittable, required, text } from '../../core/model/codec.ts';
import type { Finding } from '../../core/model/finding.ts';
import { Timestamp } from '../../core/model/snapshot.ts';

/** How long the installed files remain valid. */
export interface Expiry {
  /** When it should have been renewed at the latest. */
  readonly renewBy: Timestamp;
  /** The last moment of what ends first: the certificate, or a CA above it; for CAs alone, of the one that ends last. */
  readonly notAfter: Timestamp;
  /** The subject of the CA that ends, unless it is the certificate itself. */
  readonly ca?: string;
}

/** Decodes what was remembered. */
export const Expiry: Decoder<Expiry> = object<Expiry>('open', {
  renewBy: required(Timestamp),
  notAfter: required(Timestamp),
  ca: omittable(text()),
});

/** Longest name of a CA in a sentence, in characters. */
const MAX_NAME = 100;

/** What to report about it now. The words stay the same from hook to hook. */
export const endingOf = async (
  { renewBy, notAfter, ca }: Expiry,
  commonName: string | null,
  now: Date,
): Promise<ReadonlyArray<Finding>> => {
  if (now.getTime() < Date.parse(renewBy)) return [];
  const { finding } = await import('../../core/examine/findings.ts');
  const place = commonName === null ? {} : { commonName };
  const what = ca === undefined
    ? 'the installed certificate'
    : `the CA ${JSON.stringify(ca.slice(0, MAX_NAME))}, which is ${
      commonName === null ? 'installed' : 'above the installed certificate'
    },`;
  return [
    now.getTime() > Date.parse(notAfter)
      ? finding('expired', place, `${what} ended at ${notAfter}; the provider has not renewed it`)
      : finding('ends-soon', place, `${what} ends at ${notAfter}, and the provider has not renewed it yet`),
  ];
};
