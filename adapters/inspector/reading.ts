/**
 * What the page knows once it has read: the exchanges studied, what their databags hold, and the flags. Private keys are tried here and
 * dropped; nothing that is kept has one.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { decodeInput, SIDES } from '../../core/csr/decide.ts';
import type { Exchange, UnitExchange } from '../../core/examine/exchange.ts';
import { type Study, study } from '../../core/examine/examine.ts';
import { isObject } from '../../core/model/codec.ts';
import type { Flag } from '../../core/model/flag.ts';
import type { InputError } from '../../core/model/input-error.ts';
import { emptyMemory } from '../../core/model/memory.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Databag, Relation, Timestamp } from '../../core/model/snapshot.ts';
import { provides } from '../../core/reactive/provides.ts';
import { requires } from '../../core/reactive/requires.ts';
import { PROVIDER_KEYS } from '../../core/reactive/wire.ts';
import type { Explain, Role, Row } from '../../core/side/row.ts';
import { readDocument } from '../file/document.ts';
import { readObserved, readValues, type Text } from '../file/observed.ts';

/** One key of a databag, without its value. */
export interface BagEntry {
  readonly key: string;
  /** What it is there for; null for one that the protocol does not know. */
  readonly purpose: string | null;
  readonly characters: number;
}

/** The databag of one unit or one application. */
export interface Bag {
  readonly owner: string;
  readonly isApplication: boolean;
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
 * The values of a text without private keys, each as JSON. Keys are looked for in values, not in the text: YAML breaks them over lines at
 * will. Where the text cannot be read or written, nothing is kept of it.
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
      // It is nested too deeply, which is all that can go wrong.
      () => null,
    ));
  const written = E.isLeft(values) ? ['{}'] : values.right.map(kept);
  return written.map((json) => ({ name: text.name, bytes: new TextEncoder().encode(json) }));
};

/** What a key is there for, whichever protocol it is of: sides of one role have no key in common. */
const purposeOf = (role: Role, key: string): string | null => {
  for (const row of Object.values(SIDES)) {
    const purpose = row.role === role ? row.explain.key(key) : null;
    if (purpose !== null) return purpose;
  }
  return null;
};

const bagOf = (owner: string, isApplication: boolean, role: Role, bag: Databag): Bag => ({
  owner,
  isApplication,
  entries: Object.entries(bag)
    .map(([key, value]) => ({ key, purpose: purposeOf(role, key), characters: value.length }))
    // What the protocol knows comes first.
    .sort((a, b) => Number(a.purpose === null) - Number(b.purpose === null)),
});

/** What was published to a relation: by the provider's units, and by its application where that was seen. */
const publishedIn = ({ providers, applications }: Exchange): ReadonlyArray<Bag> | null => {
  const { published = null, provider = null } = applications ?? {};
  const units = Object.entries(providers ?? {}).map(([unit, bag]) => bagOf(unit, false, 'provider', bag));
  if (published === null) return providers === null ? null : units;
  return [...units, bagOf(provider ?? 'the provider', true, 'provider', published)];
};

/** The sides of exchanges; what all of a relation are told is looked at once. */
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

const explained = (
  explain: Explain,
  endpoint: string,
  flags: Iterable<Flag>,
  news: ReadonlySet<Flag>,
): ReadonlyArray<SetFlag> =>
  [...flags].flatMap((flag) => {
    const reason = flag.startsWith(`${endpoint}.`) ? explain.flag(flag.slice(endpoint.length + 1)) : null;
    return reason === null ? [] : [{ flag, reason, isNew: news.has(flag) }];
  });

/** The flags of the document's own unit, which it remembers. */
const flagsOfDocument = (texts: ReadonlyArray<Text>): UnitFlags | null => {
  const [only] = texts;
  if (only === undefined || texts.length > 1) return null;
  const document = readDocument(only.bytes);
  const input = E.isLeft(document) ? document : decodeInput(document.right.value);
  if (E.isLeft(input)) return null;
  const { snapshot: { localUnit, endpoint }, outcome: { memory, flags }, explain } = input.right.told();
  return {
    unit: localUnit,
    flags: explained(explain, endpoint, memory.flags, new Set(flags.set)),
    remembered: true,
  };
};

/** What a unit sees of a relation, as far as exchanges tell. */
const relationOf = (
  id: RelationId,
  localUnitData: Databag,
  remoteUnits: Readonly<Record<UnitName, Databag>>,
): Relation => ({ id, localUnitData, localApplicationData: {}, remoteApplicationData: {}, remoteUnits });

/** The flags of a unit that sees these relations for the first time. */
const flagsAtFirst = <Name extends string, Intent, View, Doc>(
  { explain, nothing, decide }: Row<Name, Intent, View, Doc>,
  unit: UnitName,
  relations: ReadonlyArray<Relation>,
): UnitFlags => {
  const endpoint = relations[0]?.id.split(':', 1)[0] ?? '';
  const { memory } = decide({ localUnit: unit, endpoint, isLeader: false, relations }, nothing, emptyMemory);
  return { unit, flags: explained(explain, endpoint, memory.flags, new Set()), remembered: false };
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

/**
 * The flags that the units of both sides would have which see these exchanges for the first time. What is published in the CSR protocol
 * does not tell them: there they depend on what a charm wants.
 */
const flagsOfExchanges = (exchanges: ReadonlyArray<UnitExchange>): ReadonlyArray<UnitFlags> => {
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
  const isReactive = (exchange: Exchange): exchange is UnitExchange => exchange.applications === undefined;
  const ofDocument = flagsOfDocument(texts);
  const studied = await study(exchanges, {
    pause,
    ...(isJoined && before !== null ? { tried: before.study.tried } : {}),
  })();
  return E.right({
    texts: texts.flatMap(withoutKeys),
    study: studied,
    // Of those that are examined.
    sides: sidesOf(studied.examined.flatMap((index) => exchanges[index] ?? [])),
    flags: [
      ...(ofDocument === null ? [] : [ofDocument]),
      ...flagsOfExchanges(exchanges.filter(isReactive)).filter(({ unit }) => unit !== ofDocument?.unit),
    ],
    now,
  });
};
