/**
 * The output of `juju show-unit`, as JSON or YAML, for units of one side or of both, put together into exchanges by relation.
 *
 * The output leaves a lot out. A unit's entry shows the databags of the other side's units, not its own, so the other side's entry is
 * needed to know what a unit requested. Source: `juju show-unit --help`; juju/juju, cmd/juju/application/showunit.go.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import type { Exchange, SilentRelation } from '../../core/examine/exchange.ts';
import type { TrustExchange } from '../../core/examine/trust-exchange.ts';
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
import { applicationOf, type UnitName } from '../../core/model/names.ts';
import type { Databag } from '../../core/model/snapshot.ts';
import { joinAcrossModels } from './cross-model.ts';
import { exchangesOfShown, mayBeForCertificates, silentRelation } from './shown-exchanges.ts';
import { shownRelations, type Sighting } from './shown-relation.ts';
import { isForTrust, trustOfShown } from './shown-trust.ts';

/** One relation in the entry of one unit; null for a databag that was not seen. */
interface Info {
  readonly 'relation-id': number;
  readonly endpoint: string;
  readonly 'related-endpoint': string;
  readonly 'cross-model': boolean;
  readonly 'application-data': Databag | null;
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

/** An application's databag; anything but an object counts as none. */
const Shown: Decoder<Databag | null> = decoder(
  'a databag',
  { kind: 'anything' },
  (u, c) => isObject(u) ? Bag.validate(u, c) : E.right(null),
);

/** YAML is read without types, so that a databag's `yes` stays text; numbers arrive as digits. */
const RelationNumber: Decoder<number> = decoder(
  'a relation number',
  { kind: 'choice', among: [{ kind: 'text', pattern: '^[0-9]{1,9}$' }, { kind: 'number', range: { whole: true } }] },
  (u, c) => /^\d{1,9}$/.test(String(u)) ? E.right(Number(u)) : E.left([{ value: u, context: c }]),
);

/** True, or its form in YAML that is read without types. */
const Flag: Decoder<boolean> = decoder(
  'true or false',
  { kind: 'anything' },
  (u) => E.right(u === true || u === 'true'),
);

/** Decodes the output of `juju show-unit`. */
export const ShowUnit: Decoder<ShowUnit> = mapOf(object<Entry>('open', {
  'relation-info': optional(
    listOf(object<Info>('open', {
      'relation-id': required(RelationNumber),
      endpoint: required(text()),
      'related-endpoint': required(text()),
      'cross-model': optional(Flag, false),
      'application-data': optional(Shown, null),
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

const relatedUnits = (info: Info): ReadonlyArray<UnitName> =>
  // The keys of this map are unit names.
  Object.keys(info['related-units']) as Array<UnitName>;

/** A relation among units of one application has nothing to do with certificates. */
const isPeers = (unit: UnitName, info: Info): boolean =>
  info.endpoint === info['related-endpoint'] &&
  relatedUnits(info).every((related) => applicationOf(related) === applicationOf(unit)) &&
  // A unit without units on the other side shows none of them; peers show their own.
  (relatedUnits(info).length > 0 || info['local-unit'] !== null ||
    Object.keys(info['application-data'] ?? {}).length === 0);

/** Juju 4.0 before June 2026 shows its own units in place of the related ones. */
const showsOwnUnits = (unit: UnitName, info: Info): boolean =>
  relatedUnits(info).some((related) => applicationOf(related) === applicationOf(unit));

const sightingsOf = (outputs: ReadonlyArray<ShowUnit>): E.Either<InputError, ReadonlyArray<Sighting>> => {
  const sightings: Array<Sighting> = [];
  for (const output of outputs) {
    for (const [name, entry] of Object.entries(output)) {
      // The keys of this map are unit names.
      const unit = name as UnitName;
      for (const info of entry['relation-info']) {
        if (isPeers(unit, info)) continue;
        if (showsOwnUnits(unit, info)) {
          const message = `relation ${info['relation-id']} shows units of the own application as the related ones, ` +
            'a defect of Juju 4.0 before June 2026: the related units are not in this output; upgrade the juju client and controller';
          return E.left(inputError([{ path: unit, message }]));
        }
        sightings.push({
          number: info['relation-id'],
          unit,
          own: info['local-unit'],
          endpoint: info.endpoint,
          relatedEndpoint: info['related-endpoint'],
          isCrossModel: info['cross-model'],
          applicationData: info['application-data'],
          related: new Map(relatedUnits(info).map((related) => [related, info['related-units'][related] ?? null])),
        });
      }
    }
  }
  return E.right(sightings);
};

/** Decodes one output. */
export const decodeShowUnit: (value: unknown) => E.Either<InputError, ShowUnit> = decodeWith(ShowUnit);

/** What several outputs show together. */
export interface ShownTogether {
  readonly exchanges: ReadonlyArray<Exchange>;
  readonly trust: ReadonlyArray<TrustExchange>;
  /** Relations that may be about certificates, and say nothing yet. */
  readonly silent: ReadonlyArray<SilentRelation>;
}

/**
 * The exchanges and the relations for trust that several outputs show together, merged by relation number and, across models, by content; also the
 * relations that say nothing yet. `Left` if they cannot belong together, or if Juju's own defect makes them useless. Relations that
 * have nothing to do with certificates are skipped. The databag keys show which application asks, or trusts, unless `requirer` names it.
 */
export const shownTogether = (
  outputs: ReadonlyArray<ShowUnit>,
  requirer: string | null = null,
): E.Either<InputError, ShownTogether> =>
  pipe(
    sightingsOf(outputs),
    E.chain(shownRelations),
    E.map((relations): ShownTogether => {
      const trust = relations.filter(isForTrust);
      const others = joinAcrossModels(relations.filter((relation) => !isForTrust(relation)));
      const shown = others.map((relation) => ({ relation, exchanges: exchangesOfShown(relation, requirer) }));
      const exchanges = shown.flatMap((one) => one.exchanges);
      const silent = shown.filter((one) => one.exchanges.length === 0).map(({ relation }) => relation);
      const named = silent.filter(mayBeForCertificates);
      // If nothing at all is about certificates, any silent relation may be.
      const told = named.length === 0 && exchanges.length === 0 && trust.length === 0 ? silent : named;
      return {
        exchanges,
        trust: trust.map((relation) => trustOfShown(relation, requirer)),
        silent: told.flatMap((relation) => silentRelation(relation) ?? []),
      };
    }),
  );

/** The exchanges alone. */
export const exchangesOfShowUnit = (
  outputs: ReadonlyArray<ShowUnit>,
  requirer: string | null = null,
): E.Either<InputError, ReadonlyArray<Exchange>> =>
  pipe(shownTogether(outputs, requirer), E.map(({ exchanges }) => exchanges));
