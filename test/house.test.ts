/**
 * The house rules that a program can check: imports run one way, the core is pure, the front doors are what they were meant to be.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as front from '../mod.ts';
import { VERSION } from '../adapters/version.ts';
import { clashesIn, commentOf, doors, exportsOf } from './doors.ts';

const ROOT = new URL('../', import.meta.url);

const readText = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const readJson = (path: string) => JSON.parse(readText(path));

const sources = (): ReadonlyArray<string> => [
  'mod.ts',
  ...['core', 'adapters', 'examples'].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`)
  ),
];

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;

/** What a source imports: files as paths from the root, packages as they are. Examples in comments do not count. */
const importsOf = (file: string, text: string): ReadonlyArray<string> =>
  [...text.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(IMPORT)].map(([, from, bare, dynamic]) => {
    const target = from ?? bare ?? dynamic ?? '';
    return target.startsWith('.') ? new URL(target, new URL(file, ROOT)).pathname.slice(ROOT.pathname.length) : target;
  });

/** Who may import what: the first rule whose room the file is in. Own packages and files; everything else is refused. */
const RULES: ReadonlyArray<readonly [room: string, allowed: ReadonlyArray<string>]> = [
  ['core/model/', ['core/model/', 'fp-ts/', 'io-ts']],
  ['core/databag/', ['core/databag/', 'core/model/', 'fp-ts/']],
  ['core/digest.ts', ['core/model/', '@noble/hashes/']],
  ['core/reactive/provides/', [
    'core/reactive/provides/',
    'core/reactive/asked.ts',
    'core/reactive/entry.ts',
    'core/reactive/given.ts',
    'core/reactive/malformed.ts',
    'core/reactive/wire.ts',
    'core/side/',
    'core/databag/',
    'core/model/',
    'core/digest.ts',
    'fp-ts/',
  ]],
  ['core/reactive/requires/', [
    'core/reactive/requires/',
    'core/reactive/asked.ts',
    'core/reactive/entry.ts',
    'core/reactive/given.ts',
    'core/reactive/malformed.ts',
    'core/reactive/wire.ts',
    'core/side/',
    'core/databag/',
    'core/model/',
    'core/digest.ts',
    'fp-ts/',
  ]],
  ['core/side/', ['core/side/', 'core/databag/', 'core/model/', 'core/digest.ts', 'fp-ts/']],
  ['core/reactive/', ['core/reactive/', 'core/side/', 'core/databag/', 'core/model/', 'core/digest.ts', 'fp-ts/']],
  // The door of both protocols; nothing else of this room knows the reactive one.
  ['core/csr/mod.ts', ['core/csr/', 'core/side/']],
  ['core/csr/decide.ts', ['core/csr/', 'core/reactive/', 'core/side/', 'core/model/', 'fp-ts/']],
  ['core/csr/', [
    'core/csr/',
    'core/side/',
    'core/databag/',
    'core/model/',
    'core/digest.ts',
    'core/x509/',
    'fp-ts/',
    '@noble/hashes/',
  ]],
  // Both protocols on one endpoint: it stands on both of them.
  ['core/any/', [
    'core/any/',
    'core/csr/',
    'core/reactive/',
    'core/side/',
    'core/databag/',
    'core/model/',
    'core/digest.ts',
    'fp-ts/',
  ]],
  ['core/trust/', [
    'core/trust/',
    'core/csr/texts.ts',
    'core/side/',
    'core/databag/',
    'core/model/',
    'core/digest.ts',
    'core/x509/',
    'fp-ts/',
  ]],
  ['core/x509/lib.ts', ['reflect-metadata', '@peculiar/x509']],
  ['core/x509/', ['core/x509/', 'core/model/', 'fp-ts/', '@noble/hashes/']],
  ['core/examine/', [
    'core/examine/',
    'core/reactive/',
    'core/csr/',
    'core/trust/',
    'core/databag/',
    'core/model/',
    'core/x509/mod.ts',
    'core/x509/request.ts',
    'fp-ts/',
  ]],
  // It stands between two endpoints, and makes the requests that it asks above.
  ['core/bridge/', [
    'core/bridge/',
    'core/any/protocol.ts',
    'core/any/provides/',
    'core/csr/',
    'core/keyring/',
    'core/reactive/provides/intent.ts',
    'core/side/',
    'core/databag/',
    'core/model/',
    'core/digest.ts',
    'fp-ts/',
  ]],
  ['core/keyring/', [
    'core/keyring/',
    'core/csr/',
    'core/x509/',
    'core/model/',
    'core/digest.ts',
    'fp-ts/',
    '@noble/hashes/',
  ]],
  ['core/authority/', [
    'core/authority/',
    'core/any/',
    'core/csr/',
    'core/model/',
    'core/reactive/provides/',
    'core/x509/',
    'fp-ts/',
    '@noble/hashes/',
  ]],
  ['core/', ['core/', 'fp-ts/']],
  ['adapters/reaction.ts', ['core/model/']],
  ['adapters/host.ts', ['adapters/reaction.ts', 'core/', 'fp-ts/']],
  ['adapters/port.ts', ['adapters/host.ts', 'adapters/memory/host.ts', 'adapters/reaction.ts', 'core/']],
  ['adapters/keeping/keeper.ts', ['adapters/host.ts', 'adapters/turns.ts', 'core/authority/', 'fp-ts/']],
  ['adapters/keeping/', [
    'adapters/keeping/',
    'adapters/host.ts',
    'adapters/file/error.ts',
    'adapters/file/opened.ts',
    'adapters/file/reach.ts',
    'core/model/',
    'fp-ts/',
    'node:',
  ]],
  ['adapters/authority/', ['adapters/authority/', 'adapters/keeping/keeper.ts', 'adapters/host.ts', 'core/', 'fp-ts/']],
  ['adapters/reading/', ['adapters/reading/', 'core/', 'fp-ts/', 'io-ts', 'yaml', '@humanwhocodes/momoa']],
  ['adapters/provider/', ['adapters/provider/', 'adapters/host.ts', 'core/', 'fp-ts/', '@noble/hashes/']],
  ['adapters/turns.ts', []],
  ['adapters/redact.ts', []],
  ['adapters/text/', ['adapters/text/', 'core/model/', 'effect/cli/CliOutput']],
  ['adapters/written.ts', ['core/model/', 'fp-ts/']],
  ['adapters/memory/', ['adapters/memory/', 'adapters/turns.ts', 'adapters/host.ts', 'core/', 'fp-ts/']],
  ['adapters/file/', [
    'adapters/file/',
    'adapters/reading/document.ts',
    'adapters/host.ts',
    'core/',
    'fp-ts/',
    'node:',
  ]],
  ['adapters/install/', [
    'adapters/install/',
    'adapters/host.ts',
    'adapters/text/printable.ts',
    'adapters/file/disk.ts',
    'adapters/file/error.ts',
    'adapters/file/replace.ts',
    'adapters/redact.ts',
    'core/',
    'fp-ts/',
    'io-ts',
    'node:',
  ]],
  ['adapters/charm/config/', [
    // Of the CSR protocol what loads no X.509.
    'core/csr/subject.ts',
    'core/keyring/key-kind.ts',
    'adapters/charm/config/',
    'adapters/install/entry.ts',
    'core/authority/authority.ts',
    'core/authority/policy.ts',
    'core/model/',
    'core/reactive/requires/intent.ts',
    'core/reactive/requires.ts',
    'core/reactive/provides.ts',
    'fp-ts/',
    'io-ts',
    'yaml',
  ]],
  ['adapters/juju/', [
    'adapters/juju/',
    'adapters/keeping/',
    'adapters/host.ts',
    'adapters/reaction.ts',
    'adapters/turns.ts',
    'adapters/file/error.ts',
    'adapters/file/reach.ts',
    'adapters/redact.ts',
    'core/',
    'fp-ts/',
    'io-ts',
    'node:',
  ]],
  ['adapters/charm/', [
    'adapters/charm/',
    'adapters/juju/',
    'adapters/authority/',
    'adapters/keeping/',
    'adapters/install/',
    'adapters/text/printable.ts',
    'adapters/host.ts',
    'adapters/reaction.ts',
    'adapters/file/error.ts',
    'adapters/redact.ts',
    'core/',
    'fp-ts/',
    'io-ts',
    'node:',
  ]],
  // Charms' hooks are run in it: ours in this process, those of others as processes.
  ['adapters/rehearsal/', [
    'adapters/rehearsal/',
    'adapters/charm/',
    'adapters/file/error.ts',
    'adapters/host.ts',
    'adapters/juju/',
    'adapters/memory/random.ts',
    'adapters/provider/',
    'adapters/text/printable.ts',
    'adapters/redact.ts',
    'core/',
    'fp-ts/',
    'io-ts',
    'node:',
    'ajv',
    'yaml',
  ]],
  ['adapters/effect.ts', ['effect/', 'fp-ts/']],
  ['adapters/version.ts', []],
  ['adapters/inspector/', [
    'adapters/inspector/',
    'adapters/text/printable.ts',
    'adapters/reading/document.ts',
    'adapters/reading/observed.ts',
    'adapters/version.ts',
    'core/',
    'fp-ts/',
  ]],
  ['adapters/schema/', [
    'adapters/schema/',
    'adapters/charm/config/configuration.ts',
    'adapters/rehearsal/scenario/scenario.ts',
    'core/',
  ]],
  ['adapters/sessions/', ['adapters/sessions/', 'adapters/provider/', 'core/model/', 'fp-ts/', 'redis']],
  ['adapters/serve/', ['adapters/serve/', 'adapters/host.ts', 'fp-ts/', 'node:']],
  ['adapters/http/', [
    'adapters/http/',
    'adapters/provider/',
    'adapters/reading/document.ts',
    'adapters/reading/json-bytes.ts',
    'adapters/reading/observed.ts',
    'adapters/host.ts',
    'adapters/schema/',
    'adapters/turns.ts',
    'adapters/version.ts',
    'adapters/written.ts',
    'core/',
    'effect/',
    'fp-ts/',
    '@noble/hashes/',
  ]],
  ['adapters/cli/', ['adapters/', 'core/', 'fp-ts/', 'node:', 'effect/', '@effect/platform-node/']],
  ['adapters/main.ts', ['adapters/charm/', 'adapters/cli/main.ts', 'node:']],
  ['mod.ts', ['core/', 'adapters/host.ts', 'adapters/memory/']],
  ['examples/', ['mod.ts', 'adapters/', 'node:']],
];

