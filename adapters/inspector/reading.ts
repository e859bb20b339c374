/**
 * What the page knows once it has read: the exchanges studied, what their databags hold, and the flags. Private keys are tried here and
 * dropped; nothing that is kept has one.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { decideInput, decodeInput } from '../../core/decide.ts';
import type { Exchange } from '../../core/examine/exchange.ts';
import { type Study, study } from '../../core/examine/examine.ts';
import { isObject } from '../../core/model/codec.ts';
import type { Flag } from '../../core/model/flag.ts';
import type { InputError } from '../../core/model/input-error.ts';
import { emptyMemory } from '../../core/model/memory.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Side } from '../../core/model/side.ts';
import type { Databag, Relation, Timestamp } from '../../core/model/snapshot.ts';
import { type Asker, explainFlag, explainKey } from '../../core/reactive/explain.ts';
import { provides } from '../../core/reactive/provides.ts';
import { requires } from '../../core/reactive/requires.ts';
import { PROVIDER_KEYS } from '../../core/reactive/wire.ts';
import { readDocument } from '../reading/document.ts';
import { readObserved, readValue, type Text } from '../reading/observed.ts';

/** One key of a databag, without its value. */
export interface BagEntry {
  readonly key: string;
  /** What it is there for; null for one that the protocol does not know. */
  readonly purpose: string | null;
  readonly characters: number;
}

/** The databag of one unit. */
export interface Bag {
  readonly unit: string;
  readonly entries: ReadonlyArray<BagEntry>;
}

/** What both sides have published in one exchange; null for a side that was not seen. */
export interface Sides {
  readonly asked: Bag | null;
  readonly published: ReadonlyArray<Bag> | null;
}

/** A flag with the reason why it is set, and whether this hook set it. */
export interface SetFlag {
  readonly flag: Flag;
  readonly reason: string;
  readonly isNew: boolean;
}

/** The flags of one unit. */
export interface UnitFlags {
  readonly unit: string;
  readonly flags: ReadonlyArray<SetFlag>;
  /** Whether what the unit remembers is known; without it every change is new. */
  readonly remembered: boolean;
}

/** Everything that was read. */
export interface Reading {
  /** As they came, but for the private keys. */
  readonly texts: ReadonlyArray<Text>;
  readonly study: Study;
  /** In the order of the examinations. */
  readonly sides: ReadonlyArray<Sides>;
  readonly flags: ReadonlyArray<UnitFlags>;
  /** What the document says the time is. */
  readonly now: Timestamp | null;
}

/** Where a block with a private key begins and ends; in JSON within a value, line ends are escaped. */
const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/g;
const KEY_END = /-----END [A-Z0-9 ]*PRIVATE KEY-----/g;

/** What is left of a block that does not begin: no text that is kept has these words. */
const KEY_WORDS = 'PRIVATE KEY';

/** What stands where a private key was, in a text that is kept. */
const DROPPED = '(a private key, dropped)';

/** Where the pattern is found next, as `[start, end]`. */
const nextOf = (pattern: RegExp, text: string, from: number): readonly [number, number] | null => {
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  return found === null ? null : [found.index, found.index + found[0].length];
};

/** What stands before words of a key that is not whole: without the beginning of its block, or what is written together with them. */
const beforeBroken = (text: string, words: number): string => {
  const begin = text.lastIndexOf('-----BEGIN ', words);
  if (begin !== -1 && /^[A-Z0-9 ]*$/.test(text.slice(begin + '-----BEGIN '.length, words))) return text.slice(0, begin);
  let start = words;
  while (start > 0 && !/[\s"']/.test(text[start - 1] ?? '')) start -= 1;
  return text.slice(0, start);
};

/** The text without its private keys. It goes forward only: a long text of beginnings without an end takes no longer than any other. */
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
 * A text without private keys, as JSON. They are looked for in values, not in the text: YAML breaks them over lines at will. Where the
 * text cannot be read or written, nothing is kept of it.
 */
export const withoutKeys = (text: Text): Text => {
  const value = readValue(text);
  const replaced = (_key: string, part: unknown): unknown => {
    if (typeof part === 'string') return withoutKey(part);
    if (!isObject(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, field]) => [withoutKey(name), field]));
  };
  const kept = E.isLeft(value) ? '{}' : E.getOrElse(() => '{}')(E.tryCatch(
    () => JSON.stringify(value.right, replaced),
    // It is nested too deeply, which is all that can go wrong.
    () => null,
  ));
  return { name: text.name, bytes: new TextEncoder().encode(kept) };
};

const entriesOf = (side: Asker, bag: Databag): ReadonlyArray<BagEntry> =>
  Object.entries(bag).map(([key, value]) => ({ key, purpose: explainKey(side, key), characters: value.length }))
    // What the protocol knows comes first.
    .sort((a, b) => Number(a.purpose === null) - Number(b.purpose === null));

/** The sides of exchanges; what all units of a relation are told is looked at once. */
const sidesOf = (exchanges: ReadonlyArray<Exchange>): ReadonlyArray<Sides> => {
  const known = new Map<Exchange['providers'], Sides['published']>([[null, null]]);
  return exchanges.map(({ requirer, asked, providers }) => {
    const published = known.get(providers) ??
      Object.entries(providers ?? {}).map(([unit, bag]) => ({ unit, entries: entriesOf('reactive/provides', bag) }));
    if (providers !== null) known.set(providers, published);
    return {
      asked: asked === null ? null : { unit: requirer, entries: entriesOf('reactive/requires', asked) },
      published: providers === null ? null : published,
    };
  });
};

