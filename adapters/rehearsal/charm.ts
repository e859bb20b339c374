/**
 * A charm's folder: its endpoints, its options, and whether it has a program.
 *
 * @module
 */
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../../core/model/codec.ts';
import type { HostError } from '../host.ts';

/** What a charm declares. */
export interface CharmFolder {
  /** The endpoints that it provides. */
  readonly provides: ReadonlyArray<string>;
  /** The endpoints that it requires. */
  readonly requires: ReadonlyArray<string>;
  /** The endpoints whose interface is `tls-certificates`. */
  readonly certificates: ReadonlyArray<string>;
  /** The default of each option. Null if it has none. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** Makes the error for a charm's folder that cannot be used. */
export const charmError = (message: string): HostError => ({ _tag: 'HostError', reason: 'not-found', message });

const objectIn = (folder: string, file: string): Readonly<Record<string, unknown>> => {
  const path = join(folder, file);
  if (!existsSync(path)) return {};
  const value: unknown = parse(readFileSync(path, 'utf8'));
  return isObject(value) ? value : {};
};

const part = (of: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> => {
  const value = of[name];
  return isObject(value) ? value : {};
};

const defaultsIn = (config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(part(config, 'options')).map((
      [name, option],
    ) => [name, isObject(option) ? option['default'] ?? null : null]),
  );

/** Reads what a charm declares. Throws a {@link HostError} if the folder is not a charm. */
export const readCharm = (folder: string): CharmFolder => {
  const isFolder = existsSync(folder) && statSync(folder).isDirectory();
  if (!isFolder) {
    throw charmError(`${folder}: there is no such folder; name the folder that has the charm's metadata.yaml`);
  }
  const metadata = ['metadata.yaml', 'charmcraft.yaml'].find((file) => existsSync(join(folder, file)));
  if (metadata === undefined) {
    throw charmError(`${folder}: not a charm: the folder has neither metadata.yaml nor charmcraft.yaml`);
  }
  const programs = ['dispatch', 'hooks', 'src/charm.py'];
  if (!programs.some((name) => existsSync(join(folder, name)))) {
    throw charmError(
      `${folder}: the charm has no program: add an executable dispatch or hooks/, or name a folder with the unpacked charm from charmcraft pack`,
    );
  }
  // Old charms have metadata.yaml only. New ones may have both files.
  const charmcraft = objectIn(folder, 'charmcraft.yaml');
  const declared = { ...charmcraft, ...objectIn(folder, 'metadata.yaml') };
  const [provides, requires] = [part(declared, 'provides'), part(declared, 'requires')];
  const certificates = Object.entries({ ...provides, ...requires }).flatMap(([name, endpoint]) =>
    isObject(endpoint) && endpoint['interface'] === 'tls-certificates' ? [name] : []
  );
  return {
    provides: Object.keys(provides),
    requires: Object.keys(requires),
    certificates,
    defaults: { ...defaultsIn(part(charmcraft, 'config')), ...defaultsIn(objectIn(folder, 'config.yaml')) },
  };
};

/** A `dispatch` like the one that charmcraft writes for a charm in Python. */
const PYTHON_DISPATCH = `#!/bin/sh
export PYTHONPATH="lib:src:venv\${PYTHONPATH:+:$PYTHONPATH}"
exec python3 ./src/charm.py
`;

/** Adds the `dispatch` that packing would add, if the charm is in Python and has no program yet. */
export const completeCharm = (folder: string): void => {
  const dispatch = join(folder, 'dispatch');
  if (['dispatch', 'hooks'].some((name) => existsSync(join(folder, name)))) return;
  if (!existsSync(join(folder, 'src/charm.py'))) return;
  writeFileSync(dispatch, PYTHON_DISPATCH);
  chmodSync(dispatch, 0o755);
};
