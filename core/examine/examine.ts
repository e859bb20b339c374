/**
 * The examination of an exchange: who asked for what, what was answered, and whether each certificate is good for it.
 *
 * It reads databags as the requirer does, matches each certificate with its request and its key, and verifies its path to the CA
 * that was published. It never fails: what is wrong is a finding. Private keys do not leave the functions that try them.
 *
 * @module
 */
import type * as T from 'fp-ts/lib/Task.js';
import { lookup } from '../databag/lookup.ts';
import { type Certificate, type CertType, hidingKeys } from '../model/certificate.ts';
import type { Finding, Place } from '../model/finding.ts';
import { munge, type RelationId, type UnitName } from '../model/names.ts';
import type { Timestamp } from '../model/snapshot.ts';
import { REQUIRER_KEYS } from '../reactive/wire.ts';
import { type ReadBundle, readBundle } from '../x509/bundle.ts';
import { matching, type MatchOf } from '../x509/match.ts';
import { type Description, type MatchFault, weak } from '../x509/mod.ts';
import { NO_CERTIFICATES, verifyRead } from '../x509/verify.ts';
import type { Exchange, Exchanges } from './exchange.ts';
import { finding, type Verdict } from './findings.ts';
import { answeredAs, type Pairing, readPairings } from './pairings.ts';
import { type ProviderSide, readProviderSide, type Trust } from './provider-side.ts';
import { verdictOfRefusal, verdictsOfMatch } from './verdicts.ts';

/** Whether there is an answer; `unknown` where the provider's databags were not seen. */
export type AnswerState = 'answered' | 'unanswered' | 'unknown';

/** A certificate that was delivered, described. */
export interface ExaminedAnswer {
  /** Null where it cannot be read. */
  readonly certificate: Description | null;
  /** From the certificate up to the CA, or as far as it leads. */
  readonly path: ReadonlyArray<Description>;
  /** Whether the path leads to the CA that was published, and every rule holds; null where no CA was published. */
  readonly verified: boolean | null;
}

/** One certificate that was asked for, or that was answered without being asked for. */
export interface ExaminedRequest {
  readonly certType: CertType;
  readonly commonName: string;
  /** What was asked for beside the common name; null where the requirer's databag was not seen, or nobody asked. */
  readonly sans: ReadonlyArray<string> | null;
  readonly state: AnswerState;
  readonly answer: ExaminedAnswer | null;
  readonly findings: ReadonlyArray<Finding>;
}

/** What came out of one exchange. */
export interface Examination {
  readonly relationId: Exchange['relationId'];
  readonly requirer: UnitName;
  readonly providers: ReadonlyArray<string>;
  /** Whether the requirer's databag was seen. */
  readonly askedSeen: boolean;
  /** The CA and the chain that were published. */
  readonly ca: ReadonlyArray<Description>;
  readonly chain: ReadonlyArray<Description>;
  readonly requests: ReadonlyArray<ExaminedRequest>;
  /** Findings about the exchange as a whole; those about a request stand with it. */
  readonly findings: ReadonlyArray<Finding>;
}

/** What may be told to an examination. */
export interface ExamineOptions {
  /** Days before its end in which a certificate counts as ending soon; 30 unless said otherwise. */
  readonly endsWithinDays?: number;
  /** Is called before each certificate and waited for: to let others work in between. What it throws ends the examination. */
  readonly pause?: () => void | Promise<void>;
}

const ENDS_WITHIN_DAYS = 30;

/** What all certificates of one exchange are judged by. */
interface Grounds {
  readonly trust: Trust | null;
  readonly now: Date | null;
  readonly endsWithinDays: number;
}

const distinct = (verdicts: ReadonlyArray<Verdict>): ReadonlyArray<Verdict> => {
  const seen = new Set<string>();
  return verdicts.filter(([code, message]) => !seen.has(`${code} ${message}`) && seen.add(`${code} ${message}`));
};

const weaknesses = (certificate: Description, { now, endsWithinDays }: Grounds): ReadonlyArray<Verdict> =>
  weak(certificate, ...(now === null ? [] : [{ now, withinDays: endsWithinDays }])).map((weakness): Verdict => {
    switch (weakness.code) {
      case 'broken-hash':
        return ['weak-signature', `the certificate is signed over ${weakness.hash}, which can be forged`];
      case 'short-key':
        return [
          'weak-key',
          `the certificate's RSA key has ${weakness.bits} bits; fewer than 2048 are no longer enough`,
        ];
      case 'serial-negative':
        return ['negative-serial-number', "the certificate's serial number is negative: Go cannot read it"];
      case 'ends-soon':
        return ['ends-soon', `the certificate ends at ${certificate.notAfter}, in ${weakness.days} days`];
    }
  });

