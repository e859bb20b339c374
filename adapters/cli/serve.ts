/**
 * `tls-certificates serve`: the API and the inspector page on a port, until the process receives a signal.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { inputError } from '../../core/model/input-error.ts';
import { fileError } from '../file/error.ts';
import type { Problem } from '../host.ts';
import { httpHandler } from '../http/handler.ts';
import { type Responder, serve, type Serving } from '../serve/server.ts';
import { readPage } from './page.ts';

/** The options of the command. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Null: no token is required. */
  readonly tokenFile: string | null;
}

/** Minimum length of a token that cannot be guessed, in characters. */
const MIN_TOKEN = 16;

const readToken = (path: string): TE.TaskEither<Problem, string> =>
  pipe(
    TE.tryCatch(() => readFile(path, 'utf8'), fileError('read', path)),
    TE.map((text) => text.trim()),
    TE.filterOrElseW(
      (token) => token.length >= MIN_TOKEN && /^[\x21-\x7e]+$/.test(token),
      () =>
        inputError([{
          path,
          message: `expected a token of at least ${MIN_TOKEN} printable characters: openssl rand -hex 32 makes one`,
        }]),
    ),
  );

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** Everyone who can reach the server can use it, so a token is required unless it serves only this machine. */
const checked = (options: ServeOptions): E.Either<Problem, ServeOptions> => {
  const { host, port, tokenFile } = options;
  const complaint = !(port >= 0 && port <= 65_535)
    ? { path: '--port', message: 'expected a number from 0 to 65535' }
    : !LOOPBACK.has(host) && tokenFile === null
    ? { path: '--host', message: `${host} can be reached from other machines: give --token-file as well` }
    : null;
  return complaint === null ? E.right(options) : E.left(inputError([complaint]));
};

const log = (record: unknown): void => void process.stderr.write(`${JSON.stringify(record)}\n`);

const event = (body: string, attributes: Readonly<Record<string, string>>): void =>
  log({ timestamp: new Date().toISOString(), severityText: 'INFO', body, attributes });

const handlerFor = ({ host }: ServeOptions, token: string | null, page: string | null): Responder => {
  const clients = new WeakMap<Request, string>();
  const { fetch } = httpHandler({
    ...(page === null ? {} : { page }),
    ...(token === null ? {} : { token }),
    // Otherwise a page elsewhere could reach this machine under its own name (DNS rebinding).
    ...(LOOPBACK.has(host) ? { hosts: ['localhost', '127.0.0.1', '[::1]'] } : {}),
    clientOf: (request) => clients.get(request) ?? null,
    log,
  });
  return (request, client) => {
    if (client !== null) clients.set(request, client);
    return fetch(request);
  };
};

/** Waits for a signal to stop. */
const signal = (): Promise<string> =>
  new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name));
  });

const untilStopped = async ({ address, stop }: Serving, stopped: Promise<string>): Promise<void> => {
  event('listening', { 'server.address': address });
  const name = await stopped;
  event('stopping', { 'process.signal': name });
  await stop();
};

/** Serves until a signal arrives; `ready` receives the address as soon as there is one. */
export const serveUntilStopped = (
  options: ServeOptions,
  ready: (address: string) => TE.TaskEither<Problem, void>,
): TE.TaskEither<Problem, void> =>
  pipe(
    TE.fromEither(checked(options)),
    TE.bindTo('checked'),
    TE.bind('token', ({ checked: { tokenFile } }): TE.TaskEither<Problem, string | null> =>
      tokenFile === null ? TE.right(null) : readToken(tokenFile)),
    TE.bind('page', () =>
      TE.fromTask(readPage)),
    TE.bindW('serving', ({ token, page }) =>
      serve(handlerFor(options, token, page), options)),
    // This comes before the address is announced: a signal may follow at once.
    TE.let('stopped', signal),
    TE.tap(({ serving: { address } }) => ready(address)),
    TE.flatMap(({ serving, stopped }) => TE.fromTask(() => untilStopped(serving, stopped))),
  );
