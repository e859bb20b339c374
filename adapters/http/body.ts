/**
 * Bodies: read as they arrive, and refused as soon as they are too large, too slow, of another type, or nested too deeply.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Limits } from './limits.ts';
import { problem, type ProblemDocument } from './problem.ts';

/** The media type of a body, without parameters and in lower case; empty if none is given. */
export const mediaTypeOf = (headers: Headers): string =>
  (headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

const tooLarge = ({ bytes }: Limits): ProblemDocument =>
  problem('too-large', `a body may have ${bytes} bytes: send less at a time`);

/** Joins chunks in order. */
const joined = (chunks: ReadonlyArray<Uint8Array>, size: number): Uint8Array => {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

const LATE = Symbol('late');

/** A promise that resolves after a time, and a function that cancels it. */
const timer = (milliseconds: number): { readonly late: Promise<typeof LATE>; readonly stop: () => void } => {
  let stop = (): void => {};
  const late = new Promise<typeof LATE>((resolve) => {
    const id = setTimeout(() => resolve(LATE), milliseconds);
    stop = () => clearTimeout(id);
  });
  return { late, stop };
};

const readStream = async (
  stream: ReadableStream<Uint8Array>,
  limits: Limits,
): Promise<E.Either<ProblemDocument, Uint8Array>> => {
  const reader = stream.getReader();
  const { late, stop } = timer(limits.bodyTime);
  const chunks: Array<Uint8Array> = [];
  let size = 0;
  try {
    while (true) {
      const next = await Promise.race([reader.read(), late]);
      if (next === LATE) {
        return E.left(problem('too-slow', `the body did not come within ${limits.bodyTime} ms`));
      }
      if (next.done) return E.right(joined(chunks, size));
      size += next.value.length;
      if (size > limits.bytes) return E.left(tooLarge(limits));
      chunks.push(next.value);
    }
  } catch {
    // The engine's message about a broken connection helps no client that is still connected.
    return E.left(problem('bad-request', 'the body broke off before its end'));
  } finally {
    stop();
    // The rest of a refused body is not wanted. It may have failed already, which was reported.
    reader.cancel().catch(() => {});
  }
};

/** The bytes of a request's body, within the limits. An absent body has no bytes. */
export const readBody = async (request: Request, limits: Limits): Promise<E.Either<ProblemDocument, Uint8Array>> => {
  const coding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (coding !== 'identity') {
    return E.left(problem('media-type', 'compressed bodies are not read: send it as it is'));
  }
  if (Number(request.headers.get('content-length') ?? 0) > limits.bytes) return E.left(tooLarge(limits));
  return request.body === null ? E.right(new Uint8Array()) : await readStream(request.body, limits);
};

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Whether a quote is part of the string, because an odd number of backslashes precedes it. */
const isEscaped = (bytes: Uint8Array, quote: number): boolean => {
  let before = quote - 1;
  while (bytes[before] === BACKSLASH) before--;
  return (quote - before) % 2 === 0;
};

/** Where the string that starts here ends; -1 if it does not. */
const endOfString = (bytes: Uint8Array, start: number): number => {
  let end = bytes.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(bytes, end)) end = bytes.indexOf(QUOTE, end + 1);
  return end;
};

/**
 * Whether brackets are nested no deeper than this in JSON, valid or not: one pass over the bytes, before they reach any recursive code.
 * Strings, which make up most of a databag, are skipped at the engine's own speed.
 */
export const isNestedWithin = (bytes: Uint8Array, depth: number): boolean => {
  let level = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      i = endOfString(bytes, i);
      if (i === -1) return true;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      level += 1;
      if (level > depth) return false;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) level -= 1;
  }
  return true;
};
