/**
 * What a certificate request asks an authority for: the kinds of certificate, and every name that it would certify.
 *
 * The protocol has no kinds, only the flag for a CA: the usages in a CSR distinguish a client's from a server's. Source:
 * docs/csr-protocol.md, What a certificate is made of.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { ProvidedRequest } from '../../csr/provides/view.ts';
import type { KnownCsr } from '../../csr/texts.ts';
import type { CertType } from '../../model/certificate.ts';
import { addressText } from '../../model/hosts.ts';
import { altNamesFor } from '../../x509/csr-extensions.ts';
import type { GeneralName } from '../../x509/general-names.ts';
import { valuesOf } from '../../x509/names.ts';

/**
 * The kinds for which a certificate has to be issued; a `Left` is a usage that is not issued. If the application asks, a server's
 * certificate is an application's.
 */
export const kindsOf = (
  { isCa, bag }: Pick<ProvidedRequest, 'isCa' | 'bag'>,
  { csr }: KnownCsr,
): E.Either<string, ReadonlyArray<CertType>> => {
  if (isCa) return E.right(['intermediate']);
  const server: CertType = bag === 'application' ? 'application' : 'server';
  const kinds = new Set<CertType>();
  for (const usage of csr.extendedKeyUsage ?? ['serverAuth']) {
    if (usage === 'serverAuth' || usage === 'anyExtendedKeyUsage') kinds.add(server);
    if (usage === 'clientAuth' || usage === 'anyExtendedKeyUsage') kinds.add('client');
    if (usage !== 'serverAuth' && usage !== 'clientAuth' && usage !== 'anyExtendedKeyUsage') return E.left(usage);
  }
  return E.right([...kinds]);
};

/** A name to certify, by what it is. */
export interface CertifiedName {
  readonly kind: 'ip' | 'dns' | 'wildcard' | 'common-name' | 'other';
  readonly text: string;
}

const certified = (name: GeneralName): CertifiedName => {
  switch (name.type) {
    case 'ip':
      return { kind: 'ip', text: addressText(name.bytes) };
    case 'dns':
      return { kind: name.text.startsWith('*') ? 'wildcard' : 'dns', text: name.text };
    case 'registeredId':
      // Four numbers with dots would otherwise be an address.
      return { kind: 'other', text: `oid:${name.oid}` };
    case 'directory':
      return { kind: 'other', text: name.name.text };
    case 'other':
      return { kind: 'other', text: name.hex };
    default:
      return { kind: 'other', text: name.text };
  }
};

/** The SANs of a request, including those from the e-mail addresses of its subject. */
export const altNamesOf = ({ csr }: KnownCsr): ReadonlyArray<CertifiedName> => altNamesFor(csr).map(certified);

/** All common names of a request: some readers take the first, some the last. */
export const commonNamesOf = ({ csr }: KnownCsr): ReadonlyArray<string> => valuesOf(csr.subject, 'CN');
