/**
 * What a provider of both protocols notices: the findings of its halves.
 *
 * @module
 */
import { CSR_PROVIDES_FINDINGS, type CsrProvidesFindingCode } from '../../csr/provides/findings.ts';
import { type Findings, findingsOf, type Severity } from '../../model/finding.ts';
import { PROVIDES_FINDINGS, type ProvidesFindingCode } from '../../reactive/provides/findings.ts';

/** The codes. `docs/findings.md` explains each, its cause and its remedy. */
export type AnyProvidesFindingCode = ProvidesFindingCode | CsrProvidesFindingCode;

/** The severity of each code. */
export const ANY_PROVIDES_FINDINGS: Readonly<Record<AnyProvidesFindingCode, Severity>> = {
  ...PROVIDES_FINDINGS,
  ...CSR_PROVIDES_FINDINGS,
};

/** A finding of the provider. */
export const finding: Findings<AnyProvidesFindingCode> = findingsOf(ANY_PROVIDES_FINDINGS);
