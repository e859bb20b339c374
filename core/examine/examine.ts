/**
 * The examination of exchanges: who asked for what, what was answered, and whether everything that was published is good for it.
 *
 * It reads databags as the requirer does, tries each key once, and judges as an installation does (`judge` in `./x509`). It never fails:
 * what is wrong is a finding. Private keys do not leave the functions that try them.
 *
 * @module
 */
import type * as T from 'fp-ts/lib/Task.js';
import type { Finding } from '../model/finding.ts';
import type { RelationId, UnitName } from '../model/names.ts';
import type { Timestamp } from '../model/snapshot.ts';
import type { Shelf, TriedKey } from '../x509/mod.ts';
import type { Examination, Examinations, ExaminedRequest } from './examination.ts';
import type { Exchange, Exchanges } from './exchange.ts';
import { finding } from './findings.ts';
import { answeredAs, readPairings } from './pairings.ts';
import { type Moment, type ProviderSide, readProviderSide } from './provider-side.ts';
import { publishedFindings } from './published.ts';
import { type Keys, type Reader, readerWith, type Trying, tryingWith } from './reader.ts';
import { judgeRequest, type StudiedRequest, studyRequest } from './request.ts';
import { nameFindings } from './unit-name.ts';

/** What may be told to an examination. */
export interface ExamineOptions extends Omit<StudyOptions, 'tried'> {
  /** Days before an end that count as soon; unless said, the last quarter of the certificate's life, and 30 days at most. */
  readonly endsWithinDays?: number;
}

/** What may be told to a study. */
export interface StudyOptions {
  /** Is called before each certificate and waited for: to let others work in between. What it throws ends the examination. */
  readonly pause?: () => void | Promise<void>;
  /** Certificates that were read before; those that are read now are put there. */
  readonly shelf?: Shelf;
  /** What an earlier study found of private keys that are no longer there; it counts for the same certificates. */
  readonly tried?: ReadonlyMap<string, TriedKey>;
}

/** Exchanges of which everything was found out that does not depend on the time; no private key is left in it. */
export interface Study {
  /** Judges the certificates as of a moment; without one nothing is said about dates. */
  readonly at: (
    now: Timestamp | null,
    options?: Pick<ExamineOptions, 'pause' | 'endsWithinDays'>,
  ) => T.Task<Examinations>;
  /** What was found of the private keys, by certificate as it was published. */
  readonly tried: ReadonlyMap<string, TriedKey>;
}

type Pause = NonNullable<ExamineOptions['pause']>;

/** An exchange with all that can be said of it whatever the time is. */
interface StudiedExchange {
  readonly side: ProviderSide | null;
  /** Whether what its providers publish to everybody is told here. */
  readonly isFirst: boolean;
  readonly requests: ReadonlyArray<StudiedRequest>;
  readonly examination: Omit<Examination, 'requests'>;
}

