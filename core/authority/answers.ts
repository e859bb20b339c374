/**
 * An authority as provider: what it publishes and answers, given what is requested.
 *
 * It answers what is new, reissues what nears its end or was issued by a former CA, takes over answers that are already right, and
 * refuses with a reason what its policy does not allow. Source: docs/reactive-protocol.md section 7.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import type { KeyPair } from '../model/certificate.ts';
import {
  nothingToPublish,
  type ProvidesIntent,
  publish,
  refuse,
  setCa,
  setCert,
  setChain,
} from '../reactive/provides/intent.ts';
import type { ProvidesRequest, ProvidesView } from '../reactive/provides/view.ts';
import { addressOf, addressText } from '../model/hosts.ts';
import { checkSan, checkServerName } from '../model/name-flaws.ts';
import { readBundle } from '../x509/bundle.ts';
import type { Description } from '../x509/certificate.ts';
import { issue } from '../x509/issue.ts';
import { generateKey } from '../x509/key.ts';
import { match } from '../x509/match.ts';
import { isServerKind } from '../x509/purpose.ts';
import { hostOfCommonName, usableNames } from '../x509/subject.ts';
import { describeFirst, type OpenAuthority, publishedOf, sharedClientOf } from './authority.ts';
import { type Check, checkEach, PASSED } from '../model/passed.ts';
import { denials } from './denied.ts';
import { BACKDATED, daysAfter, type Moment } from './moment.ts';
import { uncovered } from './names.ts';
import type { Policy } from './policy.ts';
import { beyondQuota } from './quota.ts';
import { belowOf, isTitle, NOTHING_BELOW, subtreesOf } from './subtrees.ts';
import { quoted, reasonOf } from './words.ts';

/** Whether a certificate can have these names; a `Left` says why not, in words. */
const checkNames = ({ certType, commonName, sans }: ProvidesRequest): Check<string> => {
  const checked = checkEach(
    sans,
    (name) =>
      E.mapLeft((flaw: string) => `no certificate can have the name ${quoted(name)}: it ${flaw}`)(checkSan(name)),
  );
  if (E.isLeft(checked) || !isServerKind(certType) || commonName === '') return checked;
  return E.mapLeft((flaw: string) => `no server can have the common name ${quoted(commonName)}: it ${flaw}`)(
    checkServerName(commonName, sans),
  );
};

/** Whether a policy allows a request; a `Left` says why not, in words. */
const checkRequest = (
  { certTypes, allowedNames, quota: { namesPerRequest } }: Policy,
  request: ProvidesRequest,
): Check<string> => {
  const { certType, commonName, sans } = request;
  if (!certTypes.includes(certType)) return E.left(`certificates of the kind ${certType} are not issued`);
  if (certType === 'intermediate' && belowOf(allowedNames).kind === 'nothing') return E.left(NOTHING_BELOW);
  const names = new Set([commonName, ...sans]);
  if (names.size > namesPerRequest) {
    return E.left(`${names.size} names are asked for, and a certificate may have ${namesPerRequest}`);
  }
  const checked = checkNames(request);
  if (E.isLeft(checked)) return checked;
  const name = uncovered(allowedNames, certType === 'intermediate' && isTitle(commonName) ? sans : names);
  return name === null ? PASSED : E.left(`the name ${quoted(name)} is not among those that are allowed`);
};

const beyondReason = ({ quota: { requestsPerUnit } }: Policy, asked: number): string =>
  `this unit asks for ${asked} certificates, and may have ${requestsPerUnit}: this one and those after it are not answered`;

/** The SANs of a certificate for a request; null if no certificate can have them. */
const namesFor = ({ certType, commonName, sans }: ProvidesRequest): ReadonlySet<string> | null => {
  const names = usableNames(commonName, [...(isServerKind(certType) ? hostOfCommonName(commonName) : []), ...sans]);
  return E.isLeft(names) ? null : new Set(names.right.sans.map(({ type, value }) => `${type} ${value}`));
};

