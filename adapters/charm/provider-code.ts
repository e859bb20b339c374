/**
 * A charm with code that issues certificates, by either protocol: it sees the requests and returns its answers.
 *
 * @module
 */
import type { AnyProvidesIntent } from '../../core/any/provides/intent.ts';
import type { AnyProvidesView } from '../../core/any/provides/view.ts';
import type { CsrProvidesIntent } from '../../core/csr/provides/intent.ts';
import type { CsrProvidesView } from '../../core/csr/provides/view.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { ProvidesIntent } from '../../core/reactive/provides/intent.ts';
import type { ProvidesView } from '../../core/reactive/provides/view.ts';
import { provides } from '../../core/reactive/provides.ts';
import type { Row } from '../../core/side/row.ts';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Hook } from '../juju/hook.ts';
import { type Status, wanting } from '../reaction.ts';
import { ANY_PROVIDES, type AnyProvidesName, CSR_PROVIDES, type CsrProvidesName } from './config/csr.ts';
import { type HookExitCode, type HookSettings, runCharm } from './hook.ts';

/**
 * A charm's answers, and how its hooks are run.
 *
 * @internal
 */
interface Issuing<Intent, View> extends HookSettings {
  /** All answers that are due for the requests; it fails the hook by throwing. */
  readonly answer: (outcome: Outcome<View>, hook: Hook) => Intent | Promise<Intent>;
  /** The unit's status after that; by default, the status is left alone. */
  readonly status?: (outcome: Outcome<View>, hook: Hook) => Status;
}

/** A charm that issues by the reactive protocol. */
export interface ProviderHook extends Issuing<ProvidesIntent, ProvidesView> {
  /** The reactive protocol. */
  readonly side: typeof provides.name;
}

/** A charm that issues by the CSR protocol. Only its leader is asked. */
export interface CsrProviderHook extends Issuing<CsrProvidesIntent, CsrProvidesView> {
  /** The CSR protocol. */
  readonly side: CsrProvidesName;
}

/** A charm that issues by both protocols. Only its leader is asked. */
export interface AnyProviderHook extends Issuing<AnyProvidesIntent, AnyProvidesView> {
  /** Both protocols. */
  readonly side: AnyProvidesName;
}

const run = <Name extends string, Intent extends object, View, Doc>(
  side: Row<Name, Intent, View, Doc>,
  { answer, status, ...settings }: Issuing<Intent, View>,
  mayAnswer: (isLeader: boolean) => boolean,
): Promise<HookExitCode> =>
  runCharm<Intent, View>(settings, side, (hook, { snapshot }) =>
    TE.right({
      side,
      intent: side.nothing,
      react: async (outcome) => ({
        ...wanting(mayAnswer(snapshot.isLeader) ? await answer(outcome, hook) : side.nothing),
        status: status?.(outcome, hook) ?? null,
      }),
    }));

/** Runs a hook of such a charm. */
export const runProviderHook = async (
  options: ProviderHook | CsrProviderHook | AnyProviderHook,
): Promise<HookExitCode> => {
  if (options.side === ANY_PROVIDES) {
    const { anyProvides } = await import('../../core/any/provides.ts');
    return await run(anyProvides, options, (isLeader) => isLeader);
  }
  if (options.side !== CSR_PROVIDES) return await run(provides, options, () => true);
  const { csrProvides } = await import('../../core/csr/provides.ts');
  // Another unit cannot even see what its application has published.
  return await run(csrProvides, options, (isLeader) => isLeader);
};
