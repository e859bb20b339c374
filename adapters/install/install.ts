/**
 * Installing: what a requirer's view has is brought onto disk, checked first, replaced together, and followed by a command.
 *
 * An installation compares what is with what is to be, in every hook, and does nothing where they are the same. What went wrong is
 * told and comes again with the next hook: nothing has to be remembered for that. Nothing here fails or throws as a whole; each installation has a
 * result of its own.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import { digestOf } from '../../core/digest.ts';
import { type Certificate, hidingKeys } from '../../core/model/certificate.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { Digest } from '../../core/model/memory.ts';
import type { UnitName } from '../../core/model/names.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { RequiresView } from '../../core/reactive/requires/view.ts';
import { type Disk, nodeDisk } from '../file/disk.ts';
import type { HostError } from '../host.ts';
import { type AccountKind, type Accounts, nodeAccounts } from './accounts.ts';
import type { Sources } from './check.ts';
import { type Commands, nodeCommands } from './command.ts';
import { type Due, dueAt } from './due.ts';
import { type Argv, type Content, CONTENTS, type Installation, OPEN_MODE } from './entry.ts';
import { Obstacle, problemOf } from './fault.ts';
import { hasPair, pair } from './pair.ts';
import { digestOfFiles, type Layout, type Planned } from './planned.ts';
import type { InstallRecord, Known } from './record.ts';
import { singles } from './singles.ts';
import { DEBIAN_TRUST_STORE, ownPrefix, trusted, trustedPath, type TrustStore } from './trust-store.ts';

/** What an installation needs of its machine. */
export interface Machine {
  readonly disk: Disk;
  readonly accounts: Accounts;
  readonly commands: Commands;
  readonly trustStore: TrustStore;
}

/** The machine that this runs on. */
export const nodeMachine: Machine = {
  disk: nodeDisk,
  accounts: nodeAccounts,
  commands: nodeCommands,
  trustStore: DEBIAN_TRUST_STORE,
};

/** For whom it is installed, and what is known. */
export interface Circumstances {
  readonly unit: UnitName;
  readonly endpoint: string;
  /** The present; without it nothing is said about validity periods. */
  readonly now?: Timestamp;
  readonly record: InstallRecord;
}

/**
 * How an installation ended: it was so already, it was changed and its command has succeeded, the other side has not answered yet, what it
 * answered is refused and what was there is kept, or something on this machine failed.
 */
export type InstallState = 'unchanged' | 'changed' | 'waiting' | 'refused' | 'failed';

/** What came of one installation. */
export interface Installed {
  /** As {@link Installation} has it; `trustStore` for CAs that no installation has there any more. */
  readonly name: string;
  readonly state: InstallState;
  /** One sentence for people where it waits, is refused or failed, without secrets. */
  readonly message: string | null;
  readonly findings: ReadonlyArray<Finding>;
  /** What failed on this machine. */
  readonly problems: ReadonlyArray<HostError>;
}

/** What came of all installations. */
export interface InstallOutcome {
  readonly installed: ReadonlyArray<Installed>;
  /** To be kept for the next hook. */
  readonly record: InstallRecord;
  /** Whether changes count as handled: nothing was refused and nothing failed. If not, the next hook tries again. */
  readonly isHandled: boolean;
}

/** Files that are checked, replaced and remembered together. */
interface Unit {
  /** By what it is remembered. */
  readonly id: string;
  readonly layout: Layout;
  /** Digest of all that the files are made of. */
  readonly source: Digest;
  readonly plan: () => Promise<Plan>;
}

/** The files as they are to be; null where they are refused. */
interface Plan {
  readonly findings: ReadonlyArray<Finding>;
  readonly files: ReadonlyArray<Planned> | null;
}

/** What came of a unit. */
interface Brought {
  readonly state: 'unchanged' | 'changed' | 'refused';
  readonly findings: ReadonlyArray<Finding>;
  readonly known: Known | null;
}

