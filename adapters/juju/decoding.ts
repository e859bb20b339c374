/**
 * The part of io-ts that our decoders use. In the hook's bundles it replaces the library (tools/bundle.mjs), which creates all its own
 * codecs when it is loaded: that takes a hook longer than deciding. The types are the library's own.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';

/** A decoded value. */
export const success = <A>(value: A): t.Validation<A> => E.right(value);

/** Errors instead of a value. */
export const failures = <A>(errors: t.Errors): t.Validation<A> => E.left(errors);

/** One error instead of a value. */
export const failure = <A>(value: unknown, context: t.Context, message?: string): t.Validation<A> =>
  failures([message === undefined ? { value, context } : { value, context, message }]);

/** A place inside another. */
export const appendContext = (
  context: t.Context,
  key: string,
  decoder: t.Decoder<unknown, unknown>,
  actual?: unknown,
): t.Context => [...context, { key, type: decoder, actual }];
