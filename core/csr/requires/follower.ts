/**
 * The application's request on a unit that does not lead. It cannot read what its leader has published, but the provider repeats the CSR in
 * its answer, and all units share the application's key.
 *
 * Source: docs/csr-protocol.md, Application requests.
 *
 * @module
 */
import { renewalOf } from '../renewal.ts';
import { fitsKind } from '../content.ts';
import type { KnownCsr } from '../texts.ts';
import { counts } from './answers.ts';
import type { OwnersKeys } from './keys.ts';
import type { AskedRelation } from './relation.ts';
import type { RequestStanding } from './state.ts';
import type { Goal } from './wanted.ts';

/** What was found for a request that the leader makes, and where. */
export interface Followed {
  readonly here: AskedRelation;
  readonly standing: RequestStanding;
}

/** The last of those under the key in force, otherwise under an older one. */
const lastOf = <A extends { readonly csr: KnownCsr }>(all: ReadonlyArray<A>, keys: OwnersKeys): A | null => {
  const of = (rank: string): A | undefined => all.findLast(({ csr }) => keys.rankOf(csr.publicKey) === rank);
  return of('in force') ?? of('older') ?? null;
};

const standingOn = ({ said }: AskedRelation, goal: Goal, keys: OwnersKeys, renewAfter: number): RequestStanding => {
  const fits = ({ csr }: { readonly csr: KnownCsr }): boolean => fitsKind(csr.csr, goal.certType);
  const answers = said.answersWith(goal.contentKey).filter((answer) => fits(answer) && counts(answer, goal.isCa));
  const answer = lastOf(answers, keys);
  const refused = lastOf(said.errorsWith(goal.contentKey).filter(fits), keys);
  return {
    state: answer !== null ? 'answered' : refused !== null ? 'denied' : 'asked',
    why: null,
    csr: answer?.csr ?? refused?.csr ?? null,
    answer,
    error: refused?.error ?? null,
    renewAt: answer === null ? null : renewalOf(answer.certificate.certificate, renewAfter),
    kept: new Set(),
    isStuck: false,
  };
};

/** Looks for what the leader received, first on the relation that carries the requests, then on the others; there must be at least one. */
export const followed = (
  relations: readonly [AskedRelation, ...ReadonlyArray<AskedRelation>],
  goal: Goal,
  keys: OwnersKeys,
  renewAfter: number,
): Followed => {
  const found = relations.map((here) => ({ here, standing: standingOn(here, goal, keys, renewAfter) }));
  const [first] = relations;
  return found.find(({ standing }) => standing.state === 'answered') ??
    found.find(({ standing }) => standing.state === 'denied') ??
    { here: first, standing: standingOn(first, goal, keys, renewAfter) };
};
