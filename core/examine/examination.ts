/**
 * The result of an examination: plain JSON for people and programs, without private keys.
 *
 * @module
 */
import type { Capabilities } from '../csr/capabilities.ts';
import type { RequestError } from '../csr/errors.ts';
import type { CertType } from '../model/certificate.ts';
import type { Finding } from '../model/finding.ts';
import { applicationOf, type UnitName } from '../model/names.ts';
import type { Description, Name, PublicKey } from '../x509/mod.ts';
import type { Exchange } from './exchange.ts';
import type { Evidence, SpokenProtocol } from './protocol.ts';
import type { Parties } from './remedies.ts';
import type { TrustExamination } from './trust-exchange.ts';

/**
 * Whether there is an answer. `unknown` if the provider's databags were not seen. Only in the CSR protocol: `denied` if the provider
 * refuses the request, and `revoked` if it took the certificate back.
 */
export type AnswerState = 'answered' | 'unanswered' | 'unknown' | 'denied' | 'revoked';

/** The content of a CSR. */
export interface ExaminedCsr {
  /** Who asks. */
  readonly subject: Name;
  /** Addresses and host names as they are, names of other kinds with their kind as a prefix. */
  readonly sans: ReadonlyArray<string>;
  /** The key that is to be certified. */
  readonly publicKey: PublicKey;
}

/** A delivered certificate, described. */
export interface ExaminedAnswer {
  /** Null if it is unreadable. */
  readonly certificate: Description | null;
  /** From the leaf up to the CA, or as far as it leads. */
  readonly path: ReadonlyArray<Description>;
  /** Whether the path leads to the published CA, and every rule holds; null if no CA was published. */
  readonly verified: boolean | null;
}

/** One certificate that was requested, or answered without a request. */
export interface ExaminedRequest {
  /** The kind of the request. */
  readonly certType: CertType;
  /** The name that is asked for. */
  readonly commonName: string;
  /** What was requested besides the common name; null if the requirer's databag was not seen, or nobody asked. */
  readonly sans: ReadonlyArray<string> | null;
  /** How far it is. */
  readonly state: AnswerState;
  /** What was answered; null where nothing was. */
  readonly answer: ExaminedAnswer | null;
  /** The CSR; null in the reactive protocol, which has none. */
  readonly csr: ExaminedCsr | null;
  /** The provider's refusal, if there is one. */
  readonly denied: RequestError | null;
  /** What is wrong with the request or its answer. */
  readonly findings: ReadonlyArray<Finding>;
}

/** The result for one exchange. */
export interface Examination {
  /** The relation that was examined. */
  readonly relationId: Exchange['relationId'];
  /** The unit or application that asks. */
  readonly requirer: Exchange['requirer'];
  /** Whether the requirer is a unit or an application; each asks in its own databag. */
  readonly asker: 'unit' | 'application';
  /** The protocol that is spoken on it. */
  readonly protocol: SpokenProtocol;
  /** The keys that show which protocol it is. */
  readonly evidence: ReadonlyArray<Evidence>;
  /** What the provider says it can issue; null if it says nothing. */
  readonly capabilities: Capabilities | null;
  /** Units and applications that answer. */
  readonly providers: ReadonlyArray<string>;
  /** Whether the requirer's databag was seen. */
  readonly askedSeen: boolean;
  /** Whether the requirer was assumed, because the input does not say who asks. */
  readonly areRolesAssumed: boolean;
  /** The CA and the chain that were published, without repeats. */
  readonly ca: ReadonlyArray<Description>;
  /** What leads to the CA. */
  readonly chain: ReadonlyArray<Description>;
  /** What was asked for, with its answers. */
  readonly requests: ReadonlyArray<ExaminedRequest>;
  /** Since when the requirer has waited for a certificate; null where it does not, or where what was read does not tell. */
  readonly waitingSince: string | null;
  /**
   * Findings about the exchange as a whole; those about a request are listed there. Findings about what is published to everybody appear
   * only in the first exchange of a relation.
   */
  readonly findings: ReadonlyArray<Finding>;
}

/** Everything that was examined. */
export interface Examinations {
  /** The time of the judgement; null where nothing was judged by time. */
  readonly now: string | null;
  /** One for each unit or application that asks. */
  readonly examinations: ReadonlyArray<Examination>;
  /** Relations of `certificate_transfer`. */
  readonly trust: ReadonlyArray<TrustExamination>;
  /** Findings about several exchanges at once. */
  readonly findings: ReadonlyArray<Finding>;
}

/**
 * The two applications of an examination, which remedies name.
 *
 * @example
 * ```ts
 * import { type Examination, partiesOf, remedyOf } from 'interface-tls-certificates/examine';
 * const remediesOf = (examination: Examination) =>
 *   examination.findings.map(({ code }) => remedyOf(code, partiesOf(examination)));
 * ```
 */
export const partiesOf = (
  { requirer, asker, providers: [provider] }: Pick<Examination, 'requirer' | 'asker' | 'providers'>,
): Parties => ({
  // Its kind says whether it is a unit.
  requirer: asker === 'application' ? requirer : applicationOf(requirer as UnitName),
  provider: provider === undefined ? null : applicationOf(provider as UnitName),
});

/**
 * All findings, including those of exchanges and requests.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { allFindings } from 'interface-tls-certificates/examine';
 * assert.deepEqual(allFindings({ now: null, examinations: [], trust: [], findings: [] }), []);
 * ```
 */
export const allFindings = ({ examinations, trust = [], findings }: Examinations): ReadonlyArray<Finding> => [
  // What an earlier version has written as JSON has no trust in it.
  ...findings,
  ...trust.flatMap((one) => one.findings),
  ...examinations.flatMap((examination) => [
    ...examination.findings,
    ...examination.requests.flatMap((request) => request.findings),
  ]),
];
