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
import { CERT_TYPES, type Certificate, type CertType, hidingKeys } from '../model/certificate.ts';
import type { Finding, Place } from '../model/finding.ts';
import { emptyMemory } from '../model/memory.ts';
import { munge, type UnitName } from '../model/names.ts';
import { normalPem } from '../model/pem-text.ts';
import type { Databag, Snapshot, Timestamp } from '../model/snapshot.ts';
import { readAsked } from '../reactive/asked.ts';
import { requires } from '../reactive/requires.ts';
import type { RequiresView } from '../reactive/requires/view.ts';
import { APPLICATION_ENTRY, REQUIRER_KEYS, topLevelKeys } from '../reactive/wire.ts';
import { describe, type Description, match, type MatchFault, verify, weak } from '../x509/mod.ts';
import type { Exchange, Exchanges } from './exchange.ts';
import { finding, type Verdict } from './findings.ts';
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

/** Something asked for, with the certificate that answers it where there is one. */
interface Pairing {
  readonly certType: CertType;
  readonly commonName: string;
  readonly sans: ReadonlyArray<string> | null;
  readonly certificate: Certificate | null;
}

/** The unit's name as the provider answers it: as the requirer published it, for across models the provider knows another. */
const answeredAs = ({ requirer, asked }: Exchange): UnitName => {
  const published = asked === null ? null : lookup(asked, REQUIRER_KEYS.unitName);
  // A munged name is its own munged form.
  return published === null ? requirer : (published as UnitName);
};

/** Where the requirer's databag was not seen, the answer to its first request is named by the certificate itself. */
const assumedBag = (exchange: Exchange): Databag => {
  const keys = topLevelKeys(munge(exchange.requirer));
  for (const bag of Object.values(exchange.providers ?? {})) {
    const cert = lookup(bag, keys.cert);
    if (cert === null) continue;
    const subject = describe(cert).certificates[0]?.subject;
    const commonName = subject?.attributes.find(({ type }) => type === 'CN')?.value;
    return { [REQUIRER_KEYS.commonName]: commonName ?? '(the first request)' };
  }
  return {};
};

const snapshotOf = (exchange: Exchange, providers: Readonly<Record<UnitName, Databag>>): Snapshot => ({
  localUnit: answeredAs(exchange),
  endpoint: '',
  isLeader: false,
  relations: [{
    id: exchange.relationId,
    localUnitData: exchange.asked ?? assumedBag(exchange),
    localApplicationData: {},
    remoteApplicationData: {},
    remoteUnits: providers,
  }],
});

const certificatesOf = (view: RequiresView, certType: CertType): ReadonlyArray<Certificate> =>
  ({
    server: view.serverCerts,
    client: view.clientCerts,
    application: view.applicationCerts,
    intermediate: view.intermediateCerts,
  })[certType];

/** Everything that was asked for, and then everything that was answered beside. */
const pairings = (exchange: Exchange, view: RequiresView): ReadonlyArray<Pairing> => {
  const asked = readAsked(exchange.asked ?? {}, exchange.relationId, exchange.requirer);
  const top = asked.top;
  return CERT_TYPES.flatMap((certType) => {
    const certificates = certificatesOf(view, certType);
    const byName = new Map(certificates.map((certificate) => [certificate.commonName, certificate]));
    const collected = [...asked.collections[certType]].map(([commonName, sans]): Pairing => ({
      certType,
      commonName,
      sans,
      certificate: byName.get(certType === 'application' ? APPLICATION_ENTRY : commonName) ?? null,
    }));
    const first: ReadonlyArray<Pairing> = certType !== 'server' || top === null ? [] : [{
      certType,
      commonName: top.commonName,
      sans: top.sans ?? [],
      certificate: certificates.find(({ commonName }) => commonName === top.commonName) ?? null,
    }];
    const answered = new Set([...first, ...collected].map(({ certificate }) => certificate));
    const beside = certificates.filter((certificate) => !answered.has(certificate)).map((certificate): Pairing => ({
      certType,
      commonName: certificate.commonName,
      sans: null,
      certificate,
    }));
    return [...first, ...collected, ...beside];
  });
};

