/**
 * What a hook tool gets (a relation, values, files), and what it returns. The agent opens the files, not the tool.
 *
 * Source: docs/hook-environment.md sections 2.1 and 2.5.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { failed, type Failure, type Parsed, usage } from './arguments.ts';
import type { HookContext } from './context.ts';
import { readGoYaml, YamlError } from './go-yaml.ts';
import type { ModelRelation } from './model.ts';

/** Standard input. Bytes if it is not valid text. */
export type Input = string | Uint8Array | undefined;

/** A tool. It returns what is to be printed. */
export type Tool = (context: HookContext, parsed: Parsed, stdin: Input) => unknown;

/** A result that prints nothing. */
export const NOTHING: unique symbol = Symbol('nothing');

/** A result that is printed as it is, in no format. */
export interface Raw {
  readonly raw: string;
}

/** Whether a value is printed as it is. */
export const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && 'raw' in value;

/** A file's bytes. */
export const fileIn = (path: string, fail: (message: string) => Failure): Uint8Array => {
  try {
    return readFileSync(path);
  } catch {
    throw fail(`open ${path}: no such file or directory`);
  }
};

/** The relation that the arguments name, or else the one of the hook. */
export const relationIn = (context: HookContext, { flags }: Parsed): ModelRelation => {
  const [flag, given] = flags.has('relation') ? ['--relation', flags.get('relation')] : ['-r', flags.get('r')];
  if (given === undefined) {
    if (context.kind.relation === undefined) throw usage('no relation id specified');
    return context.kind.relation;
  }
  const invalid = (why: string) => usage(`invalid value ${JSON.stringify(given)} for option ${flag}: ${why}`);
  // Juju ignores what is before the number.
  const [, number] = /^(?:.*:)?(\d+)$/s.exec(given) ?? [];
  if (number === undefined) throw invalid('invalid relation id');
  const relation = context.relation(Number(number));
  if (relation === undefined) throw invalid('relation not found');
  return relation;
};

/** The values to set: those in a file, then those in words. */
export const valuesIn = (parsed: Parsed, stdin: Input): Readonly<Record<string, string>> => {
  const file = parsed.flags.get('file');
  const out: Record<string, string> = Object.create(null);
  if (file !== undefined) {
    try {
      Object.assign(out, readGoYaml(file === '-' ? stdin ?? '' : fileIn(file, failed)));
    } catch (error) {
      throw error instanceof YamlError ? failed(error.message) : error;
    }
  }
  const given = new Set<string>();
  for (const word of parsed.words) {
    const at = word.indexOf('=');
    if (at < 1) throw usage(`expected "key=value", got ${JSON.stringify(word)}`);
    const key = word.slice(0, at);
    if (given.has(key)) throw usage(`key ${JSON.stringify(key)} specified more than once`);
    given.add(key);
    out[key] = word.slice(at + 1);
  }
  return out;
};
