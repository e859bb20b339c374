/**
 * What a provider publishes to everybody: the CA, its chain, and the shared client certificate.
 *
 * Source: docs/reactive-protocol.md section 2, D31.
 *
 * @module
 */
import { lookup } from '../../databag/lookup.ts';
import type { KeyPair } from '../../model/certificate.ts';
import type { Finding } from '../../model/finding.ts';
import { samePem } from '../../model/pem-text.ts';
import type { Databag } from '../../model/snapshot.ts';
import { PROVIDER_KEYS } from '../wire.ts';
import { finding } from './findings.ts';
import type { ProvidesIntent } from './intent.ts';

/** Whether one half of a pair is present without the other. */
export const isHalf = (pair: KeyPair | undefined): boolean =>
  pair !== undefined && (pair.cert === '') !== (pair.key === '');

/** The message about such a pair. */
export const HALF_SHARED: Finding = finding(
  'incomplete-answer',
  { key: PROVIDER_KEYS.clientCert },
  'the shared client certificate has no certificate or no key: it is left as it was',
);

/** What to publish to everybody on a relation; empty texts remove what is there. */
export const toEverybody = ({ ca, chain, globalClientCert }: ProvidesIntent): Databag => ({
  ...(ca === undefined ? {} : { [PROVIDER_KEYS.ca]: ca }),
  ...(chain === undefined ? {} : { [PROVIDER_KEYS.chain]: chain }),
  ...(globalClientCert === undefined || isHalf(globalClientCert) ? {} : {
    [PROVIDER_KEYS.clientCert]: globalClientCert.cert,
    [PROVIDER_KEYS.clientKey]: globalClientCert.key,
  }),
});

/** The part that differs from a databag; another form of the same PEM is no difference (D31). A pair differs as a whole. */
export const newIn = (bag: Databag, everybody: Databag): Databag => {
  const isSame = (key: string): boolean => samePem(lookup(bag, key) ?? '', everybody[key] ?? '');
  const { clientCert, clientKey } = PROVIDER_KEYS;
  const isSamePair = isSame(clientCert) && isSame(clientKey);
  return Object.fromEntries(
    Object.entries(everybody).filter(([key]) => key === clientCert || key === clientKey ? !isSamePair : !isSame(key)),
  );
};