const namesOf = ({ sans }: Description): ReadonlySet<string> =>
  new Set(sans.map(({ type, value }) => {
    const address = type === 'ip' ? addressOf(value) : null;
    return `${type === 'uri' ? 'url' : type} ${address === null ? value : addressText(address)}`;
  }));

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((name) => b.has(name));

/** Whether an answer can stay: it was issued by the present CA, is valid, and its time to be reissued has not come. */
export const isFresh = (
  { description: ca }: OpenAuthority,
  { renewAfter }: Policy,
  { authorityKeyId, issuer, notBefore, notAfter }: Description,
  now: Date,
): boolean => {
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)];
  const present = now.getTime();
  return authorityKeyId === ca.subjectKeyId && issuer.text === ca.subject.text &&
    from <= present && present < from + renewAfter * (to - from);
};

/** Whether an answer is right although nobody remembers what it was given for. */
const isRight = async (request: ProvidesRequest, pair: KeyPair, description: Description): Promise<boolean> => {
  const names = namesFor(request);
  if (names === null || !isSame(names, namesOf(description))) return false;
  const { certType, commonName, sans } = request;
  return E.isRight(await match({ certificate: pair.cert, key: pair.key, asked: { certType, commonName, sans } })());
};

/** A certificate with its own key for a request, or why none can be issued. */
export const issued = async (
  { issuer, description: ca }: OpenAuthority,
  { kinds, allowedNames }: Policy,
  { certType, commonName, sans }: Pick<ProvidesRequest, 'certType' | 'commonName' | 'sans'>,
  { now, random }: Moment,
): Promise<E.Either<string, KeyPair>> => {
  if (now.getTime() < Date.parse(ca.notBefore)) {
    return E.left(
      `the CA begins at ${ca.notBefore}, which is in the future: the clock is wrong, or was when the CA was made`,
    );
  }
  const { days, keys } = kinds[certType];
  const key = await generateKey(keys)();
  if (E.isLeft(key)) return E.left(`this runtime makes no keys of the kind ${keys}`);
  const from = Math.max(now.getTime() - BACKDATED, Date.parse(ca.notBefore));
  const to = Math.min(daysAfter(now, days).getTime(), Date.parse(ca.notAfter));
  const made = await issue(
    { certType, commonName, sans, holder: { key: key.right }, subtrees: subtreesOf(allowedNames) },
    issuer,
    {
      notBefore: new Date(from),
      notAfter: new Date(to),
      random,
    },
  )();
  if (E.isLeft(made)) return E.left(reasonOf(made.left));
  const fault = readBundle(made.right).faults[0];
  // A certificate that is unreadable here is useless to everybody: it has too many names for any client, for example.
  return fault === undefined
    ? E.right({ cert: made.right, key: key.right })
    : E.left(`the certificate would be one that is refused when it is read: ${fault.flaw ?? fault.code}`);
};

