/**
 * What `juju show-unit` prints, as JSON or YAML, for units of one side or of both: put together by relation into exchanges.
 *
 * The output leaves much out. A unit's entry shows the databags of the other side's units, not its own; so to know what a unit asked,
 * the other side's entry is needed too. Whose application `application-data` speaks of depends on Juju's version, which the output
 * does not tell; the reactive protocol uses unit databags only, so nothing here reads it. Source: juju-hook-environment.md
 * section 4.1.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import type { Exchange } from '../../core/examine/exchange.ts';
import {
  type Decoder,
  decoder,
  isObject,
  listOf,
  mapOf,
  object,
  optional,
  required,
  text,
} from '../../core/model/codec.ts';
import { decodeWith, type InputError, inputError } from '../../core/model/input-error.ts';
import { byCodePoint } from '../../core/model/order.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Databag } from '../../core/model/snapshot.ts';
import { speaksAs } from '../../core/reactive/wire.ts';

/** One relation in the entry of one unit; a databag that was not seen is null. */
interface Info {
  readonly 'relation-id': number;
  readonly endpoint: string;
  readonly 'related-endpoint': string;
  readonly 'local-unit': Databag | null;
  readonly 'related-units': Readonly<Record<UnitName, Databag | null>>;
}

interface Entry {
  readonly 'relation-info': ReadonlyArray<Info>;
}

/** The output for several units, by unit name. */
export type ShowUnit = Readonly<Record<UnitName, Entry>>;

const Bag: Decoder<Databag> = mapOf(text());

/** A databag in its wrapping; out of scope, `data` is null or empty. */
const Seen: Decoder<Databag | null> = decoder('an object with data', { kind: 'anything' }, (u, c) => {
  const data = isObject(u) && Object.hasOwn(u, 'data') ? u['data'] : null;
  return isObject(data) ? Bag.validate(data, t.appendContext(c, 'data', Bag, data)) : E.right(null);
});

/** YAML is read without types, so that a databag's `yes` stays text: numbers come as digits. */
const RelationNumber: Decoder<number> = decoder(
  'a relation number',
  { kind: 'choice', among: [{ kind: 'text', pattern: '^[0-9]{1,9}$' }, { kind: 'number', range: { whole: true } }] },
  (u, c) => /^\d{1,9}$/.test(String(u)) ? E.right(Number(u)) : E.left([{ value: u, context: c }]),
);

/** Decodes what `juju show-unit` printed. */
export const ShowUnit: Decoder<ShowUnit> = mapOf(object<Entry>('open', {
  'relation-info': optional(
    listOf(object<Info>('open', {
      'relation-id': required(RelationNumber),
      endpoint: required(text()),
      'related-endpoint': required(text()),
      'local-unit': optional(Seen, null),
      'related-units': optional(mapOf(Seen), {}),
    })),
    [],
  ),
}));

/** Whether a value looks like the output of `juju show-unit`: all its keys are unit names. */
export const isShowUnit = (value: unknown): boolean => {
  const keys = isObject(value) ? Object.keys(value) : [];
  return keys.length > 0 && keys.every((key) => /^[^/]+\/\d+$/.test(key));
};

const applicationOf = (unit: string): string => unit.slice(0, unit.lastIndexOf('/'));

/** What is known of one relation from all entries that show it. */
class Merged {
  readonly bags = new Map<UnitName, Databag>();
  readonly units = new Set<UnitName>();
  readonly endpoints = new Map<string, string>();

  add(unit: UnitName, bag: Databag | null): void {
    this.units.add(unit);
    if (bag !== null && !this.bags.has(unit)) this.bags.set(unit, bag);
  }

  /** The applications, in order; a relation between two applications has two. */
  applications(): ReadonlyArray<string> {
    return [...new Set([...this.units].map(applicationOf))].sort(byCodePoint);
  }

  /** The application whose databags speak for a side. */
  applicationThat(role: 'requirer' | 'provider'): string | null {
    for (const [unit, bag] of this.bags) if (speaksAs(bag) === role) return applicationOf(unit);
    return null;
  }

  of(application: string): ReadonlyArray<UnitName> {
    return [...this.units].filter((unit) => applicationOf(unit) === application).sort(byCodePoint);
  }
}

/** Among units of one application: nothing to do with certificates. */
const isPeers = (unit: string, info: Info): boolean =>
  info.endpoint === info['related-endpoint'] &&
  Object.keys(info['related-units']).every((related) => applicationOf(related) === applicationOf(unit));

