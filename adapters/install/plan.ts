/**
 * Planning: the files of an installation, made from the view, with the check in between.
 *
 * @module
 */
import type { AccountKind, Accounts } from './accounts.ts';
import type { Batch, Plan } from './bring.ts';
import type { Checked } from './check.ts';
import { type Installation, OPEN_MODE, pathsOf, type WantedCertificate } from './entry.ts';
import { Obstacle } from './fault.ts';
import type { Machine } from './machine.ts';
import { pair, pairOf } from './pair.ts';
import { both, type Layout, type Planned } from './planned.ts';
import { removable, singles } from './singles.ts';
import { sourceDigest, type Sources } from './sources.ts';
import { trusted, trustedPath } from './trust-store.ts';

/** The number of a user or group; the process's own if none is named. */
const numberOf = async (accounts: Accounts, kind: AccountKind, name: string | null, path: string): Promise<number> => {
  if (name === null) return accounts.own(kind);
  const number = await accounts.numberOf(kind, name);
  if (number === null) throw new Obstacle(path, `this machine has no ${kind} called ${name}`, 'not-found');
  return number;
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Checks what the view has: a certificate with everything that belongs to it, or the CA alone. */
const checked = async (wanted: WantedCertificate | null, sources: Sources, now: Date | null): Promise<Checked> => {
  const { checkCa, checkPair } = await import('./check.ts');
  const { certificate, ca } = sources;
  if (wanted !== null && certificate !== null) return await checkPair(wanted, certificate, sources, now);
  const { findings, pems, expiry } = ca === null ? { findings: [], pems: [], expiry: null } : checkCa(ca, now);
  const contents = pems === null ? null : { cert: '', key: '', fullChain: '', ca: pems.join('') };
  return { findings, contents, expiry };
};

/** Checks what the view has, and plans the files of an installation. */
const planFiles = async (
  { accounts }: Machine,
  installation: Installation,
  { places }: Layout,
  sources: Sources,
  now: Date | null,
): Promise<Plan> => {
  const { wanted, owner, group, keyMode, removesCa = false } = installation;
  if (removesCa && sources.ca === null) return { findings: [], files: [], expiry: null };
  const { findings, contents, expiry } = await checked(wanted, sources, now);
  if (contents === null) return { findings, files: null, expiry: null };
  const files: Array<Planned> = [];
  for (const [content, path] of places) {
    const uid = await numberOf(accounts, 'user', owner, path);
    const gid = await numberOf(accounts, 'group', group, path);
    const mode = content === 'key' ? keyMode : OPEN_MODE;
    files.push({ path, file: { bytes: bytesOf(contents[content]), mode, uid, gid } });
  }
  return { findings, files, expiry };
};

/** Checks that the published values are CAs, and plans their files. */
const planTrust = async (
  { accounts, trustStore }: Machine,
  prefix: string,
  ca: string | null,
  now: Date | null,
): Promise<Plan> => {
  if (ca === null) return { findings: [], files: [], expiry: null };
  const { checkCa } = await import('./check.ts');
  const { findings, pems, expiry } = checkCa(ca, now);
  if (pems === null) return { findings, files: null, expiry: null };
  const owner = { mode: OPEN_MODE, uid: accounts.own('user'), gid: accounts.own('group') };
  return {
    findings,
    expiry,
    files: pems.map((pem, index) => ({
      path: trustedPath(trustStore, prefix, index),
      file: { bytes: bytesOf(pem), ...owner },
    })),
  };
};

/** The name under which the unit's CAs in the trust store are remembered; no path has it. */
export const TRUST_ID = 'trustStore';

/** The CAs of a unit in the trust store; none if no CA is published. */
export const trustBatch = (machine: Machine, prefix: string, ca: string | null, now: Date | null): Batch => ({
  id: TRUST_ID,
  layout: trusted(machine.disk, machine.trustStore, prefix, machine.accounts.own('user')),
  source: sourceDigest({ certificate: null, ca, chain: null }, prefix),
  commonName: null,
  plan: () => planTrust(machine, prefix, ca, now),
});

/**
 * How the files of an installation are laid out on disk. The CA is always a file of its own: its readers may have access to neither key nor
 * certificate.
 */
const layoutOf = ({ disk, accounts }: Machine, { files, makeFolders, removesCa = false }: Installation): Layout => {
  const [paths, uid] = [pairOf(files), accounts.own('user')];
  if (paths === null) {
    const alone = singles(disk, files, makeFolders, uid);
    return removesCa ? removable(disk, alone) : alone;
  }
  const { ca } = files;
  const own = pair(disk, paths, makeFolders, uid);
  return ca === undefined ? own : both(singles(disk, { ca }, makeFolders, uid), own);
};

/** The files of an installation; null if it has none. */
export const filesBatch = (
  machine: Machine,
  installation: Installation,
  sources: Sources,
  now: Date | null,
): Batch | null => {
  const { files, makeFolders: _makeFolders, name: _name, run: _run, timeout: _timeout, ...rest } = installation;
  const id = files.key ?? pathsOf(files)[0]?.[1];
  if (id === undefined) return null;
  const layout = layoutOf(machine, installation);
  return {
    id,
    layout,
    source: sourceDigest(sources, files, rest),
    commonName: sources.certificate === null ? null : installation.wanted?.commonName ?? null,
    plan: () => planFiles(machine, installation, layout, sources, now),
    removesOwnOnly: true,
  };
};
