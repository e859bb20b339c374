/**
 * What an inspection is given: one input document of either side, or what `juju show-unit` printed, in one text or several, as JSON
 * or YAML.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { parse } from 'yaml';
import { type Exchanges, exchangesOfProvider, exchangesOfRequirer } from '../../core/examine/exchange.ts';
import { type Decoder, object, oneOf, required } from '../../core/model/codec.ts';
import { decodeWith, type InputError, inputError } from '../../core/model/input-error.ts';
import { Snapshot, type Timestamp } from '../../core/model/snapshot.ts';
import { readDocument } from './document.ts';
import { decodeShowUnit, exchangesOfShowUnit, isShowUnit, type ShowUnit } from './show-unit.ts';

/** An input document as far as an inspection needs it. */
interface Observed {
  readonly side: 'reactive/requires' | 'reactive/provides';
  readonly snapshot: Snapshot;
}

const Observed: Decoder<Observed> = object<Observed>('open', {
  side: required(oneOf('reactive/requires', 'reactive/provides')),
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

const notYaml = (name: string): InputError =>
  inputError([{ path: '', message: `${name}: expected JSON, or YAML as juju show-unit prints it: this is neither` }]);

/** Juju prints YAML unless told otherwise. Its scalars are read as text, so that a databag's `yes` stays what it is. */
const readYaml = (name: string, bytes: Uint8Array): E.Either<InputError, unknown> => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // The library's warnings quote the text too, and go to standard error unless they are turned off.
    return E.right(parse(text, { schema: 'failsafe', logLevel: 'error' }));
  } catch {
    // The library's message quotes the text, which may hold a private key: it is dropped on purpose.
    return E.left(notYaml(name));
  }
};

/** The value of a text: JSON, or YAML with all its scalars as text. `Left` quotes nothing of it. */
export const readValue = ({ name, bytes }: Text): E.Either<InputError, unknown> =>
  pipe(
    readDocument(bytes),
    E.map(({ value }): unknown => value),
    E.orElse((error) =>
      pipe(
        readYaml(name, bytes),
        E.filterOrElse(isShowUnit, () => inputError([{ path: '', message: `${name}: ${error.message}` }])),
      )
    ),
  );

const named = (name: string) => (error: InputError): InputError =>
  inputError(error.issues.map(({ path, message }) => ({ path: path === '' ? name : `${name}: ${path}`, message })));

const ofDocument = (name: string, value: unknown): E.Either<InputError, Exchanges> =>
  pipe(
    decodeWith(Observed)(value),
    E.mapLeft(named(name)),
    E.map(({ side, snapshot }) =>
      side === 'reactive/requires' ? exchangesOfRequirer(snapshot) : exchangesOfProvider(snapshot)
    ),
  );

const ofOutputs = (
  values: ReadonlyArray<readonly [Pick<Text, 'name'>, unknown]>,
  clock: Timestamp,
  requirer: string | null,
): E.Either<InputError, Exchanges> =>
  pipe(
    values.reduce<E.Either<InputError, ReadonlyArray<ShowUnit>>>(
      (all, [{ name }, value]) =>
        pipe(
          all,
          E.chain((before) => pipe(decodeShowUnit(value), E.bimap(named(name), (output) => [...before, output]))),
        ),
      E.right([]),
    ),
    E.chain((outputs) => exchangesOfShowUnit(outputs, requirer)),
    E.map((exchanges) => ({ exchanges, now: clock })),
  );

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
