/**
 * The bridge: what an application publishes below and above that has requirers on one endpoint and a provider on another.
 *
 * asked.ts says what is asked for below, standing.ts how far each request by name has come, by-name.ts and passed.ts what is answered;
 * here they come together. Source: docs/bridge.md.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { AnyProvidesView } from '../any/provides/view.ts';
import type { Capabilities } from '../csr/capabilities.ts';
import type { Content } from '../csr/content.ts';
import type { CsrPem } from '../csr/csr-pem.ts';
import { earliest } from '../csr/expiry.ts';
import { RENEW_AFTER } from '../csr/requires/intent.ts';
import type { MissingWhy } from '../csr/requires/view.ts';
import { type KnownCsr, textsOnce } from '../csr/texts.ts';
import type { CertType } from '../model/certificate.ts';
import type { Finding } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Timestamp } from '../model/snapshot.ts';
import { type AboveCsr, type AboveIntent, type AboveView, asPublished } from './above.ts';
import { type AskedBelow, askedBelow, type ByName } from './asked.ts';
import { type BelowIntent, nothingBelow } from './below.ts';
import { type GivenByName, givenByName, impossible, refusedByName, unsupportedOf } from './by-name.ts';
import { finding } from './findings.ts';
import { type BridgeKey, bridgeKeys } from './keys.ts';
import { csrKey, type GivenByCsr, givenByCsr, notPassed } from './passed.ts';
import { type KeyLabel, labelOf } from './request-id.ts';
import { type BridgeStanding, bridgeStanding, ownByLabel, type OwnCsr, readOwnCsrs } from './standing.ts';
import { type BridgeRow, type BridgeTable, csrDigest } from './table.ts';
import { latest, trustIn } from './trust.ts';

/** What a bridge decides on. */
export interface BridgeInput {
  /** Only the leader asks above and answers below. */
  readonly isLeader: boolean;
  /** The present; null: nothing is renewed, and nothing is said of dates. */
  readonly now: Timestamp | null;
  /** What `any/provides` decided on the lower endpoint. */
  readonly below: Pick<Outcome<AnyProvidesView>, 'view' | 'findings'>;
  /** What {@link decideAbove} read on the upper endpoint. */
  readonly above: AboveView;
  readonly table: BridgeTable;
  /** The public halves of all keys that are kept for the bridge; of several for one request the first is in force. */
  readonly keys: ReadonlyArray<BridgeKey>;
  /** The certificate requests that were made for what a first decision said is missing. */
  readonly made: ReadonlyArray<CsrPem>;
  /** The part of a certificate's life after which it is renewed. Default: 0.9. */
  readonly renewAfter?: number;
  /** Whether requirers by name are given a client certificate that they share. Default: no. */
  readonly sharedClient?: boolean;
}

/** A certificate request that has to be made. */
export interface MissingCsr {
  readonly label: KeyLabel;
  /** The keeper's name for the key to make it with; null: a key has to be made and kept first. */
  readonly keyName: string | null;
  readonly content: Content;
  readonly certType: CertType;
  readonly why: MissingWhy | 'revoked';
}

/** What a bridge decided. */
export interface Bridged {
  readonly below: BelowIntent;
  readonly above: AboveIntent;
  readonly table: BridgeTable;
  readonly missing: ReadonlyArray<MissingCsr>;
  /** Keys that nothing needs any more. Delete them once the rest is applied. */
  readonly unused: ReadonlyArray<BridgeKey>;
  /** When time alone would change this decision. */
  readonly until: Timestamp | null;
  readonly findings: ReadonlyArray<Finding>;
}

/** A request by name with all that is known of it. */
interface Decided {
  readonly one: ByName;
  readonly state: BridgeStanding | null;
  readonly given: GivenByName;
  readonly csrs: ReadonlyArray<AboveCsr>;
  readonly missing: ReadonlyArray<MissingCsr>;
}

const REACTIVE = 'the provider above speaks the reactive protocol: relate the requirer to it without a bridge';