const faultsOf = (file: string, text: string): ReadonlyArray<string> => {
  const allowed = RULES.find(([room]) => file.startsWith(room))?.[1] ?? [];
  return importsOf(file, text)
    .filter((target) => !allowed.some((prefix) => target.startsWith(prefix)))
    .map((target) => `${file} must not import ${target}`);
};

/** All files that a file reaches, itself included, and the packages among them; `see` may hide some of a file's imports. */
const reachableFrom = (entry: string, see = (text: string): string => text): ReadonlySet<string> => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    if (file.endsWith('.ts')) importsOf(file, see(readText(file))).forEach(visit);
  };
  visit(entry);
  return seen;
};

const cyclesIn = (
  files: ReadonlyArray<string>,
  edges: (file: string) => ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const done = new Set<string>();
  const cycles: Array<string> = [];
  const visit = (file: string, path: ReadonlyArray<string>): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const next of edges(file)) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return cycles;
};

describe('the house', () => {
  it('has imports that run one way', () => {
    const files = sources();
    assert.ok(files.length > 30);
    assert.deepEqual(files.flatMap((file) => faultsOf(file, readText(file))), []);
  });

  it('would notice an import the wrong way, in each of its forms', () => {
    const forms = [
      "import { x } from '../../adapters/host.ts';",
      "import type { x } from 'node:fs';",
      "export * from 'effect/Effect';",
      "import 'effect';",
      "const x = await import('node:fs');",
      "import {\n  a,\n  b,\n} from '../reactive/wire.ts';",
    ];
    for (const form of forms) assert.equal(faultsOf('core/model/example.ts', form).length, 1, form);
  });

  it('has no imports in a circle', () => {
    const local = (file: string) => importsOf(file, readText(file)).filter((target) => target.endsWith('.ts'));
    assert.deepEqual(cyclesIn(sources(), local), []);
    const ring: Readonly<Record<string, ReadonlyArray<string>>> = { a: ['b'], b: ['c'], c: ['a'] };
    assert.equal(cyclesIn(['a'], (file) => ring[file] ?? []).length, 1, 'a circle would be noticed');
  });

  it('has a front door that loads nothing of effect, of a runtime, or of X.509', () => {
    const heavy = [...reachableFrom('mod.ts')].filter((target) => /^(effect|@effect|node:)|x509/.test(target));
    assert.deepEqual(heavy, []);
    assert.ok(
      [...reachableFrom('adapters/cli/main.ts')].some((target) => target.startsWith('effect/')),
      'the walk goes deep',
    );
  });

  it('has an edge that loads nothing of effect, of a runtime, of X.509, or for finding the place of a fault', () => {
    const reached = [...reachableFrom('adapters/http/edge.ts')];
    assert.ok(reached.length > 10);
    assert.deepEqual(reached.filter((target) => /^(effect|@effect|node:|yaml|@humanwhocodes)|x509/.test(target)), []);
  });

  it('has an inspector page and a handler that need no runtime but the Web platform', () => {
    for (const entry of ['adapters/inspector/main.ts', 'adapters/http/mod.ts']) {
      const reached = [...reachableFrom(entry)];
      assert.ok(reached.length > 50);
      assert.deepEqual(reached.filter((target) => target.startsWith('node:')), [], entry);
    }
  });

  it('has a hook that never loads effect, and loads X.509 and YAML only when it has to', () => {
    const atStart = (text: string) => text.replace(/\bimport\('|\bimport type [^;]*;|\btype \w+,? ?/g, '');
    for (const entry of ['adapters/charm/mod.ts', 'adapters/charm/main.ts']) {
      assert.deepEqual([...reachableFrom(entry)].filter((target) => /^@?effect/.test(target)), []);
    }
    const start = [...reachableFrom('adapters/main.ts', atStart)].filter((target) =>
      /effect|cli.main|x509|yaml/.test(target)
    );
    assert.deepEqual(start, ['adapters/juju/yaml.ts']);
    assert.ok(reachableFrom('adapters/charm/main.ts').has('core/x509/mod.ts'), 'it does load it');
  });

  it('has an installation that loads X.509 only when it checks, and a configuration that loads YAML only when it has to', () => {
    // What is imported when it is needed, or as a type, is not loaded at the start.
    const atStart = (text: string) => text.replace(/\bimport\('|\bimport type [^;]*;/g, '');
    const eager = (entry: string) => [...reachableFrom(entry, atStart)];
    assert.deepEqual(eager('adapters/install/mod.ts').filter((target) => /x509|examine/.test(target)), []);
    assert.ok(reachableFrom('adapters/install/mod.ts').has('core/x509/mod.ts'), 'it does load it');
    assert.ok(!eager('adapters/charm/config/resolve.ts').includes('yaml'));
    assert.ok(reachableFrom('adapters/charm/config/resolve.ts').has('yaml'), 'it does load it');
  });

  it('has the same entries and version in package.json, deno.json and the command', () => {
    const [npm, deno] = [readJson('package.json'), readJson('deno.json')];
    assert.deepEqual(Object.keys(npm.exports), Object.keys(deno.exports));
    for (const [entry, { types, default: js }] of Object.entries<{ types: string; default: string }>(npm.exports)) {
      const built = (extension: string) => `./dist/${deno.exports[entry].slice(2).replace(/\.ts$/, extension)}`;
      assert.deepEqual([types, js], [built('.d.ts'), built('.js')]);
    }
    assert.deepEqual([npm.version, deno.version], [VERSION, VERSION]);
    assert.match(readText('CHANGELOG.md'), new RegExp(`^## ${VERSION.replaceAll('.', '\\.')}\\b`, 'm'));
  });

  it('takes nothing for a digest or a note but where they are made', () => {
    const casting = sources().filter((file) => /\bas (?:Digest|Note|Remembered)\b/.test(readText(file)));
    assert.deepEqual(casting.toSorted(), ['core/digest.ts', 'core/reactive/given.ts']);
  });

  it('asks an Either by E.isLeft() and E.isRight(), and nowhere by its tag', () => {
    const asking = sources().filter((file) =>
      /_tag\s*[!=]==\s*'(?:Left|Right)'/.test(readText(file).replaceAll(/\/\*\*[\s\S]*?\*\//g, ''))
    );
    assert.deepEqual(asking, []);
  });

  it('says that something fails with an Either: null is what is absent, and never stands for success', () => {
    const returning = sources().filter((file) => file.startsWith('core/')).flatMap((file) =>
      [
        ...readText(file).matchAll(
          /(?:const|function) (\w+)[^;{}]*?\): [\w.<', |-]*(?:Fault|Flaw|Complaint)\w*>? \| null/g,
        ),
      ]
        .map(([, name]) => `${file}: ${name}`)
    );
    // A public name, which asks for the fault of a check.
    assert.deepEqual(returning, ['core/model/same-names.ts: commonNameFault']);
  });

  it('names sides in their own rows and in tables, and nowhere else', () => {
    const named = sources().filter((file) =>
      // An example is somebody's charm, which says on which side it is.
      !file.startsWith('examples/') &&
      /'(?:reactive|csr|any|trust)\/(?:requires|provides)'/.test(readText(file).replaceAll(/\/\*\*[\s\S]*?\*\//g, ''))
    );
    assert.deepEqual(named.toSorted(), [
      // Configurations, which load no X.509 for their names.
      'adapters/charm/config/csr.ts',
      'core/any/decide.ts',
      'core/any/provides.ts',
      'core/any/requires.ts',
      'core/csr/decide.ts',
      'core/csr/provides.ts',
      'core/csr/requires.ts',
      'core/decide.ts',
      'core/reactive/provides.ts',
      'core/reactive/requires.ts',
      'core/reactive/sides.ts',
      'core/trust/provides.ts',
      'core/trust/requires.ts',
    ]);
  });

  it('has a word about every file at its top', () => {
    assert.deepEqual(sources().filter((file) => !/^(#!.*\n)?\/\*\*[\s\S]*?@module\n \*\//.test(readText(file))), []);
  });

  it('has no suite within a suite: runners do not agree on how many tests that is', () => {
    const nested = readdirSync(new URL('test', ROOT), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
      .filter((file) =>
        [...readText(`test/${file}`).matchAll(/^( +)describe\(/gm)].some(([, indent = '']) =>
          // Two blanks within a loop at the top are no suite around it.
          !(indent.length === 2 && /^for \(.*\) \{$/m.test(readText(`test/${file}`)))
        )
      );
    assert.deepEqual(nested, []);
  });

  it('has a word about every export', () => {
    const bare = sources().flatMap((file) =>
      [...readText(file).matchAll(/(^|\n)(.*)\nexport (?:const|interface|type|class|function) (\w+)/g)]
        .filter(([, , before = '']) => !/\*\/\s*$/.test(before))
        .map(([, , , name]) => `${file}: ${name}`)
    );
    assert.deepEqual(bare, []);
  });

  it('has a front door of at most ninety names, types among them', () => {
    const names = [...exportsOf('mod.ts').keys()];
    assert.ok(names.length > 60 && names.length <= 90, `${names.length} names`);
    const values = Object.keys(front);
    assert.deepEqual(values.filter((name) => !names.includes(name)), [], 'the list of names is read right');
  });

  it('has no name that means one thing at one door and another at the next', () => {
    const byDoor = new Map([...doors()].map(([door, file]) => [door, exportsOf(file)]));
    assert.ok(byDoor.size >= 12);
    const clashes = clashesIn(byDoor).filter((clash) => !WIDER.includes(clash.replace(/:.*/, '')));
    assert.deepEqual(clashes, []);
    const two = (file: string) => new Map([['run', { file, name: 'run' }]]);
    assert.equal(clashesIn(new Map([['.', two('a.ts')], ['./b', two('b.ts')]])).length, 1, 'a clash would be noticed');
    assert.deepEqual(clashesIn(new Map([['.', two('a.ts')], ['./b', two('a.ts')]])), []);
  });

  it('has an example for everything that can be called', async () => {
    const bare: Array<string> = [];
    const called: Array<string> = [];
    for (const [door, file] of doors()) {
      const names = exportsOf(file);
      const values: Readonly<Record<string, unknown>> = await import(new URL(file, ROOT).href);
      for (const [name, value] of Object.entries(values)) {
        if (typeof value !== 'function') continue;
        called.push(name);
        const origin = names.get(name) ?? assert.fail(`${door}: where does ${name} come from?`);
        const example = /@example[^\n]*\n \* ```ts\n([^]*?)```/.exec(commentOf(origin))?.[1] ?? '';
        if (!example.includes(name)) bare.push(`${door}: ${name} of ${origin.file}`);
      }
    }
    assert.ok(called.length > 100);
    assert.deepEqual(bare, []);
  });

  it('has one name, on every registry and in every page', () => {
    const [npm, deno] = [readJson('package.json'), readJson('deno.json')];
    assert.deepEqual([npm.name, deno.name], ['interface-tls-certificates', 'interface-tls-certificates']);
    const inExports = Object.keys(deno.exports).map((door) => `${npm.name}${door.slice(1)}`);
    assert.deepEqual(Object.keys(deno.imports), inExports);
    const pages = readdirSync(new URL('docs', ROOT), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`);
    const written = [...sources(), ...pages, 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'deno.json'];
    assert.deepEqual(written.filter((file) => /@[\w-]+\/interface-tls-certificates/.test(readText(file))), []);
  });

  it('has rooms of which no two import each other', () => {
    const files = new Map(
      sources()
        .filter((file) => !file.startsWith('examples/'))
        .map((file) => [file, importsOf(file, readText(file)).filter((target) => target.endsWith('.ts'))]),
    );
    assert.deepEqual(pairsIn(files, roomOf), []);
    // Folders within rooms are rooms of their own here.
    const alcoveOf = alcovesIn(files);
    assert.equal(alcoveOf('core/reactive/requires.ts'), 'core/reactive/requires.ts');
    assert.equal(alcoveOf('core/reactive/asked.ts'), 'core/reactive');
    assert.deepEqual(pairsIn(files, alcoveOf), []);
  });

  it('would notice two rooms that import each other, and a folder that its own subfolder imports', () => {
    const pairs = (imports: Readonly<Record<string, ReadonlyArray<string>>>): ReadonlyArray<string> => {
      const files = new Map(Object.entries(imports));
      return pairsIn(files, alcovesIn(files));
    };
    assert.deepEqual(pairs({ 'core/a/one.ts': ['core/b/one.ts'], 'core/b/two.ts': ['core/a/two.ts'] }), [
      'core/a ↔ core/b',
    ]);
    const [door, shared, inner] = ['core/a/door.ts', 'core/a/shared.ts', 'core/a/inner/one.ts'];
    assert.deepEqual(pairs({ [door]: [inner, shared], [inner]: [shared], [shared]: [] }), [], 'a door is a room');
    assert.equal(pairs({ [door]: [inner], [inner]: [door] }).length, 1, 'the inner room imports its door');
    const above = 'core/a/above.ts';
    assert.equal(pairs({ [above]: [door], [door]: [inner], [inner]: [above] }).length, 0, 'this is a circle of files');
    const other = 'core/a/inner/two.ts';
    assert.equal(pairs({ [door]: [inner], [above]: [other], [other]: [above], [inner]: [] }).length, 1);
  });

  it('has files of a page or two: the middle one of 60 to 110 lines, and none over 300', () => {
    const lines = sources()
      .filter((file) => !file.startsWith('examples/'))
      .map((file) => [file, readText(file).split('\n').length - 1] as const)
      .sort(([, a], [, b]) => a - b);
    const middle = lines[Math.floor(lines.length / 2)]?.[1] ?? 0;
    assert.ok(middle >= 60 && middle <= 110, `the middle file has ${middle} lines`);
    assert.deepEqual(lines.filter(([, count]) => count > 300), []);
  });

  it('has a file for each word that a stranger looks for', () => {
    const files = new Set(sources());
    for (const [word, places] of Object.entries(WORDS)) {
      for (const file of places) {
        assert.ok(files.has(file), `${word}: there is no ${file}`);
        assert.ok(file.includes(word), `${word}: ${file} does not have it in its name`);
      }
      assert.ok(places.length > 0, word);
    }
    assert.equal(Object.keys(WORDS).length, 20);
  });

  it('exports what it is meant to', () => {
    assert.deepEqual(Object.keys(front).sort(), EXPORTS);
  });
});

/** The contract's function and its types: `./csr` has them for more sides and `./any` for all, so that a program changes its import and nothing else. */
const WIDER: ReadonlyArray<string> = [
  'decide',
  'decodeInput',
  'DocumentOf',
  'Input',
  'InputDocument',
  'InputOf',
  'SideName',
  'SIDES',
  'ViewOf',
];

/** The room of a file: two folders deep, or the file itself where it stands in the hall. */
const roomOf = (file: string): string => {
  const [wing = '', room = '', ...rest] = file.split('/');
  return rest.length === 0 ? file : `${wing}/${room}`;
};

/** The folder of a file. */
const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/'));

/**
 * The room of a file, folders within rooms being rooms of their own. A file is a door if it imports from a folder below its own, or another door
 * beside it: `core/reactive/requires.ts` puts together what is in `core/reactive/requires/`, which in turn uses what both sides of
 * `core/reactive/` share. The door and what is shared lie in one folder, but they are not one room, since who reads what is shared need not know
 * the sides. So a door counts by itself, as files in the hall do. What is shared and what is behind a door must not lead back to it.
 */
const alcovesIn = (files: ReadonlyMap<string, ReadonlyArray<string>>): (file: string) => string => {
  const known = new Map<string, boolean>();
  const isDoor = (file: string): boolean => {
    const before = known.get(file);
    if (before !== undefined) return before;
    // Until it is known, for files may import each other in a circle.
    known.set(file, false);
    const is = (files.get(file) ?? []).some((target) =>
      folderOf(target).startsWith(`${folderOf(file)}/`) || (folderOf(target) === folderOf(file) && isDoor(target))
    );
    known.set(file, is);
    return is;
  };
  return (file) => (isDoor(file) ? file : folderOf(file));
};

/** The rooms that import each other. */
const pairsIn = (
  files: ReadonlyMap<string, ReadonlyArray<string>>,
  room: (file: string) => string,
): ReadonlyArray<string> => {
  const rooms = new Map<string, Set<string>>();
  for (const [file, targets] of files) {
    const to = rooms.get(room(file)) ?? new Set();
    rooms.set(room(file), to);
    for (const target of targets) to.add(room(target));
  }
  return [...rooms].flatMap(([a, to]) =>
    [...to].filter((b) => a < b && rooms.get(b)?.has(a)).map((b) => `${a} ↔ ${b}`)
  );
};

/** What a stranger looks for, and the file that does it; the word is part of its name. */
const WORDS: Readonly<Record<string, ReadonlyArray<string>>> = {
  withdraw: ['core/reactive/provides/withdraw.ts'],
  sans: ['core/csr/sans.ts'],
  flag: [
    'core/reactive/requires/flags.ts',
    'core/reactive/provides/flags.ts',
    'core/csr/requires/flags.ts',
    'core/csr/provides/flags.ts',
    'core/trust/requires/flags.ts',
  ],
  changed: ['core/side/changed.ts'],
  json: ['core/databag/json.ts'],
  entry: ['core/reactive/entry.ts'],
  depart: ['core/side/departed.ts'],
  leader: ['core/csr/leader.ts'],
  chain: ['core/x509/chain-search.ts', 'core/authority/csr/chain.ts'],
  expiry: ['core/csr/expiry.ts'],
  renew: ['core/csr/renewal.ts'],
  match: ['core/x509/match.ts'],
  policy: ['core/authority/policy.ts'],
  request: ['core/x509/request.ts'],
  pair: ['adapters/install/pair.ts'],
  lock: ['adapters/file/lock.ts'],
  redact: ['adapters/redact.ts'],
  'exit-code': ['adapters/cli/exit-code.ts'],
  status: ['adapters/charm/status.ts'],
  limit: ['adapters/http/limits.ts'],
};

/** The values of `mod.ts`: a new name is added here on purpose. */
const EXPORTS = [
  'CERT_TYPES',
  'Memory',
  'PROVIDES_FINDINGS',
  'PROVIDES_FLAGS',
  'ProvidesIntent',
  'REDACTED',
  'REQUIRES_FINDINGS',
  'REQUIRES_FLAGS',
  'RelationId',
  'RequiresIntent',
  'Snapshot',
  'UnitName',
  'allPublishedCerts',
  'allRequests',
  'applicationCerts',
  'clientCerts',
  'clientCertsMap',
  'decide',
  'decideInput',
  'decodeInput',
  'emptyMemory',
  'explainFlag',
  'explainKey',
  'flagOf',
  'handled',
  'ignoreRepeats',
  'intentOf',
  'intermediateCerts',
  'intermediateCertsMap',
  'keepWithdrawn',
  'memoryHost',
  'munge',
  'newApplicationRequests',
  'newClientRequests',
  'newIntermediateRequests',
  'newRequests',
  'newServerRequests',
  'nothing',
  'nothingToPublish',
  'orThrow',
  'provides',
  'publish',
  'refuse',
  'requestApplicationCert',
  'requestClientCert',
  'requestIntermediateCert',
  'requestServerCert',
  'requires',
  'rootCaCert',
  'rootCaChain',
  'run',
  'serverCerts',
  'serverCertsMap',
  'setCa',
  'setCert',
  'setCerts',
  'setChain',
  'withdrawApplicationCert',
  'withdrawClientCert',
  'withdrawIntermediateCert',
  'withdrawServerCert',
];
