/**
 * What was delivered for an installation, and what is missing.
 *
 * @module
 */
import { digestOf } from '../../core/digest.ts';
import { type Certificate, hidingKeys, type PrivateKey } from '../../core/model/certificate.ts';
import type { Digest } from '../../core/model/memory.ts';
import type { Delivered, Delivery } from '../../core/side/row.ts';
import { type Installation, pathsOf } from './entry.ts';

/** What an installation is made from, as delivered. */
export interface Sources {
  readonly certificate: Certificate | null;
  readonly ca: string | null;
  readonly chain: string | null;
}

/** Whether part of a certificate is installed, and not only the CA. */
const hasOwn = (files: Installation['files']): boolean => pathsOf(files).some(([content]) => content !== 'ca');

/** Private keys that are kept here, by the keeper's names for them. */
export type KeptKeys = ReadonlyMap<string, PrivateKey>;

/** What was delivered, with kept keys filled in as if they had come with it: both are installed in the same way. */
export const withKeptKeys = ({ deliveries, common }: Delivered, kept: KeptKeys): Delivered => ({
  common,
  deliveries: deliveries.map((delivery) => {
    const own = delivery.key !== null && 'kept' in delivery.key ? kept.get(delivery.key.kept) : undefined;
    return own === undefined ? delivery : { ...delivery, key: { sent: own } };
  }),
});

/** A delivery in the form for installing; null while its key is not available. */
const certificateIn = ({ request, certificate, key }: Delivery): Certificate | null =>
  key !== null && 'sent' in key
    ? { certType: request.certType, commonName: request.commonName, cert: certificate, key: key.sent }
    : null;

/** What was delivered for an installation; no certificate if only the CA is installed. */
export const sourcesOf = ({ deliveries, common }: Delivered, { wanted, files }: Installation): Sources => {
  const own = wanted === null || !hasOwn(files)
    ? undefined
    : deliveries.find(({ request: { certType, commonName, sans } }) =>
      certType === wanted.certType &&
      // All units share the application's certificate, whatever names they requested, if the protocol does not say which it is for.
      (certType === 'application' && sans === null || commonName === wanted.commonName)
    );
  if (own === undefined) return { certificate: null, ca: common?.ca ?? null, chain: common?.chain ?? null };
  const links = own.chain.slice(1);
  return {
    certificate: certificateIn(own),
    ca: own.ca,
    chain: links.length === 0 ? null : links.join('\n'),
  };
};

/** All private keys that were delivered: a command may see any of them. */
export const keysIn = ({ deliveries, common }: Delivered): ReadonlyArray<string> => [
  ...deliveries.flatMap(({ key }) => (key !== null && 'sent' in key ? [key.sent] : [])),
  ...(common === null || common.client === null ? [] : [common.client.key]),
];

/** Everything that files are made from. */
export const sourceDigest = ({ certificate, ca, chain }: Sources, ...parts: ReadonlyArray<unknown>): Digest =>
  digestOf([JSON.stringify([certificate?.cert, certificate?.key, ca, chain]), JSON.stringify(parts)]);

/** Why an installation has to wait for the other side; null if it need not. */
export const whatIsMissing = (
  { wanted, files, removesCa = false }: Installation,
  { certificate, ca }: Sources,
): string | null => {
  if (hasOwn(files) && certificate === null) {
    return wanted === null
      ? 'it does not say which certificate is installed'
      : `the ${wanted.certType} certificate for ${JSON.stringify(hidingKeys(wanted.commonName))} has not come yet`;
  }
  return files.ca !== undefined && ca === null && !removesCa ? 'the CA has not been published yet' : null;
};