/** What all certificates of one exchange are judged by. */
interface Grounds {
  readonly ca: string | null;
  readonly chain: string | null;
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
  /** The certificate as it was published, to be verified; null where there is no answer. */
  readonly certificate: string | null;
  readonly findings: ReadonlyArray<Finding>;
  readonly verdicts: ReadonlyArray<Verdict>;
}

const isAboutKey = ({ code }: MatchFault): boolean => code.startsWith('key-') && code !== 'key-usage';

/** Tries a certificate with its request and its key, or with what was found of its key before. */
const matchFaults = async (
  { certType, commonName, sans }: Pairing,
  { cert, key }: Certificate,
  before: ReadonlyArray<MatchFault> | undefined,
): Promise<ReadonlyArray<MatchFault>> => {
  const matched = await match({ certificate: cert, key, asked: { certType, commonName, sans: sans ?? [] } })();
  // Names can be missed only by somebody who asked for them.
  const faults = matched._tag === 'Right'
    ? []
    : matched.left.filter(({ code }) => sans !== null || !(code.startsWith('common-name') || code === 'name-missing'));
  return before === undefined ? faults : [...faults.filter((fault) => !isAboutKey(fault)), ...before];
};

/** What was found of private keys by an earlier study, and by this one. */
interface Keys {
  readonly before: ReadonlyMap<string, KeyFaults>;
  readonly found: Map<string, KeyFaults>;
}

const studyRequest = async (
  exchange: Exchange,
  pairing: Pairing,
  keys: Keys,
): Promise<StudiedRequest> => {
  const { certType, commonName, sans, certificate } = pairing;
  const shown = hidingKeys(commonName);
  const place: Place = { relationId: exchange.relationId, unit: exchange.requirer, commonName: shown };
  const told = { certType, commonName: shown, sans: sans?.map(hidingKeys) ?? null };
  const common = { told, place, certificate: certificate?.cert ?? null };
  if (certificate === null) {
    if (exchange.providers === null) return { ...common, state: 'unknown', findings: [], verdicts: [] };
    const message = 'this was asked for and is not answered';
    return { ...common, state: 'unanswered', findings: [finding('unanswered', place, message)], verdicts: [] };
  }
  const unasked = sans === null && exchange.asked !== null
    ? [finding('unasked-answer', place, 'this was answered, but this unit does not ask for it')]
    : [];
  const faults = await matchFaults(pairing, certificate, keys.before.get(certificate.cert));
  keys.found.set(certificate.cert, faults.filter(isAboutKey));
  return { ...common, state: 'answered', findings: unasked, verdicts: verdictsOfMatch(faults) };
};

