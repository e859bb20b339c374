/**
 * The upper end of a bridge: a requirer that publishes the certificate requests it is given, each under a key of its own, and reports the
 * state of each.
 *
 * All of them are in the application databag, so only the leader asks. `any/requires` cannot serve as this end: it has one key for each
 * owner, one certificate request for each content, and withdraws every request that is not its own. Source: docs/bridge.md.
 *
 * @module
 */
import type { CsrPem } from '../csr/csr-pem.ts';
import type { Capabilities } from '../csr/capabilities.ts';
import type { RequestError } from '../csr/errors.ts';
import { mayWrite } from '../csr/leader.ts';
import { malformedIn } from '../csr/malformed.ts';
import type { Requested } from '../csr/requested.ts';
import { counts, type Said, saidOn } from '../csr/requires/answers.ts';
import { type Addition, type OwnBag, readOwn, rewritten, staysBroken } from '../csr/requires/own-bag.ts';
import { type NormalPem, type Texts, textsOnce } from '../csr/texts.ts';
import { REQUIRER_KEYS } from '../csr/wire.ts';
import { difference } from '../databag/write.ts';
import type { Finding } from '../model/finding.ts';
import type { Memory } from '../model/memory.ts';
import type { RelationId } from '../model/names.ts';
import type { Outcome, Write } from '../model/outcome.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type PresentRelation, presentRelations } from '../side/present.ts';
import { remember, rememberedOf } from '../side/remember.ts';
import { type Spoken, spokenNote, type Verdict, verdictOn } from '../any/protocol.ts';
import { finding } from './findings.ts';

/** A certificate request to publish. */
export interface AboveCsr {
  /** The CSR in PEM. */
  readonly csr: CsrPem | NormalPem;
  /** Whether a CA's certificate is asked for. */
  readonly isCa: boolean;
}

/** All certificate requests to publish; null: leave them unchanged. */
export interface AboveIntent {
  /** What is to be published; null: as it is. */
  readonly csrs: ReadonlyArray<AboveCsr> | null;
}

/** The intent of a bridge that has not decided yet: published requests stay. */
export const asPublished: AboveIntent = { csrs: null };

/** A published certificate request, and its state. */
export interface AboveRequest {
  /** The CSR in PEM. */
  readonly csr: NormalPem;
  /** Whether a CA's certificate is asked for. */
  readonly isCa: boolean;
  /** The last certificate that counts: not revoked, with the key of the request, and a CA's exactly if a CA certificate was requested. */
  readonly certificate: NormalPem | null;
  /** The CA that came with the certificate. */
  readonly ca: NormalPem | null;
  /** In the provider's order. */
  readonly chain: ReadonlyArray<NormalPem>;
  /** Whether a certificate was revoked and no other counts. */
  readonly isRevoked: boolean;
  /** Whether there are certificates, but none for this request. */
  readonly isMismatched: boolean;
  /** Why it is refused; null while it is not. */
  readonly refusal: RequestError | null;
}

/** What the bridge can read at its upper end. */
export interface AboveView {
  /** The relation that carries the requests; null: there is none. */
  readonly relationId: RelationId | null;
  /** The protocol that the provider speaks. */
  readonly spoken: Spoken;
  /** What is published there, in its order. A unit that does not lead cannot read that: it sees what is answered. */
  readonly requests: ReadonlyArray<AboveRequest>;
  /** What the provider can issue; null if it does not say. */
  readonly capabilities: Capabilities | null;
}

interface Here extends PresentRelation {
  readonly verdict: Verdict;
  readonly own: OwnBag;
  readonly said: Said;
}

const keyOf = (csr: NormalPem, isCa: boolean): string => `${isCa ? 'ca' : 'leaf'} ${csr}`;

/** The relation that carries the requests: the one that has some, otherwise one known to accept them, otherwise the first with units. */
const relationToAsk = (all: ReadonlyArray<Here>): Here | null => {
  const joined = all.filter(({ units }) => units.length > 0);
  const open = joined.filter(({ verdict }) => verdict.spoken !== 'reactive');
  return open.find(({ own }) => own.entries.length > 0) ?? open.find(({ verdict }) => verdict.spoken === 'csr') ??
    open[0] ?? joined[0] ?? null;
};

/** The certificate requests that are published; where that cannot be read, those that the provider's answers echo. */
const asked = ({ own, said }: Here, isLeader: boolean): ReadonlyArray<Pick<Requested, 'known' | 'isCa'>> =>
  isLeader
    ? own.entries.map(({ value }) => value)
    : said.answers.map(({ csr, certificate: { isCa } }) => ({ known: csr, isCa }));

