/**
 * Places to install at, for tests that do so hundreds of times: a real folder, or a file system in memory, which can be copied, and which
 * is as the real one is as far as installations go (faults.test.ts compares them).
 *
 * @module
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { type Disk, DiskFault, type FileRead, type Look, nodeDisk } from '../../../adapters/file/disk.ts';
import { inFolder } from '../../command.ts';
import { shownAt, treeOf, unmarked } from './machine.ts';

/** A folder, the disk that it is on, and what a test does there. */
export interface Site {
  readonly folder: string;
  readonly disk: Disk;
  /** All that is in the folder, by path: what it is, its mode, and what is in it or where it leads. */
  readonly tree: () => Readonly<Record<string, string>>;
  /** What a path shows to whoever opens it; null where there is nothing. */
  readonly shown: (path: string) => string | null;
  readonly makeFolders: (...names: ReadonlyArray<string>) => void;
  readonly put: (name: string, text: string, mode?: number) => void;
}

/** Does the work in a real folder. */
export const atRealSite = <A>(work: (site: Site) => Promise<A>): Promise<A> =>
  inFolder((path) => {
    const folder = path('.');
    return work({
      folder,
      disk: nodeDisk,
      tree: () => treeOf(folder),
      shown: shownAt,
      makeFolders: (...names) => names.forEach((name) => mkdirSync(join(folder, name), { recursive: true })),
      put: (name, text, mode = 0o644) => {
        writeFileSync(join(folder, name), text);
        chmodSync(join(folder, name), mode);
      },
    });
  });

interface FileNode {
  readonly kind: 'file';
  bytes: Uint8Array;
  mode: number;
  uid: number;
  gid: number;
}

interface LinkNode {
  readonly kind: 'link';
  readonly target: string;
}

interface FolderNode {
  readonly kind: 'folder';
  mode: number;
  readonly children: Map<string, Node>;
}

type Node = FileNode | LinkNode | FolderNode;

const folderNode = (mode = 0o755): FolderNode => ({ kind: 'folder', mode, children: new Map() });

const copyOf = (node: Node): Node =>
  node.kind === 'folder'
    ? { ...node, children: new Map([...node.children].map(([name, child]) => [name, copyOf(child)])) }
    : { ...node };

const [UID, GID] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];

const FOLDER = '/site';

/** More links in a row than any test has. */
const MAX_LINKS = 40;

/** As a system tells what is in the way. */
class SystemError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** A site in memory. */
export class MemorySite implements Site {
  readonly folder: string = FOLDER;
  readonly disk: Disk;
  readonly #root: FolderNode;

  constructor(root?: FolderNode) {
    this.#root = root ?? { ...folderNode(), children: new Map([[basename(FOLDER), folderNode()]]) };
    this.disk = this.#disk();
  }

  /** The same again, of which a change does not show here. */
  copy(): MemorySite {
    const root = copyOf(this.#root);
    return new MemorySite(root.kind === 'folder' ? root : undefined);
  }

  /** What is at a path, whose last part is not followed; throws the code of what is in the way. */
  #at(path: string, links = 0): Node {
    if (links > MAX_LINKS) throw new SystemError('ELOOP');
    const absolute = resolve('/', path);
    if (absolute === '/') return this.#root;
    const child = this.#folder(dirname(absolute), links).children.get(basename(absolute));
    if (child === undefined) throw new SystemError('ENOENT');
    return child;
  }