/** What is wrong with the private key of a certificate; empty where it belongs to it. */
export type KeyFaults = ReadonlyArray<MatchFault>;

/** One thing that was asked for or answered, with all that can be said whatever the time is. No private key is left in it. */
interface StudiedRequest {
  readonly told: Pick<ExaminedRequest, 'certType' | 'commonName' | 'sans'>;
  readonly place: Place;
  readonly state: AnswerState;
  /** The certificate that was published, to be verified; null where there is no answer. */
  readonly certificate: ReadBundle | null;
  readonly findings: ReadonlyArray<Finding>;
  readonly verdicts: ReadonlyArray<Verdict>;
}

const isAboutKey = ({ code }: MatchFault): boolean => code.startsWith('key-') && code !== 'key-usage';

/** Matches a certificate with what was asked for, and adds what was found of its key before where that is known. */
const matchFaults = async (
  { certType, commonName, sans }: Pairing,
  pair: TriedPair,
  before: ReadonlyArray<MatchFault> | undefined,
): Promise<ReadonlyArray<MatchFault>> => {
  const matched = (await pair.matches)({ certType, commonName, sans: sans ?? [] });
  // Names can be missed only by somebody who asked for them.
  const faults = matched._tag === 'Right'
    ? []
    : matched.left.filter(({ code }) => sans !== null || !(code.startsWith('common-name') || code === 'name-missing'));
  return before === undefined ? faults : [...faults.filter((fault) => !isAboutKey(fault)), ...before];
};

/** A certificate with its key, read and tried once, however many requests it answers. */
interface TriedPair {
  readonly bundle: ReadBundle;
  readonly matches: Promise<MatchOf>;
}

/** What was found of private keys by an earlier study, and by this one. */
interface Keys {
  readonly before: ReadonlyMap<string, KeyFaults>;
  readonly found: Map<string, KeyFaults>;
}

/** Reads and tries the certificates of one exchange; one that answers several requests is the same object for each. */
const trying = (): (certificate: Certificate) => TriedPair => {
  const tried = new Map<Certificate, TriedPair>();
  return (certificate) => {
    const known = tried.get(certificate);
    if (known !== undefined) return known;
    const bundle = readBundle(certificate.cert);
    const pair = { bundle, matches: matching(bundle, certificate.key)() };
    tried.set(certificate, pair);
    return pair;
  };
};

const studyRequest = async (
  exchange: Exchange,
  pairing: Pairing,
  keys: Keys,
  tryPair: (certificate: Certificate) => TriedPair,
): Promise<StudiedRequest> => {
  const { certType, commonName, sans, certificate } = pairing;
  const shown = hidingKeys(commonName);
  const place: Place = { relationId: exchange.relationId, unit: exchange.requirer, commonName: shown };
  const told = { certType, commonName: shown, sans: sans?.map(hidingKeys) ?? null };
  if (certificate === null) {
    const common = { told, place, certificate: null };
    if (exchange.providers === null) return { ...common, state: 'unknown', findings: [], verdicts: [] };
    const message = 'this was asked for and is not answered';
    return { ...common, state: 'unanswered', findings: [finding('unanswered', place, message)], verdicts: [] };
  }
  const unasked = sans === null && exchange.asked !== null
    ? [finding('unasked-answer', place, 'this was answered, but this unit does not ask for it')]
    : [];
  const pair = tryPair(certificate);
  const faults = await matchFaults(pairing, pair, keys.before.get(certificate.cert));
  keys.found.set(certificate.cert, faults.filter(isAboutKey));
  return {
    told,
    place,
    certificate: pair.bundle,
    state: 'answered',
    findings: unasked,
    verdicts: verdictsOfMatch(faults),
  };
};

