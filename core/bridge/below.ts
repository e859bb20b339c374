/**
 * What a bridge wants published below, before private keys are filled in: an answer by name says where its key is kept.
 *
 * @module
 */
import type { AnyProvidesIntent } from '../any/provides/intent.ts';
import type { CsrAnswer } from '../csr/provides/intent.ts';
import type { Answer } from '../reactive/provides/intent.ts';
import type { KeyPair, PrivateKey } from '../model/certificate.ts';
import type { RequestId } from './request-id.ts';
import type { RelationId, UnitName } from '../model/names.ts';

/** A certificate, and the keeper's name for its key. */
export interface KeptPair {
  /** The certificate in PEM. */
  readonly cert: string;
  /** The keeper's name of its key. */
  readonly keyName: string;
}

/** An answer by name whose key is still with its keeper. */
export interface KeptAnswer extends KeptPair, Pick<RequestId, 'certType' | 'commonName'> {
  /** The relation of the request. */
  readonly relationId: RelationId;
  /** The unit that asked. */
  readonly unit: UnitName;
}

/** What a bridge wants published below. */
export interface BelowIntent extends Omit<AnyProvidesIntent, 'answers' | 'globalClientCert'> {
  /** By name without a private key, and by CSR. */
  readonly answers: ReadonlyArray<KeptAnswer | CsrAnswer>;
  /** Requests by name that are still current, but whose published answer no longer counts. */
  readonly withdrawn: ReadonlyArray<Omit<KeptAnswer, keyof KeptPair>>;
  /** The client certificate that all share; null: there is none. */
  readonly globalClientCert?: KeptPair | null;
}

/** It removes what is published. An empty text is not a key. */
const NO_PAIR: KeyPair = { cert: '', key: '' as PrivateKey };

/**
 * The intent of `any/provides`, with private keys. Call it right before that side decides, and drop the result. An answer whose key its
 * keeper no longer has is left out.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { nothingBelow, withPrivateKeys } from 'interface-tls-certificates/bridge';
 * assert.deepEqual(withPrivateKeys(nothingBelow, () => null).answers, []);
 * ```
 */
export const withPrivateKeys = (
  { answers, withdrawn, globalClientCert, ...intent }: BelowIntent,
  keyOf: (name: string) => PrivateKey | null,
): AnyProvidesIntent => {
  const pairOf = ({ cert, keyName }: KeptPair): KeyPair | null => {
    const key = keyOf(keyName);
    return key === null ? null : { cert, key };
  };
  const shared = globalClientCert === undefined ? null : globalClientCert === null ? NO_PAIR : pairOf(globalClientCert);
  return {
    ...intent,
    answers: [
      ...withdrawn.map((request) => ({ ...request, ...NO_PAIR })),
      ...answers.flatMap((answer): ReadonlyArray<Answer | CsrAnswer> => {
        if ('csr' in answer) return [answer];
        const { relationId, unit, certType, commonName } = answer;
        const pair = pairOf(answer);
        return pair === null ? [] : [{ relationId, unit, certType, commonName, ...pair }];
      }),
    ],
    ...(shared === null ? {} : { globalClientCert: shared }),
  };
};

/** The intent of a unit that does not lead: nothing is published, and nothing withdrawn. */
export const nothingBelow: BelowIntent = {
  answers: [],
  withdrawn: [],
  refusals: [],
  revoked: [],
  onWithdrawal: 'keep',
};
