/**
 * An exchange in the CSR protocol: what one requirer (a unit or an application) asks for, and what the provider's application says about
 * it.
 *
 * @module
 */
import type { Requested } from '../../csr/requested.ts';
import type { KnownCertificate, Texts } from '../../csr/texts.ts';
import { PROVIDER_KEYS, REQUIRER_KEYS } from '../../csr/wire.ts';
import type { Finding, Place } from '../../model/finding.ts';
import type { RelationId } from '../../model/names.ts';
import { type Description, judgeCa } from '../../x509/mod.ts';
import type { Examination, ExaminedRequest } from '../examination.ts';
import type { ApplicationBags, Exchange } from '../exchange.ts';
import { finding } from '../findings.ts';
import type { Verdict } from '../protocol.ts';
import { differsFindings } from '../protocol-words.ts';
import type { AsOf } from '../provider-side.ts';
import type { Pause, StudiedExchange } from '../studied.ts';
import { verdictsOf } from '../verdicts.ts';
import { type CsrRelation, readCsrRelation, type Said } from './relation.ts';
import { type CsrToStudy, judgeCsr, type StudiedCsr, studyCsr } from './request.ts';
import { type JudgeAnswer, valueOf } from './trust.ts';

/** What is known about the relation of an exchange. */
export interface Surroundings {
  readonly relation: CsrRelation;
  readonly applications: ApplicationBags;
  /** All exchanges of the relation. */
  readonly exchanges: ReadonlyArray<Exchange>;
  /** Whether the application asks or is answered, so that units without requests are normal. */
  readonly asksAsApplication: boolean;
  /** Who answers: the provider's units, otherwise its application, whose databag has the answers. */
  readonly answering: ReadonlyArray<string>;
  /** True the first time only: whoever asks first reports what is to be reported once. */
  readonly isFirst: () => boolean;
}

const UNSEEN: ApplicationBags = { asked: null, published: null, provider: null, isWhole: false, isAssumed: false };

/** Who answers on a relation. */
const answeringIn = (
  { providers, applications }: Exchange,
  { isAnsweringSeen }: CsrRelation,
): ReadonlyArray<string> => {
  const units = Object.keys(providers ?? {});
  const application = applications?.provider ?? null;
  if (!isAnsweringSeen) return [];
  if (units.length > 0) return units;
  return application === null ? [] : [application];
};

const surroundingsOf = (
  applications: ApplicationBags,
  exchanges: ReadonlyArray<Exchange>,
  texts: Texts,
): Surroundings => {
  const [first] = exchanges;
  if (first === undefined) throw new RangeError('a relation without an exchange');
  const relation = readCsrRelation(first.relationId, applications, exchanges, texts);
  let isFirst = true;
  return {
    relation,
    applications,
    exchanges,
    answering: answeringIn(first, relation),
    asksAsApplication: exchanges.some((one) =>
      one.isApplication === true && (relation.askingOf(one).requests.length > 0 || relation.others.length > 0)
    ),
    isFirst: () => {
      const was = isFirst;
      isFirst = false;
      return was;
    },
  };
};

/** Reads the relations of exchanges, each once, when first needed. */
export const csrRelations = (
  exchanges: ReadonlyArray<Exchange>,
  texts: Texts,
): (exchange: Exchange) => Surroundings => {
  const groups = new Map<ApplicationBags | Exchange, Array<Exchange>>();
  for (const exchange of exchanges) {
    const key = exchange.applications ?? exchange;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(exchange);
  }
  const known = new Map<ApplicationBags | Exchange, Surroundings>();
  return (exchange) => {
    const key = exchange.applications ?? exchange;
    const surroundings = known.get(key) ??
      surroundingsOf(exchange.applications ?? UNSEEN, groups.get(key) ?? [exchange], texts);
    known.set(key, surroundings);
    return surroundings;
  };
};

/** The databag and CSRs with which a requirer asks. */
const requestsOf = (
  exchange: Exchange,
  { relation, applications }: Surroundings,
  place: Place,
  isUnheard: boolean,
): ReadonlyArray<CsrToStudy> => {
  const answered = new Set<string>();
  const isApplication = exchange.isApplication === true;
  const own = relation.askingOf(exchange).requests.map(({ known: csr, isCa, saysCa }: Requested): CsrToStudy => {
    const isRenewal = answered.has(csr.contentKey);
    if (relation.saidOf(csr.pem)?.answers.some(({ isRevoked }) => !isRevoked) === true) answered.add(csr.contentKey);
    return { csr, isCa, saysCa, isAsked: true, isRenewal, place, isApplication, isUnheard };
  });
  const others = !isApplication ? [] : relation.others.map(({ csr }: Said): CsrToStudy => ({
    csr,
    isCa: null,
    saysCa: true,
    isAsked: applications.isWhole ? false : null,
    isRenewal: false,
    place,
    // Nobody saw whether the unit or the application asked.
    isApplication: false,
    isUnheard,
  }));
  return [...own, ...others];
};

