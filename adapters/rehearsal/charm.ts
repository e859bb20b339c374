/**
 * A charm's folder: what it declares of its endpoints and options, and whether it has a program.
 *
 * @module
 */
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../../core/model/codec.ts';
import type { HostError } from '../host.ts';

/** What a charm says of itself. */
export interface CharmFolder {
  readonly provides: ReadonlyArray<string>;
  readonly requires: ReadonlyArray<string>;
  /** Endpoints whose interface is `tls-certificates`. */
  readonly certificates: ReadonlyArray<string>;
  /** Options before anybody sets one; null where they have no default. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** Why a charm's folder cannot be used, and what to do about it. */
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

/** Reads what a charm declares; throws a {@link HostError} where there is no charm. */
export const readCharm = (folder: string): CharmFolder => {
  const isFolder = existsSync(folder) && statSync(folder).isDirectory();
  if (!isFolder) {
    throw charmError(`${folder}: there is no such folder; a charm is the folder that has its metadata.yaml`);
  }
  const metadata = ['metadata.yaml', 'charmcraft.yaml'].find((file) => existsSync(join(folder, file)));
  if (metadata === undefined) {
    throw charmError(`${folder}: there is neither metadata.yaml nor charmcraft.yaml: this is no charm`);
  }
  const programs = ['dispatch', 'hooks', 'src/charm.py'];
  if (!programs.some((name) => existsSync(join(folder, name)))) {
    throw charmError(
      `${folder}: the charm has no program: write an executable dispatch, or hooks/, or name the folder that charmcraft pack has filled`,
    );
  }
  // Old charms have the first file alone, new ones may have both.
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

/** The `dispatch` that charmcraft gives a charm in Python, without the folder that it fills itself. */
const PYTHON_DISPATCH = `#!/bin/sh
export PYTHONPATH="lib:src:venv\${PYTHONPATH:+:$PYTHONPATH}"
exec python3 ./src/charm.py
`;

/** Gives an unpacked charm in Python the program that packing would have given it. */
export const completeCharm = (folder: string): void => {
  const dispatch = join(folder, 'dispatch');
  if (['dispatch', 'hooks'].some((name) => existsSync(join(folder, name)))) return;
  if (!existsSync(join(folder, 'src/charm.py'))) return;
  writeFileSync(dispatch, PYTHON_DISPATCH);
  chmodSync(dispatch, 0o755);
};
