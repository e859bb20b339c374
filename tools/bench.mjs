/**
 * The benchmarks on the three runtimes, and the size of the core's bundle, as Markdown. With `--save` it becomes the second half of
 * `docs/performance.md`.
 *
 * @module
 */
// @ts-check
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, type } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { alias } from './bundle.mjs';
import { runtime } from './runtimes.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** @type {ReadonlyArray<readonly ['bun' | 'node' | 'deno', ReadonlyArray<string>]>} */
const RUNTIMES = [['bun', ['run']], ['node', []], ['deno', ['run', '--allow-all', '--no-check']]];

/** @param {number} x */
const ms = (x) => (x < 10 ? x.toFixed(3) : x.toFixed(1));

/** @param {number} x */
const ms1 = (x) => x.toFixed(1);

/** How many times per second something can be done that takes this many milliseconds. @param {number | null} x */
const perSecond = (x) => (x === null ? '–' : (1000 / x).toLocaleString('en', { maximumSignificantDigits: 3 }));

/** @param {number} a @param {number | null} b */
const ratio = (a, b) => (b === null ? '–' : (a / b).toFixed(2));

/** @param {Record<string, any>} row */
const decideRow = ({ n, floor, hashing, typed, whole }) =>
  `| ${n} | ${ms(floor)} | ${ms(hashing)} | ${ms(typed)} | ${(typed / (1.5 * floor + hashing)).toFixed(2)} | ${
    ((1000 * typed) / n).toFixed(1)
  } | ${ms(whole)} |`;

/** @param {Record<string, any>} row */
const provideRow = ({ n, floor, answering, idle, memory }) =>
  `| ${n} | ${ms(floor)} | ${ms(answering)} | ${ratio(answering, floor)} | ${((1000 * answering) / n).toFixed(1)} | ${
    ms(idle)
  } | ${(memory / n).toFixed(0)} |`;

/** @param {Record<string, any>} row */
const csrRow = ({ n, floor, requires, answered, idle }) =>
  `| ${n} | ${ms(floor)} | ${ms(requires)} | ${ratio(requires, floor)} | ${ms(answered)} | ${
    ratio(answered, floor)
  } | ${ms(idle)} | ${ratio(idle, floor)} |`;

/** @param {Record<string, any>} row */
const csrSigningRow = ({ operation, algorithm, ours, floor }) =>
  `| ${operation} | ${algorithm} | ${perSecond(ours)} | ${perSecond(floor)} | ${ratio(ours, floor)} |`;

/** @param {Record<string, any>} row */
const conversationRow = ({ units, requests, hooks, certificates, whole, floor }) =>
  `| ${units} × ${requests} | ${hooks} | ${certificates} | ${(whole / 1000).toFixed(2)} | ${
    (floor / 1000).toFixed(2)
  } | ${ratio(whole, floor)} |`;

/** @param {Record<string, any>} row */
const x509Row = ({ operation, algorithm, ours, peer, floor }) =>
  `| ${operation} | ${algorithm} | ${perSecond(ours)} | ${perSecond(peer)} | ${ratio(ours, peer)} | ${
    perSecond(floor)
  } | ${ratio(ours, floor)} |`;

/** @param {Record<string, any>} row */
const inspectRow = ({ algorithm, n, floor, whole }) =>
  `| ${n} | ${algorithm} | ${ms(whole)} | ${ms(whole / n)} | ${ms(floor)} | ${ratio(whole / n, floor)} |`;

/** @param {number} x */
const rate = (x) => x.toLocaleString('en', { maximumSignificantDigits: 3 });

/** @param {Record<string, any>} row */
const httpRow = ({ n, bytes, handler, bare, least, served, bareServed, cold, idle }) =>
  `| ${
    [
      n,
      (bytes / 1000).toFixed(0),
      rate(handler),
      rate(bare),
      ratio(handler, bare),
      rate(least),
      ratio(handler, least),
      rate(served),
      rate(bareServed),
      ratio(served, bareServed),
      cold === null ? '–' : `${ms(cold)}, idle ${ms(idle)}`,
    ].join(' | ')
  } |`;

/** @param {Record<string, any>} row */
const hookRow = ({ n, kind, name, calls, empty, tools, whole }) =>
  `| ${n} | ${kind} | ${name} | ${calls} | ${ms1(empty.wall)} | ${ms1(tools.wall)} | ${ms1(whole.wall)} | ${
    ratio(whole.wall, empty.wall + tools.wall)
  } | ${ms1(whole.cpu)} | ${ratio(whole.cpu, empty.cpu + tools.cpu)} |`;

