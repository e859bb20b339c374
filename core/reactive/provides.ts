/**
 * The provider's side of the reactive protocol: what Python's `TlsProvides` does, as one pure function.
 *
 * requests.ts says who asks for what, published.ts what is answered, answered.ts for which SANs, withdraw.ts what goes; here they come
 * together.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { lookup } from '../databag/lookup.ts';
import { difference } from '../databag/write.ts';
import { hidingKeys, type KeyPair, redacted } from '../model/certificate.ts';
import type { Finding } from '../model/finding.ts';
import type { Memory, Note } from '../model/memory.ts';
import { byCodePoint } from '../model/order.ts';
import type { Outcome } from '../model/outcome.ts';
import { samePem } from '../model/pem-text.ts';
import type { Databag, Snapshot } from '../model/snapshot.ts';
import { type Notes, notesAfter, notesIn } from './provides/answered.ts';
import { finding } from './provides/findings.ts';
import { flagsOf, PROVIDES_FLAG_NAMES } from './provides/flags.ts';
import {
  type Answer,
  nothingToPublish,
  ProvidesIntent,
  type ProvidesIntentDocument,
  type Refusal,
} from './provides/intent.ts';
import {
  type Answered,
  answerTo,
  give,
  learntOn,
  placesOn,
  type Provided,
  readProvided,
  spread,
} from './provides/relation.ts';
import type { Request, Requirer } from './provides/requests.ts';
import type { ProvidesRequest, ProvidesView } from './provides/view.ts';
import { withdrawGone } from './provides/withdraw.ts';
import { remember, rememberedOf } from '../side/remember.ts';
import { type Row, wordIn } from '../side/row.ts';
import { PROVIDES_FLAGS, providesKey } from './provides/explain.ts';
import { holdsPrivateKeys, PROVIDER_KEYS } from './wire.ts';

/** What an answer is an answer to, as one text. */
const addressOf = ({ relationId, unit, certType, commonName }: Omit<Answer, keyof KeyPair>): string =>
  JSON.stringify([relationId, unit, certType, commonName]);

/** An answer that is whole; one by halves is none. */
const wholeAnswer = (answer: Answer): E.Either<Finding, Answer> => {
  const { relationId, unit, commonName, cert, key } = answer;
  if (cert !== '' && key !== '') return E.right(answer);
  const message = `the answer has no ${cert === '' ? 'certificate' : 'key'}: it is not published`;
  return E.left(finding('incomplete-answer', { relationId, unit, commonName }, message));
};

/** The charm's own words about requests that it refuses; a private key among them is hidden. */
const refused = ({ relationId, unit, commonName, reason }: Refusal): Finding =>
  finding('request-refused', { relationId, unit, commonName }, `the request is refused: ${hidingKeys(reason)}`);

/** The requests that were given their answers, and findings: refusals, answers that are none, and either where nobody asks. */
interface GivenAnswers {
  readonly answered: Answered;
  readonly findings: ReadonlyArray<Finding>;
}

/** Gives each request its answer. */
const giveAnswers = (
  relations: ReadonlyArray<Provided>,
  { answers, refusals }: ProvidesIntent,
): GivenAnswers => {
  const answered = new Set<Request>();
  if (answers.length + refusals.length === 0) return { answered, findings: [] };
  const read = answers.map(wholeAnswer);
  const waiting = new Map(read.filter(E.isRight).map(({ right: answer }) => [addressOf(answer), answer]));
  // An answer counts more than a refusal of the same.
  const refusing = new Map(
    refusals.map((refusal) => [addressOf(refusal), refusal] as const).filter(([address]) => !waiting.has(address)),
  );
  const unused = new Set([...waiting.keys(), ...refusing.keys()]);
  for (const provided of relations) {
    const giveTo = (requirer: Requirer, request: Request, answer: Answer): void => {
      for (const one of give(provided, requirer, request, answer)) answered.add(one);
    };
    // One answer serves all units of an application: of several, the last is given, once.
    let forApplication = (): void => {};
    for (const requirer of provided.requirers.units) {
      for (const request of requirer.requests) {
        const address = addressOf({ ...request, relationId: provided.relation.id, unit: requirer.unit });
        const answer = waiting.get(address);
        unused.delete(address);
        if (answer === undefined) continue;
        if (request.slot === 'application') forApplication = () => giveTo(requirer, request, answer);
        else giveTo(requirer, request, answer);
      }
    }
    forApplication();
  }
  const findings = [
    ...read.filter(E.isLeft).map(({ left }) => left),
    ...[...refusing].filter(([address]) => !unused.has(address)).map(([, refusal]) => refused(refusal)),
    ...[...waiting, ...refusing].filter(([address]) => unused.has(address)).map(([, unasked]) => {
      const { relationId, unit, commonName } = unasked;
      const message = `nobody asks for this: ${
        'cert' in unasked ? 'the answer is not published' : 'there is nothing to refuse'
      }`;
      return finding('unasked-answer', { relationId, unit, commonName }, message);
    }),
  ];
  return { answered, findings };
};

/** Whether one half of a pair is there without the other. */
const isHalf = (pair: KeyPair | undefined): boolean => pair !== undefined && (pair.cert === '') !== (pair.key === '');

const HALF_SHARED = finding(
  'incomplete-answer',
  { key: PROVIDER_KEYS.clientCert },
  'the shared client certificate has no certificate or no key: it is left as it was',
);

