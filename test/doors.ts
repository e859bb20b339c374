/**
 * What the front doors of the package have to offer, read from their sources: each name with the file and name that it is declared under.
 *
 * @module
 */
import { readFileSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url);

const readText = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const pathFrom = (file: string, target: string): string =>
  new URL(target, new URL(file, ROOT)).pathname.slice(ROOT.pathname.length);

/** Where a name is declared. */
export interface Origin {
  readonly file: string;
  readonly name: string;
}

const LISTED = /(?:^|\n)(?:export|import)\s+(?:type\s+)?\{([^}]*)\}\s*from\s*'([^']+)'/g;
const DECLARED =
  /(?:^|\n)export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:const|interface|type|class|function)\s+(\w+)/g;

/** `a`, `type a`, `a as b`: the name there and the name here. */
const listed = (list: string): ReadonlyArray<readonly [there: string, here: string]> =>
  list.split(',').flatMap((entry) => {
    const [, there, here] = /^\s*(?:type\s+)?(\w+)(?:\s+as\s+(\w+))?\s*$/.exec(entry.replace(/\/\/.*/g, '')) ?? [];
    return there === undefined ? [] : [[there, here ?? there] as const];
  });

/** All names that a module exports, with their origins. Examples in comments do not count. */
export const exportsOf = (file: string): ReadonlyMap<string, Origin> => {
  const text = readText(file).replace(/\/\*[\s\S]*?\*\//g, '');
  const names = new Map<string, Origin>();
  for (const [, from = ''] of text.matchAll(/(?:^|\n)export\s+(?:type\s+)?\*\s*from\s*'([^']+)'/g)) {
    for (const [name, origin] of exportsOf(pathFrom(file, from))) names.set(name, origin);
  }
  for (const [whole, list = '', from = ''] of text.matchAll(LISTED)) {
    if (!whole.trimStart().startsWith('export')) continue;
    const inner = from.startsWith('.') ? exportsOf(pathFrom(file, from)) : new Map<string, Origin>();
    for (const [there, here] of listed(list)) names.set(here, inner.get(there) ?? { file: from, name: there });
  }
  for (const [, name = ''] of text.matchAll(DECLARED)) names.set(name, { file, name });
  return names;
};

/** The doors by the name that an import gives them: `.`, `./file`, … */
export const doors = (): ReadonlyMap<string, string> =>
  new Map(
    Object.entries<string>(JSON.parse(readText('deno.json')).exports).map(([door, file]) => [door, file.slice(2)]),
  );

/** The comment right above a declaration, or an empty text. */
export const commentOf = ({ file, name }: Origin): string => {
  const text = readText(file);
  const at = text.search(
    new RegExp(`^export (?:declare )?(?:async )?(?:const|interface|type|class|function) ${name}\\b`, 'm'),
  );
  const before = at < 0 ? '' : text.slice(0, at).trimEnd();
  return before.endsWith('*/') ? before.slice(before.lastIndexOf('/**')) : '';
};

/** Names that mean one thing at one door and another thing at another. */
export const clashesIn = (
  byDoor: ReadonlyMap<string, ReadonlyMap<string, Origin>>,
): ReadonlyArray<string> => {
  const first = new Map<string, readonly [door: string, origin: Origin]>();
  return [...byDoor].flatMap(([door, names]) =>
    [...names].flatMap(([name, origin]) => {
      const [otherDoor, other] = first.get(name) ?? [door, origin];
      first.set(name, [otherDoor, other]);
      return other.file === origin.file && other.name === origin.name
        ? []
        : [`${name}: ${otherDoor} has that of ${other.file}, ${door} that of ${origin.file}`];
    })
  );
};