/** Juju 4.0 before June 2026 shows the own units in place of the related ones. */
const showsOwnUnits = (unit: string, info: Info): boolean =>
  Object.keys(info['related-units']).some((related) => applicationOf(related) === applicationOf(unit));

const merge = (outputs: ReadonlyArray<ShowUnit>): E.Either<InputError, ReadonlyMap<number, Merged>> => {
  const relations = new Map<number, Merged>();
  for (const output of outputs) {
    for (const [name, entry] of Object.entries(output)) {
      // The keys of this map are unit names, and so are those of `related-units`.
      const unit = name as UnitName;
      for (const info of entry['relation-info']) {
        if (isPeers(unit, info)) continue;
        const number = info['relation-id'];
        if (showsOwnUnits(unit, info)) {
          const message = `relation ${number} shows units of the own application as the related ones, ` +
            'a defect of Juju 4.0 before June 2026: the related units are not in this output; upgrade the juju client and controller';
          return E.left(inputError([{ path: unit, message }]));
        }
        const relation = relations.get(number) ?? new Merged();
        relations.set(number, relation);
        relation.endpoints.set(applicationOf(unit), info.endpoint);
        relation.add(unit, info['local-unit']);
        for (const [related, bag] of Object.entries(info['related-units'])) {
          relation.endpoints.set(applicationOf(related), info['related-endpoint']);
          relation.add(related as UnitName, bag);
        }
      }
    }
  }
  return E.right(relations);
};

/** Applications named in a complaint. */
const MAX_NAMED = 8;

/** The exchanges of one relation; none where it has nothing to do with certificates. */
const exchangesOf = (
  number: number,
  relation: Merged,
  stated: string | null,
): E.Either<InputError, ReadonlyArray<Exchange>> => {
  const applications = relation.applications();
  if (applications.length > 2) {
    const some = `${applications.slice(0, MAX_NAMED).join(', ')}${
      applications.length > MAX_NAMED ? ' and others' : ''
    }`;
    const message = `relation ${number} has units of ${some}: these outputs are not of one model`;
    return E.left(inputError([{ path: '', message }]));
  }
  const isStated = stated !== null && applications.includes(stated);
  const requires = isStated ? stated : relation.applicationThat('requirer');
  const provides = isStated
    ? applications.find((application) => application !== stated) ?? null
    : relation.applicationThat('provider');
  if (provides === null && requires === null) return E.right([]);
  const requirer = requires ?? applications.find((application) => application !== provides);
  if (requirer === undefined) return E.right([]);
  const provider = provides ?? applications.find((application) => application !== requirer);
  const published = provider === undefined ? [] : relation.of(provider).flatMap((unit) => {
    const bag = relation.bags.get(unit);
    return bag === undefined ? [] : [[unit, bag] as const];
  });
  // One object for all: an examination looks into it once, however many units ask.
  const providers = published.length === 0 ? null : Object.fromEntries(published);
  return E.right(
    relation.of(requirer).map((unit) => ({
      // As Juju names it on the requirer's side.
      relationId: `${relation.endpoints.get(requirer) ?? ''}:${number}` as RelationId,
      requirer: unit,
      asked: relation.bags.get(unit) ?? null,
      providers,
    })),
  );
};

/** Decodes one output. */
export const decodeShowUnit: (value: unknown) => E.Either<InputError, ShowUnit> = decodeWith(ShowUnit);

/**
 * The exchanges that several outputs show together, merged by the relation's number. `Left` when they cannot belong together, or when
 * Juju's own defect makes them useless. Relations that have nothing to do with certificates are passed over. Which application asks is
 * seen from the databags' keys, unless `requirer` states it.
 */
export const exchangesOfShowUnit = (
  outputs: ReadonlyArray<ShowUnit>,
  requirer: string | null = null,
): E.Either<InputError, ReadonlyArray<Exchange>> =>
  pipe(
    merge(outputs),
    E.chain((relations) => {
      const all: Array<Exchange> = [];
      for (const [number, relation] of [...relations].sort(([a], [b]) => a - b)) {
        const some = exchangesOf(number, relation, requirer);
        if (E.isLeft(some)) return some;
        for (const exchange of some.right) all.push(exchange);
      }
      return E.right(all);
    }),
  );
