/**
 * The provider's side of the CSR protocol. It does what the Python library's `TLSCertificatesProvidesV4` does, as one pure function.
 *
 * requests.ts knows who asks for what, give.ts what to publish for it, and relation.ts what to take away. This file combines them. Only the
 * leader writes, since everything is in the application databag.
 *
 * @module
 */
import { only } from '../databag/lookup.ts';
import type { Memory } from '../model/memory.ts';
import { byCodePoint } from '../model/order.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { remember } from '../side/remember.ts';
import { noSecret, type Row, wordIn } from '../side/row.ts';
import { earliest } from './expiry.ts';
import { mayWrite } from './leader.ts';
import { countingAnswer } from './provides/answers.ts';
import { byCsr } from './provides/entry-list.ts';
import { CSR_PROVIDES_FLAGS, CSR_PROVIDES_KEYS } from './provides/explain.ts';
import { finding } from './provides/findings.ts';
import { CSR_PROVIDES_FLAG_NAMES, flagsOf } from './provides/flags.ts';
import { give, type Given } from './provides/give.ts';
import { CsrProvidesIntent, type CsrProvidesIntentDocument, nothingToPublish } from './provides/intent.ts';
import { leavingNotes } from './provides/leaving.ts';
import { announcing, malformedOn, type Provided, readProvided, withdrawGone, writeOn } from './provides/relation.ts';
import type { RequestIn } from './provides/requests.ts';
import { type Unseen, unseenIn } from './provides/unseen.ts';
import type { CsrProvidesView, ProvidedRequest } from './provides/view.ts';
import type { PublishedAnswer, Refused } from './published.ts';
import { shownSans } from './sans.ts';
import { type Texts, textsOnce } from './texts.ts';
import { REQUIRER_KEYS } from './wire.ts';

/** A request as the charm sees it. */
const shown = (
  { relation }: Provided,
  { bag, unit, known, isCa }: RequestIn,
  answers: ReadonlyArray<PublishedAnswer>,
  refusals: ReadonlyArray<Refused>,
): ProvidedRequest => {
  const answer = countingAnswer(answers);
  const refusal = refusals.at(-1)?.error ?? null;
  return {
    relationId: relation.id,
    application: relation.remoteApplication ?? unit?.split('/')[0] ?? null,
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

/** The requests of a relation as the charm sees them. */
const shownOn = (on: Provided): ReadonlyArray<ProvidedRequest> => {
  const [answers, errors] = [byCsr(on.answers), byCsr(on.errors)];
  return on.asked.requests.map((one) =>
    shown(on, one, answers.get(one.known.pem) ?? [], errors.get(one.known.pem) ?? [])
  );
};

/** Whether a charm wants anything published. */
const wantsSomething = ({ answers, refusals, revoked, capabilities }: CsrProvidesIntent): boolean =>
  answers.length + refusals.length + revoked.length > 0 || capabilities !== undefined;

const NOT_LEADER = finding('not-leader', {}, 'this unit does not lead its application: nothing is published');

/** The relations after applying the intent to them; only the leader publishes. */
const publishOn = (
  relations: ReadonlyArray<Provided>,
  intent: CsrProvidesIntent,
  isLeader: boolean,
  { isHeld }: Unseen,
  texts: Texts,
): Given => {
  if (!isLeader) return { relations, findings: wantsSomething(intent) ? [NOT_LEADER] : [] };
  const { capabilities, onWithdrawal } = intent;
  const given = give(relations, intent, texts);
  const told = given.relations
    .map((on) => (capabilities === undefined ? on : announcing(on, capabilities)))
    .map((
      on,
    ) => (onWithdrawal === 'withdraw' ? withdrawGone(on, (csr) => isHeld(on.relation.id, csr)) : { on, findings: [] }));
  return {
    relations: told.map(({ on }) => on),
    findings: [...given.findings, ...told.flatMap(({ findings }) => findings)],
  };
};

const decide = (snapshot: Snapshot, intent: CsrProvidesIntent, memory: Memory): Outcome<CsrProvidesView> => {
  const { endpoint } = snapshot;
  const isLeader = mayWrite(snapshot, 'application');
  const now = snapshot.now === undefined ? null : Date.parse(snapshot.now);
  const texts = textsOnce();
  const leaving = leavingNotes(snapshot, memory);
  const before = [...snapshot.relations]
    .sort((a, b) => byCodePoint(a.id, b.id))
    .map((relation) => readProvided(snapshot, relation, texts));
  const unseen = unseenIn(snapshot, memory, before, now);
  const wanted = leaving.size === 0 ? intent : { ...intent, onWithdrawal: 'keep' as const };
  const { relations, findings } = publishOn(before, wanted, isLeader, unseen, texts);
  const view: CsrProvidesView = { requests: relations.flatMap(shownOn) };
  const isJoined = relations.some(({ asked }) => asked.isJoined);
  const kept = remember(endpoint, CSR_PROVIDES_FLAG_NAMES, memory, {
    flags: flagsOf(isJoined, view),
    digests: new Map([...leaving, ...unseen.notes]),
  });
  const ends = relations.flatMap(({ answers }) =>
    answers.entries.map(({ value }) => value.certificate.certificate.notAfter)
  );
  return {
    writes: isLeader ? relations.map(writeOn).filter((write) => write !== null) : [],
    flags: kept.delta,
    memory: kept.memory,
    until: now === null ? null : earliest(ends, now),
    view,
    findings: [...before.flatMap(malformedOn), ...findings],
  };
};

/**
 * The provider's side, `csr/provides`. It does not check a CSR's signature, which takes time of its own: whoever issues does that.
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
  reads: {
    applicationData: true,
    keys: false,
    keeps: { partOf: only(Object.values(REQUIRER_KEYS)), isSecret: noSecret },
  },
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
