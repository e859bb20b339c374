/**
 * Words for the names of a certificate: each kind only answers requests for its own kind, so an address in a DNS name is not an address.
 *
 * @module
 */
import { classifyName, type San, type SanType } from '../x509/mod.ts';

/** What a kind of name is called, and its prefix. */
export const NAME_KINDS: Readonly<Record<SanType, readonly [noun: string, prefix: string]>> = {
  dns: ['a host name', 'DNS:'],
  ip: ['an address', 'IP:'],
  uri: ['a URI', 'URI:'],
  email: ['an e-mail address', 'email:'],
  directory: ['a directory name', 'DirName:'],
  registeredId: ['an object identifier', 'RID:'],
  other: ['a name of another kind', 'otherName:'],
};

/** A name for people; if it looks like another kind, it gets its kind as a prefix: `DNS:10.0.0.7`. */
export const nameWords = ({ type, value }: San): string =>
  classifyName(value).kind === type ? value : `${NAME_KINDS[type][1]}${value}`;