/** Brings files onto disk where they differ; `announce` comes before the first change. */
const bring = async (
  { layout, source, plan }: Unit,
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
  await announce();
  await layout.replace(files);
  return { state: 'changed', findings, known: after };
};

/** Contents and where they go. */
const pathsOf = (files: Installation['files']): ReadonlyArray<readonly [Content, string]> =>
  CONTENTS.flatMap((content) => {
    const path = files[content];
    return path === undefined ? [] : [[content, path] as const];
  });

/** Whether something of a certificate is installed, and not the CA alone. */
const hasOwn = (files: Installation['files']): boolean => pathsOf(files).some(([content]) => content !== 'ca');

/** What the view has for an installation; no certificate where nothing but the CA is installed. */
const sourcesOf = (view: RequiresView, { wanted, files }: Installation): Sources => {
  const named = (certificates: ReadonlyArray<Certificate>): Certificate | null =>
    certificates.find(({ commonName }) => commonName === wanted?.commonName) ?? null;
  const certificateOf = (): Certificate | null => {
    switch (wanted?.certType) {
      case undefined:
        return null;
      case 'server':
        return named(view.serverCerts);
      case 'client':
        return named(view.clientCerts);
      case 'intermediate':
        return named(view.intermediateCerts);
      case 'application':
        // All units share the one there is, whatever names they asked for.
        return view.applicationCerts[0] ?? null;
    }
  };
  return { certificate: hasOwn(files) ? certificateOf() : null, ca: view.rootCaCert, chain: view.rootCaChain };
};

/** Everything that files are made of. */
const sourceDigest = ({ certificate, ca, chain }: Sources, ...parts: ReadonlyArray<unknown>): Digest =>
  digestOf([JSON.stringify([certificate?.cert, certificate?.key, ca, chain]), JSON.stringify(parts)]);

