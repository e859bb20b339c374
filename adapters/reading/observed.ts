/**
 * What an inspection is given: one input document of either side, or what `juju show-unit` printed, in one text or several, as JSON
 * or YAML.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { type Exchanges, exchangesOfProvider, exchangesOfRequirer } from '../../core/examine/exchange.ts';
import { type Decoder, object, oneOf, required } from '../../core/model/codec.ts';
import { decodeWith, type InputError, inputError } from '../../core/model/input-error.ts';
import { Snapshot, type Timestamp } from '../../core/model/snapshot.ts';
import { provides } from '../../core/reactive/provides.ts';
import { requires } from '../../core/reactive/requires.ts';
import { readDocument } from './document.ts';
import { decodeShowUnit, exchangesOfShowUnit, isShowUnit, type ShowUnit } from './show-unit.ts';
import { readYaml } from './yaml/read.ts';

/** What an input document shows, by its side. */
const EXCHANGES = { [requires.name]: exchangesOfRequirer, [provides.name]: exchangesOfProvider };

/** An input document as far as an inspection needs it. */
interface Observed {
  readonly side: keyof typeof EXCHANGES;
  readonly snapshot: Snapshot;
}

const Observed: Decoder<Observed> = object<Observed>('open', {
  side: required(oneOf(requires.name, provides.name)),
  snapshot: required(Snapshot),
});

/** A text and the name under which complaints mention it. */
export interface Text {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A text that somebody has read already. */
export interface ReadText {
  readonly name: string;
  readonly value: unknown;
}

const unusable = (name: string, message: string): InputError =>
  inputError([{ path: '', message: `${name}: ${message}` }]);

/** Juju prints YAML unless told otherwise. What begins with a bracket is JSON that is broken. */
const fromYaml = (name: string, bytes: Uint8Array, notJson: InputError): E.Either<InputError, unknown> => {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Which bytes they are is nothing to be told.
    return E.left(unusable(name, notJson.message));
  }
  if (/^\s*(?:[[{]|$)/.test(text)) return E.left(unusable(name, notJson.message));
  return pipe(
    readYaml(text),
    E.mapLeft(({ flaw, line }) =>
      unusable(name, `expected JSON, or YAML as juju show-unit prints it: this is neither; line ${line}: ${flaw}`)
    ),
    E.filterOrElse(isShowUnit, () => unusable(name, notJson.message)),
  );
};

/** The value of a text: JSON, or YAML with all its scalars as text. `Left` quotes nothing of it. */
export const readValue = ({ name, bytes }: Text): E.Either<InputError, unknown> =>
  pipe(
    readDocument(bytes),
    E.map(({ value }): unknown => value),
    E.orElse((error) => fromYaml(name, bytes, error)),
  );

const named = (name: string) => (error: InputError): InputError =>
  inputError(error.issues.map(({ path, message }) => ({ path: path === '' ? name : `${name}: ${path}`, message })));

const ofDocument = (name: string, value: unknown): E.Either<InputError, Exchanges> =>
  pipe(
    decodeWith(Observed)(value),
    E.mapLeft(named(name)),
    E.map(({ side, snapshot }) => EXCHANGES[side](snapshot)),
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
  return pipe(exchangesOfShowUnit(outputs, requirer), E.map((exchanges) => ({ exchanges, now: clock })));
};

/**
 * The exchanges in the texts. A single input document tells the time itself; output of `juju show-unit` is of the present, which
 * `clock` tells. `requirer` states which application asks, where the output does not show it.
 */
export const readObserved = (
  texts: ReadonlyArray<Text | ReadText>,
  clock: Timestamp,
  requirer: string | null = null,
): E.Either<InputError, Exchanges> => {
  const values: Array<readonly [Pick<Text, 'name'>, unknown]> = [];
  for (const text of texts) {
    const value = 'value' in text ? E.right(text.value) : readValue(text);
    if (E.isLeft(value)) return value;
    values.push([text, value.right]);
  }
  const [first] = values;
  if (first !== undefined && values.length === 1 && !isShowUnit(first[1])) return ofDocument(first[0].name, first[1]);
  const other = values.find(([, value]) => !isShowUnit(value));
  return other === undefined ? ofOutputs(values, clock, requirer) : E.left(inputError([{
    path: other[0].name,
    message:
      'several files are put together only if each is the output of juju show-unit; give an input document alone',
  }]));
};
