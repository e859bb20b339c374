/**
 * A charm with code and its own keys, for the CSR protocol or for whichever its provider speaks: keys are made, kept and renewed for it,
 * and its handlers get certificates with the keys that belong to them, whether its own or the provider's.
 *
 * This room loads X.509; it is imported only for such a charm.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AnyRequiresView } from '../../core/any/requires/view.ts';
import type { CsrRequiresFlagName } from '../../core/csr/requires/flags.ts';
import { CsrRequiresIntent, type CsrRequiresIntentDocument } from '../../core/csr/requires/intent.ts';
import type { CsrRequiresView } from '../../core/csr/requires/view.ts';
import type { KeyKind } from '../../core/keyring/key-kind.ts';
import { type PrivateKey, redacted } from '../../core/model/certificate.ts';
import { decodeWith } from '../../core/model/input-error.ts';
import type { Delivered, Delivery } from '../../core/side/row.ts';
import { keysIn, withKeptKeys } from '../install/sources.ts';
import type { Problem } from '../host.ts';
import type { Hook } from '../juju/hook.ts';
import type { AnyRequiresName, CsrRequiresName } from './config/csr.ts';
import { type CsrCharmParts, runCsrCharm } from './csr-charm.ts';
import { askedOf } from './csr-installable.ts';
import { anyKeyed, csrKeyed, type KeyedSide } from './keyed.ts';
import { type Change, type Handlers, runHandlers } from './handlers.ts';
import type { HookExitCode, HookSettings } from './hook.ts';

/** What can change for a requirer with keys of its own, without the endpoint's prefix. */
export type CsrChangeName = Extract<CsrRequiresFlagName, `${string}.changed`>;

/** A certificate with its private key. */
export interface CsrCertificate extends Pick<Delivery, 'request' | 'certificate' | 'ca' | 'chain'> {
  /** PEM; hidden when it is printed as part of this. */
  readonly key: PrivateKey;
}

/** A change, as its handler sees it. */
export interface CsrChange<View = CsrRequiresView> extends Change<View> {
  /** The certificates that have arrived; the chain begins with the certificate. */
  readonly certificates: ReadonlyArray<CsrCertificate>;
}

/**
 * A charm with its own keys.
 *
 * @internal
 */
interface OwnKeysHook<View> extends HookSettings {
  /** What it asks for, the same in every hook. */
  readonly requests?: NonNullable<CsrRequiresIntentDocument['requests']>;
  /** Everything that it wants, in place of `requests`; a function if that depends on the hook. */
  readonly intent?:
    | CsrRequiresIntentDocument
    | ((hook: Hook) => CsrRequiresIntentDocument | Promise<CsrRequiresIntentDocument>);
  /** The kind of key to make; RSA-2048 by default. */
  readonly keys?: KeyKind;
  /** What it does when something changes. */
  readonly on?: Handlers<CsrChangeName, CsrChange<View>>;
  /** Whether the unit's status shows what it waits for; by default, the status is left alone. */
  readonly status?: boolean;
  /** Whether to carry out `get-certificate`, `renew-certificate` and `rotate-private-key`; by default, they are left to the charm. */
  readonly actions?: boolean;
}

/** A charm that asks for certificates by the CSR protocol. */
export interface CsrRequirerHook extends OwnKeysHook<CsrRequiresView> {
  /** The CSR protocol. */
  readonly side: CsrRequiresName;
}

/** A charm that asks for certificates in whichever protocol its provider speaks: the default if a charm names no side. */
export interface AnyRequirerHook extends OwnKeysHook<AnyRequiresView> {
  /** Both protocols: whichever the provider speaks. Default. */
  readonly side?: AnyRequiresName;
}

const certificatesIn = ({ deliveries }: Delivered): ReadonlyArray<CsrCertificate> =>
  deliveries.flatMap(({ request, certificate, ca, chain, key }) =>
    key !== null && 'sent' in key ? [redacted({ request, certificate, ca, chain, key: key.sent })] : []
  );

const runSpeaking = <View>(
  speaks: KeyedSide<View>,
  {
    requests = [],
    intent: wanted = { requests },
    on = {},
    status = false,
    actions = false,
    keys = 'RSA-2048',
    ...settings
  }: OwnKeysHook<View>,
): Promise<HookExitCode> => {
  const { endpoint } = settings;
  // Asked once, since a function may return something else the next time.
  let asked: Promise<CsrRequiresIntentDocument> | null = null;
  const intentIn = (hook: Hook): TE.TaskEither<Problem, CsrRequiresIntent> =>
    pipe(
      TE.fromTask(() => asked ??= Promise.resolve(typeof wanted === 'function' ? wanted(hook) : wanted)),
      TE.chainEitherK((document) => decodeWith(CsrRequiresIntent)(document)),
    );

  const use: CsrCharmParts<View>['use'] = async (outcome, kept, hook) => {
    const { view, memory } = outcome;
    const delivered = withKeptKeys(speaks.installable(view), kept);
    const certificates = certificatesIn(delivered);
    const { flags, failures } = await runHandlers(
      endpoint,
      on,
      memory.flags,
      (flag): CsrChange<View> => ({ flag, view, certificates, outcome, hook }),
      keysIn(delivered),
    );
    return { failures, log: [], waits: [], findings: [], notes: {}, handled: flags };
  };

  return runCsrCharm(settings, {
    speaks,
    endpoint,
    keys,
    status,
    hasActions: actions,
    owners: (hook) =>
      pipe(
        intentIn(hook),
        TE.map(({ requests: all }) => [...new Set(all.map(({ certType }) => askedOf(certType)))].sort().reverse()),
      ),
    wants: (hook) => pipe(intentIn(hook), TE.map((intent) => E.right(intent))),
    use,
  });
};

/** Runs a hook of a charm that speaks the CSR protocol. */
export const runCsrHook = (options: CsrRequirerHook): Promise<HookExitCode> => runSpeaking(csrKeyed, options);

/** Runs a hook of a charm that speaks whichever protocol its provider speaks. */
export const runAnyHook = (options: AnyRequirerHook): Promise<HookExitCode> => runSpeaking(anyKeyed, options);
