/**
 * Sends a response piece by piece, no faster than the client takes it.
 *
 * @module
 */
import type { ServerResponse } from 'node:http';
import { patience, type Stopping } from './patience.ts';

/** Most bytes handed to the network at once. */
const PIECE = 65_536;

/** Milliseconds after which a client that takes nothing of its answer is dropped. */
const STALLED = 30_000;

/** Responses that have no body and do not state its length. */
const WITHOUT_LENGTH: ReadonlySet<number> = new Set([204, 304]);

/** Hands something to the network. False if the client has gone, or was dropped. */
const handed = (
  outgoing: ServerResponse,
  stopping: Stopping,
  hand: (done: () => void) => void,
): Promise<boolean> =>
  new Promise((resolve) => {
    const finish = (isTaken: boolean): void => {
      wait.end();
      outgoing.off('close', gone);
      resolve(isTaken);
    };
    const gone = (): void => finish(false);
    const wait = patience(stopping, STALLED, () => {
      outgoing.destroy();
      finish(false);
    });
    outgoing.once('close', gone);
    hand(() => finish(!outgoing.destroyed));
  });

/** Sends a response; done when all of it was handed to the network, or nobody is there to take it. */
export const send = async (
  response: Response,
  outgoing: ServerResponse,
  isLast: boolean,
  stopping: Stopping,
): Promise<void> => {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (outgoing.destroyed) return;
  const isHead = outgoing.req.method === 'HEAD';
  outgoing.writeHead(response.status, [
    ...[...response.headers].flat(),
    ...(isHead || WITHOUT_LENGTH.has(response.status) ? [] : ['content-length', String(bytes.length)]),
    ...(isLast ? ['connection', 'close'] : []),
  ]);
  let at = 0;
  while (bytes.length - at > PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    if (!(await handed(outgoing, stopping, (done) => outgoing.write(piece, done)))) return;
    at += PIECE;
  }
  await handed(outgoing, stopping, (done) => outgoing.end(bytes.subarray(at), done));
};
