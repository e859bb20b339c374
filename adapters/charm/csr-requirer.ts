/**
 * A charm without code that speaks the CSR protocol: it makes its keys, asks for certificates of them, installs those and renews them.
 *
 * The keyring and the installation get the private keys; a decision sees their public halves alone. This room loads X.509; it is
 * imported for such a configuration, and not before.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { csrRequires } from '../../core/csr/requires.ts';
import { CSR_REQUIRES_FLAG_NAMES } from '../../core/csr/requires/flags.ts';
import { type CsrRequest, type CsrRequiresIntent, nothing } from '../../core/csr/requires/intent.ts';
import type { CsrRequiresView } from '../../core/csr/requires/view.ts';
import type { KeyringFault } from '../../core/keyring/csr.ts';
import { makeMissing } from '../../core/keyring/keyring.ts';
import { type Flag, flagOf } from '../../core/model/flag.ts';
import type { Bag, Outcome } from '../../core/model/outcome.ts';
import type { Side } from '../../core/model/side.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { Problem, TellingCharm } from '../host.ts';
import { install, type InstallState, type Machine, nodeMachine } from '../install/mod.ts';
import { wanting } from '../reaction.ts';
import type { Configured, Templates } from './config/configuration.ts';
import { factsNeeded } from './config/configuration.ts';
import type { CsrRequirerConfiguration } from './config/csr.ts';
import { resolve, type Resolved, type Unresolved } from './config/resolve.ts';
import { type ConfiguredSettings, INSTALLED, recordIn } from './configured.ts';
import { askedOf, installable, namesOf } from './csr-installable.ts';
import { csrStatusOf } from './csr-status.ts';
import { factsFor } from './facts.ts';
import type { Hook } from '../juju/hook.ts';
import { type CharmExtras, type ExitCode, runCharm } from './hook.ts';
import type { JujuState } from '../juju/host.ts';
import { openKeys, type PrivateKeys } from '../juju/keys.ts';

type CsrCharm = TellingCharm<CsrRequiresIntent, CsrRequiresView>;

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const earlier = (a: Timestamp | null, b: Timestamp | null): Timestamp | null =>
  a === null || (b !== null && Date.parse(b) < Date.parse(a)) ? b : a;

/** Decides nothing: what is published stays, for a CSR that is not wanted would be withdrawn. */
const holding: Side<string, CsrRequiresIntent, CsrRequiresView> = {
  ...csrRequires,
  decide: (snapshot, intent, memory) => ({
    ...csrRequires.decide(snapshot, intent, memory),
    writes: [],
    flags: { set: [], clear: [] },
    memory,
    findings: [],
  }),
};

/** The charm while it is not known what to ask for: what is published stays, and nothing is installed. */
const idle = (
  { status }: CsrRequirerConfiguration,
  { remedy, message }: Unresolved,
  { notes: { [INSTALLED]: installed } }: JujuState,
): CsrCharm => ({
  side: holding,
  intent: nothing,
  react: () => ({
    ...wanting(nothing),
    status: status
      ? { status: remedy === 'wait' ? 'waiting' : 'blocked', message: message.replaceAll('\n', '; ') }
      : null,
    failures: remedy === 'act' ? message.split('\n') : [],
    notes: installed === undefined ? {} : { [INSTALLED]: installed },
  }),
});

/** The changes that an outcome has announced. */
const changesIn = (endpoint: string, { memory }: Outcome): ReadonlyArray<Flag> => {
  const changes = new Set(
    CSR_REQUIRES_FLAG_NAMES.filter((name) => name.endsWith('.changed')).map((name) => flagOf(endpoint, name)),
  );
  return memory.flags.filter((flag) => changes.has(flag));
};

const notMade = (fault: KeyringFault): string =>
  `no certificate request could be made with the private key that is kept (${fault}): RSA, P-256 and P-384 are what a provider takes`;

