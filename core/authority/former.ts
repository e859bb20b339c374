/**
 * The CA that signed before: how long it stays trusted, and the cross-certificate for requirers that only know that CA.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { issueCross } from '../x509/issue-csr.ts';
import { openIssuer } from '../x509/issuer.ts';
import { describeFirst, remembered } from './authority.ts';
import { BACKDATED, daysAfter, type Moment, timestamp } from './moment.ts';
import type { AuthorityState, Retired } from './state.ts';

/** The certificate that the present CA gives to the next one; null if it cannot give any, as at its own end. */
const crossOf = (
  { certificate, key }: AuthorityState,
  next: string,
  { now, random }: Moment,
): TE.TaskEither<never, string | null> => {
  const [former, latter] = [describeFirst(certificate), describeFirst(next)];
  if (former === null || latter === null) return TE.right(null);
  return pipe(
    openIssuer({ certificate, key }),
    TE.chain((issuer) =>
      issueCross(next, issuer, {
        notBefore: new Date(Math.max(now.getTime() - BACKDATED, Date.parse(former.notBefore))),
        notAfter: new Date(Math.min(Date.parse(former.notAfter), Date.parse(latter.notAfter))),
        random,
      })
    ),
    // The new CA must sign anyway: whoever has heard of it needs no cross-certificate.
    TE.orElse((): TE.TaskEither<never, string | null> => TE.right(null)),
  );
};

/** When the CA that signs ends; never if that is unreadable. */
export const endOf = ({ certificate }: AuthorityState): number =>
  Date.parse(describeFirst(certificate)?.notAfter ?? '') || Infinity;

/** The CA that signs until now, as it is remembered after another replaces it: trusted for an overlap, or for half of the rest of its life. */
export const retired = (
  state: AuthorityState,
  successor: string,
  overlapDays: number,
  moment: Moment,
): TE.TaskEither<never, ReadonlyArray<Retired>> => {
  const [begin, end] = [moment.now.getTime(), endOf(state)];
  const crossEnd = Math.min(daysAfter(moment.now, 2 * overlapDays).getTime(), end);
  const until = timestamp(new Date(Math.max(begin, (begin + crossEnd) / 2)));
  return pipe(
    crossOf(state, successor, moment),
    TE.map((made) => (made === null ? null : { certificate: made, until: timestamp(new Date(crossEnd)) })),
    TE.map((cross) => [
      { certificate: state.certificate, above: state.above, until, cross },
      ...remembered(state, moment.now),
    ]),
  );
};
