/**
 * Bringing files onto disk: only those that differ, only what was checked.
 *
 * @module
 */
import type { Finding } from '../../core/model/finding.ts';
import type { Digest } from '../../core/model/memory.ts';
import { digestOfFiles, type Layout, type Planned } from './planned.ts';
import type { Known } from './record.ts';

/** Files that are checked, replaced and remembered together. */
export interface Batch {
  /** By what it is remembered. */
  readonly id: string;
  readonly layout: Layout;
  /** Digest of all that the files are made of. */
  readonly source: Digest;
  readonly plan: () => Promise<Plan>;
}

/** The files as they are to be; null where they are refused. */
export interface Plan {
  readonly findings: ReadonlyArray<Finding>;
  readonly files: ReadonlyArray<Planned> | null;
}

/** What came of a batch. */
export interface Brought {
  readonly state: 'unchanged' | 'changed' | 'refused';
  readonly findings: ReadonlyArray<Finding>;
  readonly known: Known | null;
}

/**
 * Brings files onto disk where they differ; `announce` comes before the first change, and not where something is in the
 * way of it.
 */
export const bring = async (
  { layout, source, plan }: Batch,
  known: Known | undefined,
  announce: () => Promise<void>,
): Promise<Brought> => {
  await layout.settle();
  const before = digestOfFiles(await layout.observe());
  if (known?.source === source && known.disk === before) return { state: 'unchanged', findings: [], known };
  const { files, findings } = await plan();
  if (files === null) return { state: 'refused', findings, known: known ?? null };
  const after = { source, disk: digestOfFiles(files) };
  if (after.disk === before) return { state: 'unchanged', findings, known: after };
  await layout.prepare(files);
  await announce();
  await layout.replace(files);
  return { state: 'changed', findings, known: after };
};
