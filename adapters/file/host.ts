/**
 * A host that is one JSON file: the contract's input document, which it reads, decides on and writes back.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type BigIntStats, constants, fstatSync, lstatSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Decided, decideOn, decodeInput, type Input as Decoded } from '../../core/decide.ts';
import type { InputError } from '../../core/model/input-error.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Host, HostError, Problem, State } from '../host.ts';
import { type Document, documentAfter, readDocument, writeDocument } from '../reading/document.ts';
import { fileError } from './error.ts';
import { type IsHeld, LockHeld, PATIENCE, withLock } from './lock.ts';
import { reaching, reachingLong } from './reach.ts';
import { removeDraft, replaceContent } from './replace.ts';

/** Whose input documents a file holds: how to read them, and what decides on them. */
export interface Sides<Input extends State, Decided extends { readonly outcome: Outcome }> {
  readonly decode: (value: unknown) => E.Either<InputError, Input>;
  readonly decideOn: (input: Input) => Decided;
}

/**
 * A host over a file that may also hold an intent: the work sees the whole document.
 *
 * @internal
 */
export interface FileHostOf<Input extends State, Decided> extends Host<Input> {
  /** Decides on the document's own intent and applies the outcome; handled changes are removed from that intent. */
  readonly carryOut: TE.TaskEither<Problem, Decided>;
}

/** A host over a file with a document of the sides that the front door decides for. */
export type FileHost = FileHostOf<Decoded, Decided>;

/** The same complaint, with the name of the file. */
export const complainAbout = (path: string) => (error: InputError): InputError => ({
  ...error,
  message: `${path}: ${error.message.replaceAll('\n', `\n${path}: `)}`,
});

/** Reads a document of the contract from bytes; complaints name `path`. */
export const readInput =
  <Input>(decode: (value: unknown) => E.Either<InputError, Input>, path: string) =>
  (bytes: Uint8Array): E.Either<InputError, { readonly document: Document; readonly input: Input }> =>
    pipe(
      readDocument(bytes),
      E.bindTo('document'),
      E.bind('input', ({ document }) => decode(document.value)),
      E.mapLeft(complainAbout(path)),
    );

/** Distinguishes two states of a file without reading it. */
const stampOf = ({ dev, ino, size, mtimeNs }: BigIntStats): string => [dev, ino, size, mtimeNs].join(':');

/** The present stamp of the file at a path; links to it were followed before. */
const stampAt = (target: string): string => stampOf(reaching(target, (at) => lstatSync(at, { bigint: true })));

/** Opened once, so the stamp belongs to what was read. A pipe is not waited for. */
const READING = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const readWhole = async (target: string): Promise<{ readonly stamp: string; readonly bytes: Uint8Array }> => {
  const file = await reachingLong(target, (at) => open(at, READING));
  try {
    return { stamp: stampOf(fstatSync(file.fd, { bigint: true })), bytes: await file.readFile() };
  } finally {
    await file.close();
  }
};

const heldError = (path: string, { lock }: LockHeld): HostError => ({
  _tag: 'HostError',
  reason: 'busy',
  message:
    `cannot use ${path}: another program is applying to it; wait for it to end, or if there is none, remove ${lock}`,
});

const changedError = (path: string): HostError => ({
  _tag: 'HostError',
  reason: 'changed-meanwhile',
  message: `cannot write ${path}: somebody else changed it meanwhile, without the lock; nothing was written, run again`,
});

/** Whose intent was decided on: the document's own, or another. */
type DecidedOn = Parameters<typeof documentAfter>[2];

/** What a read saw. */
interface Seen<Input> {
  readonly document: Document;
  readonly input: Input;
  /** The file itself if the path is a symbolic link. */
  readonly target: string;
  readonly stamp: string;
}

/** A promise that the file system may reject, as a value. */
const attempt = <A>(action: string, path: string, work: () => Promise<A>): TE.TaskEither<Problem, A> =>
  TE.tryCatch(work, (error) => error instanceof LockHeld ? heldError(path, error) : fileError(action, path)(error));

