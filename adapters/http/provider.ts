/**
 * What can be done with a session: start it, publish to it, change it, set its faults, read it, and end it.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { inputError } from '../../core/model/input-error.ts';
import type { UnitName } from '../../core/model/names.ts';
import type { Databag, Timestamp } from '../../core/model/snapshot.ts';
import type { IssueFault } from '../../core/x509/mod.ts';
import { decodedBody } from './decoded.ts';
import { malformed } from './json.ts';
import type { Limits } from './limits.ts';
import type { Operation, Surroundings } from './operation.ts';
import { problem, type ProblemDocument } from './problem.ts';
import { empty, json, type Reply } from './reply.ts';
import { withinTime } from './work.ts';
import { foreignFault } from '../provider/fault.ts';
import { tellPublished, tellSession } from '../provider/answer.ts';
import { Ahead, Departing, Faults, Heard, SessionOptions } from '../provider/options.ts';
import { openProvider, type Provider, withNewCa, withoutUnit, withUnit } from '../provider/provider.ts';
import { noted, type Session, type SessionEntry } from '../provider/session.ts';
import type { Lasting, SessionFault } from '../provider/sessions.ts';
import { caughtUp, requestsOf } from '../provider/caught-up.ts';

/** The operations on sessions. */
export type ProviderOperation =
  | 'createProvider'
  | 'readProvider'
  | 'deleteProvider'
  | 'databag'
  | 'depart'
  | 'rotate'
  | 'advance'
  | 'faults';

const clockOf = ({ ahead }: Session, now: () => Date): Date => new Date(now().getTime() + ahead);

const told = ({ session, expires }: Lasting, { now }: Surroundings, status = 200): Reply =>
  json(tellSession(session, clockOf(session, now), expires), status);

/** The problem if a session cannot be created or changed. */
const sessionProblem = (fault: SessionFault | ProblemDocument): ProblemDocument =>
  'kind' in fault ? problem(fault.kind, fault.detail) : fault;

/** Why a CA is impossible: its name, or its key on this runtime. */
const caProblem = (fault: IssueFault): ProblemDocument => {
  const issue = 'whose' in fault
    ? { path: 'ca.keys', message: 'this runtime makes no such keys' }
    : { path: 'ca.commonName', message: `no CA can have this name: ${fault.code}` };
  return malformed(inputError([issue]));
};

const createProvider: Operation = (request, at) =>
  pipe(
    decodedBody(SessionOptions)(request, at.limits),
    TE.flatMap((options) => {
      const began = at.now();
      const ahead = options.now === undefined ? 0 : Date.parse(options.now) - began.getTime();
      const now = new Date(began.getTime() + ahead);
      const open = async (id: string): Promise<E.Either<ProblemDocument, Session>> =>
        pipe(
          await openProvider(options, { now, random: at.random }),
          E.bimap(caProblem, (provider): Session => noted({ id, provider, ahead, log: [] }, entryOf('created', now))),
        );
      return pipe(() => at.sessions.create(options.id ?? null, open), TE.mapLeft(sessionProblem));
    }),
    TE.map((made) => told(made, at, 201)),
  );

const entryOf = (did: SessionEntry['did'], now: Date, more: Partial<SessionEntry> = {}): SessionEntry => ({
  // A date always writes a timestamp.
  at: now.toISOString() as Timestamp,
  did,
  findings: [],
  ...more,
});

/** Why a session cannot hold this much; null if it can. */
const overfull = (provider: Provider, limits: Limits): ProblemDocument | null => {
  const bags = provider.good.snapshot.relations.flatMap(({ remoteUnits }): ReadonlyArray<Databag> =>
    Object.values(remoteUnits)
  );
  const shared = provider.good.snapshot.relations.map(({ remoteApplicationData }) => remoteApplicationData);
  const characters = [...bags, ...shared].flatMap((bag) => Object.entries(bag)).reduce(
    (n, [key, value]) => n + key.length + value.length,
    0,
  );
  const complaint = bags.length > limits.sessionUnits
    ? `units: ${limits.sessionUnits}`
    : characters > limits.sessionBytes
    ? `characters of databags: ${limits.sessionBytes}`
    : requestsOf(provider) > limits.sessionRequests
    ? `requests: ${limits.sessionRequests}`
    : null;
  return complaint === null ? null : problem('session-full', `a session may have so many ${complaint}`);
};

/** What a call changes, before the provider does what is due then. */
type Cause = (
  session: Session,
  now: Date,
) => E.Either<ProblemDocument, Session> | Promise<E.Either<ProblemDocument, Session>>;

