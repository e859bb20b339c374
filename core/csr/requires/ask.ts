/**
 * Asking on one relation: the state of each request, which of the made CSRs is used for what is missing, and which CSRs go.
 *
 * @module
 */
import type { Finding } from '../../model/finding.ts';
import type { Bag } from '../../model/outcome.ts';
import { fitsKind } from '../content.ts';
import type { KnownCsr, NormalPem, Texts } from '../texts.ts';
import { finding } from './findings.ts';
import type { CsrRequiresIntent, Named } from './intent.ts';
import type { OwnersKeys } from './keys.ts';
import type { Addition } from './own-bag.ts';
import type { AskedRelation } from './relation.ts';
import { type RequestStanding, standingOf } from './state.ts';
import type { AllWanted, Goal } from './wanted.ts';

/** What is requested on the relation. */
export interface AskedHere {
  readonly standings: ReadonlyMap<Goal, RequestStanding>;
  /** What to append to each databag, in the order of the requests. */
  readonly additions: { readonly [B in Bag]: ReadonlyArray<Addition> };
  readonly findings: ReadonlyArray<Finding>;
}

/** A request by its kind and name, as one text. */
export const namedKey = ({ certType, commonName }: Named): string => `${certType} ${commonName}`;

/** The published CSRs by what they are for, each once, and those that nobody wants. */
const sortedOut = ({ own }: AskedRelation, { goalOf }: AllWanted) => {
  const wanted = new Map<Goal, Map<NormalPem, KnownCsr>>();
  const unwanted = new Map<string, Array<KnownCsr>>();
  for (const { bag, entries } of own) {
    for (const { value: { known, isCa } } of entries) {
      const goal = goalOf(known, bag, isCa);
      if (goal !== null) {
        const csrs = wanted.get(goal) ?? new Map<NormalPem, KnownCsr>();
        wanted.set(goal, csrs.set(known.pem, known));
      } else {
        const key = JSON.stringify([bag, isCa, known.content.commonName]);
        const others = unwanted.get(key);
        if (others === undefined) unwanted.set(key, [known]);
        else others.push(known);
      }
    }
  }
  const published = (goal: Goal): ReadonlyArray<KnownCsr> => [...(wanted.get(goal)?.values() ?? [])];
  /** Whether there is a CSR of the same kind and name with other content. */
  const isChanged = ({ bag, isCa, certType, content }: Goal): boolean =>
    (unwanted.get(JSON.stringify([bag, isCa, content.commonName])) ?? []).some(({ csr }) => fitsKind(csr, certType));
  return { published, isChanged };
};

/** Uses for each missing request the first CSR that was made for it; reports the rest. */
const takenFrom = (
  made: ReadonlyArray<string>,
  texts: Texts,
  isKept: (csr: NormalPem) => boolean,
  isPublished: (csr: NormalPem) => boolean,
  takersOf: (csr: KnownCsr) => ReadonlyArray<Goal>,
): { readonly taken: ReadonlyMap<Goal, KnownCsr>; readonly findings: ReadonlyArray<Finding> } => {
  const taken = new Map<Goal, KnownCsr>();
  const findings: Array<Finding> = [];
  const used = new Set<NormalPem>();
  for (const [i, text] of made.entries()) {
    const known = texts.csr(text);
    if (known !== null && (isKept(known.pem) || used.has(known.pem))) continue;
    const goal = known === null ? undefined : takersOf(known).find((one) => !taken.has(one));
    if (known !== null && goal !== undefined) {
      taken.set(goal, known);
      used.add(known.pem);
    } else if (known === null || !isPublished(known.pem)) {
      const message =
        `intent.made[${i}] is no CSR that is missing, of the content and the key that are wanted: it is not published`;
      findings.push(finding('made-unused', {}, message));
    }
  }
  return { taken, findings };
};

/** Decides what to request on the relation. `goals` are those that this unit requests itself. */
export const askOn = (
  here: AskedRelation,
  goals: ReadonlyArray<Goal>,
  wanted: AllWanted,
  intent: CsrRequiresIntent,
  keys: { readonly [B in Bag]: OwnersKeys },
  texts: Texts,
  now: number | null,
): AskedHere => {
  const { published, isChanged } = sortedOut(here, wanted);
  const renewed = new Set(intent.renew.map(namedKey));
  const stand = (goal: Goal, csrs: ReadonlyArray<KnownCsr>): RequestStanding =>
    standingOf(goal, csrs, keys[goal.bag], here.said, {
      now,
      renewAfter: intent.renewAfter,
      isWanted: renewed.has(namedKey({ certType: goal.certType, commonName: goal.content.commonName })),
    }, isChanged(goal) ? 'changed' : 'new');
  const standings = new Map(goals.map((goal) => [goal, stand(goal, published(goal))]));

  const kept = new Set([...standings.values()].flatMap((standing) => [...standing.kept]));
  // A CSR that nobody wants where it is may be just what is missing elsewhere.
  const there = new Set(here.own.flatMap(({ entries }) => entries.map(({ value }) => value.known.pem)));
  const isMissing = (goal: Goal): boolean => standings.get(goal)?.state === 'missing';
  const order = new Map(wanted.goals.map((goal, i) => [goal, i]));
  // A CSR says neither whether it is for a CA nor who owns it: where it is missing does.
  const takersOf = (csr: KnownCsr): ReadonlyArray<Goal> =>
    ([['unit', false], ['unit', true], ['application', false]] as const)
      .map(([bag, isCa]) => wanted.goalOf(csr, bag, isCa))
      .filter((goal) => goal !== null)
      .filter((goal) => isMissing(goal) && keys[goal.bag].rankOf(csr.publicKey) === 'in force')
      .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const { taken, findings } = takenFrom(intent.made, texts, (csr) => kept.has(csr), (csr) => there.has(csr), takersOf);

  const additions: { [B in Bag]: Array<Addition> } = { unit: [], application: [] };
  for (const goal of goals) {
    const csr = taken.get(goal);
    if (csr === undefined) continue;
    additions[goal.bag].push({ csr, isCa: goal.isCa });
    standings.set(goal, stand(goal, [...published(goal), csr]));
  }
  return { standings, additions, findings };
};
