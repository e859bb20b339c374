/**
 * The Python library that everybody uses, installed from PyPI in the versions of `requirements/`, for tests that meet it.
 *
 * It is kept in `node_modules/.cache`, so that PyPI is asked once. Where there is no Python, no pip or no PyPI, and on all runtimes but
 * Node, tests are skipped and say so; a file from PyPI that is not the one whose hash is known is a failure.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { RUNTIME } from '../command.ts';

/** The versions of charmlibs-interfaces-tls-certificates that tests meet. */
export const VERSIONS = ['1.8.3', '1.10.1', '1.12.0'] as const;

/** One of them. */
export type Version = (typeof VERSIONS)[number];

/** An interpreter, with the folders of packages by version. */
export interface Python {
  readonly interpreter: string;
  readonly pathFor: (version: Version) => string;
  /** The folders of packages for the library about trust. */
  readonly pathForTrust: string;
}

/** Milliseconds. Whoever has to wait longer for PyPI does without. */
const INSTALLING = 300_000;

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

const requirements = (name: string): string => fileURLToPath(new URL(`requirements/${name}.txt`, import.meta.url));

/** The version of charmlibs-interfaces-certificate-transfer that tests meet. */
const TRUST = 'certificate-transfer-1.1.0';

const PARTS = ['common', TRUST, ...VERSIONS.map((version) => `tls-certificates-${version}`)];

/** What an interpreter says of itself: where it is, and whether it is new enough for the library and can install anything. */
const ABOUT = `
import sys, importlib.util
print(sys.executable, sys.version.split()[0], sys.implementation.cache_tag, sep='\\n')
print(sys.version_info >= (3, 10), importlib.util.find_spec('pip') is not None, sep='\\n')
`;

/** Why the library is not to be had; it is a fault where a file is not the one that was looked at once. */
interface Missing {
  readonly reason: string;
  readonly isFault: boolean;
}

const missing = (reason: string, isFault = false): Missing => ({ reason, isFault });

/** Installs a list of requirements into a folder of its own; what went wrong, or null. */
const install = (interpreter: string, part: string, folder: string): Missing | null => {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
  const args = [...pip, '--retries', '1', '--target', join(folder, part), '--requirement', requirements(part)];
  const { status, stderr } = spawnSync(interpreter, args, { encoding: 'utf8', timeout: INSTALLING });
  if (status === 0) return null;
  const last = (stderr ?? '').trim().split('\n').findLast((line) => line.startsWith('ERROR')) ?? 'pip did not end';
  return missing(`the library could not be installed from PyPI: ${last}`, /DO NOT MATCH THE HASHES/.test(stderr ?? ''));
};

/** The library in all versions, or why it cannot be had. */
const installed = (): Python | Missing => {
  const { status, stdout } = spawnSync('python3', ['-c', ABOUT], { encoding: 'utf8' });
  const [interpreter = '', number, tag, isNew, hasPip] = (stdout ?? '').trim().split('\n');
  if (status !== 0) return missing('there is no python3');
  if (isNew !== 'True') return missing(`python3 is ${number}, and the library needs 3.10`);
  const hash = createHash('sha256').update(`${tag} ${process.platform} ${process.arch}`);
  for (const part of PARTS) hash.update(readFileSync(requirements(part)));
  const folder = join(CACHE, `python-peers-${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(folder)) {
    if (hasPip !== 'True') return missing('python3 has no pip');
    mkdirSync(CACHE, { recursive: true });
    // Another test may be at it as well: who comes first gives the folder its name.
    const draft = mkdtempSync(`${folder}-`);
    try {
      for (const part of PARTS) {
        const fault = install(interpreter, part, draft);
        if (fault !== null) return fault;
      }
      renameSync(draft, folder);
    } catch (error) {
      if (!existsSync(folder)) return missing(`the library could not be kept in ${folder}: ${String(error)}`, true);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return {
    interpreter,
    pathFor: (version) => `${join(folder, `tls-certificates-${version}`)}:${join(folder, 'common')}`,
    pathForTrust: `${join(folder, TRUST)}:${join(folder, 'common')}`,
  };
};

const found: Python | Missing = RUNTIME === 'node' ? installed() : missing('it is run from Node');

/** Why a test that meets Python is skipped; false where it is not. */
export const withoutPython: string | false = 'reason' in found && !found.isFault ? found.reason : false;

/** The library, where a test is not skipped. */
export const python = (): Python => {
  if ('reason' in found) throw new Error(found.reason);
  return found;
};