/** @param {Record<string, any>} row */
const csrHookRow = ({ n, kind, compiled, node, python }) =>
  `| ${n} | ${kind} | ${python.calls} | ${compiled.calls} | ${ms1(python.wall)} | ${ms1(compiled.wall)} | ${
    ratio(python.wall, compiled.wall)
  } | ${ms1(node.wall)} | ${ratio(python.wall, node.wall)} |`;

/** @param {Record<string, any>} row */
const scaleRow = ({ protocol, n, calls, whole, written, kept, state, bag, ms: took }) =>
  `| ${[protocol, n, calls, whole.calls, written, kept, state, bag, ms1(took), ratio(took, whole.ms)].join(' | ')} |`;

/**
 * One benchmark each: its heading, its file, the runtimes that run it if not all, the text above the tables, their columns and rows.
 *
 * @type {ReadonlyArray<{ heading: string, file: string, runtimes?: ReadonlyArray<string>, about: ReadonlyArray<string>,
 *   columns: ReadonlyArray<string>, row: (row: Record<string, any>) => string }>}
 */
const BENCHMARKS = [
  {
    heading: '`decide`',
    file: 'test/bench/decide.ts',
    about: [],
    columns: [
      '| certificates | floor, ms | hashing, ms | `requires.decide`, ms | of the aim | µs per certificate | `decide(unknown)`, ms |',
      '|---:|---:|---:|---:|---:|---:|---:|',
    ],
    row: decideRow,
  },
  {
    heading: '`provides`',
    file: 'test/bench/provide.ts',
    about: [],
    columns: [
      '| requests | floor, ms | all answered, ms | times the floor | µs per request | nothing to do, ms | bytes of memory per request |',
      '|---:|---:|---:|---:|---:|---:|---:|',
    ],
    row: provideRow,
  },
  {
    heading: 'CSR',
    file: 'test/bench/csr.ts',
    about: [],
    columns: [
      '| requests | floor, ms | requirer, ms | of it | provider answers all, ms | of it | nothing to do, ms | of it |',
      '|---:|---:|---:|---:|---:|---:|---:|---:|',
    ],
    row: csrRow,
  },
  {
    heading: 'CSR signing',
    file: 'test/bench/csr-signing.ts',
    about: [],
    columns: [
      '| operation | keys | ours, per second | WebCrypto alone, per second | times its time |',
      '|---|---|---:|---:|---:|',
    ],
    row: csrSigningRow,
  },
  {
    heading: 'A conversation',
    file: 'test/bench/conversation.ts',
    about: [],
    columns: [
      '| units × requests | hooks | certificates | the whole, s | floor: issuing them, s | times the floor |',
      '|---:|---:|---:|---:|---:|---:|',
    ],
    row: conversationRow,
  },
  {
    heading: 'X.509',
    file: 'test/bench/x509.ts',
    about: [
      '| operation | ours | `node:crypto` | WebCrypto alone |',
      '|---|---|---|---|',
      '| describe | `describe(pem)` | `new X509Certificate(pem)`, and of what ours tells everything that it can tell: names, serial number, dates, fingerprint, extended key usage, CA flag, kind of key, signature algorithm. It has no key usage and no key identifiers | – |',
      '| match | `match`: two names, the purpose, and a signature with the key that the certificate verifies | `new X509Certificate(pem)`, `checkHost`, `checkIP`, `checkPrivateKey(createPrivateKey(pem))`, which compares public keys and signs nothing: **less work** | importing both keys, one signature, one verification |',
      "| verify | `verify`: a certificate, and the root that issued it; both signatures | both parsed, `checkIssued`, `verify` of both, CA flag, dates; not the other rules of RFC 5280: **less work** | importing the root's key and verifying, twice |",
      '| issue, CA opened before | `issue`, for a key in PEM and an issuer that `openIssuer` made: signs, and reads what it made | cannot | importing the key, exporting it to learn its public half, one signature |',
      "| issue | `issue`, for a key in PEM: proves that the CA's key belongs to it, signs, and reads what it made | cannot | importing the CA's key, one signature |",
      '',
    ],
    columns: [
      '| operation | keys | ours, per second | `node:crypto`, per second | times its time | WebCrypto alone, per second | times its time |',
      '|---|---|---:|---:|---:|---:|---:|',
    ],
    row: x509Row,
  },
  {
    heading: '`inspect`',
    file: 'test/bench/inspect.ts',
    about: [],
    columns: [
      '| certificates | keys | `examine`, ms | ms per certificate | floor: describe, match, verify one, ms | of the floor |',
      '|---:|---|---:|---:|---:|---:|',
    ],
    row: inspectRow,
  },
  {
    heading: 'HTTP',
    file: 'test/bench/http.ts',
    about: [
      'Requests per second. "Bare" parses the same body and writes it again; "bare with `decide`" decides in between, without limits, problems, headers or logs. Over loopback client and server share the processors, so that these figures are a floor. The idle worker answers `{}`.',
      '',
    ],
    columns: [
      '| certificates | body, kB | `/decide` in the process, per second | bare | of it | bare with `decide` | of it | over loopback, per second | bare | of it | cold start in workerd, ms |',
      '|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|',
    ],
    row: httpRow,
  },
  {
    heading: 'A hook',
    file: 'test/bench/hook.ts',
    // It starts the other runtimes itself.
    runtimes: ['bun'],
    about: [],
    columns: [
      '| certificates | hook | program | tool calls | empty start, ms | tool calls alone, ms | the hook, ms | of both | its processor time, ms | of both |',
      '|---:|---|---|---:|---:|---:|---:|---:|---:|---:|',
    ],
    row: hookRow,
  },
  {
    heading: 'A CSR hook',
    file: 'test/bench/csr-hook.ts',
    // The Python library is installed from Node.
    runtimes: ['node'],
    about: [],
    columns: [
      '| certificates | hook | tool calls, Python | ours | Python, ms | compiled, ms | Python takes times | on Node, ms | Python takes times |',
      '|---:|---|---:|---:|---:|---:|---:|---:|---:|',
    ],
    row: csrHookRow,
  },
  {
    heading: 'Scale',
    file: 'test/bench/scale.ts',
    runtimes: ['bun'],
    about: ['Without the time of tools. docs/scale.md says what follows from it.', ''],
    columns: [
      '| protocol | units | tool calls | reading everything | written on the relation, bytes | to the state, bytes | the state, bytes | the databag, bytes | the charm, ms | of reading everything |',
      '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ],
    row: scaleRow,
  },
];

/** @param {'bun' | 'node' | 'deno'} name @param {ReadonlyArray<string>} args @param {typeof BENCHMARKS[number]} benchmark */
const table = (name, args, { file, columns, row }) => {
  const version =
    spawnSync(runtime(name), ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0]?.replace(/^\D*/, '') ?? '';
  const { stdout, stderr, status } = spawnSync(runtime(name), [...args, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} failed on ${name}: ${stderr}`);
  const rows = stdout.trim().split('\n').map((line) => row(JSON.parse(line)));
  return [`### ${name} ${version}`, '', ...columns, ...rows, ''];
};

/** @param {string} entry @param {string} [contents] */
const bundleSize = async (entry, contents) => {
  const { outputFiles } = await build({
    ...(contents === undefined ? { entryPoints: [entry] } : { stdin: { contents, resolveDir: '.', loader: 'ts' } }),
    bundle: true,
    minify: true,
    format: 'esm',
    alias,
    write: false,
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return `| \`${entry}\` | ${(bytes.length / 1000).toFixed(1)} kB | ${
    (gzipSync(bytes, { level: 9 }).length / 1000).toFixed(1)
  } kB |`;
};

/** Other work on the machine makes every figure worse, some more than others, so it is reported. */
const load = () => (loadavg()[0] ?? 0).toFixed(1);

/** Benchmarks can be selected by name: `npm run bench -- HTTP`. */
const chosen = BENCHMARKS.filter(({ heading }) => process.argv.includes(heading.replaceAll('`', '')));

const loadBefore = load();
const tables = (chosen.length === 0 ? BENCHMARKS : chosen).flatMap((benchmark) => [
  `## ${benchmark.heading}`,
  '',
  ...benchmark.about,
  ...RUNTIMES.filter(([name]) => benchmark.runtimes?.includes(name) ?? true)
    .flatMap(([name, args]) => table(name, args, benchmark)),
]);
const lines = [
  `Measured ${new Date().toISOString().slice(0, 10)} on ${cpus().length} × ${
    cpus()[0]?.model
  }, ${type()} ${release()}. Load average ${loadBefore} before, ${load()} after.`,
  '',
  ...tables,
  '## Size',
  '',
  '| entry, bundled with all it needs | minified | and gzipped |',
  '|---|---:|---:|',
  await bundleSize('core/decide.ts'),
  await bundleSize('requires', "export { requires } from './mod.ts';"),
  await bundleSize('provides', "export { provides } from './mod.ts';"),
  await bundleSize('mod.ts'),
  await bundleSize('examples/edge-decide.ts'),
  await bundleSize('examples/edge.ts'),
  await bundleSize('adapters/inspector/main.ts'),
];

console.log(lines.join('\n'));
if (process.argv.includes('--save') && chosen.length === 0) {
  const [head] = readFileSync('docs/performance.md', 'utf8').split('<!-- measured -->');
  writeFileSync('docs/performance.md', `${head}<!-- measured -->\n\n${lines.join('\n')}\n`);
}
