/**
 * The input of an inspection: input documents of any side, one for each unit, or output of `juju show-unit` or `relation-get`, in one or more
 * texts, as JSON or YAML, from files or pasted.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import {
  type Exchange,
  type Exchanges,
  exchangesOfHandingOut,
  exchangesOfProvider,
  exchangesOfRequirer,
  exchangesOfTrusting,
} from '../../core/examine/exchange.ts';
import { anyRequires } from '../../core/any/requires.ts';
import { firstSince, WAITING_NOTE } from '../../core/any/requires/waiting.ts';
import { type Decoder, isObject, object, oneOf, optional, required } from '../../core/model/codec.ts';
import { decodeWith, type InputError, inputError } from '../../core/model/input-error.ts';
import { emptyMemory, Memory } from '../../core/model/memory.ts';
import { Snapshot, type Timestamp } from '../../core/model/snapshot.ts';
import { type SideName, SIDES } from '../../core/any/decide.ts';
import { rememberedOf } from '../../core/side/remember.ts';
import type { Role } from '../../core/side/row.ts';
import { trustProvides } from '../../core/trust/provides.ts';
import { trustRequires } from '../../core/trust/requires.ts';
import { isBareBag, shownBags } from './bare-bags.ts';
import { readDocument } from './document.ts';
import { type Found, readPasted } from './pasted.ts';
import { decodeShowUnit, isShowUnit, shownTogether, type ShowUnit } from './show-unit.ts';
import type { YamlFault } from './yaml/fault.ts';
import { readYaml } from './yaml/read.ts';

/** What an input document shows, by the role of its side. */
const EXCHANGES: Readonly<Record<Role, (snapshot: Snapshot) => Exchanges>> = {
  requirer: exchangesOfRequirer,
  provider: exchangesOfProvider,
};

/** What a document of a side for trust shows; these sides are in no table, since `decide` does not take them. */
const TRUST_EXCHANGES = { [trustRequires.name]: exchangesOfTrusting, [trustProvides.name]: exchangesOfHandingOut };

/** A side that is inspected. */
type ObservedSide = SideName | keyof typeof TRUST_EXCHANGES;

/** The part of an input document that an inspection needs. */
interface Observed {
  readonly side: ObservedSide;
  readonly snapshot: Snapshot;
  readonly memory: Memory;
}

// The keys of the tables are the names of their sides.
const SIDE_NAMES = [...Object.keys(SIDES), ...Object.keys(TRUST_EXCHANGES)] as ReadonlyArray<ObservedSide>;

const Observed: Decoder<Observed> = object<Observed>('open', {
  side: required(oneOf(...SIDE_NAMES)),
  snapshot: required(Snapshot),
  memory: optional(Memory, emptyMemory),
});

/** A text, and its name in complaints. */
export interface Text {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A text that somebody has already read. */
export interface ReadText {
  readonly name: string;
  readonly value: unknown;
}

const unusable = (name: string, message: string): InputError =>
  inputError([{ path: '', message: `${name}: ${message}` }]);

/** The text in bytes; null if they are not UTF-8. */
const textOf = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // There is no point in reporting which bytes they are.
    return null;
  }
};

/** Whether a value is output of Juju. */
const isPrinted = (value: unknown): boolean => isShowUnit(value) || isBareBag(value);

/** Whether a value is something to examine. */
const isKnown = (value: unknown): boolean => isPrinted(value) || (isObject(value) && Object.hasOwn(value, 'snapshot'));