/** Certificates that came with the answers to these requests, without repeats. */
const cameWith = (
  requests: ReadonlyArray<StudiedCsr>,
  of: (answer: NonNullable<StudiedCsr['answer']>) => ReadonlyArray<Description>,
): ReadonlyArray<Description> => [
  ...new Map(
    requests.flatMap(({ answer }) => (answer === null ? [] : of(answer))).map((one) => [one.sha256, one] as const),
  ).values(),
];

/** The CAs that came with the answers of a relation. */
const casOf = ({ answers }: CsrRelation): ReadonlyArray<KnownCertificate> => [
  ...new Map(answers.flatMap(({ ca }) => (ca === null ? [] : [[ca.pem, ca] as const]))).values(),
];

/** What is wrong with CAs, each judged by itself. */
const caFindings = (
  cas: ReadonlyArray<KnownCertificate>,
  relationId: RelationId,
  { now, endsWithinDays }: AsOf,
): ReadonlyArray<Finding> =>
  cas.flatMap((ca) => {
    const { faults, certificates: path } = judgeCa(valueOf([ca]), now, endsWithinDays);
    return verdictsOf(faults, { own: null, path, now }).map(([code, message]) =>
      finding(code, { relationId, key: PROVIDER_KEYS.answers }, message)
    );
  });

const whoOf = (exchange: Exchange): Pick<Place, 'unit'> =>
  exchange.isApplication === true ? {} : { unit: exchange.requirer };

/** What to report about the exchange as a whole. */
const findingsOf = (
  exchange: Exchange,
  verdict: Verdict,
  { relation }: Surroundings,
  requests: ReadonlyArray<unknown>,
): ReadonlyArray<Finding> => {
  const { relationId } = exchange;
  const asking = relation.askingOf(exchange);
  const isSilent = exchange.asked !== null && requests.length === 0 && asking.findings.length === 0;
  return [
    ...differsFindings(exchange, verdict),
    ...(isSilent
      ? [
        finding(
          'nothing-asked',
          { relationId, ...whoOf(exchange) },
          'the unit is related but has not requested a certificate',
        ),
      ]
      : []),
    ...asking.findings,
  ];
};

/** Reads what a requirer asks for and receives; null if there is nothing to report. */
export const studyCsrExchange = async (
  exchange: Exchange,
  verdict: Verdict,
  around: Surroundings,
  judge: JudgeAnswer,
  pause: Pause,
): Promise<StudiedExchange | null> => {
  const { relation, exchanges, asksAsApplication } = around;
  const { relationId, requirer, asked } = exchange;
  const place: Place = { relationId, key: REQUIRER_KEYS.requests, ...whoOf(exchange) };
  const wanted = requestsOf(exchange, around, place, verdict.differs);
  const isTold = wanted.length > 0 || relation.askingOf(exchange).findings.length > 0;
  const othersTell = asksAsApplication || (exchange.isApplication === true && exchanges.length > 1);
  if (!isTold && othersTell) return null;
  const requests: Array<StudiedCsr> = [];
  for (const one of wanted) {
    await pause();
    requests.push(await studyCsr(one, relation));
  }
  const isFirst = around.isFirst();
  const cas = isFirst ? casOf(relation) : [];
  const ca = cameWith(requests, (answer) => (answer.ca === null ? [] : [answer.ca.certificate.description]));
  const known = new Set(ca.map(({ sha256 }) => sha256));
  const chain = cameWith(
    requests,
    ({ chain, certificate }) =>
      chain.filter(({ pem }) => pem !== certificate.pem).map((link) => link.certificate.description),
  );
  const examination: Omit<Examination, 'requests'> = {
    relationId,
    requirer,
    asker: exchange.isApplication === true ? 'application' : 'unit',
    protocol: verdict.protocol,
    evidence: verdict.evidence,
    capabilities: relation.shownCapabilities,
    providers: around.answering,
    askedSeen: asked !== null,
    areRolesAssumed: around.applications.isAssumed,
    ca,
    chain: chain.filter(({ sha256 }) => !known.has(sha256)),
    waitingSince: exchange.waitingSince ?? null,
    findings: [...findingsOf(exchange, verdict, around, requests), ...(isFirst ? relation.findings : [])],
  };
  return {
    requirer,
    place: { relationId, ...whoOf(exchange) },
    examine: async (moment, pause) => {
      const judged: Array<ExaminedRequest> = [];
      for (const request of requests) {
        await pause();
        judged.push(await judgeCsr(request, judge, moment));
      }
      const once = caFindings(cas, relationId, moment);
      return { ...examination, requests: judged, findings: [...examination.findings, ...once] };
    },
  };
};
