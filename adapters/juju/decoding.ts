/**
 * As much of io-ts as decoders here are made of. In the hook's bundles it stands in for the library (tools/bundle.mjs), which makes all its own
 * codecs when it is loaded: that takes a hook longer than to decide. Types are the library's own.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';

/** A value that was decoded. */
export const success = <A>(value: A): t.Validation<A> => E.right(value);

/** Errors in place of a value. */
export const failures = <A>(errors: t.Errors): t.Validation<A> => E.left(errors);

/** One error in place of a value. */
export const failure = <A>(value: unknown, context: t.Context, message?: string): t.Validation<A> =>
  failures([message === undefined ? { value, context } : { value, context, message }]);

/** A place within another. */
export const appendContext = (
  context: t.Context,
  key: string,
  decoder: t.Decoder<unknown, unknown>,
  actual?: unknown,
): t.Context => [...context, { key, type: decoder, actual }];