/** Juju prints YAML by default. A text that starts with a bracket is broken JSON. */
const fromYaml = (name: string, text: string, notJson: InputError): E.Either<InputError, unknown> => {
  if (/^\s*(?:[[{]|$)/.test(text)) return E.left(unusable(name, notJson.message));
  return pipe(
    readYaml(text),
    E.mapLeft((fault) => unusable(name, notYaml(fault))),
    E.filterOrElse(
      isPrinted,
      () => unusable(name, notJson.message.replace(/^not valid JSON/, 'not valid JSON or YAML')),
    ),
  );
};

const notYaml = ({ flaw, line }: YamlFault): string => `not valid JSON or YAML (line ${line}): ${flaw}`;

/** What was found, as values of the known kinds: single databags are combined into one value. */
const valuesOf = (found: ReadonlyArray<Found>): ReadonlyArray<unknown> => [
  ...found.filter(({ value }) => !isBareBag(value)).map(({ value }) => value),
  ...shownBags(found),
];

/**
 * The values in a text: JSON, YAML with all scalars as text, or something pasted from a terminal, which may contain several. `Left` quotes
 * nothing.
 */
export const readValues = ({ name, bytes }: Text): E.Either<InputError, ReadonlyArray<unknown>> => {
  const json = readDocument(bytes);
  if (E.isRight(json)) return E.right(valuesOf([{ value: json.right.value, command: null }]));
  const text = textOf(bytes);
  if (text === null) return E.left(unusable(name, json.left.message));
  const whole = fromYaml(name, text, json.left);
  if (E.isRight(whole)) return E.right(valuesOf([{ value: whole.right, command: null }]));
  return pipe(
    readPasted(text, isKnown),
    E.mapLeft((fault) => unusable(name, notYaml(fault))),
    E.filterOrElse((found) => found.length > 0, () => whole.left),
    E.map(valuesOf),
  );
};

const named = (name: string) => (error: InputError): InputError =>
  inputError(error.issues.map(({ path, message }) => ({ path: path === '' ? name : `${name}: ${path}`, message })));

/** What one document shows. */
const ofDocument = ({ side, snapshot, memory }: Observed): Exchanges => {
  if (side === trustRequires.name || side === trustProvides.name) return TRUST_EXCHANGES[side](snapshot);
  const seen = EXCHANGES[SIDES[side].role](snapshot);
  // Only this side remembers it.
  const since = firstSince(rememberedOf(snapshot.endpoint, memory)(WAITING_NOTE));
  return since === null || side !== anyRequires.name
    ? seen
    : { ...seen, exchanges: seen.exchanges.map((one) => ({ ...one, waitingSince: since })) };
};

/** Documents of several units, or of both sides, together: each unit has one of them. */
const ofDocuments = (
  values: ReadonlyArray<readonly [name: string, value: unknown]>,
): E.Either<InputError, Exchanges> => {
  const seen: Array<Exchanges> = [];
  const units = new Set<string>();
  for (const [name, value] of values) {
    const observed = decodeWith(Observed)(value);
    if (E.isLeft(observed)) return E.left(named(name)(observed.left));
    const { snapshot } = observed.right;
    const unit = `${snapshot.localUnit} on ${snapshot.endpoint}`;
    if (units.has(unit)) {
      const message = 'another document is of the same unit, at another time perhaps: give an input document alone';
      return E.left(inputError([{ path: name, message }]));
    }
    units.add(unit);
    seen.push(ofDocument(observed.right));
  }
  return E.right({
    exchanges: joined(seen.flatMap(({ exchanges }) => exchanges)),
    trust: seen.flatMap(({ trust = [] }) => trust),
    now: latestOf(seen),
  });
};

/** A relation has one number on both sides. What both show is taken from the side that asks, which came first or has its own databag. */
const joined = (exchanges: ReadonlyArray<Exchange>): ReadonlyArray<Exchange> => {
  const byRequirer = new Map<string, Exchange>();
  for (const exchange of exchanges) {
    const { requirer, relationId, providers } = exchange;
    const key = `${requirer} ${relationId.slice(relationId.lastIndexOf(':') + 1)}`;
    const known = byRequirer.get(key);
    const shows = ({ providers }: Exchange): number => Object.keys(providers ?? {}).length;
    if (known === undefined || (providers !== null && shows(exchange) > shows(known))) byRequirer.set(key, exchange);
  }
  return [...byRequirer.values()];
};

/** The latest moment that documents tell; null where none does. */
const latestOf = (seen: ReadonlyArray<Exchanges>): Timestamp | null =>
  seen.reduce<Timestamp | null>(
    (latest, { now }) => now !== null && (latest === null || Date.parse(now) > Date.parse(latest)) ? now : latest,
    null,
  );

const ofOutputs = (
  values: ReadonlyArray<readonly [Pick<Text, 'name'>, unknown]>,
  clock: Timestamp,
  requirer: string | null,
): E.Either<InputError, Exchanges> => {
  const outputs: Array<ShowUnit> = [];
  for (const [{ name }, value] of values) {
    const output = decodeShowUnit(value);
    if (E.isLeft(output)) return E.left(named(name)(output.left));
    outputs.push(output.right);
  }
  return pipe(shownTogether(outputs, requirer), E.map((shown) => ({ ...shown, now: clock })));
};

/**
 * The exchanges in the texts. Input documents bring their own time, of which the latest counts; output of `juju show-unit` belongs to the
 * present, which `clock` tells. `requirer` names the application that asks if the output does not show it.
 */
export const readObserved = (
  texts: ReadonlyArray<Text | ReadText>,
  clock: Timestamp,
  requirer: string | null = null,
): E.Either<InputError, Exchanges> => {
  const values: Array<readonly [Pick<Text, 'name'>, unknown]> = [];
  for (const text of texts) {
    const read = 'value' in text ? E.right(valuesOf([{ value: text.value, command: null }])) : readValues(text);
    if (E.isLeft(read)) return read;
    for (const value of read.right) values.push([text, value]);
  }
  const documents = values.filter(([, value]) => !isShowUnit(value));
  const [document] = documents;
  if (document === undefined) return ofOutputs(values, clock, requirer);
  if (documents.length === values.length) return ofDocuments(documents.map(([{ name }, value]) => [name, value]));
  return E.left(inputError([{
    path: document[0].name,
    message: 'this is an input document, and others are output of juju show-unit: give an input document alone',
  }]));
};
