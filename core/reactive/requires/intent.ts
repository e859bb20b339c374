/**
 * What a requirer's charm may want: requests to make, requests to withdraw, and changes that it has handled.
 *
 * A charm asks for everything it needs in every hook; asking again for the same changes nothing. Each function here takes an
 * intent and returns one with a wish more, so that they can be put in a row. Source: docs/reactive-protocol.md sections 1 and 5.
 *
 * @module
 */
import { CERT_TYPES, type CertType } from '../../model/certificate.ts';
import {
  type Decoder,
  listOf,
  named,
  object,
  omittable,
  oneOf,
  optional,
  required,
  taggedBy,
  text,
} from '../../model/codec.ts';
import type { Flag } from '../../model/flag.ts';
import type { AsJson } from '../../model/schema.ts';
import type { RequestKey } from '../asked.ts';

/**
 * A request for one certificate of a kind.
 * @internal
 */
export interface RequestOf<K extends CertType> {
  readonly certType: K;
  /** Any text. */
  readonly commonName: string;
  /** Host names and addresses, in the order in which they are published. */
  readonly sans: ReadonlyArray<string>;
}

/**
 * A request for a server certificate, which may give it a name towards the provider.
 * @internal
 */
export interface ServerRequest extends RequestOf<'server'> {
  readonly certificateName?: string;
}

/** A request for one certificate. */
export type Request =
  | ServerRequest
  | RequestOf<'client'>
  | RequestOf<'application'>
  | RequestOf<'intermediate'>;

/**
 * A request that is no longer wanted.
 * @internal
 */
export type Withdrawal = RequestKey;

/**
 * What happens when a common name is requested again with other SANs (D9).
 * @internal
 */
export type OnRepeat = 'replace' | 'ignore';

/** Everything that a requirer's charm wants. */
export interface RequiresIntent {
  /** In the charm's order; the first server request of a relation gets fields of its own. */
  readonly requests: ReadonlyArray<Request>;
  /** What is no longer wanted. */
  readonly withdraw: ReadonlyArray<Withdrawal>;
  /** The `.changed` flags that the charm has handled since they were set; they are cleared. */
  readonly handled: ReadonlyArray<Flag>;
  /** What becomes of the SANs of a name that was asked for before. */
  readonly onRepeat: OnRepeat;
}

/** A request as JSON. */
export type RequestDocument = AsJson<Request, 'sans'>;

/** What a requirer's charm wants, as JSON. */
export type RequiresIntentDocument = AsJson<
  RequiresIntent,
  'withdraw' | 'handled' | 'onRepeat',
  { readonly requests?: ReadonlyArray<RequestDocument> | null }
>;

const names = {
  commonName: required(text()),
  sans: optional(listOf(text()), [], 'Host names and addresses, in the order in which they are published.'),
};

/** Decodes a request. */
const Request: Decoder<Request, RequestDocument> = named(
  'Request',
  'One certificate to request.',
  taggedBy<Request, 'certType', RequestDocument>('certType', {
    server: object<ServerRequest, AsJson<ServerRequest, 'sans'>>('closed', {
      certType: required(oneOf('server')),
      ...names,
      certificateName: omittable(text(), 'What the certificate is called towards the provider.'),
    }),
    client: object<RequestOf<'client'>, AsJson<RequestOf<'client'>, 'sans'>>('closed', {
      certType: required(oneOf('client')),
      ...names,
    }),
    application: object<RequestOf<'application'>, AsJson<RequestOf<'application'>, 'sans'>>('closed', {
      certType: required(oneOf('application')),
      ...names,
    }),
    intermediate: object<RequestOf<'intermediate'>, AsJson<RequestOf<'intermediate'>, 'sans'>>('closed', {
      certType: required(oneOf('intermediate')),
      ...names,
    }),
  }),
);

const Withdrawal: Decoder<Withdrawal> = object<Withdrawal>('closed', {
  certType: required(oneOf(...CERT_TYPES)),
  commonName: required(text()),
});

/** Decodes the contract's intent of `reactive/requires`; unknown fields are errors. */
export const RequiresIntent: Decoder<RequiresIntent, RequiresIntentDocument> = named(
  'RequiresIntent',
  'What a charm wants.',
  object<RequiresIntent, RequiresIntentDocument>('closed', {
    requests: optional(listOf(Request), []),
    withdraw: optional(listOf(Withdrawal), [], 'Requests that are no longer wanted.'),
    handled: optional(listOf(text<Flag>()), [], 'The .changed flags that the charm has dealt with; they are cleared.'),
    onRepeat: optional(
      oneOf('replace', 'ignore'),
      'replace',
      'What happens to a request whose common name was requested before with other SANs.',
    ),
  }),
);

/** The intent of a charm that wants nothing, to which wishes are added. */
export const nothing: RequiresIntent = { requests: [], withdraw: [], handled: [], onRepeat: 'replace' };

/** Adds a wish to an intent. */
export type Wish = (intent: RequiresIntent) => RequiresIntent;

/**
 * An intent of these wishes, in order.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { intentOf, requestClientCert, requestServerCert } from 'interface-tls-certificates';
 * const intent = intentOf(requestServerCert('web.example', ['10.0.0.7']), requestClientCert('web-client'));
 * assert.equal(intent.requests.length, 2);
 * ```
 */
