/**
 * A folder that belongs to a service's user who is up to something, and what of root's lies outside of it: a place for
 * the tests of attacks on whoever installs there.
 *
 * @module
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Disk } from '../../../adapters/file/disk.ts';
import { keyName, SLOTS } from '../../../adapters/install/store.ts';
import { inFolder } from '../../command.ts';
import { treeOf } from './machine.ts';

/** The user who is up to something: `nobody` on most systems. */
export const NOBODY = 65_534;

/** What no test may ever see read, copied or changed. */
export const SECRET = 'SECRET of root';

/** Only root can be made to act for somebody else, and only on Linux is it kept from it. */
export const asRoot = {
  skip: process.platform === 'linux' && process.getuid?.() === 0 ? false : 'this needs root on Linux',
};

/** The place. */
export interface Siege {
  readonly path: (name: string) => string;
  /** His folder, in which the certificate is to be. */
  readonly web: string;
  /** Root's folder, 0700, which looks like his, with secrets in the places of his files. */
  readonly outside: string;
  /** All that is in root's folder, with modes and owners. */
  readonly untouched: () => unknown;
  /** All that is in his folder and what is above it. */
  readonly his: () => string;
}

/** A link as he makes it. */
export const plant = (target: string, path: string): void => {
  symlinkSync(target, path);
  lchownSync(path, NOBODY, NOBODY);
};

/** Does the work at such a place: `his/web` is his, and so is `his`. */
export const besieged = (work: (siege: Siege) => Promise<void>): Promise<void> =>
  inFolder(async (path) => {
    chmodSync(path('.'), 0o755);
    const [web, outside, store] = [path('his/web'), path('outside'), path('outside/.tls.key.tls-certificates')];
    for (const folder of [path('his'), web]) {
      mkdirSync(folder);
      chownSync(folder, NOBODY, NOBODY);
    }
    mkdirSync(path('trust'));
    mkdirSync(outside, { mode: 0o700 });
    mkdirSync(store, { mode: 0o700 });
    const secret = (name: string): void => writeFileSync(join(outside, name), SECRET, { mode: 0o600 });
    for (const slot of SLOTS) {
      mkdirSync(join(store, slot), { mode: 0o700 });
      secret(keyName(join(web, '.tls.key.tls-certificates'), slot));
      for (const name of ['cert', 'fullChain', 'key']) secret(`.tls.key.tls-certificates/${slot}/${name}`);
    }
    for (const name of ['tls.crt', 'tls.key', '.tls.crt.new', '.tls.key.new', '.tls.key.run-due']) secret(name);
    symlinkSync('a', join(store, 'current'));
    symlinkSync('b', join(store, 'next'));
    await work({
      path,
      web,
      outside,
      // How many names a file has is left out: he may make one, and root remove it again.
      untouched: () => [
        treeOf(outside),
        ['.', ...readdirSync(outside, { recursive: true, encoding: 'utf8' })].map((name) => {
          const { ino, mode, uid, gid, mtimeMs } = lstatSync(join(outside, name));
          return [name, ino, mode, uid, gid, mtimeMs];
        }),
      ],
      his: () => JSON.stringify(treeOf(path('his'))),
    });
  });

/** A disk that notes what is read, and where links lead. */
export const noting = (disk: Disk, seen: Array<string>): Disk => ({
  ...disk,
  read: async (path) => {
    const file = await disk.read(path);
    if (file !== null) seen.push(new TextDecoder().decode(file.bytes));
    return file;
  },
  owned: (folder, uid) => noting(disk.owned(folder, uid), seen),
});

/** Exchanges two names without end, in one step where the system can (renameat2), over and over through all pairs. */
const EXCHANGING = String.raw`
  my $call = { x86_64 => 316, aarch64 => 276 }->{shift @ARGV};
  while (1) {
    for (my $i = 0; $i < @ARGV; $i += 2) {
      my ($a, $b) = @ARGV[$i, $i + 1];
      next if defined $call && syscall($call, -100, $a, -100, $b, 2) == 0;
      rename($a, "$a.held") && rename($b, $a) && rename($a, $b) && rename("$a.held", $a);
    }
  }
`;

/** Whether there is a program that exchanges names fast enough; it is part of Debian’s essential packages. */
export const canExchange = (): boolean => {
  try {
    execFileSync('perl', ['-e', '1']);
    return true;
  } catch {
    return false;
  }
};

/** Starts exchanging names in his folder, as him, until the child is killed. */
export const exchanging = (...names: ReadonlyArray<string>): ChildProcess =>
  spawn('perl', ['-e', EXCHANGING, machine(), ...names], { uid: NOBODY, gid: NOBODY, stdio: 'ignore' });
