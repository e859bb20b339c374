/**
 * What the CSR protocol delivers, in the form that is installed: under the root if the provider sent it, with the chain in one order; and
 * the names that an installation expects.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { contentOf } from '../../core/csr/content.ts';
import type { CertType } from '../../core/model/certificate.ts';
import type { Bag } from '../../core/model/outcome.ts';
import type { Delivery } from '../../core/side/row.ts';
import { describe } from '../../core/x509/mod.ts';
import type { WantedCertificate } from '../install/mod.ts';

/** The owner of a kind's request. */
export const askedOf = (certType: CertType): Bag => (certType === 'application' ? 'application' : 'unit');

/** Providers put the certificate first or last, or leave it out; some send the root, and `ca` may be an intermediate CA. */
export const inOrder = (delivery: Delivery): Delivery => {
  const above = delivery.chain.filter((pem) => pem !== delivery.certificate);
  const root = above.findLast((pem) => describe(pem).certificates[0]?.selfIssued === true);
  return { ...delivery, ca: root ?? delivery.ca, chain: [delivery.certificate, ...above] };
};

/** The names that a certificate is checked for: addresses and host names, without the prefixes that say which is which. */
export const namesOf = (wanted: WantedCertificate): WantedCertificate => {
  const content = contentOf({ ...wanted, uniqueIdentifier: true });
  if (E.isLeft(content)) return wanted;
  const { ip, dns } = content.right.sans;
  return { ...wanted, sans: [...ip, ...dns] };
};
