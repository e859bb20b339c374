/**
 * Words for the names of a certificate: each kind answers for its own kind only, so that an address in a DNS name is no address.
 *
 * @module
 */
import { classifyName, type San, type SanType } from '../x509/mod.ts';

/** What a kind of name is called, and what stands before one of it. */
export const NAME_KINDS: Readonly<Record<SanType, readonly [noun: string, prefix: string]>> = {
  dns: ['a host name', 'DNS:'],
  ip: ['an address', 'IP:'],
  uri: ['a URI', 'URI:'],
  email: ['an e-mail address', 'email:'],
  directory: ['a directory name', 'DirName:'],
  registeredId: ['an object identifier', 'RID:'],
  other: ['a name of another kind', 'otherName:'],
};

/** A name for people; one that looks like another kind than it is has its kind before it: `DNS:10.0.0.7`. */
export const nameWords = ({ type, value }: San): string =>
  classifyName(value).kind === type ? value : `${NAME_KINDS[type][1]}${value}`;