/** Judges by the CA and the time. */
const judgeRequest = async (
  { told, place, state, certificate: bundle, findings, verdicts }: StudiedRequest,
  grounds: Grounds,
): Promise<ExaminedRequest> => {
  if (bundle === null) return { ...told, state, answer: null, findings };
  const certificate = bundle.certificates[0]?.description;
  const { trust, now } = grounds;
  const verified = trust === null || trust.ca === null ? null : await verifyRead({
    certificate: bundle,
    ca: trust.ca.bundle,
    chain: trust.chain?.bundle ?? NO_CERTIFICATES,
    verdicts: trust.verdicts,
    ...(now === null ? {} : { now }),
  })();
  const refusals = verified === null || verified._tag === 'Right' ? [] : verified.left.reasons;
  const path = verified === null ? [] : verified._tag === 'Right' ? verified.right : verified.left.path;
  const all = distinct([
    ...verdicts,
    ...refusals.map(verdictOfRefusal),
    ...(certificate === undefined ? [] : weaknesses(certificate, grounds)),
  ]);
  return {
    ...told,
    state,
    answer: {
      certificate: certificate ?? null,
      path: path.length > 0 ? path : certificate === undefined ? [] : [certificate],
      verified: verified === null ? null : verified._tag === 'Right',
    },
    findings: [...findings, ...all.map(([code, message]) => finding(code, place, message))],
  };
};

/** What the requirer's name tells. Across models the provider knows the unit as `remote-…`, and the two names have to differ. */
const nameFindings = ({ relationId, requirer, asked }: Exchange, hasRequests: boolean): ReadonlyArray<Finding> => {
  if (asked === null) return [];
  const place: Place = { relationId, unit: requirer, key: REQUIRER_KEYS.unitName };
  const name = lookup(asked, REQUIRER_KEYS.unitName);
  if (name === null) {
    return hasRequests
      ? [
        finding(
          'unit-name-missing',
          place,
          'the unit asks without saying its name: a provider in another model cannot answer it',
        ),
      ]
      : [];
  }
  return name === munge(requirer) || requirer.startsWith('remote-') ? [] : [
    finding(
      'unit-name-differs',
      place,
      `the unit calls itself by another name than ${munge(requirer)}: it is answered under that one`,
    ),
  ];
};

/** An exchange with all that can be said of it whatever the time is. */
interface StudiedExchange {
  readonly trust: Trust | null;
  readonly requests: ReadonlyArray<StudiedRequest>;
  readonly examination: Omit<Examination, 'requests'>;
}

type Pause = NonNullable<ExamineOptions['pause']>;

/** The provider's side of each exchange: the same databags are read once. */
const reading = (): (exchange: Exchange) => ProviderSide | null => {
  const known = new Map<NonNullable<Exchange['providers']>, Map<RelationId, ProviderSide>>();
  return ({ relationId, providers }) => {
    if (providers === null) return null;
    const sides = known.get(providers) ?? new Map<RelationId, ProviderSide>();
    known.set(providers, sides);
    const side = sides.get(relationId);
    if (side !== undefined) return { ...side, once: [] };
    const read = readProviderSide(relationId, providers);
    sides.set(relationId, read);
    return read;
  };
};

const studyExchange = async (
  exchange: Exchange,
  side: ProviderSide | null,
  keys: Keys,
  pause: Pause,
): Promise<StudiedExchange> => {
  const { relationId, requirer, asked } = exchange;
  const read = readPairings(exchange, side?.answersTo(answeredAs(exchange)) ?? {});
  const tryPair = trying();
  const requests: Array<StudiedRequest> = [];
  // One after the other: a thousand at once would only wait for each other.
  for (const pairing of read.pairings) {
    await pause();
    requests.push(await studyRequest(exchange, pairing, keys, tryPair));
  }
  const { ca = null, chain = null } = side?.trust ?? {};
  const noCa = ca === null && requests.some(({ state }) => state === 'answered')
    ? [
      finding(
        'no-ca',
        { relationId },
        'certificates were published without a CA: nobody can tell whether they can be trusted',
      ),
    ]
    : [];
  const nothingAsked = asked !== null && requests.length === 0
    ? [
      finding('nothing-asked', { relationId, unit: requirer }, 'the unit is related, but has asked for no certificate'),
    ]
    : [];
  return {
    trust: side?.trust ?? null,
    requests,
    examination: {
      relationId,
      requirer,
      providers: side?.names ?? [],
      askedSeen: asked !== null,
      ca: ca?.descriptions ?? [],
      chain: chain?.descriptions ?? [],
      findings: [
        ...nothingAsked,
        ...nameFindings(exchange, requests.some(({ told }) => told.sans !== null)),
        ...noCa,
        ...(side?.findings ?? []),
        ...read.findings,
        ...(side?.once ?? []),
      ],
    },
  };
};