const shown = (here: Here, isLeader: boolean): ReadonlyArray<AboveRequest> => {
  const { said } = here;
  const seen = new Set<string>();
  return asked(here, isLeader).flatMap(({ known, isCa }): ReadonlyArray<AboveRequest> => {
    const key = keyOf(known.pem, isCa);
    if (seen.has(key)) return [];
    seen.add(key);
    const answers = said.answersTo(known.pem);
    const answer = answers.findLast((one) => counts(one, isCa)) ?? null;
    const isRevoked = answer === null && answers.some((one) => one.isRevoked);
    return [{
      csr: known.pem,
      isCa,
      certificate: answer?.certificate.pem ?? null,
      ca: answer?.ca?.pem ?? null,
      chain: answer?.chain.map(({ pem }) => pem) ?? [],
      isRevoked,
      isMismatched: answer === null && answers.length > 0 && !isRevoked,
      refusal: said.errorOf(known.pem),
    }];
  });
};

const writeOn = (
  { relation, own, said }: Here,
  csrs: ReadonlyArray<AboveCsr>,
  texts: Texts,
): Write | null => {
  const wanted = new Map<string, Addition>();
  for (const { csr, isCa } of csrs) {
    const known = texts.csr(csr);
    if (known !== null) wanted.set(keyOf(known.pem, isCa), { csr: known, isCa });
  }
  const there = new Set(own.entries.map(({ value: { known, isCa } }) => keyOf(known.pem, isCa)));
  const additions = [...wanted].filter(([key]) => !there.has(key)).map(([, addition]) => addition);
  // Malformed values and whatever is next to them are not withdrawn.
  const isHeld = said.isMalformed || staysBroken(own, additions);
  const after = rewritten(own, (pem, { isCa }) => isHeld || wanted.has(keyOf(pem, isCa)), additions);
  return difference(relation.id, own.bag, own.data, after);
};

const malformedOn = ({ relation, own, said }: Here): ReadonlyArray<Finding> => [
  ...malformedIn({ relationId: relation.id, key: REQUIRER_KEYS.requests }, own.faults),
  ...said.findings,
];

const SEVERAL = finding(
  'several-relations',
  {},
  'there are several relations: one is asked, and nothing on the others',
);

/**
 * Decides the upper end of a bridge. Only the leader writes, and no flag is set.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { asPublished, decideAbove } from 'interface-tls-certificates/bridge';
 * import { decodeInput } from 'interface-tls-certificates/any';
 * import { emptyMemory } from 'interface-tls-certificates';
 * const input = decodeInput({ side: 'any/requires', snapshot: { localUnit: 'bridge/0', endpoint: 'certificates', relations: [] } });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * assert.equal(decideAbove(input.right.snapshot, asPublished, emptyMemory).view.relationId, null);
 * ```
 */
export const decideAbove = (snapshot: Snapshot, { csrs }: AboveIntent, memory: Memory): Outcome<AboveView> => {
  const { endpoint } = snapshot;
  const texts = textsOnce();
  const isLeader = mayWrite(snapshot, 'application');
  const remembered = rememberedOf(endpoint, memory);
  const all = presentRelations(snapshot).map((present): Here => {
    const own = readOwn(present.relation, 'application', texts);
    return {
      ...present,
      verdict: verdictOn(present, remembered(spokenNote(present.relation.id))),
      own: isLeader ? own : { ...own, entries: [], faults: [] },
      said: saidOn(present.relation, texts),
    };
  });
  const target = relationToAsk(all);
  const kept = remember<never>(endpoint, [], memory, {
    flags: new Set(),
    digests: new Map(
      all.flatMap((
        { relation, verdict: { note } },
      ) => (note === null ? [] : [[spokenNote(relation.id), note] as const])),
    ),
  });
  return {
    writes: csrs === null || !isLeader
      ? []
      : all.map((here) => writeOn(here, here === target ? csrs : [], texts)).filter((write) => write !== null),
    flags: kept.delta,
    memory: kept.memory,
    until: null,
    view: {
      relationId: target?.relation.id ?? null,
      spoken: target?.verdict.spoken ?? 'unknown',
      requests: target === null ? [] : shown(target, isLeader),
      capabilities: target?.said.capabilities ?? null,
    },
    findings: [...(all.length > 1 ? [SEVERAL] : []), ...all.flatMap(malformedOn)],
  };
};