/** How long a file host waits for another one, in milliseconds; 30,000 by default. */
export interface FileHostOptions {
  /** Milliseconds to wait for the lock. */
  readonly patience?: number;
}

/** {@link fileHost} for documents of other sides. */
export const fileHostFor = <Input extends State, Decided extends { readonly outcome: Outcome }>(
  { decode, decideOn }: Sides<Input, Decided>,
) =>
(path: string, { patience = PATIENCE }: FileHostOptions = {}): FileHostOf<Input, Decided> => {
  const readSeen: TE.TaskEither<Problem, Seen<Input>> = pipe(
    attempt('read', path, async () => {
      const target = await realpath(path);
      return { target, ...await readWhole(target) };
    }),
    TE.chain(({ target, stamp, bytes }) =>
      TE.fromEither<Problem, Seen<Input>>(
        pipe(readInput(decode, path)(bytes), E.map((read) => ({ ...read, target, stamp }))),
      )
    ),
  );

  const applyTo = (
    { document, target, stamp }: Seen<Input>,
    outcome: Outcome,
    decidedOn: DecidedOn,
    isHeld: IsHeld,
  ): TE.TaskEither<Problem, void> =>
    pipe(
      attempt('write', path, async () => {
        const after = documentAfter(document, outcome, decidedOn);
        if (after === document) return true;
        if (stampAt(target) !== stamp || !(await isHeld())) return false;
        await replaceContent(target, writeDocument(after));
        return true;
      }),
      TE.chain((done) => (done ? TE.right(undefined) : TE.left(changedError(path)))),
    );

  /** Does the work under the lock. */
  const locked = <A>(work: (isHeld: IsHeld) => Promise<A>): TE.TaskEither<Problem, A> =>
    pipe(
      attempt('use', path, async () => {
        const target = await realpath(path);
        const lock = join(dirname(target), `.${basename(target)}.lock`);
        // What the work itself throws does not come from the file system: it is kept apart and thrown again.
        const [result] = await withLock(
          lock,
          async (isHeld) => {
            await removeDraft(target);
            return await Promise.allSettled([Promise.resolve().then(() => work(isHeld))]);
          },
          patience,
        );
        return result;
      }),
      TE.chainTaskK((result) => () =>
        result.status === 'fulfilled' ? Promise.resolve(result.value) : Promise.reject(result.reason)
      ),
    );

  const transaction = (decidedOn: DecidedOn): FileHostOf<Input, Decided>['transact'] => (work) =>
    pipe(
      locked((isHeld) =>
        pipe(
          readSeen,
          TE.bindTo('seen'),
          TE.bind('done', ({ seen }) => work(seen.input)),
          TE.tap(({ seen, done: [outcome] }) => applyTo(seen, outcome, decidedOn, isHeld)),
          TE.map(({ done: [, result] }) => result),
        )()
      ),
      TE.chainEitherK((result) => result),
    );

  return {
    transact: transaction('another'),
    carryOut: transaction('own intent')((input) => {
      const decided = decideOn(input);
      return TE.right([decided.outcome, decided]);
    }),
  };
};

/**
 * A host over one file. A transaction replaces the file in one step and leaves it unchanged on any failure; mode and owner stay. Hosts on
 * the same file, in any number of processes, wait for each other.
 *
 * @example
 * ```ts
 * import { intentOf, orThrow, requestServerCert, requires, run } from 'interface-tls-certificates';
 * import { fileHost } from 'interface-tls-certificates/file';
 * const ask = (path: string) =>
 *   orThrow(run(fileHost(path))({ side: requires, intent: intentOf(requestServerCert('web.example')) }));
 * ```
 */
export const fileHost: (path: string, options?: FileHostOptions) => FileHost = fileHostFor({
  decode: decodeInput,
  decideOn: (input: Decoded): Decided => decideOn(input),
});