/** The provider's side of each exchange: the same databags are read once. */
const sidesWith = (
  read: Reader,
  trying: Trying,
): (exchange: Exchange) => Promise<readonly [side: ProviderSide | null, isFirst: boolean]> => {
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

const noCaFindings = ({ relationId }: Exchange): ReadonlyArray<Finding> => [
  finding(
    'no-ca',
    { relationId },
    'certificates were published without a CA: nobody can tell whether they can be trusted',
  ),
];

const nothingAskedFindings = ({ relationId, requirer: unit }: Exchange): ReadonlyArray<Finding> => [
  finding('nothing-asked', { relationId, unit }, 'the unit is related, but has asked for no certificate'),
];

const studyExchange = async (
  exchange: Exchange,
  [side, isFirst]: readonly [ProviderSide | null, boolean],
  read: Reader,
  trying: Trying,
  pause: Pause,
): Promise<StudiedExchange> => {
  const { relationId, requirer, asked } = exchange;
  const { pairings, findings } = readPairings(exchange, side?.answersTo(answeredAs(exchange)) ?? {}, read);
  const requests: Array<StudiedRequest> = [];
  // One after the other: a thousand at once would only wait for each other.
  for (const pairing of pairings) {
    await pause();
    requests.push(await studyRequest(exchange, pairing, trying));
  }
  const { ca = null, chain = null } = side?.trust ?? {};
  const isAnswered = requests.some(({ state }) => state === 'answered');
  const asksNothing = requests.every(({ pairing }) => pairing.sans === null);
  return {
    side,
    isFirst,
    requests,
    examination: {
      relationId,
      requirer,
      providers: side?.names ?? [],
      askedSeen: asked !== null,
      ca: ca?.descriptions ?? [],
      chain: chain?.descriptions ?? [],
      findings: [
        ...(asked !== null && requests.length === 0 ? nothingAskedFindings(exchange) : []),
        ...nameFindings(exchange, !asksNothing),
        ...(ca === null && isAnswered ? noCaFindings(exchange) : []),
        ...(side?.findings ?? []),
        ...findings,
        ...(isFirst ? side?.once ?? [] : []),
      ],
    },
  };
};

const judgeExchange = async (
  { side, isFirst, requests, examination }: StudiedExchange,
  moment: Moment,
  pause: Pause,
): Promise<Examination> => {
  const judged: Array<ExaminedRequest> = [];
  for (const request of requests) {
    await pause();
    judged.push(await judgeRequest(request, side?.trust ?? null, moment));
  }
  const published = isFirst && side !== null ? await publishedFindings(side, moment) : [];
  return { ...examination, requests: judged, findings: [...examination.findings, ...published] };
};

const severalRelations = (exchanges: ReadonlyArray<Exchange>): ReadonlyArray<Finding> => {
  const relations = new Map<UnitName, Set<string>>();
  for (const { requirer, relationId } of exchanges) {
    relations.set(requirer, (relations.get(requirer) ?? new Set()).add(relationId));
  }
  return [...relations].filter(([, ids]) => ids.size > 1).map(([unit, ids]) =>
    finding(
      'several-relations',
      { unit },
      `the unit has ${ids.size} relations for certificates: it asks on one and reads from all`,
    )
  );
};

const momentOf = (now: Timestamp | null, endsWithinDays: number | undefined): Moment => ({
  now: now === null ? null : new Date(now),
  ...(endsWithinDays === undefined ? {} : { endsWithinDays }),
});

/**
 * Reads certificates and tries keys once, so that the certificates can be judged as of many moments, and without the private keys.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { study } from 'interface-tls-certificates/examine';
 * const { at } = await study([])();
 * assert.deepEqual((await at(null)()).examinations, []);
 * ```
 */
export const study =
  (exchanges: ReadonlyArray<Exchange>, { pause = () => {}, shelf, tried = new Map() }: StudyOptions = {}): T.Task<
    Study
  > =>
  async () => {
    const keys: Keys = { before: tried, found: new Map(tried) };
    const read = readerWith(shelf);
    const trying = tryingWith(read, keys);
    const sideOf = sidesWith(read, trying);
    const studied: Array<StudiedExchange> = [];
    for (const exchange of exchanges) {
      // A unit that asks for nothing takes time too, if there are thousands.
      await pause();
      studied.push(await studyExchange(exchange, await sideOf(exchange), read, trying, pause));
    }
    const findings = severalRelations(exchanges);
    return {
      tried: keys.found,
      at: (now, { endsWithinDays, pause = () => {} } = {}) => async () => {
        const moment = momentOf(now, endsWithinDays);
        const examinations: Array<Examination> = [];
        for (const exchange of studied) examinations.push(await judgeExchange(exchange, moment, pause));
        return { now, examinations, findings };
      },
    };
  };

/**
 * Examines exchanges. It never fails; without a `now` nothing is said about dates.
 *
 * Findings: see {@link EXAMINE_FINDINGS} and those of the requirer. Source: protocol-reactive.md, RFC 5280, RFC 9525, docs/judging.md.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { examine } from 'interface-tls-certificates/examine';
 * const { examinations } = await examine({ exchanges: [], now: null })();
 * assert.deepEqual(examinations, []);
 * ```
 */
export const examine =
  ({ exchanges, now }: Exchanges, options: ExamineOptions = {}): T.Task<Examinations> => async () =>
    await (await study(exchanges, options)()).at(now, options)();
