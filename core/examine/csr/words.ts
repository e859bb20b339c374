/**
 * Words for what a provider says about a CSR.
 *
 * @module
 */
import { ERROR_CODES, type RequestError } from '../../csr/errors.ts';
import type { PublishedAnswer } from '../../csr/published.ts';
import { quoted } from '../whose.ts';

/** The protocol's name for a code, otherwise the provider's. */
const nameOf = ({ code, name }: RequestError): string =>
  Object.entries(ERROR_CODES).find(([, known]) => known === code)?.[0] ?? quoted(name);

/** A refusal with everything the provider says about it. Its words are foreign text, so they are quoted. */
export const deniedWords = (error: RequestError): string => {
  const { code, message, reason } = error;
  const said = message.trim() === '' ? '' : `: ${quoted(message, 300)}`;
  const why = reason === null || reason.trim() === '' ? '' : `, for the reason ${quoted(reason, 300)}`;
  return `the provider denies this request with code ${code}, ${nameOf(error)}${said}${why}`;
};

/** Why the delivered CA is not the issuer. */
export const issuerWords = ({ certificate, ca }: PublishedAnswer): string => {
  const [own, above] = [certificate.certificate.same, ca?.certificate.same];
  const isHelpers = above !== undefined && above.issuer !== above.subject && own.issuer === above.issuer;
  return `the certificate names another issuer than the CA that came with it${
    isHelpers
      ? ': the issuer of that CA, as the signing helper of the Python library writes it below an intermediate CA'
      : ''
  }`;
};
