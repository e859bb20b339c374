/**
 * What a provider's charm may want: a CA and a chain to publish, and answers to requests.
 *
 * Each function here takes an intent and returns one with something more to publish, so that they can be put in a row. What an intent
 * does not mention stays as it is published. Source: docs/reactive-protocol.md section 7, docs/documents.md, D26.
 *
 * @module
 */
import { CERT_TYPES, type KeyPair, type PrivateKey } from '../../model/certificate.ts';
import { type Decoder, listOf, named, object, omittable, oneOf, optional, required, text } from '../../model/codec.ts';
import { RelationId, UnitName } from '../../model/names.ts';
import type { AsJson } from '../../model/schema.ts';
import type { RequestKey } from '../asked.ts';
import type { ProvidesRequest } from './view.ts';

/** A certificate with its key for one request. If both are empty, the published answer is removed. */
export interface Answer extends RequestKey, KeyPair {
  /** The relation of the request. */
  readonly relationId: RelationId;
  /** The remote unit by its Juju name on this side; for an application certificate, any unit that asks for it. */
  readonly unit: UnitName;
}

/**
 * A request that the charm will not answer, and the reason.
 *
 * @internal
 */
export interface Refusal extends RequestKey {
  readonly relationId: RelationId;
  /** The remote unit by its Juju name on this side. */
  readonly unit: UnitName;
  /** For people; without any secret. */
  readonly reason: string;
}

/**
 * What happens to an answer whose request is gone (D26): with `keep` it stays published, private key and all, as in Python.
 *
 * @internal
 */
export type OnWithdrawal = 'withdraw' | 'keep';

/** Everything that a provider's charm wants. An empty text removes what was published under its name. */
export interface ProvidesIntent {
  /** The root CA's certificate in PEM, published on every relation. */
  readonly ca?: string;
  /** The chain of trust, PEM of one or more certificates, published on every relation. */
  readonly chain?: string;
  /** A client certificate that everybody shares (deprecated in the protocol). */
  readonly globalClientCert?: KeyPair;
  /** If a request has several answers, the last one counts. Answers that nobody asked for are not published. */
  readonly answers: ReadonlyArray<Answer>;
  /** Each becomes a finding; the request stays new. */
  readonly refusals: ReadonlyArray<Refusal>;
  /** What becomes of answers whose request is gone. */
  readonly onWithdrawal: OnWithdrawal;
}

const privateKey: Decoder<PrivateKey> = text<PrivateKey>();

/** Decodes a certificate with its key. */
export const SharedPair: Decoder<KeyPair> = object<KeyPair>('closed', {
  cert: required(text()),
  key: required(privateKey),
});

/** Decodes an answer. */
export const Answer: Decoder<Answer> = object<Answer>('closed', {
  relationId: required(RelationId),
  unit: required(UnitName),
  certType: required(oneOf(...CERT_TYPES)),
  commonName: required(text()),
  cert: required(text()),
  key: required(privateKey),
});

/** Decodes a refusal. */
export const Refusal: Decoder<Refusal> = object<Refusal>('closed', {
  relationId: required(RelationId),
  unit: required(UnitName),
  certType: required(oneOf(...CERT_TYPES)),
  commonName: required(text()),
  reason: required(text()),
});

/** What a provider's charm wants, as JSON. */
export type ProvidesIntentDocument = AsJson<ProvidesIntent, 'answers' | 'refusals' | 'onWithdrawal'>;

/** Decodes the contract's intent of `reactive/provides`; unknown fields are errors. */
export const ProvidesIntent: Decoder<ProvidesIntent, ProvidesIntentDocument> = named(
  'ProvidesIntent',
  "What a provider's charm wants. What is not mentioned stays as it is published.",
  object<ProvidesIntent, ProvidesIntentDocument>('closed', {
    ca: omittable(text(), 'The root CA, PEM; an empty text removes what was published.'),
    chain: omittable(text(), 'The chain of trust, PEM of one or more certificates; an empty text removes it.'),
    globalClientCert: omittable(SharedPair),
    answers: optional(listOf(Answer), []),
    refusals: optional(listOf(Refusal), [], 'Requests that stay unanswered; each is told as a finding.'),
    onWithdrawal: optional(oneOf('withdraw', 'keep'), 'withdraw', 'What happens to an answer whose request is gone.'),
  }),
);

/** Adds something to publish to an intent. */
export interface Publication {
  (intent: ProvidesIntent): ProvidesIntent;
  /** What it adds, if it does nothing else: {@link publish} then copies no list for each of many answers. */
  readonly adds?: Added;
}

