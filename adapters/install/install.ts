/**
 * Installing: what a requirer was delivered is brought onto disk, checked first, replaced together, and followed by a
 * command.
 *
 * An installation compares what is with what is to be, in every hook, and does nothing where they are the same. What
 * went wrong is told and comes again with the next hook: nothing has to be remembered for that. Nothing here fails or
 * throws as a whole; each installation has a result of its own.
 *
 * @module
 */
import type * as T from 'fp-ts/lib/Task.js';
import type { UnitName } from '../../core/model/names.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { Delivered } from '../../core/side/row.ts';
import type { Batch } from './bring.ts';
import { dueAt } from './due.ts';
import type { Installation } from './entry.ts';
import { type Machine, nodeMachine } from './machine.ts';
import { filesBatch, TRUST_ID, trustBatch } from './plan.ts';
import { type Installed, Progress } from './progress.ts';
import type { InstallRecord, Known } from './record.ts';
import { type KeptKeys, keysIn, sourcesOf, whatIsMissing, withKeptKeys } from './sources.ts';
import { ownPrefix, trustedPath } from './trust-store.ts';

/** For whom it is installed, and what is known. */
export interface Circumstances {
  readonly unit: UnitName;
  readonly endpoint: string;
  /** The present; without it nothing is said about validity periods. */
  readonly now?: Timestamp;
  readonly record: InstallRecord;
  /** Private keys that are kept here, by the names that deliveries have for them; none unless said. */
  readonly keys?: KeptKeys;
}

/** What came of all installations. */
export interface InstallOutcome {
  readonly installed: ReadonlyArray<Installed>;
  /** To be kept for the next hook. */
  readonly record: InstallRecord;
  /** Whether changes count as handled: nothing was refused and nothing failed. If not, the next hook tries again. */
  readonly isHandled: boolean;
}

/** What stays the same for all installations of a hook. */
interface Hook {
  readonly machine: Machine;
  readonly delivered: Delivered;
  readonly now: Date | null;
  /** Of the unit's files in the trust store. */
  readonly prefix: string;
  /** What is known, kept up to date. */
  readonly record: Map<string, Known>;
}

/**
 * Brings the unit's CAs into the trust store, or takes them out of it; `announce` comes before a change. Tells whether
 * they are there as they are to be, gathered or not.
 */
const bringTrust = async (
  { machine: { disk, accounts, trustStore, commands }, ...hook }: Hook,
  batch: Batch,
  progress: Progress,
  announce: () => Promise<void>,
): Promise<boolean> => {
  const anchor = trustedPath(trustStore, hook.prefix, 0);
  const due = dueAt(disk, anchor, 'update', false, accounts.own('user'));
  const isBrought = await progress.bring(batch, async () => {
    await announce();
    await due.set();
  });
  if (isBrought) await progress.follow(due, commands, trustStore.update, trustStore.timeout, keysIn(hook.delivered));
  return isBrought;
};

const installOne = async (hook: Hook, installation: Installation): Promise<Installed> => {
  const { machine, delivered, now, prefix, record } = hook;
  const { name, trustStore, makeFolders, run, timeout } = installation;
  const progress = new Progress(name, record, now);
  const sources = sourcesOf(delivered, installation);
  const missing = whatIsMissing(installation, sources);
  const batch = filesBatch(machine, installation, sources, now);
  const noted = batch?.id ?? trustedPath(machine.trustStore, prefix, 0);
  const due = dueAt(machine.disk, noted, 'run', makeFolders, machine.accounts.own('user'));
  const announce = (): Promise<void> => (run === null ? Promise.resolve() : due.set());

  let isBrought = !trustStore ||
    await bringTrust(hook, trustBatch(machine, prefix, sources.ca, now), progress, announce);
  if (batch !== null) {
    isBrought = await (missing === null ? progress.bring(batch, announce) : progress.attempt(batch.layout.settle));
  }
  // Half of what was to be installed is no reason to run the command; the note stays for the hook that brings the rest.
  // A trust store that fails does not keep a service from reading the certificate that came.
  if (isBrought) await progress.follow(due, machine.commands, run, timeout, keysIn(delivered));
  return progress.end(missing);
};

/** What an earlier configuration put into the trust store is taken out of it. */
const leaveTrust = async (hook: Hook): Promise<ReadonlyArray<Installed>> => {
  const progress = new Progress(TRUST_ID, hook.record, hook.now);
  await bringTrust(hook, trustBatch(hook.machine, hook.prefix, null, hook.now), progress, () => Promise.resolve());
  const left = progress.end(null);
  hook.record.delete(TRUST_ID);
  return left.state === 'unchanged' ? [] : [left];
};

/**
 * Installs what was delivered. Each installation is checked, replaced and followed by its command on its own; one that
 * fails does not keep another from being done. It never rejects, and never tells a key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import type { Delivered } from '../../core/side/row.ts';
 * import type { UnitName } from '../../core/model/names.ts';
 * import { install } from './install.ts';
 * import { emptyRecord } from './record.ts';
 * const report = async (delivered: Delivered) => {
 *   const circumstances = { unit: 'web/0' as UnitName, endpoint: 'certificates', record: emptyRecord };
 *   const { installed, isHandled } = await install([], delivered, circumstances)();
 *   assert.deepEqual([installed, isHandled], [[], true]);
 * };
 * ```
 */
export const install = (
  installations: ReadonlyArray<Installation>,
  delivered: Delivered,
  circumstances: Circumstances,
  machine: Machine = nodeMachine,
): T.Task<InstallOutcome> =>
async () => {
  const { unit, endpoint, now, keys = new Map() } = circumstances;
  const record = new Map(Object.entries(circumstances.record));
  const prefix = ownPrefix(unit, endpoint);
  const hook: Hook = {
    machine,
    delivered: withKeptKeys(delivered, keys),
    now: now === undefined ? null : new Date(now),
    prefix,
    record,
  };
  const installed: Array<Installed> = [];
  for (const installation of installations) installed.push(await installOne(hook, installation));
  if (!installations.some(({ trustStore }) => trustStore)) installed.push(...await leaveTrust(hook));
  const ids = new Set(installations.flatMap(({ files }) => Object.values(files)));
  return {
    installed,
    record: Object.fromEntries([...record].filter(([id]) => id === TRUST_ID || ids.has(id))),
    isHandled: installed.every(({ state }) => state !== 'refused' && state !== 'failed'),
  };
};