  /** The same, with links followed. */
  #followed(path: string, links = 0): Exclude<Node, LinkNode> {
    const node = this.#at(path, links);
    return node.kind === 'link' ? this.#followed(resolve(dirname(path), node.target), links + 1) : node;
  }

  #folder(path: string, links = 0): FolderNode {
    const node = this.#followed(path, links);
    if (node.kind !== 'folder') throw new SystemError('ENOTDIR');
    return node;
  }

  #put(path: string, node: Node): void {
    const { children } = this.#folder(dirname(path));
    if (children.has(basename(path))) throw new SystemError('EEXIST');
    children.set(basename(path), node);
  }

  #remove(path: string): Node {
    const node = this.#at(path);
    this.#folder(dirname(path)).children.delete(basename(path));
    return node;
  }

  #disk(): Disk {
    const attempt = <A>(action: string, path: string, work: () => A): Promise<A> =>
      Promise.resolve().then(work).catch((error) => {
        throw new DiskFault(action, path, error);
      });
    const unlessAbsent = <A>(action: string, path: string, absent: A, work: () => A): Promise<A> =>
      attempt(action, path, work).catch((fault) => {
        if (fault instanceof DiskFault && ['ENOENT', 'ENOTDIR'].includes(fault.code)) return absent;
        throw fault;
      });
    return {
      look: (path) =>
        unlessAbsent<Look | null>('look at', path, null, () => {
          const node = this.#at(path);
          const mode = node.kind === 'link' ? 0o777 : node.mode;
          const [uid, gid] = node.kind === 'file' ? [node.uid, node.gid] : [UID, GID];
          return { kind: node.kind, mode, uid, gid, names: 1, isSheltered: true };
        }),
      target: (link) =>
        attempt('read', link, () => {
          const node = this.#at(link);
          if (node.kind !== 'link') throw new SystemError('EINVAL');
          return node.target;
        }),
      read: (path) =>
        unlessAbsent<FileRead | null>('read', path, null, () => {
          const node = this.#at(path);
          return node.kind === 'file' ? node : null;
        }),
      list: (folder) =>
        unlessAbsent<ReadonlyArray<string>>('list', folder, [], () => [...this.#folder(folder).children.keys()]),
      create: (path) =>
        attempt('make', path, () => {
          const file: FileNode = { kind: 'file', bytes: new Uint8Array(), mode: 0o600, uid: UID, gid: GID };
          this.#put(path, file);
          const later = (work: () => void): Promise<void> => Promise.resolve().then(work);
          return {
            write: (bytes) => later(() => void (file.bytes = bytes)),
            chown: (uid, gid) => later(() => void Object.assign(file, { uid, gid })),
            chmod: (mode) => later(() => void (file.mode = mode)),
            sync: () => Promise.resolve(),
            close: () => Promise.resolve(),
          };
        }),
      makeFolder: (path) => attempt('make', path, () => this.#put(path, folderNode())),
      chmodFolder: (path, mode) => attempt('change the mode of', path, () => void (this.#folder(path).mode = mode)),
      link: (target, path) => attempt('make', path, () => this.#put(path, { kind: 'link', target })),
      rename: (from, to) =>
        attempt('write', to, () => {
          const { children } = this.#folder(dirname(to));
          if (children.get(basename(to))?.kind === 'folder') throw new SystemError('EISDIR');
          children.set(basename(to), this.#remove(from));
        }),
      remove: (path) =>
        unlessAbsent('remove', path, undefined, () => {
          if (this.#at(path).kind === 'folder') throw new SystemError('EISDIR');
          this.#remove(path);
        }),
      removeFolder: (path) =>
        unlessAbsent('remove', path, undefined, () => {
          const node = this.#at(path);
          if (node.kind !== 'folder') throw new SystemError('ENOTDIR');
          if (node.children.size > 0) throw new SystemError('ENOTEMPTY');
          this.#remove(path);
        }),
      openFolder: (path) =>
        attempt('write to', path, () => {
          this.#folder(path);
          return { sync: () => Promise.resolve(), close: () => Promise.resolve() };
        }),
      // Everything in memory is ours.
      owned: () => this.disk,
    };
  }

  tree(): Readonly<Record<string, string>> {
    const shown = (node: Node): string =>
      node.kind === 'link'
        ? `link to ${unmarked(FOLDER, node.target)}`
        : node.kind === 'folder'
        ? `folder ${node.mode.toString(8)}`
        : `file ${node.mode.toString(8)} ${new TextDecoder().decode(node.bytes)}`;
    const below = (folder: FolderNode, path: string): ReadonlyArray<readonly [string, string]> =>
      [...folder.children].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, node]) => {
        const own = [unmarked(FOLDER, join(path, name)), shown(node)] as const;
        return node.kind === 'folder' ? [own, ...below(node, join(path, name))] : [own];
      });
    return Object.fromEntries(below(this.#folder(FOLDER), ''));
  }

  shown(path: string): string | null {
    try {
      const node = this.#followed(path);
      return node.kind === 'file' ? new TextDecoder().decode(node.bytes) : null;
    } catch {
      return null;
    }
  }

  makeFolders(...names: ReadonlyArray<string>): void {
    for (const name of names) this.#put(join(FOLDER, name), folderNode());
  }

  /** Links are followed. */
  put(name: string, text: string, mode = 0o644): void {
    const path = join(FOLDER, name);
    const bytes = new TextEncoder().encode(text);
    if (this.shown(path) === null) this.#put(path, { kind: 'file', bytes, mode, uid: UID, gid: GID });
    else Object.assign(this.#followed(path), { bytes, mode });
  }
}
