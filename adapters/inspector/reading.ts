/**
 * What the page knows after reading: the exchanges studied, what their databags hold, and the flags. Private keys are tested here and then
 * dropped; nothing that is kept contains one.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { SIDES } from '../../core/any/decide.ts';
import type { Exchange, UnitExchange } from '../../core/examine/exchange.ts';
import { type Study, study } from '../../core/examine/examine.ts';
import { isObject } from '../../core/model/codec.ts';
import type { InputError } from '../../core/model/input-error.ts';
import type { Databag, Timestamp } from '../../core/model/snapshot.ts';
import type { Role } from '../../core/side/row.ts';
import { readObserved, readValues, type Text } from '../reading/observed.ts';
import { flagsOfDocument, flagsOfExchanges, type UnitFlags } from './set-flags.ts';

/** One key of a databag, without its value. */
export interface BagEntry {
  readonly key: string;
  /** What it is for; null if the protocol does not know it. */
  readonly purpose: string | null;
  readonly characters: number;
}

/** The databag of one unit or one application. */
export interface ShownBag {
  readonly owner: string;
  readonly isApplication: boolean;
  readonly entries: ReadonlyArray<BagEntry>;
}

/** What both sides have published in one exchange; null for a side that was not seen. */
export interface Sides {
  readonly asked: ShownBag | null;
  readonly published: ReadonlyArray<ShownBag> | null;
}

/** Everything that was read. */
export interface Reading {
  /** The texts as they came, without their private keys. */
  readonly texts: ReadonlyArray<Text>;
  readonly study: Study;
  /** In the order of the examinations. */
  readonly sides: ReadonlyArray<Sides>;
  readonly flags: ReadonlyArray<UnitFlags>;
  /** The current time according to the document. */
  readonly now: Timestamp | null;
}

/** Where a block with a private key begins and ends; within a JSON value, line ends are escaped. */
const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/g;
const KEY_END = /-----END [A-Z0-9 ]*PRIVATE KEY-----/g;

/** What remains of a block without a beginning: no text that is kept has these words. */
const KEY_WORDS = 'PRIVATE KEY';

/** What replaces a private key in a text that is kept. */
const DROPPED = '(a private key, dropped)';

/** Where the pattern occurs next, as `[start, end]`. */
const nextOf = (pattern: RegExp, text: string, from: number): readonly [number, number] | null => {
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  return found === null ? null : [found.index, found.index + found[0].length];
};

/** What precedes the words of an incomplete key, without the beginning of its block or anything attached to the words. */
const beforeBroken = (text: string, words: number): string => {
  const begin = text.lastIndexOf('-----BEGIN ', words);
  if (begin !== -1 && /^[A-Z0-9 ]*$/.test(text.slice(begin + '-----BEGIN '.length, words))) return text.slice(0, begin);
  let start = words;
  while (start > 0 && !/[\s"']/.test(text[start - 1] ?? '')) start -= 1;
  return text.slice(0, start);
};

/** The text without its private keys. It only moves forward: a long text of beginnings without an end takes no longer than any other. */
const withoutKey = (text: string): string => {
  if (!text.includes(KEY_WORDS)) return text;
  let kept = '';
  let from = 0;
  for (let begin = nextOf(KEY_BEGIN, text, 0); begin !== null; begin = nextOf(KEY_BEGIN, text, from)) {
    const end = nextOf(KEY_END, text, begin[1]);
    if (end === null) break;
    kept += text.slice(from, begin[0]) + DROPPED;
    from = end[1];
  }
  kept += text.slice(from);
  const broken = kept.indexOf(KEY_WORDS);
  return broken === -1 ? kept : beforeBroken(kept, broken) + DROPPED;
};

/**
 * The values of a text without private keys, each as JSON. Keys are searched for in values, not in the text, since YAML may wrap them
 * anywhere. If the text cannot be read or written, nothing of it is kept.
 */
export const withoutKeys = (text: Text): ReadonlyArray<Text> => {
  const values = readValues(text);
  const replaced = (_key: string, part: unknown): unknown => {
    if (typeof part === 'string') return withoutKey(part);
    if (!isObject(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, field]) => [withoutKey(name), field]));
  };
  const kept = (value: unknown): string =>
    E.getOrElse(() => '{}')(E.tryCatch(
      () => JSON.stringify(value, replaced),
      // It is nested too deeply; nothing else can go wrong.
      () => null,
    ));
  const written = E.isLeft(values) ? ['{}'] : values.right.map(kept);
  return written.map((json) => ({ name: text.name, bytes: new TextEncoder().encode(json) }));
};

