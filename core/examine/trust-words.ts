/**
 * What a relation of `certificate_transfer` comes to, in words for people: the command and the page say the same.
 *
 * @module
 */
import { counted } from '../model/shape.ts';
import type { TrustExamination } from './trust-exchange.ts';

/** In a sentence part: what is handed out, in which version, by whom. */
export const summaryOfTrust = (
  { version, certificates, provider, isSeen }: Pick<
    TrustExamination,
    'version' | 'certificates' | 'provider' | 'isSeen'
  >,
): string => {
  const by = provider === null ? '' : ` by ${provider}`;
  if (!isSeen) return `what is handed out${by} was not seen`;
  if (version === null) return `nothing is handed out${by}`;
  return `${counted(certificates.length, 'CA certificate')} to trust${by} (certificate_transfer, version ${version})`;
};

/** What to add to see the rest, a sentence each. */
export const hintsOfTrust = (
  { isSeen, areRolesAssumed }: Pick<TrustExamination, 'isSeen' | 'areRolesAssumed'>,
): ReadonlyArray<string> => [
  ...(isSeen
    ? []
    : ['Its databags are in what juju show-unit prints for a unit of the application that trusts: add it.']),
  ...(areRolesAssumed
    ? [
      "The application-data is taken for the other side's, as Juju 2.9 and 3 print it. On Juju 4, say who trusts: --requirer <application>.",
    ]
    : []),
];

/** What to do about what was found there. */
export const remedyOfTrust = (code: string, { provider }: Pick<TrustExamination, 'provider'>): string => {
  const who = provider ?? 'the provider';
  switch (code) {
    case 'no-ca':
      return `wait for the next hook of ${who}; where that has a CA, look into the log of its leader`;
    case 'private-key-published':
      return `count the key as stolen: have ${who} take it out of what it hands out, and make a new CA if it is a CA's`;
    case 'ends-soon':
    case 'ca-out-of-date':
      return `see that ${who} hands out the CA that comes after it before that day`;
    default:
      return `have ${who} hand out a correct certificate in its place, or remove it; requirers skip it and trust the others`;
  }
};
