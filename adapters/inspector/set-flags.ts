/**
 * Which flags are set on the units that were read, and why: those that a document remembers, and those that a unit would set if it saw its
 * relations for the first time.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { decodeInput } from '../../core/any/decide.ts';
import type { Exchange, UnitExchange } from '../../core/examine/exchange.ts';
import type { Flag } from '../../core/model/flag.ts';
import { emptyMemory } from '../../core/model/memory.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Databag, Relation } from '../../core/model/snapshot.ts';
import { provides } from '../../core/reactive/provides.ts';
import { requires } from '../../core/reactive/requires.ts';
import { PROVIDER_KEYS } from '../../core/reactive/wire.ts';
import type { Explain, Row } from '../../core/side/row.ts';
import { readDocument } from '../reading/document.ts';
import type { Text } from '../reading/observed.ts';

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
  /** Whether the unit's memory is known; without it, every change counts as new. */
  readonly remembered: boolean;
}

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

/** The flags of the document's own unit, from its memory. */
export const flagsOfDocument = (texts: ReadonlyArray<Text>): UnitFlags | null => {
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

/** What a unit sees of a relation, as far as exchanges show. */
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

/** Provider databags with a shortened CA and chain: the flags only depend on whether these are present. */
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
 * The flags that the units of both sides would set if they saw these exchanges for the first time. For the CSR protocol, the published data
 * does not determine them: they depend on what a charm wants.
 */
export const flagsOfExchanges = (exchanges: ReadonlyArray<UnitExchange>): ReadonlyArray<UnitFlags> => {
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
