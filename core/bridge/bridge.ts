/**
 * The bridge: what to publish below and above for an application with requirers on one endpoint and a provider on another.
 *
 * asked.ts knows what is requested below, standing.ts how far each request by name has come, decided.ts what follows from that, and
 * passed.ts what becomes of certificate requests from below. This file combines them. Source: docs/bridge.md.
 *
 * @module
 */
import type { Capabilities } from '../csr/capabilities.ts';
import { earliest, type Millis } from '../csr/expiry.ts';
import { RENEW_AFTER } from '../csr/requires/intent.ts';
import { type KnownCsr, type Texts, textsOnce } from '../csr/texts.ts';
import type { Finding } from '../model/finding.ts';
import type { RelationId } from '../model/names.ts';
import { type AboveCsr, type AboveRequest, type AboveView, asPublished } from './above.ts';
import { type AskedBelow, askedBelow } from './asked.ts';
import { type BelowIntent, nothingBelow } from './below.ts';
import { type Decided, decideOn } from './decided.ts';
import type { Bridged, BridgeInput } from './decision.ts';
import { finding } from './findings.ts';
import { type BridgeKeys, bridgeKeys } from './keys.ts';
import { csrKey, type GivenByCsr, givenByCsr, notPassed } from './passed.ts';
import type { KeyLabel } from './request-id.ts';
import { askersOf, type HeldCsr, heldCsrs, rowsAfter } from './rows.ts';
import { ownByLabel, type OwnCsr, readOwnCsrs } from './standing.ts';
import { latest, trustIn } from './trust.ts';
import { summaryByCsr, summaryByName } from './summary.ts';
import type { UnseenRelation } from './table.ts';
import { NEW, sightOf } from './unseen.ts';
import { unusedKeys } from './unused.ts';

const PROVIDER_GONE = finding(
  'provider-gone',
  {},
  'there is no provider above: nothing is asked for, and what is answered below stays',
);

const UNKNOWN_CAPABILITIES: Capabilities = {
  supportsIpSans: null,
  supportsWildcardDns: null,
  supportsSubdomain: null,
  supportsCaCertificates: null,
  allowedDomains: null,
  providerType: null,
};

/** The capabilities that are published below: they tell requirers of both protocols that certificate requests are accepted. */
const capabilitiesFrom = ({ spoken, capabilities }: AboveView): Pick<BelowIntent, 'capabilities'> => {
  if (spoken === 'csr') return { capabilities: capabilities ?? UNKNOWN_CAPABILITIES };
  return spoken === 'reactive' ? { capabilities: null } : {};
};

/** The first certificate request that was made for each request, by its key. */
const madeByLabel = (
  made: ReadonlyArray<KnownCsr | null>,
  { ownerOf }: BridgeKeys,
): ReadonlyMap<KeyLabel, KnownCsr> => {
  const all = new Map<KeyLabel, KnownCsr>();
  for (const csr of made) {
    const label = csr === null ? undefined : ownerOf(csr.publicKey)?.label;
    if (csr !== null && label !== undefined && !all.has(label)) all.set(label, csr);
  }
  return all;
};

/** What becomes of the certificate requests from below. */
const passedOn = (
  { byCsr }: AskedBelow,
  { spoken }: AboveView,
  answered: ReadonlyMap<string, AboveRequest>,
  texts: Texts,
): ReadonlyArray<GivenByCsr> =>
  byCsr.map((request) =>
    spoken === 'reactive' ? notPassed(request) : givenByCsr(request, answered.get(csrKey(request)), texts)
  );

/** Everything that is published above, without repeats. */
const askedAbove = (
  decided: ReadonlyArray<Decided>,
  { byCsr }: AskedBelow,
  held: ReadonlyArray<HeldCsr>,
): ReadonlyMap<string, AboveCsr> => {
  const all = [
    ...decided.flatMap(({ csrs }) => csrs),
    ...byCsr.map(({ csr, isCa }) => ({ csr, isCa })),
    ...held.map(({ own: { request: { csr, isCa } } }) => ({ csr, isCa })),
  ];
  return new Map(all.map((one) => [csrKey(one), one]));
};

