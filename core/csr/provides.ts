/**
 * The provider's side of the CSR protocol: what the Python library's `TLSCertificatesProvidesV4` does, as one pure function.
 *
 * requests.ts says who asks for what, give.ts what is published for it, relation.ts what goes; here they come together. Only the leader
 * writes, for all of it stands in the application's databag.
 *
 * @module
 */
import type { Finding } from '../model/finding.ts';
import type { Memory } from '../model/memory.ts';
import { byCodePoint } from '../model/order.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { remember } from '../side/remember.ts';
import { noSecret, type Row, wordIn } from '../side/row.ts';
import { earliest } from './expiry.ts';
import { mayWrite } from './leader.ts';
import { countingAnswer } from './provides/answers.ts';
import { CSR_PROVIDES_FLAGS, CSR_PROVIDES_KEYS } from './provides/explain.ts';
import { finding } from './provides/findings.ts';
import { CSR_PROVIDES_FLAG_NAMES, flagsOf } from './provides/flags.ts';
import { give } from './provides/give.ts';
import { CsrProvidesIntent, type CsrProvidesIntentDocument, nothingToPublish } from './provides/intent.ts';
import { CsrRelation } from './provides/relation.ts';
import type { RequestIn } from './provides/requests.ts';
import type { CsrProvidesView, ProvidedRequest } from './provides/view.ts';
import { shownSans } from './sans.ts';
import { textsOnce } from './texts.ts';

/** A request as the charm sees it. */
const shown = (on: CsrRelation, { bag, unit, known, isCa }: RequestIn): ProvidedRequest => {
  const answer = countingAnswer(on.answers.about(known.pem));
  const refusal = on.errors.about(known.pem).at(-1)?.error ?? null;
  return {
    relationId: on.relation.id,
    application: on.relation.remoteApplication ?? unit?.split('/')[0] ?? null,
    unit,
    bag,
    csr: known.pem,
    isCa,
    commonName: known.content.commonName,
    sans: shownSans(known.csr.altNames),
    publicKey: known.publicKey,
    state: answer !== null ? 'answered' : refusal !== null ? 'refused' : 'new',
    certificate: answer?.certificate.pem ?? null,
    ca: answer?.ca?.pem ?? null,
    chain: answer?.chain.map(({ pem }) => pem) ?? [],
    refusal,
  };
};

/** Whether a charm wants anything published. */
const wantsSomething = ({ answers, refusals, revoked, capabilities }: CsrProvidesIntent): boolean =>
  answers.length + refusals.length + revoked.length > 0 || capabilities !== undefined;

const NOT_LEADER = finding('not-leader', {}, 'this unit does not lead its application: nothing is published');

const decide = (snapshot: Snapshot, intent: CsrProvidesIntent, memory: Memory): Outcome<CsrProvidesView> => {
  const { endpoint } = snapshot;
  const isLeader = mayWrite(snapshot, 'application');
  const now = snapshot.now === undefined ? null : Date.parse(snapshot.now);
  const texts = textsOnce();
  const relations = [...snapshot.relations]
    .sort((a, b) => byCodePoint(a.id, b.id))
    .map((relation) => new CsrRelation(snapshot, relation, texts));
  const findings: Array<Finding> = relations.flatMap((on) => on.malformed());
  if (isLeader) {
    findings.push(...give(new Map(relations.map((on) => [on.relation.id, on])), intent, texts));
    for (const on of relations) {
      if (intent.capabilities !== undefined) on.announce(intent.capabilities);
      if (intent.onWithdrawal === 'withdraw') findings.push(...on.withdrawGone());
    }
  } else if (wantsSomething(intent)) {
    findings.push(NOT_LEADER);
  }
  const view: CsrProvidesView = { requests: relations.flatMap((on) => on.asked.requests.map((one) => shown(on, one))) };
  const isJoined = relations.some(({ asked }) => asked.isJoined);
  const kept = remember(endpoint, CSR_PROVIDES_FLAG_NAMES, memory, {
    flags: flagsOf(isJoined, view),
    digests: new Map(),
  });
  const ends = relations.flatMap(({ answers }) =>
    answers.csrs().flatMap((csr) => answers.about(csr).map(({ certificate }) => certificate.certificate.notAfter))
  );
  return {
    writes: isLeader ? relations.map((on) => on.write()).filter((write) => write !== null) : [],
    flags: kept.delta,
    memory: kept.memory,
    until: now === null ? null : earliest(ends, now),
    view,
    findings,
  };
};

/**
 * The provider's side, `csr/provides`. A CSR's signature is not looked at here, since that takes time of its own: whoever issues does.
 *
 * Findings: see {@link CSR_PROVIDES_FINDINGS}. Source: docs/csr-protocol.md.
 *
 * @example
 * ```ts
 * import { csrProvides } from 'interface-tls-certificates/csr';
 * import { emptyMemory, type Snapshot } from 'interface-tls-certificates';
 * const asked = (snapshot: Snapshot) =>
 *   csrProvides.decide(snapshot, csrProvides.nothing, emptyMemory).view.requests.filter(({ state }) => state === 'new');
 * ```
 */
export const csrProvides: Row<'csr/provides', CsrProvidesIntent, CsrProvidesView, CsrProvidesIntentDocument> = {
  name: 'csr/provides',
  role: 'provider',
  intent: CsrProvidesIntent,
  nothing: nothingToPublish,
  reads: { applicationData: true, keys: false },
  decide,
  deliveries: () => [],
  common: () => null,
  asked: ({ requests }) =>
    requests.map(({ relationId, unit, isCa, commonName, sans, state }) => ({
      relationId,
      unit,
      certType: isCa ? 'intermediate' : null,
      commonName: commonName ?? '',
      sans,
      state,
      isSettled: state !== 'new',
    })),
  explain: { flag: wordIn(CSR_PROVIDES_FLAGS), key: wordIn(CSR_PROVIDES_KEYS), isSecret: noSecret },
};
