/**
 * One CSR with what the provider says about it: first everything that does not depend on the time, then the judgement as of a moment.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { unsupported } from '../../csr/capabilities.ts';
import { fitsKind } from '../../csr/content.ts';
import { judgeChain } from '../../csr/judge.ts';
import type { PublishedAnswer } from '../../csr/published.ts';
import { shownSans } from '../../csr/sans.ts';
import type { KnownCsr } from '../../csr/texts.ts';
import { type CertType, hidingKeys } from '../../model/certificate.ts';
import type { Finding, Place } from '../../model/finding.ts';
import type { Name } from '../../x509/mod.ts';
import { checkProof } from '../../x509/request.ts';
import type { AnswerState, ExaminedRequest } from '../examination.ts';
import { type ExamineFindingCode, finding } from '../findings.ts';
import type { AsOf } from '../provider-side.ts';
import { verdictsOf } from '../verdicts.ts';
import type { CsrRelation, Said } from './relation.ts';
import type { JudgeAnswer } from './trust.ts';
import { deniedWords, issuerWords } from './words.ts';

/** A CSR to examine. */
export interface CsrToStudy {
  readonly csr: KnownCsr;
  /** Whether a CA certificate is requested; null if the entry that says so was not seen. */
  readonly isCa: boolean | null;
  /** Whether the entry says so. */
  readonly saysCa: boolean;
  /** Whether a databag has it; null if it may be in one that was not seen. */
  readonly isAsked: boolean | null;
  /** Whether an earlier CSR for the same names has its certificate. */
  readonly isRenewal: boolean;
  readonly place: Place;
  /** Whether an application asks. */
  readonly isApplication: boolean;
  /** Whether the provider does not hear it, because it speaks the other protocol. */
  readonly isUnheard: boolean;
}

/** One CSR, studied as far as the time does not matter. */
export interface StudiedCsr {
  readonly place: Place;
  readonly told: Omit<ExaminedRequest, 'answer' | 'findings'>;
  /** The names to look for in a certificate, except object identifiers. */
  readonly names: { readonly commonName: string; readonly sans: ReadonlyArray<string> };
  readonly oids: ReadonlyArray<string>;
  /** The answer that counts. */
  readonly answer: PublishedAnswer | null;
  readonly findings: ReadonlyArray<Finding>;
}

/** Least size of an RSA key that CAs demand, in bits. */
const MIN_BITS = 2048;

const isOwn = ({ certificate, csr }: PublishedAnswer): boolean => certificate.publicKey === csr.publicKey;

/** The last answer that fits; otherwise the last that is not revoked. */
const answerAmong = (answers: ReadonlyArray<PublishedAnswer>, isCa: boolean | null): PublishedAnswer | null => {
  const live = answers.filter(({ isRevoked }) => !isRevoked);
  const fits = live.filter((answer) => isOwn(answer) && (isCa === null || answer.certificate.isCa === isCa));
  return fits.at(-1) ?? live.at(-1) ?? null;
};

const stateOf = (said: Said | null, answer: PublishedAnswer | null, isSeen: boolean): AnswerState => {
  if (answer !== null) return 'answered';
  if (said !== null && said.errors.length > 0) return 'denied';
  if (said !== null && said.answers.length > 0) return 'revoked';
  return isSeen ? 'unanswered' : 'unknown';
};

/** The kind of certificate. The protocol only has a word for a CA's; other kinds are read from the CSR. */
const certTypeOf = ({ csr: { csr }, isApplication }: CsrToStudy, isCa: boolean): CertType => {
  if (isCa) return 'intermediate';
  if (isApplication) return 'application';
  return fitsKind(csr, 'client') && !fitsKind(csr, 'server') ? 'client' : 'server';
};

type Found = ReadonlyArray<readonly [code: ExamineFindingCode, message: string]>;

/** What to report about a request without a certificate. */
const openFindings = async (
  { csr, saysCa, isRenewal, isUnheard }: CsrToStudy,
  { capabilities }: CsrRelation,
  state: AnswerState,
  certType: CertType,
): Promise<Found> => {
  const { key } = csr.csr.publicKey;
  const lacking = capabilities === null ? [] : unsupported(csr.content, certType, capabilities);
  const proof = await checkProof(csr.csr)();
  const isProven = E.isRight(proof) || proof.left !== 'signature-invalid';
  const later = isRenewal ? '; an earlier request for the same names has its certificate, which serves until then' : '';
  return [
    ...(state === 'unanswered' && !isUnheard
      ? [['unanswered', `this was asked for and is not answered${later}`] as const]
      : []),
    ...lacking.map((what) => ['request-unsupported', `the provider says that it does not support ${what}`] as const),
    ...(isProven ? [] : [
      ['request-signature-invalid', 'the request is not signed by its own key: no CA certifies it'] as const,
    ]),
    ...(key.kind === 'rsa' && key.bits < MIN_BITS
      ? [
        [
          'weak-key',
          `the RSA key of the request has ${key.bits} bits: most CAs refuse fewer than ${MIN_BITS}`,
        ] as const,
      ]
      : []),
    ...(saysCa ? [] : [
      [
        'ca-flag-missing',
        'the request does not say whether it is for a CA: a provider on the Python library does not read the databag at all',
      ] as const,
    ]),
  ];
};

