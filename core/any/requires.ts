/**
 * A requirer that asks in the protocol that its provider speaks, and in both until it knows: one combinator over the two protocols'
 * requirers.
 *
 * protocol.ts knows what a provider speaks, relation.ts which relation carries the requests, the two halves what is requested and answered
 * in each form, and deliveries.ts which certificate counts. This file combines them.
 *
 * @module
 */
import { earliest } from '../csr/expiry.ts';
import { CsrRequiresIntent, type CsrRequiresIntentDocument, nothing } from '../csr/requires/intent.ts';
import { ASKED_NOTE, askedNote } from '../csr/requires/relation.ts';
import type { Finding } from '../model/finding.ts';
import type { Memory, Remembered } from '../model/memory.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { unhandledOf } from '../side/changed.ts';
import { remember, rememberedOf } from '../side/remember.ts';
import { noSecret, type RequestProgress, type Row, wordIn } from '../side/row.ts';
import { csrHalf } from './requires/csr-half.ts';
import { deliveredFor, rootsOf } from './requires/deliveries.ts';
import { ANY_REQUIRES_FLAGS, ANY_REQUIRES_KEYS } from './requires/explain.ts';
import { finding } from './requires/findings.ts';
import { ANY_REQUIRES_FLAG_NAMES, flagsOf } from './requires/flags.ts';
import { isNarrowed } from './requires/reactive-form.ts';
import { reactiveHalf } from './requires/reactive-half.ts';
import { relationToAsk, type SpokenRelation, spokenRelations } from './requires/relation.ts';
import { SUPERSEDED_NOTE, supersededIn, supersededNote } from './requires/superseded.ts';
import type { AnyRequiresView } from './requires/view.ts';
import { WAITING_NOTE, waitingSince } from './requires/waiting.ts';
import { united } from './writes.ts';

/** What is wrong with the intent itself, and with where its requests go. */
const aboutIntent = (
  { requests, made }: CsrRequiresIntent,
  target: SpokenRelation | null,
  present: ReadonlyArray<SpokenRelation>,
  { relations }: Snapshot,
): ReadonlyArray<Finding> => [
  // A relation whose last unit is just leaving still counts, although nothing is requested on it in this hook.
  ...(relations.length === 0 && requests.length > 0
    ? [finding('no-relation', {}, 'there is no relation to request certificates on; request them again in every hook')]
    : []),
  ...(target === null && made.length > 0
    ? [finding('made-unused', {}, 'there is no relation to publish intent.made on')]
    : []),
  ...(present.length > 1
    ? [finding('several-relations', {}, 'there are several relations: one is asked, and nothing on the others')]
    : []),
  ...(target?.spoken === 'reactive'
    ? requests.flatMap((request, i) =>
      isNarrowed(request)
        ? [finding(
          'request-narrowed',
          { relationId: target.relation.id, commonName: request.commonName },
          `intent.requests[${i}] has a subject or object identifiers, which the provider's protocol cannot say`,
        )]
        : []
    )
    : []),
];

