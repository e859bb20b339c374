/**
 * A charm without code: it asks for and installs what its configuration says.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { CERT_TYPES } from '../../core/model/certificate.ts';
import { type Decoder, listOf, object, oneOf, required, text } from '../../core/model/codec.ts';
import { type Flag, flagOf } from '../../core/model/flag.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { requestKeyOf } from '../../core/reactive/asked.ts';
import { REQUIRES_FLAG_NAMES } from '../../core/reactive/requires/flags.ts';
import { nothing, type Request, type RequiresIntent, type Withdrawal } from '../../core/reactive/requires/intent.ts';
import type { RequiresView } from '../../core/reactive/requires/view.ts';
import { requires } from '../../core/reactive/requires.ts';
import { deliveredBy } from '../../core/side/row.ts';
import type { Problem } from '../host.ts';
import { type Notes, wanting } from '../reaction.ts';
import { emptyRecord, install, InstallRecord, type InstallState, type Machine, nodeMachine } from '../install/mod.ts';
import { certificatesFor, deliveredCertificates } from './actions/certificates.ts';
import { REACTIVE_REQUIRER_ACTIONS, type ReactiveRequirerParameters } from './actions/declared.ts';
import { type ActionAnswer, type Requested, requestedIn } from './actions/requested.ts';
import { type Configured, factsNeeded, type RequirerConfiguration } from './config/configuration.ts';
import { resolve, type Resolved, type Unresolved } from './config/resolve.ts';
import { factsFor } from './facts.ts';
import type { Hook } from '../juju/hook.ts';
import { type CharmIn, type HookCharm, type HookExitCode, type HookSettings, runCharm } from './hook.ts';
import type { JujuState } from '../juju/host.ts';
import { statusOf } from './status.ts';

/** The options of a hook with a configuration. */
export interface ConfiguredSettings extends Omit<HookSettings, 'endpoint'> {
  /** Where to install; this machine by default. */
  readonly machine?: Machine;
}

type RequirerCharm = HookCharm<RequiresIntent, RequiresView>;

/** The note of what was installed. */
export const INSTALLED = 'installed';

/** The note of what was asked for. */
const ASKED = 'asked';

/** What the configuration asked for in the previous hook, by kind and common name. */
const Subjects: Decoder<ReadonlyArray<Withdrawal>> = listOf(
  object<Withdrawal>('open', { certType: required(oneOf(...CERT_TYPES)), commonName: required(text()) }),
);

const askedBefore = (notes: Notes): ReadonlyArray<Withdrawal> => {
  try {
    return pipe(Subjects.decode(JSON.parse(notes[ASKED] ?? '[]')), E.getOrElse((): ReadonlyArray<Withdrawal> => []));
  } catch {
    // Without the note, an old request stays until a person withdraws it.
    return [];
  }
};

/** The notes of this room, as they were. */
const sameNotes = (notes: Notes): Notes =>
  Object.fromEntries([INSTALLED, ASKED].flatMap((name) => (notes[name] === undefined ? [] : [[name, notes[name]]])));

/** The result of the configuration: what it asks for now, and what it no longer asks for, as after a change of address. */
const intentFor = (requests: ReadonlyArray<Request>, notes: Notes): RequiresIntent => {
  const wanted = new Set(requests.map(requestKeyOf));
  return { ...nothing, requests, withdraw: askedBefore(notes).filter((subject) => !wanted.has(requestKeyOf(subject))) };
};

const askedNote = (requests: ReadonlyArray<Request>): Notes =>
  requests.length === 0
    ? {}
    : { [ASKED]: JSON.stringify(requests.map(({ certType, commonName }) => ({ certType, commonName }))) };

/** What is known about earlier installations. */
export const recordIn = (notes: Notes): InstallRecord => {
  try {
    return pipe(InstallRecord.decode(JSON.parse(notes[INSTALLED] ?? '{}')), E.getOrElse(() => emptyRecord));
  } catch {
    // Losing it costs nothing but work.
    return emptyRecord;
  }
};

