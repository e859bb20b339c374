/**
 * An exchange in the reactive protocol: what one unit requested and received.
 *
 * @module
 */
import type { Finding } from '../model/finding.ts';
import type { RelationId } from '../model/names.ts';
import type { Examination, ExaminedRequest } from './examination.ts';
import type { Exchange, UnitExchange } from './exchange.ts';
import { finding } from './findings.ts';
import { answeredAs, readPairings } from './pairings.ts';
import type { Verdict } from './protocol.ts';
import { differsFindings } from './protocol-words.ts';
import { type ProviderSide, readProviderSide } from './provider-side.ts';
import { keysPublished } from './published-keys.ts';
import { publishedFindings } from './published.ts';
import type { Reader, Trying } from './reader.ts';
import { judgeRequest, type StudiedRequest, studyRequest } from './request.ts';
import type { Pause, StudiedExchange } from './studied.ts';
import { nameFindings } from './unit-name.ts';

/** The provider's side of an exchange, and whether this exchange reports what is published to everybody. */
export type SideOf = (exchange: Exchange) => Promise<readonly [side: ProviderSide | null, isFirst: boolean]>;

/** The provider's side of each exchange: the same databags are read once. */
export const sidesWith = (read: Reader, trying: Trying): SideOf => {
  const known = new Map<NonNullable<Exchange['providers']>, Map<RelationId, ProviderSide>>();
  return async ({ relationId, providers }) => {
    if (providers === null) return [null, false];
    const sides = known.get(providers) ?? new Map<RelationId, ProviderSide>();
    known.set(providers, sides);
    const before = sides.get(relationId);
    if (before !== undefined) return [before, false];
    const side = await readProviderSide(relationId, providers, read, trying);
    sides.set(relationId, side);
    return [side, true];
  };
};

const noCaFindings = ({ relationId }: UnitExchange): ReadonlyArray<Finding> => [
  finding(
    'no-ca',
    { relationId },
    'certificates were published without a CA, so clients cannot verify them',
  ),
];

const nothingAskedFindings = ({ relationId, requirer: unit }: UnitExchange): ReadonlyArray<Finding> => [
  finding('nothing-asked', { relationId, unit }, 'the unit is related but has not requested a certificate'),
];

/** Reads what a unit requested and received. */
export const studyReactive = async (
  exchange: UnitExchange,
  verdict: Verdict,
  [side, isFirst]: readonly [ProviderSide | null, boolean],
  read: Reader,
  trying: Trying,
  pause: Pause,
): Promise<StudiedExchange> => {
  const { relationId, requirer, asked } = exchange;
  const { protocol, evidence, differs } = verdict;
  const { pairings, findings } = readPairings(exchange, side?.answersTo(answeredAs(exchange)) ?? {}, read);
  const requests: Array<StudiedRequest> = [];
  // One after another: a thousand at once would only wait for each other.
  for (const pairing of pairings) {
    await pause();
    requests.push(await studyRequest(exchange, pairing, trying, differs));
  }
  const { ca = null, chain = null } = side?.trust ?? {};
  const isAnswered = requests.some(({ state }) => state === 'answered');
  const asksNothing = requests.every(({ pairing }) => pairing.sans === null);
  const examination: Omit<Examination, 'requests'> = {
    relationId,
    requirer,
    asker: 'unit',
    protocol,
    evidence,
    capabilities: null,
    providers: side?.names ?? [],
    askedSeen: asked !== null,
    areRolesAssumed: false,
    ca: ca?.descriptions ?? [],
    chain: chain?.descriptions ?? [],
    waitingSince: exchange.waitingSince ?? null,
    findings: [
      ...(asked !== null && requests.length === 0 ? nothingAskedFindings(exchange) : []),
      ...differsFindings(exchange, verdict),
      ...nameFindings(exchange, !asksNothing),
      ...(ca === null && isAnswered ? noCaFindings(exchange) : []),
      ...(side?.findings ?? []),
      ...findings,
      ...keysPublished(asked ?? {}, { relationId, unit: requirer }),
      ...(isFirst ? side?.once ?? [] : []),
    ],
  };
  return {
    requirer,
    place: { relationId, unit: requirer },
    examine: async (moment, pause) => {
      const judged: Array<ExaminedRequest> = [];
      for (const request of requests) {
        await pause();
        judged.push(await judgeRequest(request, side?.trust ?? null, moment));
      }
      const published = isFirst && side !== null ? await publishedFindings(side, moment) : [];
      return { ...examination, requests: judged, findings: [...examination.findings, ...published] };
    },
  };
};