const decide = (snapshot: Snapshot, intent: CsrRequiresIntent, memory: Memory): Outcome<AnyRequiresView> => {
  const { endpoint, now } = snapshot;
  const { requests } = intent;
  const remembered = rememberedOf(endpoint, memory);
  const { present, protocols, notes } = spokenRelations(snapshot, remembered);
  const target = relationToAsk(snapshot, present, requests, remembered);
  const reactive = reactiveHalf({ snapshot, present, target, requests, memory, remembered });
  const csr = csrHalf(snapshot, present, target, intent);

  const spoken = target?.spoken ?? 'unknown';
  // If the provider now speaks the reactive protocol, its answers count again.
  const superseded = spoken === 'reactive' ? () => false : supersededIn(remembered(SUPERSEDED_NOTE));
  const delivered = deliveredFor(requests, csr, reactive, superseded);
  const waiting = requests.flatMap((request, i) =>
    delivered[i] === null ? [{ request, denied: csr.asked?.requests[i]?.denied ?? null }] : []
  );
  const since = waitingSince(
    target === null ? [] : waiting.map(({ request }) => request),
    remembered(WAITING_NOTE),
    now,
  );
  const view: AnyRequiresView = {
    deliveries: delivered.filter((delivery) => delivery !== null),
    waiting: waiting.map(({ request, denied }) => ({ request, protocol: spoken, since: since.of(request), denied })),
    protocols: Object.fromEntries(protocols),
    missing: (csr.asked?.requests ?? []).filter(({ state }) => state === 'missing'),
    ...rootsOf(spoken, csr, reactive),
  };

  const unhandled = unhandledOf(endpoint, ANY_REQUIRES_FLAG_NAMES, memory, intent.handled);
  const flagged = flagsOf(
    view,
    {
      isRelated: target !== null,
      isJoined: present.some(({ units }) => units.length > 0),
      isDenied: (csr.asked?.requests ?? []).some(({ denied }) => denied !== null),
      hasSharedClient: reactive.answers.some((one) => one.view.globalClientCert !== null),
    },
    unhandled.flags,
    remembered,
  );
  const byCsr = supersededNote(
    requests.filter((request, i) => delivered[i]?.protocol === 'csr' || superseded(request)),
  );
  const toNote: ReadonlyArray<readonly [string, Remembered]> = [
    ...notes,
    ...reactive.notes,
    ...(since.note === null ? [] : [[WAITING_NOTE, since.note] as const]),
    ...(byCsr === null ? [] : [[SUPERSEDED_NOTE, byCsr] as const]),
    ...(target === null || requests.length === 0 ? [] : [[ASKED_NOTE, askedNote(target.relation.id)] as const]),
  ];
  const kept = remember(endpoint, ANY_REQUIRES_FLAG_NAMES, memory, {
    flags: flagged.flags,
    digests: new Map([...flagged.digests, ...toNote]),
  });

  return {
    writes: united([...reactive.writes, ...csr.writes]),
    flags: kept.delta,
    memory: kept.memory,
    until: now === undefined ? null : earliest(csr.untils.map((until) => Date.parse(until)), Date.parse(now)),
    view,
    findings: [
      ...aboutIntent(intent, target, present, snapshot),
      ...reactive.findings,
      ...csr.findings,
      ...unhandled.unknown.map((i) =>
        finding(
          'unknown-flag',
          {},
          `intent.handled[${i}] is not one of this endpoint's .changed flags: nothing was cleared`,
        )
      ),
    ],
  };
};

const askedIn = ({ deliveries, waiting }: AnyRequiresView): ReadonlyArray<RequestProgress> => [
  ...deliveries.map(({ request: { certType, commonName, sans }, relationId, protocol }) => ({
    relationId,
    unit: null,
    certType,
    commonName,
    sans,
    state: `answered (${protocol})`,
    isSettled: true,
  })),
  ...waiting.map(({ request: { certType, commonName, sans }, protocol, denied }) => ({
    relationId: null,
    unit: null,
    certType,
    commonName,
    sans,
    state: `${denied === null ? 'waiting' : 'denied'} (${protocol})`,
    isSettled: false,
  })),
];

/**
 * The requirer of either protocol, `any/requires`.
 *
 * Its intent is all that is wanted: what is published and not in the list is withdrawn, in both protocols. Findings: see
 * {@link ANY_REQUIRES_FINDINGS}. Source: docs/any-protocol.md.
 *
 * @example
 * ```ts
 * import { anyRequires } from 'interface-tls-certificates/any';
 * import { emptyMemory, type Snapshot } from 'interface-tls-certificates';
 * const spoken = (snapshot: Snapshot) =>
 *   anyRequires.decide(snapshot, anyRequires.nothing, emptyMemory).view.protocols;
 * ```
 */
export const anyRequires: Row<'any/requires', CsrRequiresIntent, AnyRequiresView, CsrRequiresIntentDocument> = {
  name: 'any/requires',
  role: 'requirer',
  intent: CsrRequiresIntent,
  nothing,
  reads: { applicationData: true, keys: true },
  decide,
  deliveries: ({ deliveries }) =>
    deliveries.map(({ request: { certType, commonName, sans }, certificate, ca, chain, key }) => ({
      request: { certType, commonName, sans },
      certificate,
      ca,
      chain,
      key,
    })),
  common: ({ rootCaCert, rootCaChain }) => ({ ca: rootCaCert, chain: rootCaChain, client: null }),
  asked: askedIn,
  explain: { flag: wordIn(ANY_REQUIRES_FLAGS), key: wordIn(ANY_REQUIRES_KEYS), isSecret: noSecret },
};