/** Judges by the CA and the time. */
const judgeRequest = async (
  { told, place, state, certificate: cert, findings, verdicts }: StudiedRequest,
  grounds: Grounds,
): Promise<ExaminedRequest> => {
  if (cert === null) return { ...told, state, answer: null, findings };
  const [certificate] = describe(cert).certificates;
  const verified = grounds.ca === null ? null : await verify({
    certificate: cert,
    ca: grounds.ca,
    ...(grounds.chain === null ? {} : { chain: grounds.chain }),
    ...(grounds.now === null ? {} : { now: grounds.now }),
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

/** What several provider units say differently; the same certificate in another form of PEM is the same. */
const disagreements = (exchange: Exchange): ReadonlyArray<Finding> => {
  const units = Object.entries(exchange.providers ?? {});
  if (units.length < 2) return [];
  const views = units.map(([unit, bag]) =>
    requires.decide(snapshotOf(exchange, { [unit]: bag }), requires.nothing, emptyMemory).view
  );
  const place: Place = { relationId: exchange.relationId };
  const differ = (values: ReadonlyArray<string | null | undefined>): boolean =>
    new Set(values.flatMap((value) => (value === null || value === undefined ? [] : [normalPem(value)]))).size > 1;
  const cas = differ(views.map(({ rootCaCert }) => rootCaCert))
    ? [
      finding(
        'providers-disagree',
        { ...place, key: 'ca' },
        'the provider units publish different CAs: the first one is used',
      ),
    ]
    : [];
  const named = CERT_TYPES.flatMap((certType) => {
    const names = new Set(views.flatMap((view) => certificatesOf(view, certType).map(({ commonName }) => commonName)));
    const maps = views.map((view) => new Map(certificatesOf(view, certType).map((c) => [c.commonName, c.cert])));
    return [...names].filter((name) => differ(maps.map((map) => map.get(name)))).map((commonName) =>
      finding(
        'providers-disagree',
        { ...place, commonName: hidingKeys(commonName) },
        'the provider units answer with different certificates: the first one is used',
      )
    );
  });
  return [...cas, ...named];
};

/** An exchange with all that can be said of it whatever the time is. */
interface StudiedExchange {
  readonly ca: string | null;
  readonly chain: string | null;
  readonly requests: ReadonlyArray<StudiedRequest>;
  readonly examination: Omit<Examination, 'requests'>;
}

type Pause = NonNullable<ExamineOptions['pause']>;

const studyExchange = async (
  exchange: Exchange,
  keys: Keys,
  pause: Pause,
): Promise<StudiedExchange> => {
  const { relationId, requirer, asked, providers } = exchange;
  const read = requires.decide(snapshotOf(exchange, providers ?? {}), requires.nothing, emptyMemory);
  const { rootCaCert: ca, rootCaChain: chain } = read.view;
  const requests: Array<StudiedRequest> = [];
  // One after the other: a thousand at once would only wait for each other.
  for (const pairing of pairings(exchange, read.view)) {
    await pause();
    requests.push(await studyRequest(exchange, pairing, keys));
  }
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
    ca,
    chain,
    requests,
    examination: {
      relationId,
      requirer,
      providers: Object.keys(providers ?? {}),
      askedSeen: asked !== null,
      ca: ca === null ? [] : describe(ca).certificates,
      chain: chain === null ? [] : describe(chain).certificates,
      findings: [
        ...nothingAsked,
        ...nameFindings(exchange, requests.some(({ told }) => told.sans !== null)),
        ...noCa,
        ...disagreements(exchange),
        ...read.findings,
      ],
    },
  };
};

const judgeExchange = async (
  { ca, chain, requests, examination }: StudiedExchange,
  { pause, ...grounds }: Pick<Grounds, 'now' | 'endsWithinDays'> & { readonly pause: Pause },
): Promise<Examination> => {
  const judged: Array<ExaminedRequest> = [];
  for (const request of requests) {
    await pause();
    judged.push(await judgeRequest(request, { ...grounds, ca, chain }));
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
 */
export const study =
  (exchanges: ReadonlyArray<Exchange>, { pause = () => {}, tried = new Map() }: StudyOptions = {}): T.Task<Study> =>
  async () => {
    const keys = { before: tried, found: new Map(tried) };
    const studied: Array<StudiedExchange> = [];
    for (const exchange of exchanges) studied.push(await studyExchange(exchange, keys, pause));
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
 */
export const examine =
  ({ exchanges, now }: Exchanges, options: ExamineOptions = {}): T.Task<Examinations> => async () =>
    await (await study(exchanges, { pause: options.pause ?? (() => {}) })()).at(now, options)();

/** All findings, those of exchanges and requests included. */
export const allFindings = ({ examinations, findings }: Examinations): ReadonlyArray<Finding> => [
  ...findings,
  ...examinations.flatMap((examination) => [
    ...examination.findings,
    ...examination.requests.flatMap((request) => request.findings),
  ]),
];
