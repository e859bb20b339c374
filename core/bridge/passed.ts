/**
 * Passes certificate requests from below on unchanged, and hands their answers down.
 *
 * @module
 */
import type { AnyProvidedRequest } from '../any/provides/view.ts';
import type { RequestError } from '../csr/errors.ts';
import { ERROR_CODES } from '../csr/errors.ts';
import type { CertificatePem, CsrRefusal } from '../csr/provides/intent.ts';
import type { CsrPem } from '../csr/csr-pem.ts';
import type { NormalPem, Texts } from '../csr/texts.ts';
import type { Finding, Place } from '../model/finding.ts';
import type { AboveCsr, AboveRequest } from './above.ts';
import type { BelowIntent } from './below.ts';
import { finding } from './findings.ts';
import { issuersOf } from './trust.ts';

/** What to publish below for one certificate request, and its findings. */
export interface GivenByCsr extends Pick<BelowIntent, 'answers' | 'refusals' | 'revoked'> {
  readonly findings: ReadonlyArray<Finding>;
}

const NOTHING: GivenByCsr = { answers: [], refusals: [], revoked: [], findings: [] };

/** One text for a certificate request and whether it asks for a CA certificate. */
export const csrKey = ({ csr, isCa }: Pick<AboveCsr, 'csr' | 'isCa'>): string => `${isCa ? 'ca' : 'leaf'} ${csr}`;

// A text in normal form was read before, so it is readable.
const csrPem = (csr: NormalPem): CsrPem => csr as string as CsrPem;
const certificatePem = (certificate: NormalPem): CertificatePem => certificate as string as CertificatePem;

const placeOf = ({ relationId, unit, commonName }: AnyProvidedRequest): Place => ({
  relationId,
  ...(unit === null ? {} : { unit }),
  commonName,
});

const refusalOf = (
  { relationId, csr }: AnyProvidedRequest,
  { code, name, message, reason, provider, endpoint }: RequestError,
): CsrRefusal => ({
  relationId,
  csr: csrPem(csr),
  code,
  name,
  message,
  ...(reason === null ? {} : { reason }),
  ...(provider === null ? {} : { provider }),
  ...(endpoint === null ? {} : { endpoint }),
});

const NOT_PASSED =
  'the provider above makes keys itself and takes no certificate request: a requirer that keeps its own key gets nothing from it';

/** A certificate request that a provider of the reactive protocol cannot answer. */
export const notPassed = (request: AnyProvidedRequest): GivenByCsr => ({
  ...NOTHING,
  refusals: [
    refusalOf(request, {
      code: ERROR_CODES.other,
      name: 'other',
      message: NOT_PASSED,
      reason: null,
      provider: null,
      endpoint: null,
    }),
  ],
  findings: [finding('csr-not-passed', placeOf(request), NOT_PASSED)],
});

/** Hands down what has come for a certificate request. */
export const givenByCsr = (request: AnyProvidedRequest, above: AboveRequest | undefined, texts: Texts): GivenByCsr => {
  if (above === undefined) return NOTHING;
  const { relationId, csr } = request;
  const leaf = above.certificate === null ? null : texts.certificate(above.certificate);
  if (leaf === null) {
    if (above.isRevoked) {
      const findings = [
        finding('certificate-revoked', placeOf(request), 'the certificate is revoked: it is withdrawn below'),
      ];
      return { ...NOTHING, revoked: request.certificate === null ? [] : [{ relationId, csr: csrPem(csr) }], findings };
    }
    return above.refusal === null ? NOTHING : { ...NOTHING, refusals: [refusalOf(request, above.refusal)] };
  }
  const read = (pem: NormalPem | null) => (pem === null ? null : texts.certificate(pem));
  const chain = above.chain.map(read).filter((link) => link !== null);
  const ca = read(above.ca) ?? issuersOf({ certificate: leaf, ca: null, chain })[0] ?? null;
  if (ca === null) {
    const message = 'the provider above does not say which CA issued the certificate: it is not handed down';
    return { ...NOTHING, findings: [finding('ca-unknown', placeOf(request), message)] };
  }
  return {
    ...NOTHING,
    answers: [{
      relationId,
      csr: csrPem(csr),
      certificate: certificatePem(leaf.pem),
      ca: certificatePem(ca.pem),
      chain: above.chain.map(certificatePem),
    }],
  };
};
