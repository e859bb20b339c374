/**
 * The provider's side of the reactive protocol. It does what Python's `TlsProvides` does, as one pure function.
 *
 * requests.ts knows who asks for what, published.ts what is answered, answered.ts for which SANs, and withdraw.ts what to take away. This
 * file combines them.
 *
 * @module
 */
import { difference } from '../databag/write.ts';
import { redacted } from '../model/certificate.ts';
import type { Memory, Note } from '../model/memory.ts';
import { byCodePoint } from '../model/order.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type Notes, notesAfter, notesIn } from './provides/answered.ts';
import { flagsOf, PROVIDES_FLAG_NAMES } from './provides/flags.ts';
import { nothingToPublish, ProvidesIntent, type ProvidesIntentDocument } from './provides/intent.ts';
import { HALF_SHARED, isHalf, newIn, toEverybody } from './provides/everybody.ts';
import { giveAnswers } from './provides/give.ts';
import { bagOf } from './provides/publishing.ts';
import {
  type Answered,
  answerTo,
  learntOn,
  placesOn,
  type Provided,
  readProvided,
  spread,
} from './provides/relation.ts';
import type { Requirer, UnitRequest } from './provides/requests.ts';
import type { ProvidesRequest, ProvidesView } from './provides/view.ts';
import { type Told, withdrawGone } from './provides/withdraw.ts';
import { remember, rememberedOf } from '../side/remember.ts';
import { type Row, wordIn } from '../side/row.ts';
import { PROVIDES_FLAGS, providesKey } from './provides/explain.ts';
import { holdsPrivateKeys, requirerPart } from './wire.ts';

/** A request as the charm sees it. */
const shown = (provided: Provided, answered: Answered, requirer: Requirer, request: UnitRequest): ProvidesRequest => {
  const { pair, isHandled } = answerTo(provided, answered, requirer, request);
  const { certType, certificateName, commonName, sans } = request;
  return redacted({
    relationId: provided.relation.id,
    unit: requirer.unit,
    unitName: requirer.unitName,
    // In a cross-model relation, the unit's own name would belong to another application (D15).
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
  const read = [...snapshot.relations]
    .sort((a, b) => byCodePoint(a.id, b.id))
    .map((relation) => readProvided(snapshot, relation, notes));
  const withdrawn = read.map((provided): Told =>
    intent.onWithdrawal === 'keep' ? { provided, findings: [] } : withdrawGone(provided, localUnit)
  );
  // A relation that is gone has no units and so no requests: nothing is answered on it.
  const given = giveAnswers(withdrawn.map(({ provided }) => provided), intent);
  const { answered } = given;
  const relations = given.relations.map((provided) => spread(provided, answered));
  const everybody = toEverybody(intent);
  const writes = relations
    .map(({ relation, published, isGone }) =>
      difference(relation.id, 'unit', relation.localUnitData, {
        ...bagOf(published),
        ...(isGone ? {} : newIn(relation.localUnitData, everybody)),
      })
    )
    .filter((write) => write !== null);

  const view = viewOf(relations, answered);
  const isJoined = relations.some(({ requirers }) => requirers.units.length > 0);
  const kept = remember(endpoint, PROVIDES_FLAG_NAMES, memory, {
    flags: flagsOf(isJoined, view.newRequests),
    digests: digestsOf(notes, relations, answered),
  });
  return {
    writes,
    flags: kept.delta,
    memory: kept.memory,
    until: null,
    view,
    findings: [
      ...read.flatMap(({ requirers, published }) => [...requirers.findings, ...published.findings]),
      ...withdrawn.flatMap(({ findings }) => findings),
      ...given.findings,
      ...(isHalf(intent.globalClientCert) ? [HALF_SHARED] : []),
    ],
  };
};

/**
 * The provider's side, `reactive/provides`.
 *
 * Findings: see {@link PROVIDES_FINDINGS}. Source: docs/reactive-protocol.md sections 2 to 4 and 7.
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
  reads: { applicationData: false, keys: false, keeps: { partOf: requirerPart, isSecret: holdsPrivateKeys } },
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
      state: isHandled ? 'answered' : cert === null ? 'new' : 'to be answered again',
      isSettled: isHandled,
    })),
  explain: { flag: wordIn(PROVIDES_FLAGS), key: providesKey, isSecret: holdsPrivateKeys },
};