export const intentOf = (...wishes: ReadonlyArray<Wish>): RequiresIntent =>
  wishes.reduce((intent, wish) => wish(intent), nothing);

const request = (r: Request): Wish => (intent) => ({ ...intent, requests: [...intent.requests, r] });

const withdraw = (certType: CertType, commonName: string): Wish => (intent) => ({
  ...intent,
  withdraw: [...intent.withdraw, { certType, commonName }],
});

/**
 * Requests a server certificate. `certificateName` is its name towards the provider and only counts for the relation's first server
 * request; without one, a name is derived from unit and common name (D13).
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { nothing, requestServerCert } from 'interface-tls-certificates';
 * assert.equal(requestServerCert('web.example', ['10.0.0.7', 'web'])(nothing).requests[0]?.commonName, 'web.example');
 * ```
 */
export const requestServerCert = (
  commonName: string,
  sans: ReadonlyArray<string> = [],
  certificateName?: string,
): Wish => {
  const named = certificateName === undefined ? {} : { certificateName };
  return request({ certType: 'server', commonName, sans, ...named });
};

/**
 * Requests a client certificate.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { nothing, requestClientCert } from 'interface-tls-certificates';
 * assert.equal(requestClientCert('web-client')(nothing).requests[0]?.certType, 'client');
 * ```
 */
export const requestClientCert = (commonName: string, sans: ReadonlyArray<string> = []): Wish =>
  request({ certType: 'client', commonName, sans });

/**
 * Requests a certificate that all units of the application share; the provider combines what the units ask for.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { nothing, requestApplicationCert } from 'interface-tls-certificates';
 * assert.equal(requestApplicationCert('web.internal')(nothing).requests[0]?.certType, 'application');
 * ```
 */
export const requestApplicationCert = (commonName: string, sans: ReadonlyArray<string> = []): Wish =>
  request({ certType: 'application', commonName, sans });

/**
 * Requests the certificate of an intermediate CA.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { nothing, requestIntermediateCert } from 'interface-tls-certificates';
 * assert.equal(requestIntermediateCert('web CA')(nothing).requests[0]?.certType, 'intermediate');
 * ```
 */
export const requestIntermediateCert = (commonName: string, sans: ReadonlyArray<string> = []): Wish =>
  request({ certType: 'intermediate', commonName, sans });

/**
 * Withdraws a server request, wherever it is (D10). Withdrawing what was never requested does nothing.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { intentOf, withdrawServerCert } from 'interface-tls-certificates';
 * assert.deepEqual(intentOf(withdrawServerCert('web.example')).withdraw, [{ certType: 'server', commonName: 'web.example' }]);
 * ```
 */
export const withdrawServerCert = (commonName: string): Wish => withdraw('server', commonName);

/**
 * Withdraws a client request (D10).
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { intentOf, withdrawClientCert } from 'interface-tls-certificates';
 * assert.deepEqual(intentOf(withdrawClientCert('web-client')).withdraw, [{ certType: 'client', commonName: 'web-client' }]);
 * ```
 */
export const withdrawClientCert = (commonName: string): Wish => withdraw('client', commonName);

/**
 * Withdraws an application request (D10).
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { intentOf, withdrawApplicationCert } from 'interface-tls-certificates';
 * assert.deepEqual(intentOf(withdrawApplicationCert('web.internal')).withdraw, [{ certType: 'application', commonName: 'web.internal' }]);
 * ```
 */
export const withdrawApplicationCert = (commonName: string): Wish => withdraw('application', commonName);

/**
 * Withdraws a request for an intermediate CA (D10).
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { intentOf, withdrawIntermediateCert } from 'interface-tls-certificates';
 * assert.deepEqual(intentOf(withdrawIntermediateCert('web CA')).withdraw, [{ certType: 'intermediate', commonName: 'web CA' }]);
 * ```
 */
export const withdrawIntermediateCert = (commonName: string): Wish => withdraw('intermediate', commonName);

/**
 * Says that the charm has handled these `.changed` flags, given with the prefix of their endpoint. A change that arrives in the same hook
 * is still announced.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { handled, nothing } from 'interface-tls-certificates';
 * assert.equal(handled('certificates.ca.changed')(nothing).handled.length, 1);
 * ```
 */
export const handled = (...flags: ReadonlyArray<string>): Wish => (intent) => ({
  ...intent,
  // Only `decide` knows the endpoint, so it checks whether a name is one of its flags.
  handled: [...intent.handled, ...(flags as ReadonlyArray<Flag>)],
});

/**
 * Keeps the SANs of a request that was made before, as Python's documentation describes (D9).
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { ignoreRepeats, intentOf, requestServerCert } from 'interface-tls-certificates';
 * const intent = intentOf(requestServerCert('web.example', ['10.0.0.7']), ignoreRepeats);
 * assert.equal(intent.onRepeat, 'ignore');
 * ```
 */
export const ignoreRepeats: Wish = (intent): RequiresIntent => ({ ...intent, onRepeat: 'ignore' });
