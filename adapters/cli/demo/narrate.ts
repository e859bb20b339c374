/**
 * Telling what hooks did, for people who see all this for the first time: who, which hook, which keys were written, which flags changed,
 * and what each key and flag is there for.
 *
 * @module
 */
import { type SideName, SIDES } from '../../../core/csr/decide.ts';
import type { Flag } from '../../../core/model/flag.ts';
import { answeredUnit } from '../../../core/reactive/wire.ts';
import type { Bag } from '../../../core/model/outcome.ts';
import type { HookRecord } from '../../memory/run.ts';
import { counted } from '../../../core/model/shape.ts';
import { printable } from '../../text/printable.ts';
import { aligned, wrapped } from '../../text/table.ts';
import type { Page } from '../terminal.ts';

/** Columns before what a hook did. */
const INDENT = 15;

/** Columns before a word of the glossary, and between it and its meaning. */
const GLOSSARY_INDENT = 6;

/** Answers are told by whom they answer: there are many keys. */
const keyWords = (keys: ReadonlyArray<string>): ReadonlyArray<string> => {
  const answers = new Map<string, number>();
  for (const key of keys) {
    const unit = answeredUnit(key);
    if (unit !== null) answers.set(unit, (answers.get(unit) ?? 0) + 1);
  }
  const own = keys.filter((key) => answeredUnit(key) === null);
  return [
    ...own.map((key) => printable(key)),
    ...[...answers].map(([unit, n]) => `answers to ${printable(unit)} (${counted(n, 'key')})`),
  ];
};

/** Keys with the databag that they are in, where it is the application's. */
const inBag = (bag: Bag, words: ReadonlyArray<string>): ReadonlyArray<string> =>
  bag === 'unit' ? words : words.map((word) => `${word} of the application`);

/** A flag as it is told: all flags of a unit here are of one endpoint. */
const withoutEndpoint = (endpoint: string, flag: Flag): string => printable(flag.replace(`${endpoint}.`, ''));

/** Whether a hook did anything that could be told. */
export const isEventful = ({ writes, secrets, flags, failed }: HookRecord, handled: ReadonlyArray<Flag>): boolean =>
  failed !== null || [writes, secrets, flags.set, flags.clear, handled].some(({ length }) => length > 0);

/** What one hook did, and which changes the charm handled in it. */
export const hookLines = (
  { paint, width }: Page,
  { hook, writes, secrets, flags, failed }: HookRecord,
  handled: ReadonlyArray<Flag>,
  endpoint: string,
  said: ReadonlyArray<string> = [],
): ReadonlyArray<string> => {
  const told = (label: string, words: ReadonlyArray<string>): ReadonlyArray<string> =>
    words.length === 0
      ? []
      : wrapped(words.join(', '), width - INDENT).map((line, i) =>
        `      ${paint('dim', (i === 0 ? label : '').padEnd(9))}${line}`
      );
  const short = (flag: Flag): string => withoutEndpoint(endpoint, flag);
  const about = hook.remoteUnit === undefined ? '' : paint('dim', ` about ${printable(hook.remoteUnit)}`);
  return [
    `  ${paint('bold', printable(hook.unit))}  ${printable(hook.name)}${about}`,
    ...told('failed', failed === null ? [] : [failed]),
    ...told('writes', writes.flatMap(({ bag, set }) => inBag(bag, keyWords(Object.keys(set))))),
    ...told('deletes', writes.flatMap((write) => inBag(write.bag, keyWords(write.delete)))),
    ...told('keeps', secrets.map(({ owner, label }) => printable(`${label} of ${owner}, a secret`))),
    ...told('sets', flags.set.map(short)),
    ...told('handles', handled.map(short)),
    ...told('clears', flags.clear.map(short)),
    ...said.flatMap((one, i) => told(i === 0 ? 'so that' : '', [one])),
  ];
};

/** Explains each key and flag when it is met for the first time. */
export class Glossary {
  readonly #known = new Set<string>();
  readonly #met: Array<readonly [word: string, meaning: string]> = [];

  /** Takes note of what a hook wrote and set. */
  meet(side: SideName, endpoint: string, { writes, flags }: HookRecord, handled: ReadonlyArray<Flag>): void {
    for (const key of writes.flatMap(({ set }) => Object.keys(set))) {
      const unit = answeredUnit(key);
      // Answers differ in the unit that they are for; one explanation does.
      const word = unit === null ? key : `<unit>${key.slice(unit.length)}`;
      this.#note(word, SIDES[side].explain.key(key));
    }
    for (const flag of [...flags.set, ...handled, ...flags.clear]) {
      const name = withoutEndpoint(endpoint, flag);
      this.#note(name, SIDES[side].explain.flag(name));
    }
  }

  /** The lines for what was met since these were asked for last. */
  lines({ paint, width }: Page): ReadonlyArray<string> {
    const met = this.#met.splice(0);
    const longest = met.reduce((most, [word]) => Math.max(most, word.length), 0);
    // Where the two do not stand beside each other, nothing is gained by columns.
    const room = Math.max(20, width - longest - GLOSSARY_INDENT);
    const rows = met.flatMap(([word, meaning]) =>
      wrapped(meaning, room).map((line, i) => [paint('dim', i === 0 ? printable(word) : ''), paint('dim', line)])
    );
    return rows.length === 0 ? [] : ['', paint('dim', '  What these stand for:'), ...aligned(rows, '    ')];
  }

  #note(word: string, meaning: string | null): void {
    // A flag of one name says something else on the other side.
    if (meaning === null || this.#known.has(`${word} ${meaning}`)) return;
    this.#known.add(`${word} ${meaning}`);
    this.#met.push([word, meaning]);
  }
}
