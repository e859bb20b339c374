/**
 * Who a sentence is about: the certificate, or which CA.
 *
 * Names in these sentences come from certificates and requests, which are public; they contain no keys.
 *
 * @module
 */
import { hidingKeys } from '../model/certificate.ts';
import type { Description } from '../x509/mod.ts';

/** What sentences are about. */
export interface Words {
  /** What the certificate at place 0 is called; null if it is a CA like the others. */
  readonly own: string | null;
  /** The certificates that places refer to. */
  readonly path: ReadonlyArray<Description>;
  readonly now: Date | null;
}

/** Longest foreign name in a sentence, in characters. */
const MAX_NAME = 100;

/** A foreign name, or other foreign text, of limited length. */
export const quoted = (name: string, limit: number = MAX_NAME): string =>
  JSON.stringify(hidingKeys(name.length > limit ? `${name.slice(0, limit)}…` : name));

/** Which certificate of a path is meant. */
export const whose = (at: number, { own, path }: Words): string => {
  if (at === 0 && own !== null) return own;
  const name = path[at]?.subject.text;
  return name === undefined ? 'a CA above the certificate' : `the CA ${quoted(name)}`;
};

/** The issuer of a certificate of a path. */
export const issuerOf = (at: number, name: string, { path }: Words): string =>
  name === '' ? `the CA ${quoted(path[at]?.issuer.text ?? '')}` : `the CA ${quoted(name)}`;