const withProvider = (session: Session, provider: Provider): E.Either<ProblemDocument, Session> =>
  E.right({ ...session, provider });

/** Changes a session, and lets its provider do what is due. */
const changing = (
  did: SessionEntry['did'],
  unit: UnitName | null,
  cause: Cause,
  { limits, now, random, sessions, session: id }: Surroundings,
): TE.TaskEither<ProblemDocument, Lasting> =>
  withinTime(limits, now, async (pause) => {
    const work = async (before: Session): Promise<E.Either<ProblemDocument, Session>> => {
      const caused = await cause(before, clockOf(before, now));
      if (E.isLeft(caused)) return caused;
      const full = overfull(caused.right.provider, limits);
      if (full !== null) return E.left(full);
      const moment = clockOf(caused.right, now);
      const caller = did === 'databag' ? unit : null;
      const provider = await caughtUp(caused.right.provider, caller, { now: moment, random, pause });
      const findings = [...new Set(provider.findings.map(({ code }) => code))];
      const entry = entryOf(did, moment, { findings, ...(unit === null ? {} : { unit }) });
      return E.right(noted({ ...caused.right, provider }, entry));
    };
    return pipe(await sessions.change(id, work), E.mapLeft(sessionProblem));
  });

const databag: Operation = (request, at) =>
  pipe(
    decodedBody(Heard)(request, at.limits),
    TE.flatMap((heard) =>
      pipe(
        changing('databag', heard.unit, (session) => withProvider(session, withUnit(session.provider, heard)), at),
        TE.map(({ session }) => json(tellPublished(session, heard.unit))),
      )
    ),
  );

const isThere = ({ provider: { good } }: Session, unit: UnitName): boolean =>
  good.snapshot.relations.some(({ remoteUnits }) => Object.hasOwn(remoteUnits, unit));

const depart: Operation = (request, at) =>
  pipe(
    decodedBody(Departing)(request, at.limits),
    TE.flatMap(({ unit }) =>
      pipe(
        changing(
          'depart',
          unit,
          (session) =>
            isThere(session, unit)
              ? withProvider(session, withoutUnit(session.provider, unit))
              : E.left(malformed(inputError([{ path: 'unit', message: 'this unit is not in the session' }]))),
          at,
        ),
        TE.map(({ session }) => json(tellPublished(session, unit))),
      )
    ),
  );

const rotate: Operation = (_request, at) =>
  pipe(
    changing('rotate', null, async (session, now) =>
      pipe(
        await withNewCa(session.provider, { now, random: at.random }),
        E.bimap(caProblem, (provider): Session => ({ ...session, provider })),
      ), at),
    TE.map((changed) => told(changed, at)),
  );

/** The last moment that certificates can express (RFC 5280 section 4.1.2.5). */
const END_OF_TIME = Date.UTC(9999, 11, 31);

const advance: Operation = (request, at) =>
  pipe(
    decodedBody(Ahead)(request, at.limits),
    TE.flatMap(({ seconds }) =>
      changing('advance', null, (session, now) =>
        now.getTime() + seconds * 1_000 > END_OF_TIME
          ? E.left(malformed(inputError([{ path: 'seconds', message: 'that is after the year 9999' }])))
          : E.right({ ...session, ahead: session.ahead + seconds * 1_000 }), at)
    ),
    TE.map((changed) =>
      told(changed, at)
    ),
  );

const faults: Operation = (request, at) =>
  pipe(
    decodedBody(Faults)(request, at.limits),
    TE.flatMap(({ faults: wanted }) =>
      changing('faults', null, (session) => {
        const foreign = foreignFault(session.provider.protocol, wanted);
        return foreign === null
          ? withProvider(session, { ...session.provider, faults: wanted })
          : E.left(malformed(inputError([{ path: `faults[${foreign.at}].fault`, message: foreign.message }])));
      }, at)
    ),
    TE.map((changed) => told(changed, at)),
  );

/** What each operation does. */
export const PROVIDER_OPERATIONS: Readonly<Record<ProviderOperation, Operation>> = {
  createProvider,
  readProvider: (_request, at) =>
    pipe(() => at.sessions.read(at.session), TE.bimap(sessionProblem, (found) => told(found, at))),
  deleteProvider: (_request, at) =>
    pipe(() => at.sessions.remove(at.session), TE.bimap(sessionProblem, () => empty(204))),
  databag,
  depart,
  rotate,
  advance,
  faults,
};
