/**
 * The SANs of a request: which text is an address, an object identifier or a host name, and the one form in which each is compared and
 * written.
 *
 * Source: docs/csr-protocol.md, What a request is made of.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { byCodePoint } from '../model/order.ts';
import { type GeneralName, sanOf } from '../x509/general-names.ts';
import { addressOf, addressText } from '../model/hosts.ts';

/** The kinds of names that a request can ask for. */
export type SanKind = 'oid' | 'ip' | 'dns';

/** The names of a request, each list sorted and without repeats. */
export type Sans = { readonly [K in SanKind]: ReadonlyArray<string> };

/** One name of a request. */
export interface San {
  readonly kind: SanKind;
  readonly value: string;
}

/** One name, or why no certificate request can have it. */
type Classified = E.Either<string, San>;

const named = (kind: SanKind, value: string): Classified => E.right({ kind, value });

/** Arcs without leading zeros; below 0 and 1 there are 40 each (X.660 section 7.6). */
const OID = /^(?:[01]\.(?:[0-9]|[1-3][0-9])|2\.(?:0|[1-9]\d*))(?:\.(?:0|[1-9]\d*))*$/;

/** Longest object identifier in characters; the longest in use has about 60. */
const MAX_OID = 128;

const oidOrNull = (text: string): string | null => (text.length <= MAX_OID && OID.test(text) ? text : null);

/** What people write for addresses: numbers with dots, perhaps with a mask, or anything with a colon, which no host name has. */
const LIKE_AN_ADDRESS = /^\d+(?:\.\d*)+(?:\/\d*)?$|:/;

// deno-lint-ignore no-control-regex -- the range is ASCII.
const ASCII = /^[\u0000-\u007f]*$/;

const asIp = (text: string): Classified => {
  const bytes = addressOf(text);
  return bytes === null ? E.left('it is no IP address') : named('ip', addressText(bytes));
};

const asOid = (text: string): Classified => {
  const oid = oidOrNull(text);
  return oid === null ? E.left('it is no object identifier with dots') : named('oid', oid);
};

const asDns = (text: string): Classified =>
  ASCII.test(text) ? named('dns', text) : E.left('a DNS name has to be ASCII: write it as A-labels');

const BY_PREFIX: { readonly [K in SanKind]: (text: string) => Classified } = { ip: asIp, oid: asOid, dns: asDns };

const PREFIX = /^(ip|oid|dns):([^]*)$/i;

/**
 * What a text names: an IP address, otherwise a dotted object identifier, otherwise a DNS name; a prefix `ip:`, `oid:` or `dns:` decides
 * it. Surrounding spaces are dropped. Null if nothing is left, since empty means absent. A `Left` says why no certificate request can have
 * the name.
 */
export const classifySan = (text: string): E.Either<string, San | null> => {
  const trimmed = text.trim();
  const prefixed = PREFIX.exec(trimmed);
  const [kind, rest] = [prefixed?.[1]?.toLowerCase(), (prefixed?.[2] ?? '').trim()];
  if (kind === 'ip' || kind === 'oid' || kind === 'dns') return rest === '' ? E.right(null) : BY_PREFIX[kind](rest);
  if (trimmed === '') return E.right(null);
  const bytes = addressOf(trimmed);
  if (bytes !== null) return named('ip', addressText(bytes));
  const oid = oidOrNull(trimmed);
  if (oid !== null) return named('oid', oid);
  return LIKE_AN_ADDRESS.test(trimmed) ? E.left('it looks like an IP address but is not one') : asDns(trimmed);
};

/** Sorted lists without repeats, made from single names. */
export const sansFrom = (names: ReadonlyArray<San>): Sans => {
  const of = (wanted: SanKind): ReadonlyArray<string> =>
    [...new Set(names.filter(({ kind }) => kind === wanted).map(({ value }) => value))].sort(byCodePoint);
  return { oid: of('oid'), ip: of('ip'), dns: of('dns') };
};

/** The names of a certificate request that count in comparisons; an empty name does not. */
export const sansOfCsr = (names: ReadonlyArray<GeneralName>): Sans =>
  sansFrom(names.flatMap((name): ReadonlyArray<San> => {
    switch (name.type) {
      case 'dns':
        return name.text === '' ? [] : [{ kind: 'dns', value: name.text }];
      case 'ip':
        return [{ kind: 'ip', value: addressText(name.bytes) }];
      case 'registeredId':
        return [{ kind: 'oid', value: name.oid }];
      default:
        return [];
    }
  }));

/** A name as a text that {@link classifySan} reads back unchanged: with a prefix only if it would otherwise be read as another kind. */
const textOf = (kind: SanKind, value: string): string => {
  const read = E.getOrElse((): San | null => null)(classifySan(value));
  return read?.kind === kind && read.value === value ? value : `${kind}:${value}`;
};

/** Names that our own requests never have, with their kind as a prefix, so that nobody mistakes them for another kind. */
const otherTexts = (names: ReadonlyArray<GeneralName>): ReadonlyArray<string> =>
  names
    .map(sanOf)
    .filter(({ type }) => type !== 'dns' && type !== 'ip' && type !== 'registeredId')
    .map(({ type, value }) => `${type}:${value}`);

/** All names as canonical texts, in the order in which requests are written: object identifiers, addresses, host names. */
export const sanTexts = (sans: Sans): ReadonlyArray<string> =>
  (['oid', 'ip', 'dns'] as const).flatMap((kind) => sans[kind].map((value) => textOf(kind, value)));

/** The names of a certificate request as canonical texts; names of other kinds come last. */
export const shownSans = (names: ReadonlyArray<GeneralName>): ReadonlyArray<string> => [
  ...sanTexts(sansOfCsr(names)),
  ...otherTexts(names),
];
