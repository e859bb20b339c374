/**
 * The requirer's side of the CSR protocol. It does what the Python library's `TLSCertificatesRequiresV4` does, as one pure function without
 * keys.
 *
 * wanted.ts knows what is wanted, state.ts how far each request has come, ask.ts what to publish for it, and follower.ts what a unit that
 * does not lead finds. This file combines them.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { difference } from '../databag/write.ts';
import type { Finding } from '../model/finding.ts';
import type { Memory } from '../model/memory.ts';
import type { Outcome, Write } from '../model/outcome.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { startingWith } from '../side/present.ts';
import { remember, rememberedOf } from '../side/remember.ts';
import { noSecret, type Row, wordIn } from '../side/row.ts';
import { unhandledOf, unknownFlagWords } from '../side/changed.ts';
import { earliest } from './expiry.ts';
import { mayWrite } from './leader.ts';
import { malformedIn } from './malformed.ts';
import { type AskedHere, askOn, namedKey } from './requires/ask.ts';
import { askedIn, deliveriesOf } from './requires/deliveries.ts';
import { CSR_REQUIRES_FLAGS, CSR_REQUIRES_KEYS } from './requires/explain.ts';
import { finding } from './requires/findings.ts';
import { CSR_REQUIRES_FLAG_NAMES, flagsOf } from './requires/flags.ts';
import { type Followed, followed } from './requires/follower.ts';
import { CsrRequiresIntent, type CsrRequiresIntentDocument, nothing } from './requires/intent.ts';
import { keysByBag } from './requires/keys.ts';
import { noticesOf } from './requires/notices.ts';
import { rewritten, staysBroken } from './requires/own-bag.ts';
import { ASKED_NOTE, askedNote, type AskedRelation, askedRelations, relationToAsk } from './requires/relation.ts';
import { rootOf, shown, unasked } from './requires/shown.ts';
import type { RequestStanding } from './requires/state.ts';
import type { CsrRequiresView } from './requires/view.ts';
import { type AllWanted, type Goal, wantedOf } from './requires/wanted.ts';
import { textsOnce } from './texts.ts';
import { REQUIRER_KEYS } from './wire.ts';

const NOTHING_ASKED: AskedHere = { standings: new Map(), additions: { unit: [], application: [] }, findings: [] };

/** The writes of a relation: on the one that carries the requests, CSRs that do not stay go and new ones come; on the others, all CSRs go. */
const writesOn = (here: AskedRelation, { goalOf }: AllWanted, asked: AskedHere | null): ReadonlyArray<Write> => {
  const { standings, additions } = asked ?? NOTHING_ASKED;
  // Neither malformed values nor anything beside them is withdrawn.
  const isHeld = here.said.isMalformed || here.own.some((own) => staysBroken(own, additions[own.bag]));
  return here.own
    .map((own) => {
      const after = rewritten(own, (pem, { known, isCa }) => {
        const goal = goalOf(known, own.bag, isCa);
        return isHeld || (goal !== null && (standings.get(goal)?.kept.has(pem) ?? false));
      }, additions[own.bag]);
      return difference(here.relation.id, own.bag, own.data, after);
    })
    .filter((write) => write !== null);
};

/** What is malformed in a relation's databags. */
const malformedOn = ({ relation, own, said }: AskedRelation, { localUnit }: Snapshot): ReadonlyArray<Finding> => [
  ...own.flatMap(({ bag, faults }) =>
    malformedIn({
      relationId: relation.id,
      ...(bag === 'unit' ? { unit: localUnit } : {}),
      key: REQUIRER_KEYS.requests,
    }, faults)
  ),
  ...said.findings,
];

/** What is wrong with the intent itself. */
const aboutIntent = (wanted: AllWanted, { renew }: CsrRequiresIntent): ReadonlyArray<Finding> => {
  const known = new Set(wanted.requests.map(({ request }) => namedKey(request)));
  return [
    ...wanted.requests.flatMap(({ request: { commonName }, goal }, i) =>
      (E.isLeft(goal) ? goal.left : []).map((fault) =>
        finding(
          'request-impossible',
          commonName === '' ? {} : { commonName },
          `intent.requests[${i}] cannot be asked for: ${fault}`,
        )
      )
    ),
    ...renew.flatMap((named, i) =>
      known.has(namedKey(named))
        ? []
        : [finding('nothing-to-renew', {}, `intent.renew[${i}] matches no request, so nothing was renewed`)]
    ),
  ];
};

/** When time alone would change the state of a request. */
const turningPoints = ({ state, renewAt, answer }: RequestStanding, now: number): ReadonlyArray<number> => {
  if (answer === null) return [];
  const { notBefore, notAfter } = answer.certificate.certificate;
  return [notBefore, state === 'answered' && renewAt !== null && renewAt > now ? renewAt : notAfter];
};

