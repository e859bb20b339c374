/**
 * A charm without code and with its own keys: its configuration says what it asks for, and where the certificates are installed.
 *
 * This room loads X.509; it is imported only for such a configuration.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { CSR_REQUIRES_FLAG_NAMES } from '../../core/csr/requires/flags.ts';
import { type CsrRequest, type CsrRequiresIntent, nothing } from '../../core/csr/requires/intent.ts';
import { type Flag, flagOf } from '../../core/model/flag.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { install, type InstallState, nodeMachine } from '../install/mod.ts';
import type { Configured, Templates } from './config/configuration.ts';
import { factsNeeded } from './config/configuration.ts';
import type { AnyRequirerConfiguration, CsrRequirerConfiguration } from './config/csr.ts';
import { resolve, type Resolved, type Unresolved } from './config/resolve.ts';
import type { Origin } from './config/source.ts';
import { type ConfiguredSettings, INSTALLED, recordIn } from './configured.ts';
import { type CsrCharmParts, type Idle, runCsrCharm } from './csr-charm.ts';
import { askedOf, namesOf } from './csr-installable.ts';
import { factsFor } from './facts.ts';
import type { HookExitCode } from './hook.ts';
import { anyKeyed, csrKeyed, type KeyedSide } from './keyed.ts';
import type { JujuState } from '../juju/host.ts';

/** The configuration of such a charm, whatever protocol it speaks. */
type OwnKeys = CsrRequirerConfiguration<string>;

/** What is said while it is unknown what to ask for; nothing is installed then. */
const idle = (
  { status }: OwnKeys,
  { remedy, message }: Unresolved,
  { notes: { [INSTALLED]: installed } }: JujuState,
): Idle => ({
  status: status
    ? { status: remedy === 'wait' ? 'waiting' : 'blocked', message: message.replaceAll('\n', '; ') }
    : null,
  failures: remedy === 'act' ? message.split('\n') : [],
  notes: installed === undefined ? {} : { [INSTALLED]: installed },
});

/** The changes that an outcome has announced. */
const changesIn = (endpoint: string, { memory }: Outcome): ReadonlyArray<Flag> => {
  const changes = new Set(
    CSR_REQUIRES_FLAG_NAMES.filter((name) => name.endsWith('.changed')).map((name) => flagOf(endpoint, name)),
  );
  return memory.flags.filter((flag) => changes.has(flag));
};

const intentOf = (
  { requests: templates, renewAfter = nothing.renewAfter }: OwnKeys,
  { requests: resolved }: Resolved,
): CsrRequiresIntent => {
  // If everything could be resolved, there is one request for each template, in the same order.
  const requests = resolved.map(({ certType, commonName, sans }, i): CsrRequest => {
    const { subject, uniqueIdentifier = true } = templates[i] ?? {};
    return { certType, commonName, sans, uniqueIdentifier, ...(subject === undefined ? {} : { subject }) };
  });
  return { ...nothing, requests, renewAfter };
};

/** Runs a hook of a charm that asks for certificates for its own keys by the CSR protocol, as its configuration says. */
export const runCsrRequirer = (
  configured: Configured<CsrRequirerConfiguration>,
  settings: ConfiguredSettings = {},
): Promise<HookExitCode> => runSpeaking(csrKeyed, configured, settings);

/** Runs a hook of a charm that asks for certificates in whichever protocol its provider speaks, as its configuration says. */
export const runAnyRequirer = (
  configured: Configured<AnyRequirerConfiguration>,
  settings: ConfiguredSettings = {},
): Promise<HookExitCode> => runSpeaking(anyKeyed, configured, settings);

const runSpeaking = <View>(
  speaks: KeyedSide<View>,
  { configuration, origin }: { readonly configuration: OwnKeys; readonly origin: Origin },
  { machine = nodeMachine, ...settings }: ConfiguredSettings,
): Promise<HookExitCode> => {
  const { endpoint, keys, status } = configuration;
  const owners = [...new Set(configuration.requests.map(({ certType }) => askedOf(certType)))].sort().reverse();
  const templates: Templates = {
    install: configuration.install,
    requests: configuration.requests.map(({ certType, commonName, sans }) => ({ certType, commonName, sans })),
  };
  // Known once the placeholders are filled in, before anything is used.
  let installs: Resolved['installs'] = [];

  const wants: CsrCharmParts<View>['wants'] = (hook, state) =>
    pipe(
      factsFor(hook, endpoint, factsNeeded(templates)),
      TE.map((facts) => resolve({ configuration: templates, origin }, facts)),
      TE.map(E.bimap(
        (unresolved) => idle(configuration, unresolved, state),
        (resolved) => {
          installs = resolved.installs.map((one) =>
            one.wanted === null ? one : { ...one, wanted: namesOf(one.wanted) }
          );
          return intentOf(configuration, resolved);
        },
      )),
    );

  const use: CsrCharmParts<View>['use'] = async (outcome, kept, { environment: { unit }, now: moment }, { notes }) => {
    const now = moment.toISOString() as Timestamp;
    const circumstances = { unit, endpoint, now, record: recordIn(notes), keys: kept };
    const { installed, record, isHandled } = await install(
      installs,
      speaks.installable(outcome.view),
      circumstances,
      machine,
    )();
    const saying = (...states: ReadonlyArray<InstallState>): ReadonlyArray<string> =>
      installed.flatMap(({ state, message }) => states.includes(state) && message !== null ? [message] : []);
    const text = JSON.stringify(record);
    return {
      failures: saying('failed', 'refused'),
      log: installed.flatMap(({ log }) => log),
      waits: saying('waiting'),
      findings: installed.flatMap(({ findings }) => findings),
      notes: text === '{}' ? {} : { [INSTALLED]: text },
      handled: isHandled ? changesIn(endpoint, outcome) : [],
    };
  };

  return runCsrCharm(settings, {
    speaks,
    endpoint,
    keys,
    status,
    hasActions: true,
    owners: () => TE.right(owners),
    wants,
    use,
  });
};
