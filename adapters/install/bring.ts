/**
 * Puts files on disk: only those that differ, and only what has been checked.
 *
 * @module
 */
import type { Finding } from '../../core/model/finding.ts';
import type { Digest } from '../../core/model/memory.ts';
import { endingOf, type Expiry } from './expiry.ts';
import { digestOfFiles, type Layout, type Placed, type Planned } from './planned.ts';
import type { Known } from './record.ts';

/** Files that are checked, replaced and remembered together. */
export interface Batch {
  /** The name under which it is remembered. */
  readonly id: string;
  readonly layout: Layout;
  /** Digest of everything that the files are made from. */
  readonly source: Digest;
  /** Of the certificate among them; null if there is none. */
  readonly commonName: string | null;
  readonly plan: () => Promise<Plan>;
  /** Whether files are removed only if they are as they were installed: others may have been there before. */
  readonly removesOwnOnly?: boolean;
}

/** The files to write; null if they are refused. */
export interface Plan {
  readonly findings: ReadonlyArray<Finding>;
  readonly files: ReadonlyArray<Planned> | null;
  /** Null if nothing in it ends. */
  readonly expiry: Expiry | null;
}

/** The result for a batch. What is installed already is also refused once it has ended. */
export interface Brought {
  readonly state: 'unchanged' | 'changed' | 'refused';
  readonly findings: ReadonlyArray<Finding>;
  readonly known: Known | null;
}

/** The files to write, and those to remove. */
const withGone = ({ places }: Layout, files: ReadonlyArray<Planned>): ReadonlyArray<Placed> => {
  const paths = new Set(files.map(({ path }) => path));
  return [...files, ...places.flatMap(([, path]) => (paths.has(path) ? [] : [{ path, file: null }]))];
};

/**
 * Writes files that differ; calls `announce` before the first change, but not if something prevents the change.
 */
export const bring = async (
  { layout, source, commonName, plan, removesOwnOnly = false }: Batch,
  known: Known | undefined,
  now: Date | null,
  announce: () => Promise<void>,
): Promise<Brought> => {
  const ending = async ({ expiry }: Known): Promise<ReadonlyArray<Finding>> =>
    expiry === undefined || now === null ? [] : await endingOf(expiry, commonName, now);
  await layout.settle();
  const before = digestOfFiles(await layout.observe());
  if (known?.source === source && known.disk === before && known.expiry !== undefined) {
    const findings = await ending(known);
    return { state: findings.some(({ severity }) => severity === 'error') ? 'refused' : 'unchanged', findings, known };
  }
  const { files, expiry, findings: checked } = await plan();
  if (files === null) return { state: 'refused', findings: checked, known: known ?? null };
  if (removesOwnOnly && files.length === 0 && known?.disk !== before) {
    return { state: 'unchanged', findings: checked, known: null };
  }
  const after: Known = { source, disk: digestOfFiles(withGone(layout, files)), ...(expiry === null ? {} : { expiry }) };
  // A certificate that has ended did not pass the check.
  const findings = [...checked, ...await ending(after)];
  if (after.disk === before) return { state: 'unchanged', findings, known: after };
  await layout.prepare(files);
  await announce();
  await layout.replace(files);
  return { state: 'changed', findings, known: after };
};
