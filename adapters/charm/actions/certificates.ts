/**
 * The certificates of a requirer as people and programs get them from an action. No private key is among them.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { AnyRequiresView } from '../../../core/any/requires/view.ts';
import type { CsrRequiresView, RequestView } from '../../../core/csr/requires/view.ts';
import type { CertType } from '../../../core/model/certificate.ts';
import type { Delivered } from '../../../core/side/row.ts';
import type { CertificateParameters } from './declared.ts';
import { type Entry, fits, listed } from './listed.ts';
import type { ActionAnswer, Results } from './requested.ts';

/** A certificate of a list. */
export interface CertificateEntry extends Entry {
  readonly cert_type: CertType;
  readonly common_name: string;
  readonly certificate: string | null;
  readonly ca: string | null;
  /** As it is installed: the certificate first. */
  readonly chain: ReadonlyArray<string>;
}

/** Whether a request is meant. */
export const isMeant = (
  { 'common-name': commonName, 'cert-type': certType }: CertificateParameters,
  one: { readonly certType: CertType; readonly commonName: string },
): boolean =>
  (commonName === undefined || one.commonName === commonName) && (certType === undefined || one.certType === certType);

/** How far a request of the CSR side is. */
const standingOf = (
  { request: { certType, commonName, sans }, state, renewAt, denied }: RequestView,
): Entry => ({
  cert_type: certType,
  common_name: commonName,
  sans,
  state,
  renew_at: renewAt,
  denied,
});

const csrEntry = (one: RequestView): CertificateEntry => {
  const { request: { certType, commonName }, certificate, ca, chain, csr } = one;
  const named = { cert_type: certType, common_name: commonName };
  return { ...standingOf(one), ...named, certificate, ca, chain, certificate_signing_request: csr };
};

/** The certificates of the CSR side. */
export const csrCertificates = ({ requests }: CsrRequiresView): ReadonlyArray<CertificateEntry> =>
  requests.map(csrEntry);

/** The certificates of a side that speaks both protocols: in which each has come, or since when it is waited for. */
export const anyCertificates = ({ deliveries, waiting }: AnyRequiresView): ReadonlyArray<CertificateEntry> => [
  ...deliveries.map(({ request: { certType, commonName, sans }, protocol, certificate, ca, chain }) => ({
    cert_type: certType,
    common_name: commonName,
    sans,
    state: 'answered',
    protocol,
    certificate,
    ca,
    chain,
  })),
  ...waiting.map(({ request: { certType, commonName, sans }, protocol, since, denied }) => ({
    cert_type: certType,
    common_name: commonName,
    sans,
    state: denied === null ? 'waiting' : 'denied',
    protocol,
    since,
    denied,
    certificate: null,
    ca: null,
    chain: [],
  })),
];

/** The same without the certificates. */
export const standingsOf = (entries: ReadonlyArray<CertificateEntry>): ReadonlyArray<Entry> =>
  entries.map(({ certificate: _, ca: __, chain: ___, certificate_signing_request: ____, ...standing }) => standing);

/** The certificates of the reactive side, where CA and chain are the same for all. */
export const deliveredCertificates = ({ deliveries, common }: Delivered): ReadonlyArray<CertificateEntry> =>
  deliveries.map(({ request: { certType, commonName }, certificate, ca, chain }) => ({
    cert_type: certType,
    common_name: commonName,
    certificate,
    ca: ca ?? common?.ca ?? null,
    chain,
  }));

/** The one certificate that is meant, as charms that have no more than one give it back; nothing where it is too long for a result. */
const alone = (entries: ReadonlyArray<CertificateEntry>): Results => {
  const [one] = entries;
  if (one === undefined || entries.length > 1 || one.certificate === null) return {};
  const { certificate, ca, chain } = one;
  const results = { certificate, ...(ca === null ? {} : { 'ca-certificate': ca }), chain: JSON.stringify(chain) };
  return Object.values(results).every(fits) ? results : {};
};

/** What the action `get-certificate` gives back. */
export const certificatesFor = (
  all: ReadonlyArray<CertificateEntry>,
  parameters: CertificateParameters,
): ActionAnswer => {
  const meant = all.filter((one) => isMeant(parameters, { certType: one.cert_type, commonName: one.common_name }));
  if (meant.length === 0 && all.length > 0) return E.left('no certificate is asked for that has this name and kind');
  const there = meant.filter(({ certificate }) => certificate !== null);
  return there.length === 0
    ? E.left('there is no certificate yet: the unit’s status says what it waits for')
    : E.right({ ...listed('certificates', meant), ...alone(there) });
};
