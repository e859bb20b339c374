/**
 * The requirer's side of the reactive protocol. It does what Python's `TlsRequires` does, as one pure function.
 *
 * requests.ts knows what to write, answers.ts what to read, and flags.ts what to tell the charm. This file combines them.
 *
 * @module
 */
import { difference } from '../databag/write.ts';
import { munge } from '../model/names.ts';
import type { Finding } from '../model/finding.ts';
import type { Memory } from '../model/memory.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { readAsked, requestKeyOf } from './asked.ts';
import { type ProviderUnit, readAnswers } from './requires/answers.ts';
import { deliveriesOf } from './requires/deliveries.ts';
import { REQUIRES_FLAGS, REQUIRES_KEYS } from './requires/explain.ts';
import { finding } from './requires/findings.ts';
import { flagsOf, REQUIRES_FLAG_NAMES } from './requires/flags.ts';
import { nothing, RequiresIntent, type RequiresIntentDocument, type Withdrawal } from './requires/intent.ts';
import { presentRelations, relationToAsk, startingWith } from '../side/present.ts';
import { unhandledOf, unknownFlagWords } from '../side/changed.ts';
import { remember, rememberedOf } from '../side/remember.ts';
import { nothingThere } from '../side/topics.ts';
import { noSecret, type Row, wordIn } from '../side/row.ts';
import { ask, asksForSomething } from './requires/requests.ts';
import type { RequiresView } from './requires/view.ts';
import { COLLECTIONS, REQUIRER_KEYS } from './wire.ts';

/** Requesting and withdrawing the same thing at once is a contradiction: the request stands. */
const settled = (intent: RequiresIntent): { withdraw: ReadonlyArray<Withdrawal>; findings: ReadonlyArray<Finding> } => {
  const requested = new Set(intent.requests.map(requestKeyOf));
  const contradictions = intent.withdraw.filter((withdrawal) => requested.has(requestKeyOf(withdrawal)));
  return {
    withdraw: intent.withdraw.filter((withdrawal) => !requested.has(requestKeyOf(withdrawal))),
    findings: contradictions.map(({ certType, commonName }) =>
      finding(
        'withdrawn-and-requested',
        { key: COLLECTIONS[certType].requests, commonName },
        'the intent both requests and withdraws this name: the request stands',
      )
    ),
  };
};

const decide = (snapshot: Snapshot, intent: RequiresIntent, memory: Memory): Outcome<RequiresView> => {
  const { endpoint, localUnit } = snapshot;
  const local = munge(localUnit);
  const { withdraw, findings: contradictions } = settled(intent);

  const present = presentRelations(snapshot).map((here) => ({
    ...here,
    asked: readAsked(here.relation.localUnitData, here.relation.id, localUnit),
  }));
  // A relation on which everything is withdrawn carries nothing, in this decision as in the next.
  const withdrawn = new Set(withdraw.map(requestKeyOf));
  const target = relationToAsk(present, ({ asked }) => asksForSomething(asked, withdrawn));
  const inReadingOrder = target === null ? [] : startingWith(target, present);

  const after = new Map(present.map((here) => {
    const { relation, asked, units } = here;
    const requests = here === target ? intent.requests : [];
    const anew = ask(relation.localUnitData, asked, relation.id, localUnit, { ...intent, requests, withdrawn });
    const isNamed = here === target && (units.length > 0 || anew.asks);
    const bag = isNamed ? { ...anew.bag, [REQUIRER_KEYS.unitName]: local } : anew.bag;
    return [relation.id, { ...anew, bag }];
  }));
  const writes = present
    .map(({ relation }) => difference(relation.id, 'unit', relation.localUnitData, after.get(relation.id)?.bag ?? {}))
    .filter((write) => write !== null);

  const sources = inReadingOrder.flatMap(({ relation, units, asked }): ReadonlyArray<ProviderUnit> => {
    const before = asked.top?.commonName ?? null;
    const topCommonName = { before, after: after.get(relation.id)?.topCommonName ?? null };
    return units.map(({ unit, bag }) => ({ relationId: relation.id, unit, bag, topCommonName }));
  });
  const relations = snapshot.relations.map(({ id }) => id);
  const answers = readAnswers(sources, local, { endpoint, memory, relations });

  const unhandled = unhandledOf(endpoint, REQUIRES_FLAG_NAMES, memory, intent.handled);
  const flagged = sources.length === 0
    ? nothingThere
    : flagsOf(answers.view, unhandled.flags, rememberedOf(endpoint, memory));
  const kept = remember(endpoint, REQUIRES_FLAG_NAMES, memory, {
    flags: flagged.flags,
    digests: new Map([...flagged.digests, ...answers.notes]),
  });

  // A relation whose last unit is just leaving still counts, although nothing is requested on it in this hook.
  const unheard = snapshot.relations.length === 0 && intent.requests.length > 0
    ? [
      finding(
        'no-relation',
        {},
        'there is no relation to publish the requests on; make them again in every hook',
      ),
    ]
    : [];
  return {
    writes,
    flags: kept.delta,
    memory: kept.memory,
    until: null,
    view: answers.view,
    findings: [
      ...contradictions,
      ...unheard,
      ...present.flatMap(({ relation, asked }) => [...asked.findings, ...(after.get(relation.id)?.findings ?? [])]),
      ...answers.findings,
      ...unhandled.unknown.map((i) => finding('unknown-flag', {}, unknownFlagWords(i))),
    ],
  };
};

/**
 * The requirer's side, `reactive/requires`.
 *
 * Findings: see {@link REQUIRES_FINDINGS}. Source: docs/reactive-protocol.md sections 1 to 6.
 *
 * @example
 * ```ts
 * import { emptyMemory, intentOf, requestServerCert, requires, type Snapshot } from 'interface-tls-certificates';
 * const names = (snapshot: Snapshot) =>
 *   requires.decide(snapshot, intentOf(requestServerCert('web.example')), emptyMemory).view.serverCerts.map((c) => c.commonName);
 * ```
 */
export const requires: Row<'reactive/requires', RequiresIntent, RequiresView, RequiresIntentDocument> = {
  name: 'reactive/requires',
  role: 'requirer',
  intent: RequiresIntent,
  nothing,
  reads: { applicationData: false, keys: false },
  decide,
  deliveries: deliveriesOf,
  common: ({ rootCaCert, rootCaChain, globalClientCert }) => ({
    ca: rootCaCert,
    chain: rootCaChain,
    client: globalClientCert,
  }),
  asked: () => [],
  explain: { flag: wordIn(REQUIRES_FLAGS), key: wordIn(REQUIRES_KEYS), isSecret: noSecret },
};
