/**
 * Publishes what the charm wants: answers, refusals and revocations, each only for a CSR that a databag of its relation holds.
 *
 * A CSR is answered or refused, never both; if there are several for one CSR, the last counts. Source: docs/csr-protocol.md, The provider.
 *
 * @module
 */
import type { Finding, Place } from '../../model/finding.ts';
import type { RelationId } from '../../model/names.ts';
import { type RequestError, sameError, writtenError } from '../errors.ts';
import { judgeChain } from '../judge.ts';
import type { PublishedAnswer, Refused } from '../published.ts';
import type { KnownCertificate, KnownCsr, NormalPem, Texts } from '../texts.ts';
import { revokedAnswer, sameAnswer, writtenAnswer } from './answers.ts';
import { type AboutCsr, byCsr, changed, replaced, without, type Written } from './entry-list.ts';
import { finding } from './findings.ts';
import type { Addressed, CsrAnswer, CsrProvidesIntent, CsrRefusal } from './intent.ts';
import type { Provided } from './relation.ts';

/** Something for a CSR on a relation. */
interface Aimed<A> {
  readonly what: A;
  readonly csr: KnownCsr;
}

/** Where in the intent something is, for people. */
type List = 'answers' | 'refusals' | 'revoked';

const placeOf = ({ relationId }: Addressed, csr: KnownCsr | null): Place => ({
  relationId,
  ...(csr === null || csr.content.commonName === '' ? {} : { commonName: csr.content.commonName }),
});

const keyIn = (relationId: RelationId, csr: NormalPem): string => JSON.stringify([relationId, csr]);

const keyOf = ({ what, csr }: Aimed<Addressed>): string => keyIn(what.relationId, csr.pem);

/** Finds the request that each element of a list is for; if there are several for one CSR, the last counts. */
const aim = <A extends Addressed>(
  list: List,
  all: ReadonlyArray<A>,
  relations: ReadonlyMap<RelationId, Provided>,
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
    const one: Aimed<A> = { what, csr };
    // Position matters too: the last one decides it.
    aimed.delete(keyOf(one));
    aimed.set(keyOf(one), one);
  }
  return { aimed: [...aimed.values()], findings };
};

/** The answer with its certificates read; null if one of them is not a certificate, which never happens in a decoded intent. */
const readAnswer = ({ what, csr }: Aimed<CsrAnswer>, texts: Texts): PublishedAnswer | null => {
  const [certificate, ca] = [texts.certificate(what.certificate), texts.certificate(what.ca)];
  const links = what.chain.map((link) => texts.certificate(link));
  const chain = links.filter((link): link is KnownCertificate => link !== null);
  if (certificate === null || ca === null || chain.length < links.length) return null;
  return { csr, certificate, ca, chain: chain.length === 0 ? [certificate] : chain, isRevoked: false };
};

/** What is wrong with an answer that the charm gives. */
const judged = (answer: PublishedAnswer, place: Place): ReadonlyArray<Finding> => [
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

/** An entry for a relation. */
interface Addressee<A> {
  readonly relationId: RelationId;
  readonly entry: Written<A>;
}

/** Entries by relation and CSR, in order. */
const byRelation = <A extends AboutCsr>(
  all: ReadonlyArray<Addressee<A>>,
): (on: Provided) => ReadonlyMap<NormalPem, Written<A>> => {
  const relations = new Map<RelationId, Map<NormalPem, Written<A>>>();
  for (const { relationId, entry } of all) {
    const here = relations.get(relationId) ?? new Map<NormalPem, Written<A>>();
    relations.set(relationId, here.set(entry.value.csr.pem, entry));
  }
  return ({ relation }) => relations.get(relation.id) ?? new Map();
};

const answerEntry = (
  aimed: Aimed<CsrAnswer>,
  texts: Texts,
): ReadonlyArray<Addressee<PublishedAnswer> & Aimed<CsrAnswer>> => {
  const value = readAnswer(aimed, texts);
  if (value === null) return [];
  return [{ ...aimed, relationId: aimed.what.relationId, entry: { value, text: writtenAnswer(value) } }];
};

const errorEntry = ({ what, csr }: Aimed<CsrRefusal>): Addressee<Refused> => {
  const error = errorOf(what);
  return { relationId: what.relationId, entry: { value: { csr, error }, text: writtenError(csr.pem, error) } };
};

/** Relations after the intent was applied, with the findings. */
export interface Given {
  readonly relations: ReadonlyArray<Provided>;
  readonly findings: ReadonlyArray<Finding>;
}

/** Publishes what the intent says. */
export const give = (relations: ReadonlyArray<Provided>, intent: CsrProvidesIntent, texts: Texts): Given => {
  const byId = new Map(relations.map((on) => [on.relation.id, on]));
  const answers = aim('answers', intent.answers, byId, texts);
  const refusals = aim('refusals', intent.refusals, byId, texts);
  const revoked = aim('revoked', intent.revoked, byId, texts);

  const answerEntries = answers.aimed.flatMap((one) => answerEntry(one, texts));
  const [answersOn, errorsOn] = [byRelation(answerEntries), byRelation(refusals.aimed.map(errorEntry))];
  const toRevoke = new Set(revoked.aimed.map(keyOf));
  const given = relations.map((on): Provided => {
    const [news, errors] = [answersOn(on), errorsOn(on)];
    const isRevoked = (csr: NormalPem): boolean => toRevoke.has(keyIn(on.relation.id, csr));
    // Revocations come first, since answers in the same intent are new.
    const after = replaced(changed(on.answers, isRevoked, revokedAnswer), news, sameAnswer);
    return {
      ...on,
      answers: without(after, (csr) => errors.has(csr)),
      errors: replaced(
        without(on.errors, (csr) => news.has(csr)),
        errors,
        (a, b) => sameError(a.error, b.error),
      ),
    };
  });

  const published = new Set(
    relations.flatMap((on) => [...byCsr(on.answers).keys()].map((csr) => keyIn(on.relation.id, csr))),
  );
  const message = 'there is no certificate for this CSR that could be revoked';
  return {
    relations: given,
    findings: [
      ...answers.findings,
      ...refusals.findings,
      ...revoked.findings,
      ...revoked.aimed
        .filter((one) => !published.has(keyOf(one)))
        .map(({ what, csr }) => finding('nothing-to-revoke', placeOf(what, csr), message)),
      ...answerEntries.flatMap(({ what, csr, entry }) => judged(entry.value, placeOf(what, csr))),
    ],
  };
};
