/**
 * A root of its own for each unit: what a charm writes below `/etc` and other folders of a machine goes into a folder of the unit's.
 *
 * With user namespaces of Linux, the charm's program sees the machine as it is, and its own files above it (overlayfs). Where a machine
 * has none, a charm that is a configuration (`tls-certificates.yaml`) gets other paths; any other would write to the machine itself.
 * Source: user_namespaces(7), mount_namespaces(7), the kernel's documentation of overlayfs.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Enter } from './juju/seen.ts';

/** The folders of a machine that a charm may write to, and that each unit has for itself. */
const OWN: ReadonlyArray<string> = ['etc', 'home', 'opt', 'root', 'srv', 'usr/local', 'var'];

/** Lays the unit's folders over the machine's, and becomes the program. 125: this machine does not let it. */
const SCRIPT = `root=$1 work=$2
shift 2
for folder in ${OWN.join(' ')}; do
  [ -d "/$folder" ] || continue
  mkdir -p "$root/$folder" "$work/$folder"
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$root/$folder,workdir=$work/$folder,userxattr" "/$folder" || exit 125
done
exec "$@"
`;

/** How roots are had here. */
export type RootKind = 'namespaces' | 'folders';

/** The roots of a rehearsal's units. */
export interface Roots {
  readonly kind: RootKind;
  /** The folder that stands for the unit's `/`. */
  readonly of: (unit: string) => string;
  /** How a program is started in a unit's root; undefined: by itself. */
  readonly enter: Enter | undefined;
  /** Gives a deployed charm other paths, where it can be given any; says whether it could. */
  readonly relocate: (charmFolder: string, unit: string) => boolean;
  /** Takes the roots away. */
  readonly remove: () => void;
}

/** A unit's folder by its name. */
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

/** Whether this machine gives private roots: it is tried. */
const canEnter = (folder: string): boolean => {
  mkdirSync(join(folder, 'try'), { recursive: true });
  const [program, ...args] = command(folder, 'try', 'true');
  return spawnSync(program, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
};

/** Absolute paths below folders of a machine, as a configuration has them: after a quote, a blank or a bracket. */
const PATHS = new RegExp(`(["'\\\\s\\\\[,:])/(${OWN.join('|')})/`, 'g');

const relocated = (file: string, root: string): boolean => {
  if (!existsSync(file)) return false;
  writeFileSync(file, readFileSync(file, 'utf8').replace(PATHS, (_, before, folder) => `${before}${root}/${folder}/`));
  return true;
};

/** overlayfs leaves folders that nobody may enter. */
const unlocked = (folder: string): void => {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder, { withFileTypes: true })) {
    if (!name.isDirectory()) continue;
    chmodSync(join(folder, name.name), 0o700);
    unlocked(join(folder, name.name));
  }
};

/** Makes roots below a folder; `kind` takes one way without trying the other. */
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
