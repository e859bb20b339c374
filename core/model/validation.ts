/**
 * The results that decoders give, in io-ts's form: `Right` with the value, or `Left` with what is wrong and where.
 *
 * io-ts's own functions for this are just as short. Calling them would put all of io-ts into every bundle, 7 kB minified, since bundlers
 * cannot drop its classes. So only its types are imported, and users of io-ts can combine these decoders with their own.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';

/** The value was decoded. */
export const success: <A>(value: A) => t.Validation<A> = E.right;

/** Several things are wrong. */
export const failures: (errors: t.Errors) => t.Validation<never> = E.left;

/** One thing is wrong, at the end of this path. */
export const failure = (value: unknown, context: t.Context, message?: string): t.Validation<never> =>
  failures([message === undefined ? { value, context } : { value, context, message }]);

/** A path, one step longer. */
export const appendContext = (
  context: t.Context,
  key: string,
  type: t.Decoder<unknown, unknown>,
  actual?: unknown,
): t.Context => [...context, { key, type, actual }];
