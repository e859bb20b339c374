/**
 * Answers as the provider publishes them: written, compared, revoked.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { encodeInOrder } from '../../databag/in-order.ts';
import { parseDatabagJson } from '../../databag/json.ts';
import { isObject } from '../../model/codec.ts';
import type { PublishedAnswer } from '../published.ts';
import type { KnownCertificate } from '../texts.ts';
import { ANSWER_FIELDS } from '../wire.ts';
import type { Written } from './entry-list.ts';

/** The entry that publishes an answer, as JSON text. */
export const writtenAnswer = ({ csr, certificate, ca, chain }: PublishedAnswer): string =>
  encodeInOrder({
    fields: [
      [ANSWER_FIELDS.ca, ca?.pem],
      [ANSWER_FIELDS.csr, csr.pem],
      [ANSWER_FIELDS.certificate, certificate.pem],
      [ANSWER_FIELDS.chain, chain.map(({ pem }) => pem)],
    ],
  });

const samePems = (a: ReadonlyArray<KnownCertificate>, b: ReadonlyArray<KnownCertificate>): boolean =>
  a.length === b.length && a.every(({ pem }, i) => pem === b[i]?.pem);

/** Whether two answers to one CSR mean the same. */
export const sameAnswer = (a: PublishedAnswer, b: PublishedAnswer): boolean =>
  a.isRevoked === b.isRevoked && a.certificate.pem === b.certificate.pem && a.ca?.pem === b.ca?.pem &&
  samePems(a.chain, b.chain);

const FLAG = /"revoked"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[A-Za-z0-9.+-]+)(?=\s*[,}])/g;

/** The entry with the flag that marks it as revoked, added at the end if it had none; everything else stays the same. */
const withFlag = (text: string): string => {
  const flag = `"${ANSWER_FIELDS.revoked}": true`;
  const parsed = parseDatabagJson(text);
  const hasFlag = E.isRight(parsed) && isObject(parsed.right) && Object.hasOwn(parsed.right, ANSWER_FIELDS.revoked);
  return hasFlag ? text.replace(FLAG, flag) : `${text.replace(/\s*\}$/, '')}, ${flag}}`;
};

/** An answer after its revocation; the same object if it is revoked already. */
export const revokedAnswer = (entry: Written<PublishedAnswer>): Written<PublishedAnswer> =>
  entry.value.isRevoked ? entry : { value: { ...entry.value, isRevoked: true }, text: withFlag(entry.text) };

/** The published answer that counts: the last one that is not revoked and has the key of its CSR. */
export const countingAnswer = (answers: ReadonlyArray<PublishedAnswer>): PublishedAnswer | null =>
  answers.findLast(({ csr, certificate, isRevoked }) => !isRevoked && certificate.publicKey === csr.publicKey) ?? null;
