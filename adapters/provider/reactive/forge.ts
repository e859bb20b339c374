/**
 * Forged answers of the reactive protocol: a certificate with its key.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Policy } from '../../../core/authority/mod.ts';
import type { KeyPair } from '../../../core/model/certificate.ts';
import type { ProvidesRequest } from '../../../core/reactive/provides/view.ts';
import { generateKey, issue } from '../../../core/x509/mod.ts';
import type { Fault } from '../fault.ts';
import { ELSEWHERE, type Forger } from '../forge.ts';

/** The wrong answer to a request that was answered correctly; null if none can be made. */
export const forgePair = (
  forger: Forger<KeyPair>,
  fault: Fault,
  { relationId, unit, certType, commonName, sans, cert }: ProvidesRequest,
  { kinds }: Policy,
): Promise<KeyPair | null> => {
  const isOfOtherKey = fault.fault === 'wrong-key';
  // All units of an application have one certificate.
  const asker = certType === 'application' ? '' : unit;
  const purpose = [relationId, asker, certType, commonName, sans, isOfOtherKey ? cert : null];
  return forger.forge(fault, purpose, async (issuer, terms) => {
    const key = await generateKey(kinds[certType].keys)();
    if (E.isLeft(key)) return null;
    if (isOfOtherKey) return { cert: cert ?? '', key: key.right };
    const names = fault.fault === 'wrong-names' ? { commonName: ELSEWHERE, sans: [ELSEWHERE] } : { commonName, sans };
    const made = await issue({ certType, ...names, holder: { key: key.right } }, issuer, terms)();
    return E.isRight(made) ? { cert: made.right, key: key.right } : null;
  });
};
