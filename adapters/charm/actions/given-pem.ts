/**
 * PEM as a parameter of an action: as it is, or in base64, as other charms accept it; a private key may also come from a Juju secret.
 *
 * `juju run` reads a parameter as YAML, in which PEM is not a plain value, so people can only type base64. Nothing here repeats the input.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../../../core/model/certificate.ts';
import type { Hook } from '../../juju/hook.ts';
import type { SecretId } from '../../juju/tools.ts';

const BEGIN = '-----BEGIN';

/** PEM that was given in one of the two forms; anything else stays as it is, and its reader complains about it. */
export const pemIn = (given: string): string => {
  if (given.includes(BEGIN)) return given;
  const decoded = Buffer.from(given, 'base64').toString('utf8');
  return decoded.includes(BEGIN) ? decoded : given;
};

/** How a secret's id begins. */
const SECRET = 'secret:';

/** The field of a secret that contains the key. */
const FIELD = 'private-key';

/** A private key that was given, null if none was; `Left` if it is in a secret that does not provide it. */
export const keyGiven = (
  { environment: { unit }, tools }: Hook,
  given: PrivateKey | undefined,
): TE.TaskEither<never, E.Either<string, PrivateKey | null>> => {
  if (given === undefined) return TE.right(E.right(null));
  // The value is a private key, in whatever form.
  if (!given.startsWith(SECRET)) return TE.right(E.right(pemIn(given) as PrivateKey));
  const id = given.trim() as string as SecretId;
  return pipe(
    tools.secretGet({ id }, 'refresh'),
    TE.match(
      ({ message }): E.Either<string, PrivateKey | null> =>
        E.left(
          `the secret with the private key cannot be read (${message}); ` +
            `let the charm read it: juju grant-secret <name> ${unit.replace(/\/\d+$/, '')}`,
        ),
      ({ [FIELD]: key }) =>
        key === undefined
          ? E.left(
            `the secret with the private key has no field ${FIELD}: juju update-secret <name> ${FIELD}#file=ca.key`,
          )
          : E.right(pemIn(key) as PrivateKey),
    ),
    TE.fromTask,
  );
};