/** The CA and the chain for requirers by name; a finding says why there is none. */
const trustFrom = (
  published: ReadonlyArray<OwnCsr>,
): { readonly intent: Pick<BelowIntent, 'ca' | 'chain'>; readonly findings: ReadonlyArray<Finding> } => {
  const grounds = latest(published.flatMap(({ answer }) => answer ?? []));
  const trust = grounds === null ? null : trustIn(grounds);
  if (trust !== null) return { intent: trust, findings: [] };
  const message = grounds === null
    ? 'no certificate has come from above yet, so there is no CA to publish below'
    : 'the CA that issued is not among what came beside the certificate: none is published below';
  return { intent: {}, findings: [finding('ca-unknown', {}, message)] };
};

/** The moments at which a certificate is due or ends. */
const turningPoints = ({ state }: Decided): ReadonlyArray<number> => {
  if (state === null || state.serving === null) return [];
  const { renewAt } = state.standing;
  return [...(renewAt === null ? [] : [renewAt]), state.serving.certificate.certificate.notAfter];
};

const nowIn = ({ snapshot: { now } }: BridgeInput): Millis | null => (now === undefined ? null : Date.parse(now));

/** The relations that are not fully seen yet, limited to those for which something is held once everything else is decided. */
const stillUnseen = (
  unseen: ReadonlyArray<UnseenRelation>,
  decided: ReadonlyArray<Decided>,
  held: ReadonlyArray<HeldCsr>,
): ReadonlyArray<UnseenRelation> => {
  const ofNobodyKnown = held.some(({ rows }) => rows.length === 0);
  const holding = new Set([
    ...held.flatMap(({ rows }) => rows.map(({ relationId }) => relationId)),
    ...decided.flatMap(({ one: { id }, isFrozen }) => (isFrozen ? [id.relationId] : [])),
  ]);
  return ofNobodyKnown ? unseen : unseen.filter(({ relationId }) => holding.has(relationId));
};

