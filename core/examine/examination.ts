/**
 * What an examination comes to: plain JSON for people and programs, without private keys.
 *
 * @module
 */
import type { CertType } from '../model/certificate.ts';
import type { Finding } from '../model/finding.ts';
import type { UnitName } from '../model/names.ts';
import type { Description } from '../x509/mod.ts';
import type { Exchange } from './exchange.ts';

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
  /** Findings about several exchanges at once. */
  readonly findings: ReadonlyArray<Finding>;
}

/**
 * All findings, those of exchanges and requests included.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { allFindings } from 'interface-tls-certificates/examine';
 * assert.deepEqual(allFindings({ now: null, examinations: [], findings: [] }), []);
 * ```
 */
export const allFindings = ({ examinations, findings }: Examinations): ReadonlyArray<Finding> => [
  ...findings,
  ...examinations.flatMap((examination) => [
    ...examination.findings,
    ...examination.requests.flatMap((request) => request.findings),
  ]),
];
