/**
 * Forged certificates of the CSR protocol.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { kindsOf } from '../../../core/authority/csr/asked.ts';
import type { ProvidedRequest } from '../../../core/csr/provides/view.ts';
import type { KnownCsr } from '../../../core/csr/texts.ts';
import { makeCsr } from '../../../core/keyring/csr.ts';
import type { CertType } from '../../../core/model/certificate.ts';
import { generateKey, issue, issueFor } from '../../../core/x509/mod.ts';
import type { Fault } from '../fault.ts';
import { ELSEWHERE, type Forger } from '../forge.ts';

/** The kind that a request is for, the first if there are several; null if it names a usage for which no certificate is issued. */
export const kindOf = (request: ProvidedRequest, known: KnownCsr): CertType | null => {
  const kinds = kindsOf(request, known);
  return E.isRight(kinds) ? kinds.right[0] ?? null : null;
};

/** A request for the same with another key; null if none can be made. */
const ofOtherKey = async ({ content }: KnownCsr, certType: CertType): Promise<string | null> => {
  const key = await generateKey()();
  if (E.isLeft(key)) return null;
  const made = await makeCsr({ content, certType, key: key.right, identifier: null })();
  return E.isRight(made) ? made.right : null;
};

/** The wrong certificate for a request that was answered correctly; null if none can be made. */
export const forgeCertificate = (
  forger: Forger<string>,
  fault: Fault,
  request: ProvidedRequest,
  known: KnownCsr,
): Promise<string | null> =>
  // Everybody who sends the same CSR gets the same certificate.
  forger.forge(fault, [request.relationId, known.pem], async (issuer, terms) => {
    const kind = kindOf(request, known);
    if (kind === null) return null;
    if (fault.fault === 'wrong-names') {
      const names = { commonName: ELSEWHERE, sans: [ELSEWHERE] };
      const made = await issue({ certType: kind, ...names, holder: { request: known.pem } }, issuer, terms)();
      return E.isRight(made) ? made.right : null;
    }
    const csr = fault.fault === 'wrong-key' ? await ofOtherKey(known, kind) : known.pem;
    if (csr === null) return null;
    const made = await issueFor({ csr, kinds: [kind], usage: null, subtrees: null }, issuer, terms)();
    return E.isRight(made) ? made.right : null;
  });