const charmOf = (
  configuration: CsrRequirerConfiguration,
  { requests: resolved, installs }: Resolved,
  keys: PrivateKeys,
  { environment: { unit }, now: moment }: Hook,
  { notes }: JujuState,
  machine: Machine,
  onTurn: (moment: Timestamp | null) => void,
): CsrCharm => {
  const { endpoint, renewAfter = nothing.renewAfter, status } = configuration;
  const now = moment.toISOString() as Timestamp;
  // Where everything could be resolved, there is one request for each template, in the same order.
  const requests = resolved.map(({ certType, commonName, sans }, i): CsrRequest => {
    const { subject, uniqueIdentifier = true } = configuration.requests[i] ?? {};
    return { certType, commonName, sans, uniqueIdentifier, ...(subject === undefined ? {} : { subject }) };
  });
  const wanted = installs.map((one) => (one.wanted === null ? one : { ...one, wanted: namesOf(one.wanted) }));
  const intent: CsrRequiresIntent = { ...nothing, requests, renewAfter };
  return {
    side: csrRequires,
    intent,
    react: async (outcome) => {
      const made = await makeMissing(outcome.view, { keys, random, spread: { unit, now } })();
      if (E.isRight(made)) onTurn(made.right.until);
      const names: ReadonlyArray<Bag> = ['unit', 'application'];
      const kept = new Map(names.flatMap((name) => (keys[name] === null ? [] : [[name, keys[name]] as const])));
      const circumstances = { unit, endpoint, now, record: recordIn(notes), keys: kept };
      const { installed, record, isHandled } = await install(
        wanted,
        installable(outcome.view),
        circumstances,
        machine,
      )();
      const saying = (...states: ReadonlyArray<InstallState>): ReadonlyArray<string> =>
        installed.flatMap(({ state, message }) => states.includes(state) && message !== null ? [message] : []);
      const failures = [...(E.isLeft(made) ? [notMade(made.left)] : []), ...saying('failed', 'refused')];
      const changes = isHandled ? changesIn(endpoint, outcome) : [];
      const csrs = E.isRight(made) ? made.right.made : [];
      const text = JSON.stringify(record);
      return {
        intent: changes.length + csrs.length === 0 ? intent : { ...intent, made: csrs, handled: changes },
        status: status ? csrStatusOf(endpoint, outcome, failures, saying('waiting')) : null,
        failures: [...failures, ...installed.flatMap(({ log }) => log)],
        warnings: [],
        findings: installed.flatMap(({ findings }) => findings),
        notes: text === '{}' ? {} : { [INSTALLED]: text },
      };
    },
  };
};

/** Runs a hook of a charm that asks for certificates of its own keys, as its configuration says. */
export const runCsrRequirer = (
  { configuration, origin }: Configured<CsrRequirerConfiguration>,
  { machine = nodeMachine, ...settings }: ConfiguredSettings = {},
): Promise<ExitCode> => {
  const { endpoint } = configuration;
  const owners = [...new Set(configuration.requests.map(({ certType }) => askedOf(certType)))].sort().reverse();
  const templates: Templates = {
    install: configuration.install,
    requests: configuration.requests.map(({ certType, commonName, sans }) => ({ certType, commonName, sans })),
  };
  // Opened while the host reads what the side needs to see, which is before the charm is made.
  let keys: PrivateKeys = { unit: null, application: null };
  // Of the first renewal that waits for its turn, once the keyring has looked.
  let turn: Timestamp | null = null;

  const keysIn = (hook: Hook): ReturnType<NonNullable<CharmExtras['keysIn']>> => {
    const { tools, environment: { relation } } = hook;
    const broken = relation?.event === 'broken' ? relation.id : null;
    // Without a relation nobody is asked, and no key is needed.
    const make = pipe(
      tools.relationIds(endpoint),
      TE.map((ids) => (ids.some((id) => id !== broken) ? configuration.keys : null)),
    );
    return pipe(
      tools.isLeader,
      TE.chainW((leads) => openKeys(hook, endpoint, { owners, leads, make })),
      TE.map((opened) => {
        keys = opened.keys;
        return opened.kept;
      }),
    );
  };

  return runCharm({ ...settings, endpoint }, csrRequires, (hook, state): TE.TaskEither<Problem, CsrCharm> =>
    pipe(
      factsFor(hook, endpoint, factsNeeded(templates)),
      TE.map((facts) => resolve({ configuration: templates, origin }, facts)),
      TE.map(E.fold(
        (unresolved) => idle(configuration, unresolved, state),
        (resolved) =>
          charmOf(configuration, resolved, keys, hook, state, machine, (moment) => {
            turn = moment;
          }),
      )),
    ), { keysIn, wakeBy: ({ until }) => earlier(until, turn) });
};