const judgeExchange = async (
  { trust, requests, examination }: StudiedExchange,
  { pause, ...grounds }: Pick<Grounds, 'now' | 'endsWithinDays'> & { readonly pause: Pause },
): Promise<Examination> => {
  const judged: Array<ExaminedRequest> = [];
  for (const request of requests) {
    await pause();
    judged.push(await judgeRequest(request, { ...grounds, trust }));
  }
  return { ...examination, requests: judged };
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

/** Everything that was examined. */
export interface Examinations {
  readonly now: string | null;
  readonly examinations: ReadonlyArray<Examination>;
  /** Findings about several exchanges at once. */
  readonly findings: ReadonlyArray<Finding>;
}

/** Exchanges of which everything was found out that does not depend on the time; no private key is left in it. */
export interface Study {
  /** Judges the certificates as of a moment; without one nothing is said about dates. */
  readonly at: (now: Timestamp | null, options?: ExamineOptions) => T.Task<Examinations>;
  /** What was found of the private keys, by certificate as it was published. */
  readonly tried: ReadonlyMap<string, KeyFaults>;
}

/** What may be told to a study. */
export interface StudyOptions extends Pick<ExamineOptions, 'pause'> {
  /** What an earlier study found of private keys that are no longer there; it counts for the same certificates. */
  readonly tried?: ReadonlyMap<string, KeyFaults>;
}

/**
 * Tries keys and compares names once, so that the certificates can be judged as of many moments, and without the private keys.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput } from 'interface-tls-certificates';
 * import { exchangesOfRequirer, study } from 'interface-tls-certificates/examine';
 * const relations = [{ id: 'certificates:3', localUnitData: { common_name: 'web.example' }, remoteUnits: { 'easyrsa/0': {} } }];
 * const input = decodeInput({ side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations } });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * const seen = exchangesOfRequirer(input.right.snapshot);
 * const studied = await study(seen.exchanges)();
 * const { examinations } = await studied.at(null)();
 * assert.equal(examinations[0]?.requests[0]?.state, 'unanswered');
 * ```
 */
export const study =
  (exchanges: ReadonlyArray<Exchange>, { pause = () => {}, tried = new Map() }: StudyOptions = {}): T.Task<Study> =>
  async () => {
    const keys = { before: tried, found: new Map(tried) };
    const studied: Array<StudiedExchange> = [];
    const sideOf = reading();
    for (const exchange of exchanges) {
      // A unit that asks for nothing takes time too, if there are thousands.
      await pause();
      studied.push(await studyExchange(exchange, sideOf(exchange), keys, pause));
    }
    const findings = severalRelations(exchanges);
    return {
      tried: keys.found,
      at: (now, { endsWithinDays = ENDS_WITHIN_DAYS, pause = () => {} } = {}) => async () => {
        const grounds = { now: now === null ? null : new Date(now), endsWithinDays, pause };
        const examinations: Array<Examination> = [];
        for (const exchange of studied) examinations.push(await judgeExchange(exchange, grounds));
        return { now, examinations, findings };
      },
    };
  };

/**
 * Examines exchanges. It never fails; without a `now` nothing is said about dates.
 *
 * Findings: see {@link EXAMINE_FINDINGS} and those of the requirer. Source: protocol-reactive.md, RFC 5280, RFC 9525.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput } from 'interface-tls-certificates';
 * import { examine, exchangesOfRequirer } from 'interface-tls-certificates/examine';
 * const relations = [{ id: 'certificates:3', localUnitData: { common_name: 'web.example' }, remoteUnits: { 'easyrsa/0': {} } }];
 * const input = decodeInput({ side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations } });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * const seen = exchangesOfRequirer(input.right.snapshot);
 * const { examinations } = await examine(seen)();
 * assert.equal(examinations[0]?.requests[0]?.state, 'unanswered');
 * ```
 */
export const examine =
  ({ exchanges, now }: Exchanges, options: ExamineOptions = {}): T.Task<Examinations> => async () =>
    await (await study(exchanges, { pause: options.pause ?? (() => {}) })()).at(now, options)();

/**
 * All findings, those of exchanges and requests included.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput } from 'interface-tls-certificates';
 * import { allFindings, examine, exchangesOfRequirer } from 'interface-tls-certificates/examine';
 * const relations = [{ id: 'certificates:3', localUnitData: { common_name: 'web.example' }, remoteUnits: { 'easyrsa/0': {} } }];
 * const input = decodeInput({ side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations } });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * const seen = exchangesOfRequirer(input.right.snapshot);
 * const codes = allFindings(await examine(seen)()).map(({ code }) => code);
 * assert.ok(codes.includes('unanswered'));
 * ```
 */
export const allFindings = ({ examinations, findings }: Examinations): ReadonlyArray<Finding> => [
  ...findings,
  ...examinations.flatMap((examination) => [
    ...examination.findings,
    ...examination.requests.flatMap((request) => request.findings),
  ]),
];
