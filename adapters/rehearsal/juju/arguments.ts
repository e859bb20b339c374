/**
 * The arguments of hook tools, and how a tool fails.
 *
 * Source: docs/hook-environment.md section 2.1.
 *
 * @module
 */

/** A tool failed: with 1 if the operation failed, with 2 if the arguments are wrong. */
export class Failure extends Error {
  readonly code: 1 | 2;

  constructor(code: 1 | 2, message: string) {
    super(message);
    this.code = code;
  }
}

/** The arguments are wrong. */
export const usage = (message: string): Failure => new Failure(2, message);
/** The operation failed. */
export const failed = (message: string): Failure => new Failure(1, message);

/** What a tool takes. */
interface Takes {
  readonly values: ReadonlyArray<string>;
  readonly bare: ReadonlyArray<string>;
  /** How many words it takes at most. Any number if absent. */
  readonly words?: number;
}

/** The flags of each tool, with and without a value. Every tool has `--format`, `-o` and `--output`. */
const FLAGS: Readonly<Record<string, Takes>> = {
  'relation-ids': { values: [], bare: [], words: 1 },
  'relation-list': { values: ['r', 'relation'], bare: ['app'], words: 0 },
  'relation-get': { values: ['r', 'relation'], bare: ['app'], words: 2 },
  'relation-set': { values: ['r', 'relation', 'file'], bare: ['app'] },
  'relation-model-get': { values: ['r', 'relation'], bare: [], words: 0 },
  'state-get': { values: [], bare: ['strict'], words: 1 },
  'state-set': { values: ['file'], bare: [] },
  'state-delete': { values: [], bare: [], words: 1 },
  'is-leader': { values: [], bare: [], words: 0 },
  'config-get': { values: [], bare: ['all', 'a'], words: 1 },
  'network-get': { values: ['r', 'relation'], bare: ['bind-address', 'ingress-address', 'egress-subnets'], words: 1 },
  'status-get': { values: [], bare: ['application', 'include-data'], words: 0 },
  'status-set': { values: [], bare: ['application'], words: 2 },
  'juju-log': { values: ['l', 'log-level'], bare: ['debug'] },
  'action-get': { values: [], bare: [], words: 1 },
  'action-set': { values: [], bare: [] },
  'action-fail': { values: [], bare: [], words: 1 },
  'action-log': { values: [], bare: [] },
  'secret-add': { values: ['label', 'description', 'owner', 'expire', 'rotate', 'file'], bare: [] },
  'secret-set': { values: ['label', 'description', 'owner', 'expire', 'rotate', 'file'], bare: [] },
  'secret-get': { values: ['label'], bare: ['peek', 'refresh'], words: 2 },
  'secret-info-get': { values: ['label'], bare: [], words: 1 },
  'secret-ids': { values: [], bare: [], words: 0 },
  'secret-grant': { values: ['r', 'relation', 'unit'], bare: [], words: 1 },
  'secret-revoke': { values: ['r', 'relation', 'app', 'unit'], bare: [], words: 1 },
  'secret-remove': { values: ['revision'], bare: [], words: 1 },
};

/** The names of all tools. */
export const TOOLS: ReadonlyArray<string> = Object.keys(FLAGS);

/** Tools that print JSON or YAML and nothing else. */
const NO_SMART: ReadonlySet<string> = new Set(['secret-get', 'secret-info-get']);

/** How Go spells yes and no, as in `--application=False`. */
const GO_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false] as const),
]);

/** Parsed arguments. */
export interface Parsed {
  readonly flags: ReadonlyMap<string, string>;
  readonly words: ReadonlyArray<string>;
}

/** Parses flags and words in any order. `--` ends the flags, and `-` alone is a word. */
export const parseArguments = (tool: string, argv: ReadonlyArray<string>): Parsed => {
  const known: Takes = FLAGS[tool] ?? { values: [], bare: [] };
  const values = new Set([...known.values, 'format', 'o', 'output']);
  const flags = new Map<string, string>();
  const words: Array<string> = [];
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (arg === '--') {
      words.push(...argv.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      words.push(arg);
      continue;
    }
    const [, name = '', , value] = /^--?([^=]+)(=(.*))?$/s.exec(arg) ?? [];
    if (values.has(name)) {
      if (value === undefined && i + 1 >= argv.length) throw usage(`option needs an argument: ${arg}`);
      flags.set(name, value ?? argv[++i] ?? '');
    } else if (known.bare.includes(name)) {
      const is = value === undefined ? true : GO_BOOLEANS.get(value);
      if (is === undefined) {
        const given = JSON.stringify(value);
        throw usage(
          `invalid value ${given} for option ${
            arg.replace(/=.*/s, '')
          }: strconv.ParseBool: parsing ${given}: invalid syntax`,
        );
      }
      if (is) flags.set(name, 'true');
      else flags.delete(name);
    } else throw usage(`option provided but not defined: ${arg.replace(/=.*/s, '')}`);
  }
  const { words: most = words.length } = known;
  if (words.length > most) throw usage(`unrecognized args: ${JSON.stringify(words.slice(most))}`);
  const format = flags.get('format');
  if (format !== undefined && !(['json', 'yaml', ...(NO_SMART.has(tool) ? [] : ['smart'])].includes(format))) {
    throw usage(
      `invalid value ${JSON.stringify(format)} for option --format: unknown format ${JSON.stringify(format)}`,
    );
  }
  return { flags, words };
};
