/**
 * Giving what the charm wants: answers, refusals, revocations, each only for a CSR that a bag of its relation has.
 *
 * A CSR is answered or refused, never both; of several for one CSR the last counts. Source: docs/csr-protocol.md, The provider.
 *
 * @module
 */
import type { Finding, Place } from '../../model/finding.ts';
import type { RelationId } from '../../model/names.ts';
import type { RequestError } from '../errors.ts';
import { sameError, writtenError } from '../errors.ts';
import { judgeChain } from '../judge.ts';
import type { Answer } from '../published.ts';
import type { KnownCertificate, KnownCsr, Texts } from '../texts.ts';
import { revokedAnswer, sameAnswer, writtenAnswer } from './answers.ts';
import { finding } from './findings.ts';
import type { Addressed, CsrAnswer, CsrProvidesIntent, CsrRefusal } from './intent.ts';
import type { CsrRelation } from './relation.ts';

/** Something for a CSR that is asked on a relation. */
interface Aimed<A> {
  readonly what: A;
  readonly on: CsrRelation;
  readonly csr: KnownCsr;
}

/** Where in the intent something stands, for people. */
type List = 'answers' | 'refusals' | 'revoked';

const placeOf = ({ relationId }: Addressed, csr: KnownCsr | null): Place => ({
  relationId,
  ...(csr === null || csr.content.commonName === '' ? {} : { commonName: csr.content.commonName }),
});

/** Finds what each element of a list is for; of several for one CSR the last. */
const aim = <A extends Addressed>(
  list: List,
  all: ReadonlyArray<A>,
  relations: ReadonlyMap<RelationId, CsrRelation>,
  texts: Texts,
): { readonly aimed: ReadonlyArray<Aimed<A>>; readonly findings: ReadonlyArray<Finding> } => {
  const aimed = new Map<string, Aimed<A>>();
  const findings: Array<Finding> = [];
  for (const [i, what] of all.entries()) {
    const csr = texts.csr(what.csr);
    const on = relations.get(what.relationId);
    if (csr === null || on === undefined || !on.asked.csrs.has(csr.pem)) {
      const message = `intent.${list}[${i}] is for a CSR that nobody asks with on that relation: nothing is published`;
      findings.push(finding('unasked-answer', placeOf(what, csr), message));
      continue;
    }
    const key = JSON.stringify([what.relationId, csr.pem]);
    // The place of the last counts too.
    aimed.delete(key);
    aimed.set(key, { what, on, csr });
  }
  return { aimed: [...aimed.values()], findings };
};

/** The answer with its certificates read; null where one of them is none, which a decoded intent never has. */
const readAnswer = ({ what, csr }: Aimed<CsrAnswer>, texts: Texts): Answer | null => {
  const [certificate, ca] = [texts.certificate(what.certificate), texts.certificate(what.ca)];
  const links = what.chain.map((link) => texts.certificate(link));
  const chain = links.filter((link): link is KnownCertificate => link !== null);
  if (certificate === null || ca === null || chain.length < links.length) return null;
  return { csr, certificate, ca, chain: chain.length === 0 ? [certificate] : chain, isRevoked: false };
};

/** What is wrong with an answer that the charm gives. */
const judged = (answer: Answer, place: Place): ReadonlyArray<Finding> => [
  ...(answer.certificate.publicKey === answer.csr.publicKey
    ? []
    : [finding('key-mismatch', place, 'the certificate has another key than its CSR: nobody can use it')]),
  ...judgeChain(answer).map(({ code, message }) => finding(code, place, message)),
];

const errorOf = ({ code, name, message, reason, provider, endpoint }: CsrRefusal): RequestError => ({
  code,
  name,
  message,
  reason: reason ?? null,
  provider: provider ?? null,
  endpoint: endpoint ?? null,
});

/** Publishes what the intent says. */
export const give = (
  relations: ReadonlyMap<RelationId, CsrRelation>,
  intent: CsrProvidesIntent,
  texts: Texts,
): ReadonlyArray<Finding> => {
  const answers = aim('answers', intent.answers, relations, texts);
  const refusals = aim('refusals', intent.refusals, relations, texts);
  const revoked = aim('revoked', intent.revoked, relations, texts);
  const findings = [...answers.findings, ...refusals.findings, ...revoked.findings];
  // First, since what is given in the same breath is new.
  for (const { what, on, csr } of revoked.aimed) {
    if (on.answers.change(csr.pem, revokedAnswer)) continue;
    const message = 'there is no certificate for this CSR that could be revoked';
    findings.push(finding('nothing-to-revoke', placeOf(what, csr), message));
  }
  for (const aimed of answers.aimed) {
    const { what, on, csr } = aimed;
    const answer = readAnswer(aimed, texts);
    if (answer === null) continue;
    on.errors.remove(csr.pem);
    on.answers.replace(answer, writtenAnswer(answer), (before) => sameAnswer(before, answer));
    findings.push(...judged(answer, placeOf(what, csr)));
  }
  for (const { what, on, csr } of refusals.aimed) {
    const error = errorOf(what);
    on.answers.remove(csr.pem);
    on.errors.replace({ csr, error }, writtenError(csr.pem, error), (before) => sameError(before.error, error));
  }
  return findings;
};