const NO_RELATION = finding(
  'no-relation',
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

/** What is said below of what can be had: it tells requirers of both protocols that certificate requests are taken. */
const capabilitiesFrom = ({ spoken, capabilities }: AboveView): Pick<BelowIntent, 'capabilities'> => {
  if (spoken === 'csr') return { capabilities: capabilities ?? UNKNOWN_CAPABILITIES };
  return spoken === 'reactive' ? { capabilities: null } : {};
};

const rowOf = (csr: KnownCsr, row: Omit<BridgeRow, 'csr'>): BridgeRow => ({ csr: csrDigest(csr.pem), ...row });

/** Keys that no request has, and older ones that no certificate needs. */
const unusedOf = (
  { keys }: BridgeInput,
  asked: AskedBelow,
  decided: ReadonlyArray<Decided>,
  table: BridgeTable,
  texts: ReturnType<typeof textsOnce>,
): ReadonlyArray<BridgeKey> => {
  const needed = new Map<KeyLabel, ReadonlySet<string> | 'all'>();
  for (const { one: { label, request }, state, csrs } of decided) {
    if (state === null) {
      needed.set(label, 'all');
      continue;
    }
    const served = request?.cert ?? null;
    needed.set(
      label,
      new Set(
        [
          state.key?.publicKey,
          state.serving?.certificate.publicKey,
          served === null ? undefined : texts.certificate(served)?.publicKey,
          ...csrs.map(({ csr }) => texts.csr(csr)?.publicKey),
        ].filter((key) => key !== undefined),
      ),
    );
  }
  const held = new Set(
    table.rows.flatMap(({ origin, relationId, unit, certType, commonName }) =>
      origin === 'made' && certType !== null && asked.isHeld({ relationId, unit })
        ? [labelOf({ relationId, unit, certType, commonName })]
        : []
    ),
  );
  return keys.filter(({ label, publicKey }) => {
    const here = needed.get(label);
    return here === undefined ? !held.has(label) : here !== 'all' && !here.has(publicKey);
  });
};

/** Decides as the leader. */
const lead = (input: BridgeInput): Bridged => {
  const { above, table, made, renewAfter = RENEW_AFTER, sharedClient = false } = input;
  const now = input.now === null ? null : Date.parse(input.now);
  const texts = textsOnce();
  const keys = bridgeKeys(input.keys);
  const asked = askedBelow(input.below.view, input.below.findings, sharedClient);
  const isAsking = above.relationId !== null && above.spoken !== 'reactive';
  const published = isAsking ? readOwnCsrs(above, texts) : [];
  const own = ownByLabel(published, keys);

  const madeFor = new Map<KeyLabel, KnownCsr>();
  const known = made.map((csr) => texts.csr(csr));
  for (const csr of known) {
    const label = csr === null ? undefined : keys.ownerOf(csr.publicKey)?.label;
    if (csr !== null && label !== undefined && !madeFor.has(label)) madeFor.set(label, csr);
  }

  const decide = (one: ByName): Decided => {
    const nothing = { one, state: null, csrs: [], missing: [] };
    if (E.isLeft(one.goal)) return { ...nothing, given: impossible(one, one.goal.left) };
    if (!isAsking) return { ...nothing, given: refusedNowhere(one, above) };
    const goal = one.goal.right;
    const here: ReadonlyArray<OwnCsr> = own.get(one.label) ?? [];
    const state = bridgeStanding(goal, here, madeFor.get(one.label) ?? null, keys.of(one.label), { now, renewAfter });
    const { standing, key, kept } = state;
    const isWanted = standing.state === 'missing' && unsupportedOf(goal, state, above).length === 0;
    const added = standing.csr !== null && !here.some(({ known: { pem } }) => pem === standing.csr?.pem);
    return {
      one,
      state,
      given: givenByName(one, goal, state, above, keys, now),
      csrs: [
        ...here.filter(({ known: { pem } }) => kept.has(pem)).map(({ request: { csr, isCa } }) => ({ csr, isCa })),
        ...(added && standing.csr !== null ? [{ csr: standing.csr.pem, isCa: goal.isCa }] : []),
      ],
      missing: isWanted
        ? [{
          label: one.label,
          keyName: key?.name ?? null,
          content: goal.content,
          certType: goal.certType,
          why: state.isRevoked ? 'revoked' : standing.why ?? 'new',
        }]
        : [],
    };
  };
  const decided = asked.byName.map(decide);

  const answered = new Map(above.requests.map((request) => [csrKey(request), request]));
  const passed = asked.byCsr.map((request): GivenByCsr =>
    above.spoken === 'reactive'
      ? notPassed(request)
      : givenByCsr(request, isAsking ? answered.get(csrKey(request)) : undefined, texts)
  );

  // What cannot be read just now is not withdrawn.
  const heldDigests = new Map<string, Array<BridgeRow>>();
  for (const row of table.rows) {
    if (!asked.isHeld(row)) continue;
    const rows = heldDigests.get(row.csr);
    if (rows === undefined) heldDigests.set(row.csr, [row]);
    else rows.push(row);
  }
  const held = heldDigests.size === 0
    ? []
    : published.flatMap((csr) => (heldDigests.has(csrDigest(csr.known.pem)) ? [csr] : []));

  const csrs = new Map<string, AboveCsr>();
  const put = (csr: AboveCsr): void => void csrs.set(csrKey(csr), csr);
  for (const one of decided) one.csrs.forEach(put);
  if (isAsking) asked.byCsr.forEach(({ csr, isCa }) => put({ csr, isCa }));
  held.forEach(({ request: { csr, isCa } }) => put({ csr, isCa }));

  const rows = new Map<string, BridgeRow>();
  const keep = (row: BridgeRow): void =>
    void rows.set(JSON.stringify([row.csr, row.relationId, row.unit, row.certType]), row);
  if (isAsking) {
    for (const { one: { id }, csrs: mine } of decided) {
      for (const { csr } of mine) {
        const read = texts.csr(csr);
        if (read !== null) keep(rowOf(read, { origin: 'made', ...id }));
      }
    }
    for (const { relationId, unit, csr } of asked.byCsr) {
      keep({ csr: csrDigest(csr), origin: 'passed', relationId, unit, certType: null, commonName: '' });
    }
    for (const { known: { pem } } of held) heldDigests.get(csrDigest(pem))?.forEach(keep);
  }
  const after: BridgeTable = isAsking ? { rows: [...rows.values()] } : table;

  const grounds = latest(
    published.flatMap(({ answer }) => (answer === null ? [] : [answer])),
  );
  const trust = grounds === null ? null : trustIn(grounds);
  const shared = decided.flatMap(({ given }) => given.shared ?? [])[0];
  const turning = decided.flatMap(({ state }) => {
    if (state === null || state.serving === null) return [];
    const { renewAt } = state.standing;
    return [...(renewAt === null ? [] : [renewAt]), state.serving.certificate.certificate.notAfter];
  });
  const isTaken = (csr: KnownCsr): boolean =>
    csrs.has(csrKey({ csr: csr.pem, isCa: false })) ||
    csrs.has(csrKey({ csr: csr.pem, isCa: true }));
  return {
    below: {
      ...capabilitiesFrom(above),
      ...(trust === null ? {} : { ca: trust.ca, chain: trust.chain }),
      ...(shared === undefined ? {} : { globalClientCert: shared }),
      answers: [...decided.flatMap(({ given }) => given.answers), ...passed.flatMap(({ answers }) => answers)],
      withdrawn: decided.flatMap(({ given }) => given.withdrawn),
      refusals: [...decided.flatMap(({ given }) => given.refusals), ...passed.flatMap(({ refusals }) => refusals)],
      revoked: passed.flatMap(({ revoked }) => revoked),
      onWithdrawal: 'withdraw',
    },
    above: above.relationId === null ? asPublished : { csrs: [...csrs.values()] },
    table: after,
    missing: decided.flatMap(({ missing }) => missing),
    unused: unusedOf(input, asked, decided, table, texts),
    until: now === null ? null : earliest(turning, now),
    findings: [
      ...(above.relationId === null && asked.byName.length + asked.byCsr.length > 0 ? [NO_RELATION] : []),
      ...decided.flatMap(({ given }) => given.findings),
      ...passed.flatMap(({ findings }) => findings),
      ...(trust === null && decided.length > 0 && isAsking
        ? [
          finding(
            'ca-unknown',
            {},
            grounds === null
              ? 'no certificate has come from above yet, so there is no CA to publish below'
              : 'the CA that issued is not among what came beside the certificate: none is published below',
          ),
        ]
        : []),
      ...known.flatMap((csr, i) =>
        csr !== null && isTaken(csr) ? [] : [
          finding(
            'made-unused',
            {},
            `made[${i}] is for no request that is missing, or under another key: it is not published`,
          ),
        ]
      ),
    ],
  };
};

/** A request by name while nobody can be asked. */
const refusedNowhere = (one: ByName, { spoken }: AboveView): GivenByName =>
  spoken === 'reactive'
    ? refusedByName(one, REACTIVE, finding('provider-reactive', one.place, REACTIVE))
    : { answers: [], refusals: [], withdrawn: [], shared: null, findings: [] };

/**
 * Decides what is published on both ends. A unit that does not lead publishes nothing.
 *
 * It takes two decisions in one hook: the first says which certificate requests are missing, and after {@link makeBridged} has made them,
 * the second publishes them. Private keys are not its business: `below` names those that are needed. Findings: see {@link BRIDGE_FINDINGS}.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { bridge, emptyTable } from 'interface-tls-certificates/bridge';
 * const decided = bridge({
 *   isLeader: true,
 *   now: null,
 *   below: { view: { requests: [], allRequests: [], newRequests: [], publishedCerts: [] }, findings: [] },
 *   above: { relationId: null, spoken: 'unknown', requests: [], capabilities: null },
 *   table: emptyTable,
 *   keys: [],
 *   made: [],
 * });
 * assert.deepEqual(decided.missing, []);
 * ```
 */
export const bridge = (input: BridgeInput): Bridged =>
  input.isLeader ? lead(input) : {
    below: nothingBelow,
    above: asPublished,
    table: input.table,
    missing: [],
    unused: [],
    until: null,
    findings: [],
  };