/** The changes that an outcome has announced. */
const changesIn = (endpoint: string, { memory }: Outcome): ReadonlyArray<Flag> => {
  const changes = new Set(
    REQUIRES_FLAG_NAMES.filter((name) => name.endsWith('.changed')).map((name) => flagOf(endpoint, name)),
  );
  return memory.flags.filter((flag) => changes.has(flag));
};

/** The charm while it is unknown what to ask for: what is published stays, and nothing is installed. */
const idle = ({ status }: RequirerConfiguration, { remedy, message }: Unresolved, notes: Notes): RequirerCharm => ({
  side: requires,
  intent: nothing,
  react: () => ({
    ...wanting(nothing),
    status: status
      ? { status: remedy === 'wait' ? 'waiting' : 'blocked', message: message.replaceAll('\n', '; ') }
      : null,
    failures: remedy === 'act' ? message.split('\n') : [],
    notes: sameNotes(notes),
  }),
});

const charmOf = (
  { endpoint, status }: RequirerConfiguration,
  { requests, installs }: Resolved,
  { environment: { unit }, now }: Hook,
  { notes, snapshot }: JujuState,
  machine: Machine,
): RequirerCharm => {
  const isRelated = snapshot.relations.length > 0;
  const intent = intentFor(requests, notes);
  return {
    side: requires,
    intent,
    react: async (outcome) => {
      const delivered = deliveredBy(requires, outcome.view);
      const circumstances = { unit, endpoint, now: now.toISOString() as Timestamp, record: recordIn(notes) };
      const { installed, record, isHandled } = await install(installs, delivered, circumstances, machine)();
      const changes = changesIn(endpoint, outcome);
      const saying = (...states: ReadonlyArray<InstallState>): ReadonlyArray<string> =>
        installed.flatMap(({ state, message }) => states.includes(state) && message !== null ? [message] : []);
      const failures = saying('failed', 'refused');
      const kept = JSON.stringify(record);
      return {
        intent: isHandled && changes.length > 0 ? { ...intent, handled: changes } : intent,
        status: status ? statusOf(endpoint, requests, outcome, delivered, failures, saying('waiting')) : null,
        failures: [...failures, ...installed.flatMap(({ log }) => log)],
        warnings: [],
        findings: installed.flatMap(({ findings }) => findings),
        notes: { ...(isRelated ? askedNote(requests) : {}), ...(kept === '{}' ? {} : { [INSTALLED]: kept }) },
      };
    },
  };
};

/** A charm that only answers an action: what is published stays. */
const answering = (answer: (view: RequiresView) => ActionAnswer): RequirerCharm => ({
  side: requires,
  intent: nothing,
  react: () => wanting(nothing),
  action: { onlyLooks: true, answer: ({ outcome: { view } }) => answer(view) },
});

/** What an action returns. */
const answerTo = (
  requested: E.Either<string, Requested<ReactiveRequirerParameters>>,
) =>
(view: RequiresView): ActionAnswer =>
  pipe(
    requested,
    E.chain(({ parameters }) => certificatesFor(deliveredCertificates(deliveredBy(requires, view)), parameters)),
  );

/** Runs a hook of a charm that asks for certificates as its configuration says. */
export const runRequirer = (
  configured: Configured<RequirerConfiguration>,
  { machine = nodeMachine, ...settings }: ConfiguredSettings = {},
): Promise<HookExitCode> => {
  const { configuration } = configured;
  const { endpoint } = configuration;
  const inHook: CharmIn<RequiresIntent, RequiresView> = (hook, state) =>
    pipe(
      factsFor(hook, endpoint, factsNeeded(configuration)),
      TE.map((facts) => resolve(configured, facts)),
      TE.map(E.fold(
        (unresolved) => idle(configuration, unresolved, state.notes),
        (resolved) => charmOf(configuration, resolved, hook, state, machine),
      )),
    );
  return runCharm({ ...settings, endpoint }, requires, (hook, state): TE.TaskEither<Problem, RequirerCharm> =>
    pipe(
      requestedIn(hook, REACTIVE_REQUIRER_ACTIONS),
      TE.chainW((requested) => (requested === null ? inHook(hook, state) : TE.right(answering(answerTo(requested))))),
    ));
};
