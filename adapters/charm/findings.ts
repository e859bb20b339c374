/**
 * What a charm's hook notices and no decision can, since it is about the charm's Juju: one table of codes with their severity.
 *
 * @module
 */
import { type Findings, findingsOf, type Severity } from '../../core/model/finding.ts';

/** The codes. `docs/findings.md` explains the meaning, cause and remedy of each. */
export type HookFindingCode = 'key-not-shared';

/** The severity of each code. */
export const HOOK_FINDINGS: Readonly<Record<HookFindingCode, Severity>> = { 'key-not-shared': 'warning' };

/** A finding of a hook. */
export const finding: Findings<HookFindingCode> = findingsOf(HOOK_FINDINGS);