/** What an authority works with. */
export interface AtWork {
  /** The CA that signs. */
  readonly authority: OpenAuthority;
  /** What it may issue. */
  readonly policy: Policy;
  /** The clock and the randomness. */
  readonly moment: Moment;
  /** Called after each request that was considered, to show progress. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** Requests that share one answer: those of an application on a relation; every other request stands alone. */
const togetherWith = (request: ProvidesRequest): string =>
  JSON.stringify(
    request.certType === 'application'
      ? [request.relationId]
      : [request.relationId, request.unit, request.certType, request.commonName],
  );

const distinct = (requests: ReadonlyArray<ProvidesRequest>): ReadonlyArray<ProvidesRequest> => {
  const first = new Map<string, ProvidesRequest>();
  for (const request of requests) {
    const key = togetherWith(request);
    const known = first.get(key);
    // Of several requests with one answer, one that has no right answer yet.
    if (known === undefined || (known.isHandled && !request.isHandled)) first.set(key, request);
  }
  return [...first.values()];
};

/**
 * What an authority publishes whatever is requested: the CA, its chain, and the shared client certificate if there is one.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { announcedBy, createAuthority, openAuthority, openPolicy } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const opened = await openAuthority(made.right)();
 * if (opened._tag === 'Left') throw new Error(opened.left.code);
 * const { ca } = announcedBy({ authority: opened.right, policy: openPolicy, moment });
 * assert.equal(ca, made.right.certificate);
 * ```
 */
export const announcedBy = ({ authority: { state }, policy, moment: { now } }: AtWork): ProvidesIntent => {
  const { ca, chain } = publishedOf(state, now);
  const shared = sharedClientOf(state, policy);
  return { ...publish(setCa(ca), setChain(chain)), ...(shared === null ? {} : { globalClientCert: shared }) };
};

/**
 * Answers the requests of a view: what was announced, a certificate for each request that is due, and a refusal for each that is not
 * answered. If nothing is due, the result is the same object as `announced`.
 *
 * @example
 * ```ts
 * import type { Outcome, ProvidesView } from 'interface-tls-certificates';
 * import { answerRequests, type OpenAuthority, openPolicy } from 'interface-tls-certificates/authority';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const react = (authority: OpenAuthority) => ({ view }: Outcome<ProvidesView>) =>
 *   answerRequests({ authority, policy: openPolicy, moment: { now: new Date(), random } }, view)();
 * ```
 */
export const answerRequests = (
  work: AtWork,
  view: ProvidesView,
  announced: ProvidesIntent = announcedBy(work),
): T.Task<ProvidesIntent> =>
async () => {
  const { authority, policy, moment, onProgress = () => {} } = work;
  const { now } = moment;
  const isDenied = denials(authority.state);
  const known = new Map<string, Description | null>();
  const described = (cert: string): Description | null => {
    const before = authority.known.get(cert);
    const description = before === undefined ? describeFirst(cert) : before;
    known.set(cert, description);
    return description;
  };

  /** The published answer, if it can stay. */
  const freshAnswer = ({ cert, key }: ProvidesRequest): (KeyPair & { readonly description: Description }) | null => {
    const description = cert === null ? null : described(cert);
    const isGood = description !== null && isFresh(authority, policy, description, now);
    return cert !== null && key !== null && isGood ? { cert, key, description } : null;
  };

  const answerTo = async (request: ProvidesRequest): Promise<ProvidesIntent> => {
    const pair = freshAnswer(request);
    if (pair !== null) {
      if (request.isHandled) return nothingToPublish;
      if (await isRight(request, pair, pair.description)) return publish(setCert(request, pair.cert, pair.key));
    }
    const { relationId, commonName } = request;
    if (isDenied({ relationId, commonNames: [commonName], fingerprint: null })) {
      return publish(refuse(request, 'it is denied by the operator of the CA'));
    }
    if (beyond.requests.has(request)) {
      const asked = beyond.told.get(request);
      return asked === undefined ? nothingToPublish : publish(refuse(request, beyondReason(policy, asked)));
    }
    const checked = checkRequest(policy, request);
    const made = E.isLeft(checked) ? checked : await issued(authority, policy, request, moment);
    return publish(
      E.isLeft(made) ? refuse(request, made.left) : setCert(request, made.right.cert, made.right.key),
    );
  };

  const requests = distinct(view.allRequests);
  const beyond = beyondQuota(policy.quota, requests, ({ cert }) => cert !== null);
  const answers: Array<ProvidesIntent> = [];
  // One after another: signing keeps the processor busy, and a thousand at once would only wait for each other.
  for (const request of requests) {
    answers.push(await answerTo(request));
    onProgress(answers.length, requests.length);
  }
  // What is no longer published need not be remembered.
  authority.known.clear();
  for (const [cert, description] of known) authority.known.set(cert, description);
  const given = answers.flatMap((intent) => intent.answers);
  const refusals = answers.flatMap((intent) => intent.refusals);
  return given.length + refusals.length === 0 ? announced : { ...announced, answers: given, refusals };
};
