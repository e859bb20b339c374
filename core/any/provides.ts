/**
 * A provider for requirers of both protocols: one combinator over the two protocols' providers.
 *
 * peer.ts knows what the requirer of a relation speaks, both-forms.ts which requests by name are answered by CSR, and reactive-half.ts what
 * to publish for the others. This file combines them with what the CSR protocol's provider publishes.
 *
 * @module
 */
import { CSR_PROVIDES_FLAGS, CSR_PROVIDES_KEYS } from '../csr/provides/explain.ts';
import type { CsrProvidesView } from '../csr/provides/view.ts';
import { csrProvides } from '../csr/provides.ts';
import { textsOnce } from '../csr/texts.ts';
import { REQUIRER_KEYS as CSR_KEYS } from '../csr/wire.ts';
import { only } from '../databag/lookup.ts';
import { redacted } from '../model/certificate.ts';
import { emptyMemory, type Memory, type Remembered } from '../model/memory.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Databag, Snapshot } from '../model/snapshot.ts';
import { PROVIDES_FLAGS, providesKey } from '../reactive/provides/explain.ts';
import { flagsOf, PROVIDES_FLAG_NAMES } from '../reactive/provides/flags.ts';
import type { ProvidesRequest, ProvidesView } from '../reactive/provides/view.ts';
import { provides } from '../reactive/provides.ts';
import { holdsPrivateKeys, requirerPart, speaksAs } from '../reactive/wire.ts';
import { presentRelations } from '../side/present.ts';
import { remember, rememberedOf } from '../side/remember.ts';
import { type Row, wordIn } from '../side/row.ts';
import type { Spoken } from './protocol.ts';
import { AnyProvidesIntent, type AnyProvidesIntentDocument, csrPartOf, nothingToPublish } from './provides/intent.ts';
import { peerOn } from './provides/peer.ts';
import { reactiveHalf } from './provides/reactive-half.ts';
import type { AnyProvidesRequest, AnyProvidesView } from './provides/view.ts';
import { united } from './writes.ts';

const csrPart = only(Object.values(CSR_KEYS));

/** The part that both providers read. A provider's keys in a requirer's databag show which protocol it speaks, and may be private. */
const partOf = (bag: Databag): Databag | null =>
  speaksAs(bag) === 'provider' ? null : Object.assign(requirerPart(bag), csrPart(bag));

const byName = (request: ProvidesRequest): AnyProvidesRequest => redacted({ ...request, protocol: 'reactive' });

const viewOf = (csr: CsrProvidesView, reactive: ProvidesView): AnyProvidesView => ({
  requests: csr.requests.map((request) => ({ ...request, protocol: 'csr' })),
  allRequests: reactive.allRequests.map(byName),
  newRequests: reactive.newRequests.map(byName),
  publishedCerts: reactive.publishedCerts,
});

const decide = (snapshot: Snapshot, intent: AnyProvidesIntent, memory: Memory): Outcome<AnyProvidesView> => {
  const { endpoint, relations } = snapshot;
  const remembered = rememberedOf(endpoint, memory);
  const peers = new Map(relations.map((relation) => [relation, peerOn(relation, remembered)]));
  const csr = csrProvides.decide(snapshot, csrPartOf(intent), { ...emptyMemory, digests: memory.digests });
  const reactive = reactiveHalf(
    snapshot,
    (relation): Spoken => peers.get(relation)?.spoken ?? 'unknown',
    intent,
    memory,
    textsOnce(),
  );
  const view = viewOf(csr.view, reactive.view);

  const isJoined = presentRelations(snapshot).some(({ units }) => units.length > 0);
  const isAsked = view.requests.some(({ state }) => state === 'new');
  const flags = flagsOf(isJoined, view.newRequests);
  // Each half keeps its own values, and drops the others.
  const halfNotes = [csr, reactive].flatMap((half) =>
    Object.entries(half.memory.digests).flatMap(([name, note]) =>
      name.startsWith(`${endpoint}.`) ? [[name.slice(endpoint.length + 1), note] as const] : []
    )
  );
  const peerNotes = [...peers.values()].flatMap((
    { note: [name, note] },
  ) => (note === null ? [] : [[name, note] as const]));
  const digests: ReadonlyMap<string, Remembered> = new Map([...halfNotes, ...peerNotes]);
  const kept = remember(endpoint, PROVIDES_FLAG_NAMES, memory, {
    flags: isAsked ? new Set([...flags, 'certs.requested' as const]) : flags,
    digests,
  });
  return {
    writes: united([...reactive.writes, ...csr.writes]),
    flags: kept.delta,
    memory: kept.memory,
    until: csr.until,
    view,
    findings: [...reactive.findings, ...csr.findings],
  };
};

/**
 * The provider for both protocols, `any/provides`.
 *
 * Only the leader answers by CSR. Findings: see {@link ANY_PROVIDES_FINDINGS}. Source: docs/any-protocol.md.
 *
 * @example
 * ```ts
 * import { anyProvides } from 'interface-tls-certificates/any';
 * import { emptyMemory, type Snapshot } from 'interface-tls-certificates';
 * const asked = (snapshot: Snapshot) => {
 *   const { requests, newRequests } = anyProvides.decide(snapshot, anyProvides.nothing, emptyMemory).view;
 *   return [...requests.filter(({ state }) => state === 'new'), ...newRequests];
 * };
 * ```
 */
export const anyProvides: Row<'any/provides', AnyProvidesIntent, AnyProvidesView, AnyProvidesIntentDocument> = {
  name: 'any/provides',
  role: 'provider',
  intent: AnyProvidesIntent,
  nothing: nothingToPublish,
  reads: { applicationData: true, keys: false, keeps: { partOf, isSecret: holdsPrivateKeys } },
  decide,
  deliveries: () => [],
  common: () => null,
  asked: (view) => [...csrProvides.asked(view), ...provides.asked(view)],
  explain: {
    flag: wordIn({ ...CSR_PROVIDES_FLAGS, ...PROVIDES_FLAGS }),
    key: (key) => wordIn(CSR_PROVIDES_KEYS)(key) ?? providesKey(key),
    isSecret: holdsPrivateKeys,
  },
};
