/**
 * What an examination comes to: plain JSON for people and programs, without private keys.
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
 * Whether there is an answer. `unknown` where the provider's databags were not seen; `denied` where the provider refuses the request, and
 * `revoked` where it took the certificate back: in the CSR protocol only.
 */
export type AnswerState = 'answered' | 'unanswered' | 'unknown' | 'denied' | 'revoked';

/** What a CSR says. */
export interface ExaminedCsr {
  readonly subject: Name;
  /** Addresses and host names as they are, other kinds with their kind before them. */
  readonly sans: ReadonlyArray<string>;
  readonly publicKey: PublicKey;
}

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
  /** The CSR; null in the reactive protocol, which has none. */
  readonly csr: ExaminedCsr | null;
  /** The provider's refusal, where there is one. */
  readonly denied: RequestError | null;
  readonly findings: ReadonlyArray<Finding>;
}

/** What came out of one exchange. */
export interface Examination {
  readonly relationId: Exchange['relationId'];
  readonly requirer: Exchange['requirer'];
  /** Whether the requirer is a unit or an application; it asks in the databag of its kind. */
  readonly asker: 'unit' | 'application';
  readonly protocol: SpokenProtocol;
  /** The keys that show which protocol it is. */
  readonly evidence: ReadonlyArray<Evidence>;
  /** What the provider says that it can issue; null where it does not say. */
  readonly capabilities: Capabilities | null;
  readonly providers: ReadonlyArray<string>;
  /** Whether the requirer's databag was seen. */
  readonly askedSeen: boolean;
  /** Whether it was assumed who asks: what was read does not tell it. */
  readonly areRolesAssumed: boolean;
  /** The CA and the chain that were published; of several, each once. */
  readonly ca: ReadonlyArray<Description>;
  readonly chain: ReadonlyArray<Description>;
  readonly requests: ReadonlyArray<ExaminedRequest>;
  /** Since when the requirer has waited for a certificate; null where it does not, or where what was read does not tell. */
  readonly waitingSince: string | null;
  /**
   * Findings about the exchange as a whole; those about a request stand with it. What is published to everybody is told in the first
   * exchange of its relation only.
   */
  readonly findings: ReadonlyArray<Finding>;
}

/** Everything that was examined. */
export interface Examinations {
  readonly now: string | null;
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
 * All findings, those of exchanges and requests included.
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
