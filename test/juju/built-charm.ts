/**
 * Charms built as people build them, and the programs that their hooks find on a machine.
 *
 * @module
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parse } from 'yaml';
import { RUNTIME } from '../command.ts';

/** What a build can be told. */
export interface BuildOptions {
  readonly out: string;
  readonly forms?: ReadonlyArray<string>;
  readonly parts?: boolean;
  readonly keepYaml?: boolean;
}

/** Builds charms, for the present runtime unless said; gives their folders. */
export const build = async (
  sources: ReadonlyArray<string>,
  { forms = [RUNTIME], ...options }: BuildOptions,
): Promise<ReadonlyArray<string>> => {
  // A computed path, since there are no types for it.
  const { buildCharms } = await import(new URL('../../tools/charms.mjs', import.meta.url).href);
  return await buildCharms(sources, { forms, ...options });
};

/** Writes an executable shell script. */
export const script = (path: string, text: string): void => {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
};

/** `PATH` with a folder before it that has the present runtime under its name, and stand-ins for other programs. */
export const pathWith = (folder: string, standIns: Readonly<Record<string, string>> = {}): string => {
  mkdirSync(folder);
  script(join(folder, RUNTIME), `exec '${process.execPath}' "$@"`);
  for (const [name, text] of Object.entries(standIns)) script(join(folder, name), text);
  return `${folder}:${process.env['PATH'] ?? ''}`;
};

/** The options of a charm as Juju has them before anybody sets one. */
export const optionsIn = (config: string): Record<string, unknown> => {
  const { options }: { options: Record<string, { default?: unknown }> } = parse(config);
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default ?? null]));
};
