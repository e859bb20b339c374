/**
 * What the requirer notices about one request: faults of its answers, and of the request itself.
 *
 * @module
 */
import type { Finding, Place } from '../../model/finding.ts';
import { unsupported } from '../capabilities.ts';
import { ERROR_CODES } from '../errors.ts';
import { judge } from '../judge.ts';
import { REQUIRER_KEYS } from '../wire.ts';
import { finding } from './findings.ts';
import type { AskedRelation } from './relation.ts';
import type { RequestStanding } from './state.ts';
import type { Goal } from './wanted.ts';

/** The place of a request. */
const placeOf = ({ relation }: AskedRelation, { content: { commonName } }: Goal): Place => ({
  relationId: relation.id,
  key: REQUIRER_KEYS.requests,
  ...(commonName === '' ? {} : { commonName }),
});

/** The name of an error's code, if the protocol has one; the view has the provider's own name for it. */
const nameOfCode = (code: number): string =>
  Object.entries(ERROR_CODES).find(([, known]) => known === code)?.[0] ?? 'no name that the protocol knows';

/** Answers that do not count, and why. */
const aboutOthers = (here: AskedRelation, goal: Goal, { csr, answer }: RequestStanding): ReadonlyArray<Finding> => {
  const place = placeOf(here, goal);
  const answers = [...new Set([csr?.pem, answer?.csr.pem])]
    .flatMap((pem) => (pem === undefined ? [] : here.said.answersTo(pem)));
  const different = new Set(answers.map(({ certificate }) => certificate.pem));
  const isRevoked = answers.length > 0 && answers.every((one) => one.isRevoked);
  const foreign = answers.some((one) => !one.isRevoked && one.certificate.publicKey !== one.csr.publicKey);
  const wrongKind = answers.some((one) =>
    !one.isRevoked && one.certificate.publicKey === one.csr.publicKey && one.certificate.isCa !== goal.isCa
  );
  const perCsr = answers.filter((one) => one.csr.pem === answer?.csr.pem);
  return [
    ...(isRevoked && answer === null
      ? [finding('certificate-revoked', place, 'the certificate is revoked: it is not delivered, and the CSR stands')]
      : []),
    ...(foreign
      ? [finding('key-mismatch', place, 'a certificate has another key than its CSR: it is left aside')]
      : []),
    ...(wrongKind
      ? [
        finding(
          'wrong-purpose',
          place,
          `a certificate is ${goal.isCa ? 'not one of a CA' : 'one of a CA'}: it is left aside`,
        ),
      ]
      : []),
    ...(perCsr.length > 1 && different.size > 1
      ? [
        finding('several-answers', place, 'there are several certificates for the same CSR: the last that fits counts'),
      ]
      : []),
  ];
};

/** Everything that is noticed about a request on the relation that carries it. */
export const noticesOf = (
  here: AskedRelation,
  goal: Goal,
  standing: RequestStanding,
  now: number | null,
): ReadonlyArray<Finding> => {
  const place = placeOf(here, goal);
  const { answer, error, csr } = standing;
  const { capabilities } = here.said;
  const lacking = answer !== null || capabilities === null
    ? []
    : unsupported(goal.content, goal.certType, capabilities);
  return [
    ...lacking.map((what) =>
      finding('request-unsupported', place, `the provider says that it does not support ${what}`)
    ),
    ...(error === null ? [] : [
      finding('request-denied', place, `the provider refuses it with code ${error.code} (${nameOfCode(error.code)})`),
    ]),
    ...(answer !== null && csr !== null && csr.pem === answer.csr.pem && error !== null
      ? [finding('answered-and-refused', place, 'there are a certificate and an error for the same CSR')]
      : []),
    ...aboutOthers(here, goal, standing),
    ...(standing.isStuck
      ? [finding(
        'renewal-without-change',
        place,
        'it is due for renewal, but a new CSR would be the same: give the request its unique identifier',
      )]
      : []),
    ...(answer === null
      ? []
      : judge(answer, goal.content, goal.certType, now).map(({ code, message }) => finding(code, place, message))),
  ];
};
