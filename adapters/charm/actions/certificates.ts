/**
 * A requirer's certificates in the form that an action returns to people and programs. They include no private keys.
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

/** A certificate in a list. */
export interface CertificateEntry extends Entry {
  readonly cert_type: CertType;
  readonly common_name: string;
  readonly certificate: string | null;
  readonly ca: string | null;
  /** As installed: the certificate comes first. */
  readonly chain: ReadonlyArray<string>;
}

/** Whether the action is about this request. */
export const isMeant = (
  { 'common-name': commonName, 'cert-type': certType }: CertificateParameters,
  one: { readonly certType: CertType; readonly commonName: string },
): boolean =>
  (commonName === undefined || one.commonName === commonName) && (certType === undefined || one.certType === certType);

/** How far a request of the CSR side has come. */
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

/** The certificates of a side that speaks both protocols: by which protocol each came, or since when it has been awaited. */
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

/** The certificates of the reactive side, where all share the same CA and chain. */
export const deliveredCertificates = ({ deliveries, common }: Delivered): ReadonlyArray<CertificateEntry> =>
  deliveries.map(({ request: { certType, commonName }, certificate, ca, chain }) => ({
    cert_type: certType,
    common_name: commonName,
    certificate,
    ca: ca ?? common?.ca ?? null,
    chain,
  }));

/** The one selected certificate, as charms with at most one return it; nothing if it is too long for a result. */
const alone = (entries: ReadonlyArray<CertificateEntry>): Results => {
  const [one] = entries;
  if (one === undefined || entries.length > 1 || one.certificate === null) return {};
  const { certificate, ca, chain } = one;
  const results = { certificate, ...(ca === null ? {} : { 'ca-certificate': ca }), chain: JSON.stringify(chain) };
  return Object.values(results).every(fits) ? results : {};
};

/** What the action `get-certificate` returns. */
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