/** What a key is for, whatever the protocol: sides with the same role have no key in common. */
const purposeOf = (role: Role, key: string): string | null => {
  for (const row of Object.values(SIDES)) {
    const purpose = row.role === role ? row.explain.key(key) : null;
    if (purpose !== null) return purpose;
  }
  return null;
};

const bagOf = (owner: string, isApplication: boolean, role: Role, bag: Databag): ShownBag => ({
  owner,
  isApplication,
  entries: Object.entries(bag)
    .map(([key, value]) => ({ key, purpose: purposeOf(role, key), characters: value.length }))
    // Keys that the protocol knows come first.
    .sort((a, b) => Number(a.purpose === null) - Number(b.purpose === null)),
});

/** What was published to a relation: by the provider's units, and by its application if that was seen. */
const publishedIn = ({ providers, applications }: Exchange): ReadonlyArray<ShownBag> | null => {
  const { published = null, provider = null } = applications ?? {};
  const units = Object.entries(providers ?? {}).map(([unit, bag]) => bagOf(unit, false, 'provider', bag));
  if (published === null) return providers === null ? null : units;
  return [...units, bagOf(provider ?? 'the provider', true, 'provider', published)];
};

/** The sides of exchanges; what everyone on a relation receives is read only once. */
const sidesOf = (exchanges: ReadonlyArray<Exchange>): ReadonlyArray<Sides> => {
  const known = new Map<unknown, Sides['published']>();
  return exchanges.map((exchange) => {
    const { requirer, isApplication = false, asked, providers, applications } = exchange;
    const key = applications ?? providers;
    const published = known.get(key) ?? publishedIn(exchange);
    if (key !== null) known.set(key, published);
    return { asked: asked === null ? null : bagOf(requirer, isApplication, 'requirer', asked), published };
  });
};

/**
 * Reads texts, together with the earlier ones if they belong together, otherwise in their place. `Left` says what is wrong with the texts,
 * but nothing of their content.
 */
export const read = (
  before: Reading | null,
  added: ReadonlyArray<Text>,
  clock: Timestamp,
  pause: () => Promise<void>,
): TE.TaskEither<InputError, Reading> =>
async () => {
  const together = [...(before?.texts ?? []), ...added];
  const joined = readObserved(together, clock);
  // A document replaces an earlier one, which is from another time; several that come together are combined.
  const isJoined = E.isRight(joined) && (before === null || joined.right.silent !== undefined);
  const observed = isJoined ? joined : readObserved(added, clock);
  if (E.isLeft(observed)) return observed;
  const texts = isJoined ? together : added;
  const { exchanges, trust = [], now, silent = [] } = observed.right;
  const isReactive = (exchange: Exchange): exchange is UnitExchange => exchange.applications === undefined;
  const ofDocument = flagsOfDocument(texts);
  const studied = await study(exchanges, {
    pause,
    trust,
    silent,
    ...(isJoined && before !== null ? { tried: before.study.tried } : {}),
  })();
  return E.right({
    texts: texts.flatMap(withoutKeys),
    study: studied,
    // Only the exchanges that were examined.
    sides: sidesOf(studied.examined.flatMap((index) => exchanges[index] ?? [])),
    flags: [
      ...(ofDocument === null ? [] : [ofDocument]),
      ...flagsOfExchanges(exchanges.filter(isReactive)).filter(({ unit }) => unit !== ofDocument?.unit),
    ],
    now,
  });
};