/**
 * What is added to the lists of an intent.
 *
 * @internal
 */
export interface Added {
  readonly answers: ReadonlyArray<Answer>;
  readonly refusals: ReadonlyArray<Refusal>;
}

const adding = (adds: Added): Publication =>
  Object.assign((intent: ProvidesIntent): ProvidesIntent => ({
    ...intent,
    answers: [...intent.answers, ...adds.answers],
    refusals: [...intent.refusals, ...adds.refusals],
  }), { adds });

/** The intent of a charm that has nothing to publish. */
export const nothingToPublish: ProvidesIntent = { answers: [], refusals: [], onWithdrawal: 'withdraw' };

/**
 * An intent of these publications, in order.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { publish, setCa, setChain } from 'interface-tls-certificates';
 * assert.equal(publish(setCa('-----BEGIN CERTIFICATE-----…'), setChain('')).chain, '');
 * ```
 */
export const publish = (...publications: ReadonlyArray<Publication>): ProvidesIntent => {
  let intent = nothingToPublish;
  let [answers, refusals]: [Array<Answer>, Array<Refusal>] = [[], []];
  for (const publication of publications) {
    if (publication.adds === undefined) {
      intent = publication({ ...intent, answers, refusals });
      if (intent.answers !== answers) answers = [...intent.answers];
      if (intent.refusals !== refusals) refusals = [...intent.refusals];
    } else {
      for (const answer of publication.adds.answers) answers.push(answer);
      for (const refusal of publication.adds.refusals) refusals.push(refusal);
    }
  }
  return { ...intent, answers, refusals };
};

/**
 * Publishes the root CA's certificate on every relation.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { publish, setCa } from 'interface-tls-certificates';
 * assert.equal(publish(setCa('CA')).ca, 'CA');
 * ```
 */
export const setCa = (ca: string): Publication => (intent) => ({ ...intent, ca });

/**
 * Publishes the chain of trust on every relation; an empty one removes it.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { publish, setChain } from 'interface-tls-certificates';
 * assert.equal(publish(setChain('CHAIN'), setChain('')).chain, '');
 * ```
 */
export const setChain = (chain: string): Publication => (intent) => ({ ...intent, chain });

/**
 * Answers any number of requests in one step.
 *
 * @example
 * ```ts
 * import { type KeyPair, newRequests, type ProvidesRequest, type ProvidesView, publish, setCerts } from 'interface-tls-certificates';
 * const answered = (view: ProvidesView, issue: (request: ProvidesRequest) => KeyPair) =>
 *   publish(setCerts(newRequests(view).map((request) => [request, issue(request)])));
 * ```
 */
export const setCerts = (
  given: ReadonlyArray<readonly [request: ProvidesRequest, pair: KeyPair]>,
): Publication =>
  adding({
    answers: given.map(([{ relationId, unit, certType, commonName }, { cert, key }]) => ({
      relationId,
      unit,
      certType,
      commonName,
      cert,
      key,
    })),
    refusals: [],
  });

/**
 * Answers one request. An answer to an application request is published for every unit of the application.
 *
 * @example
 * ```ts
 * import { newRequests, type PrivateKey, type ProvidesView, publish, setCert } from 'interface-tls-certificates';
 * const answered = (view: ProvidesView, cert: string, key: PrivateKey) =>
 *   publish(...newRequests(view).map((request) => setCert(request, cert, key)));
 * ```
 */
export const setCert = (request: ProvidesRequest, cert: string, key: PrivateKey): Publication =>
  setCerts([[request, { cert, key }]]);

/**
 * Refuses a request: nothing is published for it, and a finding gives the reason. An earlier answer stays.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, publish, refuse } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { unit_name: 'web_0', common_name: 'web.example' } } };
 * const snapshot = { localUnit: 'easyrsa/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * const [request] = result.right.view.newRequests;
 * assert.ok(request !== undefined);
 * assert.equal(publish(refuse(request, 'only names under .internal')).refusals[0]?.commonName, 'web.example');
 * ```
 */
export const refuse = (
  { relationId, unit, certType, commonName }: ProvidesRequest,
  reason: string,
): Publication => adding({ answers: [], refusals: [{ relationId, unit, certType, commonName, reason }] });

/**
 * Keeps answers published after their request is gone, as Python does.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { keepWithdrawn, publish } from 'interface-tls-certificates';
 * assert.equal(publish(keepWithdrawn).onWithdrawal, 'keep');
 * ```
 */
export const keepWithdrawn: Publication = (intent): ProvidesIntent => ({ ...intent, onWithdrawal: 'keep' });
