/**
 * What has been seen, as entries of the unit's state in Juju: one for the endpoint, one for each relation, and one for each of its units,
 * so that a hook writes no more than what has changed.
 *
 * A unit's entry is cheap to read and as long as its content: a line with the keys and the lengths of their values, then the values
 * unchanged.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import {
  type Decoder,
  emptyMap,
  mapOf,
  numberIn,
  object,
  omittable,
  required,
  text,
  trueOrFalse,
} from '../../core/model/codec.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Databag } from '../../core/model/snapshot.ts';
import type { Kept, Seen, SeenRelation } from './seen.ts';

/** What is kept of an endpoint besides its relations. */
export interface SeenIndex {
  /** How often something of it was kept. */
  readonly serial: number;
  /** When everything was last read, in milliseconds since 1970. */
  readonly since: number;
  /** Maximum bytes of the unit's whole state. */
  readonly limit: number;
  /** Null if there was no room for it. */
  readonly seen: Seen | null;
}

type State = Readonly<Record<string, string>>;

/** The prefix of an endpoint's entries. */
export const seenPrefix = (endpoint: string): string => `tls-certificates/${endpoint}/seen`;

/** The format of the entries: entries of other versions in another format are not read. */
const FORM = 1;

interface Index {
  readonly form: number;
  readonly serial: number;
  readonly since: number;
  readonly limit: number;
  readonly leads: boolean;
  readonly hasRoom: boolean;
}

const whole: Decoder<number> = numberIn('a whole number', { from: 0, upTo: Number.MAX_SAFE_INTEGER, whole: true });

const Index: Decoder<Index> = object<Index>('open', {
  form: required(whole),
  serial: required(whole),
  since: required(whole),
  limit: required(whole),
  leads: required(trueOrFalse),
  hasRoom: required(trueOrFalse),
});

/** What is kept of a relation besides its units; what is not kept is left out. */
interface Header {
  readonly application?: string;
  readonly applicationBag?: Databag;
  readonly ownUnit?: Databag;
  readonly ownApplication?: Databag;
}

const Header: Decoder<Header> = object<Header>('open', {
  application: omittable(text()),
  applicationBag: omittable(mapOf(text())),
  ownUnit: omittable(mapOf(text())),
  ownApplication: omittable(mapOf(text())),
});

const decoded = <A>(decoder: Decoder<A>, content: string): A | null => {
  try {
    const read = decoder.decode(JSON.parse(content));
    return E.isRight(read) ? read.right : null;
  } catch {
    // Not JSON, so it is not ours: everything is read again.
    return null;
  }
};

/** Represents a databag that every hook must read. */
const NOT_KEPT = '!';

/** A key that can be in the line of keys. */
const KEY = /^[\w.-]+$/;

const bagText = (kept: Kept): string => {
  if (kept === null) return NOT_KEPT;
  const entries = Object.entries(kept);
  if (entries.some(([key]) => !KEY.test(key))) return NOT_KEPT;
  return `${entries.map(([key, value]) => `${key}=${value.length}`).join(' ')}\n${
    entries.map(([, value]) => value).join('')
  }`;
};

/** The databag in a text; `undefined` if it is damaged. */
const bagIn = (content: string): Kept | undefined => {
  if (content === NOT_KEPT) return null;
  const end = content.indexOf('\n');
  if (end < 0) return undefined;
  const out = emptyMap<string>();
  let at = end + 1;
  for (const one of end === 0 ? [] : content.slice(0, end).split(' ')) {
    const [key = '', length = ''] = one.split('=');
    if (!/^\d{1,6}$/.test(length)) return undefined;
    out[key] = content.slice(at, at + Number(length));
    at += Number(length);
  }
  return at === content.length ? out : undefined;
};

const headerText = ({ application, applicationBag, own }: SeenRelation): string =>
  // `undefined` is left out.
  JSON.stringify({
    application: application ?? undefined,
    applicationBag: applicationBag ?? undefined,
    ownUnit: own.unit ?? undefined,
    ownApplication: own.application ?? undefined,
  });

const relationOf = (header: Header, units: SeenRelation['units']): SeenRelation => ({
  application: header.application ?? null,
  applicationBag: header.applicationBag ?? null,
  own: { unit: header.ownUnit ?? null, application: header.ownApplication ?? null },
  units,
});

/** What was seen, from the unit's state; null if nothing was kept, or if it is damaged. */
export const seenIn = (endpoint: string, state: State): SeenIndex | null => {
  const prefix = seenPrefix(endpoint);
  const index = Object.hasOwn(state, prefix) ? decoded(Index, state[prefix] ?? '') : null;
  if (index === null || index.form !== FORM) return null;
  const { serial, since, limit, leads, hasRoom } = index;
  if (!hasRoom) return { serial, since, limit, seen: null };
  const headers = new Map<string, Header>();
  const units = new Map<string, Map<UnitName, Kept>>();
  for (const [name, content] of Object.entries(state)) {
    // An empty entry is one that was removed.
    if (content === '' || !name.startsWith(`${prefix}/`)) continue;
    const path = name.slice(prefix.length + 1);
    const slash = path.indexOf('/');
    if (slash < 0) {
      const header = decoded(Header, content);
      if (header === null) return null;
      headers.set(path, header);
      continue;
    }
    const kept = bagIn(content);
    if (kept === undefined) return null;
    const of = units.get(path.slice(0, slash)) ?? new Map<UnitName, Kept>();
    // It was written under the name of a unit.
    units.set(path.slice(0, slash), of.set(path.slice(slash + 1) as UnitName, kept));
  }
  if ([...units.keys()].some((number) => !headers.has(number))) return null;
  return {
    serial,
    since,
    limit,
    seen: {
      leads,
      relations: new Map(
        [...headers].map(([number, header]) => [
          // In Juju's format.
          `${endpoint}:${number}` as RelationId,
          relationOf(header, units.get(number) ?? new Map()),
        ]),
      ),
    },
  };
};

/** The entries that hold what was seen; only that of the endpoint if there is no room. */
export const seenEntries = (
  endpoint: string,
  { serial, since, limit, seen }: SeenIndex,
): ReadonlyMap<string, string> => {
  const prefix = seenPrefix(endpoint);
  const index: Index = { form: FORM, serial, since, limit, leads: seen?.leads ?? false, hasRoom: seen !== null };
  const entries = new Map([[prefix, JSON.stringify(index)]]);
  for (const [id, relation] of seen?.relations ?? []) {
    const at = `${prefix}/${id.slice(id.lastIndexOf(':') + 1)}`;
    entries.set(at, headerText(relation));
    for (const [unit, kept] of relation.units) entries.set(`${at}/${unit}`, bagText(kept));
  }
  return entries;
};