/** Decides as the leader. */
const lead = (input: BridgeInput): Bridged => {
  const { above, table, renewAfter = RENEW_AFTER, sharedClient = false } = input;
  const now = nowIn(input);
  const texts = textsOnce();
  const keys = bridgeKeys(input.keys);
  const isAsking = above.relationId !== null && above.spoken !== 'reactive';
  const published = isAsking ? readOwnCsrs(above, texts) : [];
  const rowsOf = askersOf(table, keys);
  const isServed = (id: RelationId): boolean =>
    input.keys.some(({ request }) => request.relationId === id) ||
    published.map(rowsOf).some((rows) => rows.length === 0 || rows.some(({ relationId }) => relationId === id));
  const sight = sightOf(input, isServed, now);
  const { kept: { unseen }, isUnseen } = sight;
  // What all requirers by name share stays as long as there may be one.
  const mayBeShared = input.keys.some(({ request: { relationId } }) => relationId !== null && isUnseen(relationId));
  const asked = askedBelow(input.below, sharedClient, (id) => (id === null ? mayBeShared : isUnseen(id)));
  const own = ownByLabel(published, keys);
  const made = input.made.map((csr) => texts.csr(csr));
  const madeFor = madeByLabel(made, keys);
  const circumstances = { above, isAsking, keys, now, renewAfter, isHeld: asked.isHeld };
  const decided = asked.byName.map((one) =>
    decideOn(one, own.get(one.label) ?? [], madeFor.get(one.label) ?? null, circumstances)
  );
  const answered = new Map((isAsking ? above.requests : []).map((request) => [csrKey(request), request]));
  const passed = passedOn(asked, above, answered, texts);
  const held = heldCsrs(asked, published, rowsOf, sight.hasUnseen);
  const csrs = isAsking ? askedAbove(decided, asked, held) : new Map<string, AboveCsr>();
  const trust = trustFrom(published);
  const shared = decided.flatMap(({ given }) => given.shared ?? [])[0];
  const isPublished = ({ pem: csr }: KnownCsr): boolean =>
    [false, true].some((isCa) => csrs.has(csrKey({ csr, isCa })));
  return {
    below: {
      ...capabilitiesFrom(above),
      ...trust.intent,
      ...(shared === undefined ? (sharedClient ? {} : { globalClientCert: null }) : { globalClientCert: shared }),
      answers: [...decided.flatMap(({ given }) => given.answers), ...passed.flatMap(({ answers }) => answers)],
      withdrawn: decided.flatMap(({ given }) => given.withdrawn),
      refusals: [...decided.flatMap(({ given }) => given.refusals), ...passed.flatMap(({ refusals }) => refusals)],
      revoked: passed.flatMap(({ revoked }) => revoked),
      onWithdrawal: 'withdraw',
    },
    above: above.relationId === null ? asPublished : { csrs: [...csrs.values()] },
    table: {
      ...table,
      ...sight.kept,
      rows: isAsking ? rowsAfter(decided, asked, held, texts) : table.rows,
      unseen: isAsking ? stillUnseen(unseen, decided, held) : unseen,
    },
    missing: decided.flatMap(({ missing }) => missing),
    unused: unusedKeys(input.keys, asked, decided, texts),
    requests: [
      ...decided.map((one) => summaryByName(one, above, texts)),
      ...asked.byCsr.map((one) => summaryByCsr(one, answered.get(csrKey(one)), above, texts)),
    ],
    until: now === null ? null : earliest(
      [...decided.flatMap(turningPoints), ...unseen.map(({ since }) => Date.parse(since) + NEW)],
      now,
    ),
    findings: [
      ...(above.relationId === null && asked.byName.length + asked.byCsr.length > 0 ? [PROVIDER_GONE] : []),
      ...decided.flatMap(({ given }) => given.findings),
      ...passed.flatMap(({ findings }) => findings),
      ...(isAsking && decided.length > 0 ? trust.findings : []),
      ...made.flatMap((csr, i) => {
        const message = `made[${i}] is for no request that is missing, or under another key: it is not published`;
        return csr !== null && isPublished(csr) ? [] : [finding('made-unused', {}, message)];
      }),
    ],
  };
};

/**
 * Decides for a unit that does not lead, or that is being removed: it asks for nothing and answers nothing. What every unit publishes below,
 * the CA and the chain, is the leader's. A unit that is being removed leaves all as it is.
 */
const standBy = (input: BridgeInput, isLeaving: boolean): Bridged => {
  const { above, table } = input;
  const trust = isLeaving ? {} : trustFrom(readOwnCsrs(above, textsOnce())).intent;
  return {
    below: isLeaving ? nothingBelow : { ...nothingBelow, ...trust, globalClientCert: null },
    above: asPublished,
    table: { ...table, ...sightOf(input, () => true, nowIn(input)).kept, isLeaving },
    missing: [],
    unused: [],
    requests: [],
    until: null,
    findings: [],
  };
};

/**
 * Decides what is published on both ends. Only the leader asks above and answers below.
 *
 * It takes two decisions in one hook: the first says which certificate requests are missing, and after {@link makeBridged} has made them,
 * the second publishes them. Private keys are not its business: `below` names those that are needed. Findings: see {@link BRIDGE_FINDINGS}.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { bridge, emptyTable } from 'interface-tls-certificates/bridge';
 * const decided = bridge({
 *   snapshot: { isLeader: true, relations: [] },
 *   below: { view: { requests: [], allRequests: [], newRequests: [], publishedCerts: [] }, findings: [] },
 *   above: { relationId: null, spoken: 'unknown', requests: [], capabilities: null },
 *   table: emptyTable,
 *   keys: [],
 *   made: [],
 * });
 * assert.deepEqual(decided.missing, []);
 * ```
 */
export const bridge = (input: BridgeInput): Bridged => {
  const { isLeader, isLeaving = false } = input.snapshot;
  const leaves = isLeaving || input.table.isLeaving;
  return isLeader && !leaves ? lead(input) : standBy(input, leaves);
};
