/**
 * A private root for each unit: what a charm writes below `/etc` and similar folders goes into a folder of the unit.
 *
 * With Linux user namespaces, the charm's program sees the machine's files, and its own files on top of them (overlayfs). Without them, a
 * charm that is a configuration (`tls-certificates.yaml`) gets other paths. Any other charm would write to the machine itself.
 * Source: user_namespaces(7), mount_namespaces(7), the kernel's documentation of overlayfs.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, visit } from 'yaml';
import type { Enter } from './juju/seen.ts';

/** The folders that a charm may write to. Each unit has its own. */
const OWN: ReadonlyArray<string> = ['etc', 'home', 'opt', 'root', 'srv', 'usr/local', 'var'];

/** Lays the unit's folders over those of the machine, and runs the program. Exits with 125 if the machine does not allow it. */
const SCRIPT = `root=$1 work=$2
shift 2
for folder in ${OWN.join(' ')}; do
  [ -d "/$folder" ] || continue
  mkdir -p "$root/$folder" "$work/$folder"
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$root/$folder,workdir=$work/$folder,userxattr" "/$folder" || exit 125
done
exec "$@"
`;

/** How units get private roots: with user namespaces, or only with other paths in a configuration. */
export type RootKind = 'namespaces' | 'folders';

/** The roots of the units in a rehearsal. */
export interface Roots {
  /** How units get their roots. */
  readonly kind: RootKind;
  /** The folder that holds the unit's own files, as its `/`. */
  readonly of: (unit: string) => string;
  /** The command that starts a program in a unit's root. Undefined if programs start without one. */
  readonly enter: Enter | undefined;
  /** Gives a deployed charm other paths if it needs them. False if the charm would still write to the machine itself. */
  readonly relocate: (charmFolder: string, unit: string) => boolean;
  /** Removes the roots. */
  readonly remove: () => void;
}

/** The name of a unit's folder. */
const folderName = (unit: string): string => unit.replace('/', '-');

const command = (folder: string, unit: string, program: string): ReturnType<Enter> => [
  'unshare',
  '--user',
  '--map-root-user',
  '--mount',
  '--propagation',
  'private',
  '/bin/sh',
  join(folder, 'enter.sh'),
  join(folder, folderName(unit), 'root'),
  join(folder, folderName(unit), 'work'),
  program,
];

/** Whether user namespaces work here. The only way to know is to try. */
const canEnter = (folder: string): boolean => {
  mkdirSync(join(folder, 'try'), { recursive: true });
  const [program, ...args] = command(folder, 'try', 'true');
  return spawnSync(program, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
};

/** Paths below these folders. */
const OWN_PATH = new RegExp(`^/(?:${OWN.join('|')})(?:/|$)`);

/** Puts the root before each path in a configuration, wherever and however it is written there. */
const relocated = (file: string, root: string): boolean => {
  if (!existsSync(file)) return false;
  const document = parseDocument(readFileSync(file, 'utf8'));
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && OWN_PATH.test(node.value)) node.value = `${root}${node.value}`;
    },
  });
  writeFileSync(file, document.toString());
  return true;
};

/** Makes folders accessible again: overlayfs leaves some that nobody may enter. */
const unlocked = (folder: string): void => {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder, { withFileTypes: true })) {
    if (!name.isDirectory()) continue;
    chmodSync(join(folder, name.name), 0o700);
    unlocked(join(folder, name.name));
  }
};

/** Makes roots below a folder. With `kind`, it does not try what the machine can do. */
export const openRoots = (folder: string, kind?: RootKind): Roots => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'enter.sh'), SCRIPT);
  const has = kind ?? (canEnter(folder) ? 'namespaces' : 'folders');
  const of = (unit: string): string => {
    const root = join(folder, folderName(unit), 'root');
    mkdirSync(root, { recursive: true });
    return root;
  };
  return {
    kind: has,
    of,
    enter: has === 'namespaces'
      ? (unit, program) => {
        of(unit);
        return command(folder, unit, program);
      }
      : undefined,
    relocate: (charm, unit) => has === 'namespaces' || relocated(join(charm, 'tls-certificates.yaml'), of(unit)),
    remove: () => {
      for (const name of readdirSync(folder)) unlocked(join(folder, name, 'work'));
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