/** What to report about the answers to a CSR, whatever the time is. */
const answerFindings = (
  { isCa, isAsked }: CsrToStudy,
  said: Said,
  answer: PublishedAnswer | null,
): Found => {
  const error = said.errors.at(-1)?.error;
  const live = said.answers.filter(({ isRevoked }) => !isRevoked);
  const areSeveral = new Set(live.map(({ certificate }) => certificate.pem)).size > 1;
  const isOtherKind = answer !== null && isCa === false && answer.certificate.isCa;
  return [
    ...(isAsked === false
      ? [['unasked-answer', 'the provider speaks of this request, but nobody makes it'] as const]
      : []),
    ...(error === undefined ? [] : [['request-denied', deniedWords(error)] as const]),
    ...(error !== undefined && answer !== null
      ? [['answered-and-refused', 'there are a certificate and an error for the same request'] as const]
      : []),
    ...(live.length < said.answers.length && answer === null
      ? [['certificate-revoked', 'the provider has revoked the certificate, and there is no new one yet'] as const]
      : []),
    ...(areSeveral
      ? [['several-answers', 'there are several certificates for the same request: the last that fits counts'] as const]
      : []),
    ...(answer !== null && !isOwn(answer)
      ? [['key-mismatch', 'the certificate has another key than the request: the unit cannot use it'] as const]
      : []),
    ...(isOtherKind
      ? [['wrong-purpose', 'the certificate is one of a CA, which was not asked for: charms leave it aside'] as const]
      : []),
  ];
};

/** A name without a possible private key. */
const shownName = ({ text, attributes }: Name): Name => ({
  text: hidingKeys(text),
  attributes: attributes.map(({ type, value }) => ({ type, value: hidingKeys(value) })),
});

/** Reads what the provider says about a CSR. */
export const studyCsr = async (one: CsrToStudy, relation: CsrRelation): Promise<StudiedCsr> => {
  const { csr, isAsked, place } = one;
  const said = relation.saidOf(csr.pem);
  const answer = answerAmong(said?.answers ?? [], one.isCa);
  const state = stateOf(said, answer, relation.isAnsweringSeen);
  const certType = certTypeOf(one, one.isCa ?? answer?.certificate.isCa ?? false);
  const { commonName, sans } = csr.content;
  const names = [...sans.dns, ...sans.ip];
  const shown = shownSans(csr.csr.altNames).map(hidingKeys);
  const error = said?.errors.at(-1)?.error ?? null;
  const here: Place = { ...place, commonName: commonName === '' ? names[0] ?? '' : commonName };
  const found = [
    ...(answer === null ? await openFindings(one, relation, state, certType) : []),
    ...(said === null ? [] : answerFindings(one, said, answer)),
  ];
  return {
    place: here,
    told: {
      certType,
      commonName: hidingKeys(here.commonName ?? ''),
      sans: isAsked === false ? null : shown,
      state,
      csr: { subject: shownName(csr.csr.subject), sans: shown, publicKey: csr.csr.publicKey.key },
      denied: error === null ? null : {
        code: error.code,
        name: hidingKeys(error.name),
        message: hidingKeys(error.message),
        reason: error.reason === null ? null : hidingKeys(error.reason),
        provider: error.provider === null ? null : hidingKeys(error.provider),
        endpoint: error.endpoint === null ? null : hidingKeys(error.endpoint),
      },
    },
    // A request without a common name misses none.
    names: { commonName: commonName === '' ? names[0] ?? '' : commonName, sans: names },
    oids: sans.oid,
    answer,
    findings: found.map(([code, message]) => finding(code, here, message)),
  };
};

/** Judges the certificate of a CSR by the CA and the time. */
export const judgeCsr = async (
  { place, told, names, oids, answer, findings }: StudiedCsr,
  judge: JudgeAnswer,
  moment: AsOf,
): Promise<ExaminedRequest> => {
  if (answer === null) return { ...told, answer: null, findings };
  const { description } = answer.certificate.certificate;
  const { path, isVerified, lacksRoot, faults } = await judge(answer, told.certType, names, moment);
  const offered = new Set(description.sans.filter(({ type }) => type === 'registeredId').map(({ value }) => value));
  const lost = oids.filter((oid) => !offered.has(oid)).map((name) => ({ code: 'name-missing', name }) as const);
  const words = { own: 'the certificate', path, now: moment.now };
  const isNamed = names.commonName !== '';
  const isInPath = answer.ca !== null &&
    path.some(({ sha256 }) => sha256 === answer.ca?.certificate.description.sha256);
  const chainFaults = judgeChain(answer).filter(({ code }) =>
    code !== 'issuer-differs' || !(isVerified === true && isInPath)
  );
  const found: Found = [
    ...verdictsOf(
      [...lost, ...(isNamed ? faults : faults.filter(({ code }) => code !== 'common-name-missing'))],
      words,
    ),
    ...chainFaults.map(({ code, message }) =>
      [code, code === 'issuer-differs' ? issuerWords(answer) : message] as const
    ),
    ...(answer.ca === null ? [['no-ca', 'the certificate was published without a CA that can be read'] as const] : []),
    ...(lacksRoot
      ? [
        [
          'root-missing',
          'the CA is verified, but the root above it was not published: clients have to get it elsewhere',
        ] as const,
      ]
      : []),
  ];
  return {
    ...told,
    answer: { certificate: description, path, verified: isVerified },
    findings: [...findings, ...found.map(([code, message]) => finding(code, place, message))],
  };
};