const explained = (
  side: Asker,
  endpoint: string,
  flags: Iterable<Flag>,
  news: ReadonlySet<Flag>,
): ReadonlyArray<SetFlag> =>
  [...flags].flatMap((flag) => {
    const reason = explainFlag(side, endpoint, flag);
    return reason === null ? [] : [{ flag, reason, isNew: news.has(flag) }];
  });

/** The flags of the document's own unit, which it remembers. */
const flagsOfDocument = (texts: ReadonlyArray<Text>): UnitFlags | null => {
  const [only] = texts;
  if (only === undefined || texts.length > 1) return null;
  const document = readDocument(only.bytes);
  const input = E.isLeft(document) ? document : decodeInput(document.right.value);
  if (E.isLeft(input)) return null;
  const { side, snapshot: { localUnit, endpoint } } = input.right;
  const { memory, flags } = decideInput(input.right);
  return { unit: localUnit, flags: explained(side, endpoint, memory.flags, new Set(flags.set)), remembered: true };
};

/** What a unit sees of a relation, as far as exchanges tell. */
const relationOf = (
  id: RelationId,
  localUnitData: Databag,
  remoteUnits: Readonly<Record<UnitName, Databag>>,
): Relation => ({ id, localUnitData, localApplicationData: {}, remoteApplicationData: {}, remoteUnits });

/** The flags of a unit that sees these relations for the first time. */
const flagsAtFirst = <Intent, View>(
  { name, nothing, decide }: Side<Asker, Intent, View>,
  unit: UnitName,
  relations: ReadonlyArray<Relation>,
): UnitFlags => {
  const endpoint = relations[0]?.id.split(':', 1)[0] ?? '';
  const { memory } = decide({ localUnit: unit, endpoint, isLeader: false, relations }, nothing, emptyMemory);
  return { unit, flags: explained(name, endpoint, memory.flags, new Set()), remembered: false };
};

/** Databags of providers whose CA and chain are short: of them, flags tell only whether they are there. */
const briefly = (): (providers: NonNullable<Exchange['providers']>) => Readonly<Record<UnitName, Databag>> => {
  const known = new Map<Exchange['providers'], Readonly<Record<UnitName, Databag>>>();
  return (providers) => {
    const before = known.get(providers);
    if (before !== undefined) return before;
    const brief = Object.fromEntries(
      Object.entries(providers).map(([unit, bag]) => [
        unit,
        { ...bag, [PROVIDER_KEYS.ca]: (bag[PROVIDER_KEYS.ca] ?? '').slice(0, 1), [PROVIDER_KEYS.chain]: '' },
      ]),
    );
    known.set(providers, brief);
    return brief;
  };
};

/** The flags that the units of both sides would have which see these exchanges for the first time. */
const flagsOfExchanges = (exchanges: ReadonlyArray<Exchange>): ReadonlyArray<UnitFlags> => {
  const brief = briefly();
  const asking = new Map<UnitName, Array<Relation>>();
  const answering = new Map<
    UnitName,
    Map<RelationId, { readonly own: Databag; readonly asked: Map<UnitName, Databag> }>
  >();
  for (const { relationId, requirer, asked, providers } of exchanges) {
    if (asked === null) continue;
    const relations = asking.get(requirer) ?? [];
    asking.set(requirer, relations);
    relations.push(relationOf(relationId, asked, providers === null ? {} : brief(providers)));
    for (const [name, own] of Object.entries(providers ?? {})) {
      // The keys of this map are unit names.
      const unit = name as UnitName;
      const relations = answering.get(unit) ?? new Map();
      answering.set(unit, relations);
      const relation = relations.get(relationId) ?? { own, asked: new Map<UnitName, Databag>() };
      relations.set(relationId, relation);
      relation.asked.set(requirer, asked);
    }
  }
  return [
    ...[...asking].map(([unit, relations]) => flagsAtFirst(requires, unit, relations)),
    ...[...answering].map(([unit, relations]) =>
      flagsAtFirst(
        provides,
        unit,
        [...relations].map(([id, { own, asked }]) => relationOf(id, own, Object.fromEntries(asked))),
      )
    ),
  ];
};

/**
 * Reads texts, together with those that were read before where they go together, else in their place. `Left` says what is wrong with
 * them, and nothing of what is in them.
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
  const isJoined = E.isRight(joined);
  const observed = isJoined ? joined : readObserved(added, clock);
  if (E.isLeft(observed)) return observed;
  const texts = isJoined ? together : added;
  const { exchanges, now } = observed.right;
  const ofDocument = flagsOfDocument(texts);
  const studied = await study(exchanges, {
    pause,
    ...(isJoined && before !== null ? { tried: before.study.tried } : {}),
  })();
  return E.right({
    texts: texts.map(withoutKeys),
    study: studied,
    sides: sidesOf(exchanges),
    flags: [
      ...(ofDocument === null ? [] : [ofDocument]),
      ...flagsOfExchanges(exchanges).filter(({ unit }) => unit !== ofDocument?.unit),
    ],
    now,
  });
};