/** What is to be published to everybody on a relation; empty texts take away. */
const toEverybody = ({ ca, chain, globalClientCert }: ProvidesIntent): Databag => ({
  ...(ca === undefined ? {} : { [PROVIDER_KEYS.ca]: ca }),
  ...(chain === undefined ? {} : { [PROVIDER_KEYS.chain]: chain }),
  ...(globalClientCert === undefined || isHalf(globalClientCert) ? {} : {
    [PROVIDER_KEYS.clientCert]: globalClientCert.cert,
    [PROVIDER_KEYS.clientKey]: globalClientCert.key,
  }),
});

/** What of it differs from what a databag has: another form of the same PEM does not (D31). A pair differs as one. */
const newIn = (bag: Databag, everybody: Databag): Databag => {
  const isSame = (key: string): boolean => samePem(lookup(bag, key) ?? '', everybody[key] ?? '');
  const { clientCert, clientKey } = PROVIDER_KEYS;
  const isSamePair = isSame(clientCert) && isSame(clientKey);
  return Object.fromEntries(
    Object.entries(everybody).filter(([key]) => key === clientCert || key === clientKey ? !isSamePair : !isSame(key)),
  );
};

/** A request as the charm sees it. */
const shown = (provided: Provided, answered: Answered, requirer: Requirer, request: Request): ProvidesRequest => {
  const { pair, isHandled } = answerTo(provided, answered, requirer, request);
  const { certType, certificateName, commonName, sans } = request;
  return redacted({
    relationId: provided.relation.id,
    unit: requirer.unit,
    unitName: requirer.unitName,
    // Across models, the unit's own name would tell another application (D15).
    applicationName: provided.relation.remoteApplication ?? requirer.unit.split('/')[0] ?? '',
    certType,
    certificateName,
    commonName,
    sans,
    isHandled,
    cert: pair?.cert ?? null,
    key: pair?.key ?? null,
  });
};

const viewOf = (relations: ReadonlyArray<Provided>, answered: Answered): ProvidesView => {
  const allRequests = relations.flatMap((provided) =>
    provided.requirers.units.flatMap((requirer) =>
      requirer.requests.map((request) => shown(provided, answered, requirer, request))
    )
  );
  return {
    allRequests,
    newRequests: allRequests.filter(({ isHandled }) => !isHandled),
    publishedCerts: allRequests.flatMap(({ certType, commonName, cert, key }) =>
      cert === null || key === null ? [] : [redacted({ certType, commonName, cert, key })]
    ),
  };
};

const digestsOf = (notes: Notes, relations: ReadonlyArray<Provided>, answered: Answered): ReadonlyMap<string, Note> =>
  notesAfter(notes, relations.flatMap((provided) => learntOn(provided, answered)), relations.flatMap(placesOn));

const decide = (snapshot: Snapshot, intent: ProvidesIntent, memory: Memory): Outcome<ProvidesView> => {
  const { endpoint, localUnit } = snapshot;
  const notes = notesIn(rememberedOf(endpoint, memory));
  const all = [...snapshot.relations]
    .sort((a, b) => byCodePoint(a.id, b.id))
    .map((relation) => readProvided(snapshot, relation, notes));
  const present = all.filter(({ isGone }) => !isGone);

  const withdrawn = intent.onWithdrawal === 'keep' ? [] : all.flatMap((provided) => withdrawGone(provided, localUnit));
  const { answered, findings } = giveAnswers(present, intent);
  for (const provided of present) spread(provided, answered);
  const everybody = toEverybody(intent);
  const writes = all
    .map(({ relation, published, isGone }) =>
      difference(relation.id, 'unit', relation.localUnitData, {
        ...published.bag(),
        ...(isGone ? {} : newIn(relation.localUnitData, everybody)),
      })
    )
    .filter((write) => write !== null);

  const view = viewOf(present, answered);
  const isJoined = present.some(({ requirers }) => requirers.units.length > 0);
  const kept = remember(endpoint, PROVIDES_FLAG_NAMES, memory, {
    flags: flagsOf(isJoined, view.newRequests),
    digests: digestsOf(notes, present, answered),
  });
  return {
    writes,
    flags: kept.delta,
    memory: kept.memory,
    until: null,
    view,
    findings: [
      ...all.flatMap(({ requirers, published }) => [...requirers.findings, ...published.findings]),
      ...withdrawn,
      ...findings,
      ...(isHalf(intent.globalClientCert) ? [HALF_SHARED] : []),
    ],
  };
};

/**
 * The provider's side, `reactive/provides`.
 *
 * Findings: see {@link PROVIDES_FINDINGS}. Source: protocol-reactive.md sections 2 to 4 and 7.
 *
 * @example
 * ```ts
 * import { emptyMemory, nothingToPublish, provides, type Snapshot } from 'interface-tls-certificates';
 * const asked = (snapshot: Snapshot) =>
 *   provides.decide(snapshot, nothingToPublish, emptyMemory).view.newRequests.map(({ commonName }) => commonName);
 * ```
 */
export const provides: Row<'reactive/provides', ProvidesIntent, ProvidesView, ProvidesIntentDocument> = {
  name: 'reactive/provides',
  role: 'provider',
  intent: ProvidesIntent,
  nothing: nothingToPublish,
  reads: { applicationData: false, keys: false },
  decide,
  deliveries: () => [],
  common: () => null,
  asked: ({ allRequests }) =>
    allRequests.map(({ relationId, unit, certType, commonName, sans, isHandled, cert }) => ({
      relationId,
      unit,
      certType,
      commonName,
      sans,
      state: isHandled ? 'answered' : cert === null ? 'new' : 'to be answered anew',
      isSettled: isHandled,
    })),
  explain: { flag: wordIn(PROVIDES_FLAGS), key: providesKey, isSecret: holdsPrivateKeys },
};
