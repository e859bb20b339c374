/**
 * What a hook keeps for the next one: the memory, notes, and a count of how often it was kept.
 *
 * It is stored in Juju's own state of the unit, one entry per endpoint, so that it is committed or lost together with what the same hook
 * wrote on relations. Juju takes 65,536 bytes per value, so a long text continues in further entries.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as E from 'fp-ts/lib/Either.js';
import { type Decoder, mapOf, numberIn, object, optional, required, text } from '../../core/model/codec.ts';
import { emptyMemory, Memory } from '../../core/model/memory.ts';
import type { Notes } from '../reaction.ts';

/** What is kept. */
export interface HookState {
  /** How often something was kept: of two copies, the one with the higher count is valid. */
  readonly serial: number;
  readonly memory: Memory;
  readonly notes: Notes;
}

/** What is kept after a first deployment. */
export const noHookState: HookState = { serial: 0, memory: emptyMemory, notes: {} };

const wholeNumber: Decoder<number> = numberIn('a whole number', {
  from: Number.MIN_SAFE_INTEGER,
  upTo: Number.MAX_SAFE_INTEGER,
  whole: true,
});

const Kept: Decoder<HookState> = object<HookState>('open', {
  serial: required(wholeNumber),
  memory: required(Memory),
  notes: optional(mapOf(text()), {}),
});

/** Characters in an entry, all ASCII: below Juju's limit in bytes. */
const PART = 60_000;

/** Whether both are the same except for the count. */
export const sameHookState = (a: HookState, b: HookState): boolean =>
  JSON.stringify([a.memory, a.notes]) === JSON.stringify([b.memory, b.notes]);

/** As ASCII text. */
export const hookStateText = (kept: HookState): string =>
  JSON.stringify(kept).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The content of a text; null if it is not ours or damaged. */
export const hookStateIn = (content: string): HookState | null => {
  try {
    return pipe(Kept.decode(JSON.parse(content)), E.getOrElse((): HookState | null => null));
  } catch {
    // Not JSON: nothing is known, as in the first hook after a deployment.
    return null;
  }
};

/** The name of an endpoint's entry, and of those that continue it. */
const entryName = (endpoint: string, part: number): string =>
  `tls-certificates/${endpoint}${part === 0 ? '' : `/${part}`}`;

/** The text in the unit's state, from all its parts. */
export const textInState = (endpoint: string, state: Readonly<Record<string, string>>): string | null => {
  const parts: Array<string> = [];
  for (let part = 0;; part++) {
    const value = state[entryName(endpoint, part)] ?? '';
    if (value === '') return parts.length === 0 ? null : parts.join('');
    parts.push(value);
  }
};

/** The entries to set so that the state has this text. An entry that is no longer needed becomes empty. */
export const entriesFor = (
  endpoint: string,
  content: string,
  state: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const entries: Record<string, string> = {};
  const needed = Math.ceil(content.length / PART);
  for (let part = 0;; part++) {
    const name = entryName(endpoint, part);
    const now = state[name] ?? '';
    if (part >= needed && now === '') return entries;
    const value = content.slice(part * PART, (part + 1) * PART);
    if (value !== now) entries[name] = value;
  }
};