const decide = (snapshot: Snapshot, intent: CsrRequiresIntent, memory: Memory): Outcome<CsrRequiresView> => {
  const { endpoint } = snapshot;
  const now = snapshot.now === undefined ? null : Date.parse(snapshot.now);
  const texts = textsOnce();
  const wanted = wantedOf(intent.requests);
  const keys = keysByBag(snapshot);
  const remembered = rememberedOf(endpoint, memory);
  const present = askedRelations(snapshot, texts);
  const target = relationToAsk(present, wanted, keys, remembered(ASKED_NOTE));

  // Only the leader makes the application's requests.
  const isMine = ({ bag }: Goal): boolean => mayWrite(snapshot, bag);
  const asked = target === null
    ? NOTHING_ASKED
    : askOn(target, wanted.goals.filter(isMine), wanted, intent, keys, texts, now);
  const found = new Map<Goal, Followed>();
  if (target !== null) {
    for (const [goal, standing] of asked.standings) found.set(goal, { here: target, standing });
    const [first = target, ...others] = startingWith(target, present);
    for (const goal of wanted.goals.filter((one) => !isMine(one))) {
      found.set(goal, followed([first, ...others], goal, keys.application, intent.renewAfter));
    }
  }

  const requests = wanted.requests.map((one) => {
    if (E.isLeft(one.goal)) return unasked(one, target?.relation.id ?? null, 'impossible');
    const goal = one.goal.right;
    const at = found.get(goal);
    if (at === undefined) return unasked(one, null, 'unrelated');
    return shown(one, at.here.relation.id, at.standing, keys[goal.bag]);
  });
  const standings = wanted.goals.flatMap((goal) => found.get(goal) ?? []).map(({ standing }) => standing);
  const view: CsrRequiresView = {
    requests,
    capabilities: target?.said.capabilities ?? null,
    ...rootOf(standings.find(({ answer }) => answer !== null)?.answer ?? null),
  };

  const unhandled = unhandledOf(endpoint, CSR_REQUIRES_FLAG_NAMES, memory, intent.handled);
  const isJoined = present.some(({ units }) => units.length > 0);
  const flagged = flagsOf(view, { isJoined, isRelated: target !== null }, unhandled.flags, remembered);
  const note = target === null || intent.requests.length === 0
    ? []
    : [[ASKED_NOTE, askedNote(target.relation.id)] as const];
  const kept = remember(endpoint, CSR_REQUIRES_FLAG_NAMES, memory, {
    flags: flagged.flags,
    digests: new Map([...flagged.digests, ...note]),
  });

  return {
    writes: present.flatMap((here) => writesOn(here, wanted, here === target ? asked : null)),
    flags: kept.delta,
    memory: kept.memory,
    until: now === null ? null : earliest(standings.flatMap((standing) => turningPoints(standing, now)), now),
    view,
    findings: [
      ...aboutIntent(wanted, intent),
      // A relation whose last unit is just leaving still counts, although nothing is requested on it in this hook.
      ...(snapshot.relations.length === 0 && intent.requests.length > 0
        ? [
          finding(
            'no-relation',
            {},
            'there is no relation to request certificates on; request them again in every hook',
          ),
        ]
        : []),
      ...(present.length > 1
        ? [finding('several-relations', {}, 'there are several relations: one is asked, and nothing on the others')]
        : []),
      ...present.flatMap((here) => malformedOn(here, snapshot)),
      ...asked.findings,
      ...(target === null && intent.made.length > 0
        ? [finding('made-unused', {}, 'there is no relation to publish intent.made on')]
        : []),
      ...wanted.goals.flatMap((goal) => {
        const at = found.get(goal);
        return at === undefined ? [] : noticesOf(at.here, goal, at.standing, now);
      }),
      ...unhandled.unknown.map((i) => finding('unknown-flag', {}, unknownFlagWords(i))),
    ],
  };
};

/**
 * The requirer's side, `csr/requires`. It never touches private keys: the snapshot has their public halves, the view says which CSRs are
 * `missing`, and the intent brings those that a keyring has `made`.
 *
 * Findings: see {@link CSR_REQUIRES_FINDINGS}. Source: docs/csr-protocol.md.
 *
 * @example
 * ```ts
 * import { csrRequires, type CsrRequiresIntent } from 'interface-tls-certificates/csr';
 * import { emptyMemory, type Snapshot } from 'interface-tls-certificates';
 * const missing = (snapshot: Snapshot, intent: CsrRequiresIntent) =>
 *   csrRequires.decide(snapshot, intent, emptyMemory).view.requests.filter(({ state }) => state === 'missing');
 * ```
 */
export const csrRequires: Row<'csr/requires', CsrRequiresIntent, CsrRequiresView, CsrRequiresIntentDocument> = {
  name: 'csr/requires',
  role: 'requirer',
  intent: CsrRequiresIntent,
  nothing,
  reads: { applicationData: true, keys: true },
  decide,
  deliveries: deliveriesOf,
  common: ({ rootCaCert, rootCaChain }) => ({ ca: rootCaCert, chain: rootCaChain, client: null }),
  asked: askedIn,
  explain: { flag: wordIn(CSR_REQUIRES_FLAGS), key: wordIn(CSR_REQUIRES_KEYS), isSecret: noSecret },
};
