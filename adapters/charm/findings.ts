/**
 * What a charm's hook notices that no decision can, since it is about the Juju that the charm runs on: one table of codes with their severity.
 *
 * @module
 */
import { type Findings, findingsOf, type Severity } from '../../core/model/finding.ts';

/** The codes. `docs/findings.md` tells what each stands for, its cause and its remedy. */
export type HookFindingCode = 'key-not-shared';

/** The severity of each code. */
export const HOOK_FINDINGS: Readonly<Record<HookFindingCode, Severity>> = { 'key-not-shared': 'warning' };

/** A finding of a hook. */
export const finding: Findings<HookFindingCode> = findingsOf(HOOK_FINDINGS);
