/**
 * Installing: what was delivered to a requirer is checked, replaced on disk as a whole, and followed by a command.
 *
 * Every hook compares what is there with what should be there, and does nothing if they are the same. A failure is reported and tried again
 * in the next hook; nothing has to be remembered for that. Nothing here fails or throws as a whole; each installation has its own result.
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
  /** The current time; without it, validity periods are not judged. */
  readonly now?: Timestamp;
  readonly record: InstallRecord;
  /** Private keys that are kept here, by their names in deliveries; none by default. */
  readonly keys?: KeptKeys;
}

/** The results of all installations. */
export interface InstallOutcome {
  readonly installed: ReadonlyArray<Installed>;
  /** What to keep for the next hook. */
  readonly record: InstallRecord;
  /** Whether changes count as handled: nothing was refused and nothing failed. If not, the next hook tries again. */
  readonly isHandled: boolean;
}

/** What is the same for all installations of a hook. */
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
 * Puts the unit's CAs into the trust store, or takes them out of it; calls `announce` before a change. Tells whether its files are as they
 * should be, gathered or not.
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
  // Half an installation is no reason to run the command; the note stays for the hook that completes it.
  // A failing trust store does not keep a service from reading its new certificate.
  if (isBrought) await progress.follow(due, machine.commands, run, timeout, keysIn(delivered));
  return progress.end(missing);
};

/** Takes out of the trust store what an earlier configuration put there. */
const leaveTrust = async (hook: Hook): Promise<ReadonlyArray<Installed>> => {
  const progress = new Progress(TRUST_ID, hook.record, hook.now);
  await bringTrust(hook, trustBatch(hook.machine, hook.prefix, null, hook.now), progress, () => Promise.resolve());
  const left = progress.end(null);
  hook.record.delete(TRUST_ID);
  return left.state === 'unchanged' ? [] : [left];
};

/**
 * Installs what was delivered. Each installation is checked, replaced and followed by its command on its own; if one fails, the others
 * still go ahead. It never rejects, and never reveals a key.
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