const numberOf = async (accounts: Accounts, kind: AccountKind, name: string | null, path: string): Promise<number> => {
  if (name === null) return accounts.own[kind];
  const number = await accounts.numberOf(kind, name);
  if (number === null) throw new Obstacle(path, `this machine has no ${kind} called ${name}`, 'not-found');
  return number;
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Checks what the view has, and plans the files of an installation. */
const planFiles = async (
  { accounts }: Machine,
  installation: Installation,
  sources: Sources,
  now: Date | null,
): Promise<Plan> => {
  const { wanted, owner, group, keyMode } = installation;
  const { checkCa, checkPair } = await import('./check.ts');
  const ca = sources.ca === null ? E.right([]) : checkCa(sources.ca);
  if (installation.files.ca !== undefined && E.isLeft(ca)) return { findings: ca.left, files: null };
  const { findings, contents } = wanted === null || sources.certificate === null
    ? { findings: [], contents: { cert: '', key: '', fullChain: '', ca: E.isRight(ca) ? ca.right.join('') : '' } }
    : await checkPair(wanted, sources.certificate, sources, now);
  if (contents === null) return { findings, files: null };
  const files: Array<Planned> = [];
  for (const [content, path] of pathsOf(installation.files)) {
    const uid = await numberOf(accounts, 'user', owner, path);
    const gid = await numberOf(accounts, 'group', group, path);
    const mode = content === 'key' ? keyMode : OPEN_MODE;
    files.push({ path, file: { bytes: bytesOf(contents[content]), mode, uid, gid } });
  }
  return { findings, files };
};

const planTrust = async (
  { accounts, trustStore }: Machine,
  prefix: string,
  ca: string | null,
): Promise<Plan> => {
  if (ca === null) return { findings: [], files: [] };
  const { checkCa } = await import('./check.ts');
  const cas = checkCa(ca);
  if (E.isLeft(cas)) return { findings: cas.left, files: null };
  const owner = { mode: OPEN_MODE, uid: accounts.own.user, gid: accounts.own.group };
  return {
    findings: [],
    files: cas.right.map((pem, index) => ({
      path: trustedPath(trustStore, prefix, index),
      file: { bytes: bytesOf(pem), ...owner },
    })),
  };
};

/** Why an installation has to wait for the other side; null where it need not. */
const whatIsMissing = ({ wanted, files }: Installation, { certificate, ca }: Sources): string | null => {
  if (hasOwn(files) && wanted !== null && certificate === null) {
    return `the ${wanted.certType} certificate for ${JSON.stringify(hidingKeys(wanted.commonName))} has not come yet`;
  }
  return files.ca !== undefined && ca === null ? 'the CA has not been published yet' : null;
};

/** What happens to one installation, put together step by step. */
class Progress {
  readonly #problems: Array<HostError> = [];
  readonly #findings: Array<Finding> = [];
  readonly #record: Map<string, Known>;
  readonly #name: string;
  #isChanged = false;
  #isRefused = false;

  constructor(name: string, record: Map<string, Known>) {
    this.#name = name;
    this.#record = record;
  }

  /** Does something that may fail without the rest having to. */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#problems.push(problemOf(this.#name, error));
    }
  }

  async bring(unit: Unit, announce: () => Promise<void>): Promise<void> {
    await this.attempt(async () => {
      const { state, findings, known } = await bring(unit, this.#record.get(unit.id), announce);
      this.#findings.push(...findings);
      this.#isChanged ||= state === 'changed';
      this.#isRefused ||= state === 'refused';
      if (known !== null) this.#record.set(unit.id, known);
    });
  }

  /** Runs what is due, and takes the note away where it succeeds. */
  async follow(due: Due, commands: Commands, argv: Argv, seconds: number): Promise<void> {
    await this.attempt(async () => {
      if (!(await due.isSet())) return;
      const ran = await commands(argv, seconds);
      if (E.isLeft(ran)) {
        this.#problems.push({ _tag: 'HostError', reason: 'failed', message: `${this.#name}: ${ran.left}` });
        return;
      }
      this.#isChanged = true;
      await due.clear();
    });
  }

  end(missing: string | null): Installed {
    const [problem] = this.#problems;
    const refusal = this.#findings.find(({ severity }) => severity === 'error');
    const found = { name: this.#name, findings: this.#findings, problems: this.#problems };
    if (problem !== undefined) return { ...found, state: 'failed', message: problem.message };
    if (this.#isRefused) {
      return { ...found, state: 'refused', message: `${this.#name}: ${refusal?.message ?? 'it cannot be used'}` };
    }
    if (missing !== null) return { ...found, state: 'waiting', message: `${this.#name}: ${missing}` };
    return { ...found, state: this.#isChanged ? 'changed' : 'unchanged', message: null };
  }
}

/** By what the unit's CAs in the trust store are remembered; no path is called so. */
const TRUST_ID = 'trustStore';

const trustUnit = (machine: Machine, { unit, endpoint }: Circumstances, ca: string | null): Unit => {
  const prefix = ownPrefix(unit, endpoint);
  return {
    id: TRUST_ID,
    layout: trusted(machine.disk, machine.trustStore, prefix),
    source: sourceDigest({ certificate: null, ca, chain: null }, prefix),
    plan: () => planTrust(machine, prefix, ca),
  };
};

const filesUnit = (
  machine: Machine,
  installation: Installation,
  sources: Sources,
  now: Date | null,
): Unit | null => {
  const { files, makeFolders, name: _place, run: _run, timeout: _timeout, ...rest } = installation;
  const paths = pathsOf(files).map(([, path]) => path);
  const id = files.key ?? paths[0];
  return id === undefined ? null : {
    id,
    layout: files.key !== undefined && hasPair(files)
      ? pair(machine.disk, files.key, files, makeFolders)
      : singles(machine.disk, paths, makeFolders),
    source: sourceDigest(sources, files, rest),
    plan: () => planFiles(machine, installation, sources, now),
  };
};

/** Brings the unit's CAs into the trust store, or takes them out of it; `announce` comes before a change. */
const bringTrust = async (
  machine: Machine,
  circumstances: Circumstances,
  ca: string | null,
  progress: Progress,
  announce: () => Promise<void>,
): Promise<void> => {
  const { disk, trustStore, commands } = machine;
  const anchor = trustedPath(trustStore, ownPrefix(circumstances.unit, circumstances.endpoint), 0);
  const due = dueAt(disk, anchor, 'update', false);
  await progress.bring(trustUnit(machine, circumstances, ca), async () => {
    if ((await disk.look(trustStore.folder)) === null) {
      throw new Obstacle(
        anchor,
        `there is no folder ${trustStore.folder}; install the package ca-certificates`,
        'not-found',
      );
    }
    await announce();
    await due.set();
  });
  await progress.follow(due, commands, trustStore.update, trustStore.timeout);
};

const installOne = async (
  machine: Machine,
  circumstances: Circumstances,
  view: RequiresView,
  installation: Installation,
  record: Map<string, Known>,
): Promise<Installed> => {
  const { disk, commands, trustStore } = machine;
  const now = circumstances.now === undefined ? null : new Date(circumstances.now);
  const progress = new Progress(installation.name, record);
  const sources = sourcesOf(view, installation);
  const missing = whatIsMissing(installation, sources);
  const unit = filesUnit(machine, installation, sources, now);
  const anchor = unit?.id ?? trustedPath(trustStore, ownPrefix(circumstances.unit, circumstances.endpoint), 0);
  const due = dueAt(disk, anchor, 'run', installation.makeFolders);
  const announce = (): Promise<void> => (installation.run === null ? Promise.resolve() : due.set());

  if (installation.trustStore) await bringTrust(machine, circumstances, sources.ca, progress, announce);
  if (unit !== null) {
    await (missing === null ? progress.bring(unit, announce) : progress.attempt(unit.layout.settle));
  }
  if (installation.run !== null) await progress.follow(due, commands, installation.run, installation.timeout);
  return progress.end(missing);
};

/** What an earlier configuration or a former CA left in the trust store is taken out of it. */
const leaveTrust = async (
  machine: Machine,
  circumstances: Circumstances,
  record: Map<string, Known>,
): Promise<ReadonlyArray<Installed>> => {
  const progress = new Progress(TRUST_ID, record);
  await bringTrust(machine, circumstances, null, progress, () => Promise.resolve());
  const left = progress.end(null);
  record.delete(TRUST_ID);
  return left.state === 'unchanged' ? [] : [left];
};

/**
 * Installs what the view has. Each installation is checked, replaced and followed by its command on its own; one that fails does not
 * keep another from being done. It never rejects, and never tells a key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import type { RequiresView } from '../../core/reactive/requires/view.ts';
 * import type { UnitName } from '../../core/model/names.ts';
 * import { install } from './install.ts';
 * import { emptyRecord } from './record.ts';
 * const report = async (view: RequiresView) => {
 *   const circumstances = { unit: 'web/0' as UnitName, endpoint: 'certificates', record: emptyRecord };
 *   const { installed, isHandled } = await install([], view, circumstances)();
 *   assert.deepEqual([installed, isHandled], [[], true]);
 * };
 * ```
 */
export const install = (
  installations: ReadonlyArray<Installation>,
  view: RequiresView,
  circumstances: Circumstances,
  machine: Machine = nodeMachine,
): T.Task<InstallOutcome> =>
async () => {
  const record = new Map(Object.entries(circumstances.record));
  const installed: Array<Installed> = [];
  for (const installation of installations) {
    installed.push(await installOne(machine, circumstances, view, installation, record));
  }
  if (!installations.some(({ trustStore }) => trustStore)) {
    installed.push(...await leaveTrust(machine, circumstances, record));
  }
  const ids = new Set(installations.flatMap(({ files }) => Object.values(files)));
  return {
    installed,
    record: Object.fromEntries([...record].filter(([id]) => id === TRUST_ID || ids.has(id))),
    isHandled: installed.every(({ state }) => state !== 'refused' && state !== 'failed'),
  };
};
