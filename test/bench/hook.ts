/**
 * How long a whole hook takes, from the start of its process to its end, beside what nobody could do without: the start of an empty
 * program, and the tool calls alone, made by a shell script.
 *
 * What the tools answer is recorded first, in hooks of the same configuration in a Juju in this process; then they are programs that
 * print it. Each program is a fresh process, all of them take turns, in an order that is reversed each time. Prints one JSON line for
 * each program. It runs on Bun, which tells the processor time of a child and of its children.
 *
 * @module
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { hookCommand } from '../../adapters/charm/command.ts';
import type { Ending, ToolCall } from '../../adapters/juju/tool-error.ts';
import { withJuju } from '../juju/juju.ts';
import { pem } from './pem.ts';

const SIZES = [0, 10, 500];

/** Processes of each program that are timed. */
const ROUNDS = 15;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A hook, and all that its tools were asked and said. */
interface Recorded {
  readonly variables: Readonly<Record<string, string>>;
  readonly calls: ReadonlyArray<readonly [ToolCall, Ending]>;
}

/** The hook in which certificates come, and one afterwards in which nothing is new. */
interface Hooks {
  readonly 'they come': Recorded;
  readonly 'at rest': Recorded;
}

const names = (n: number): ReadonlyArray<string> => Array.from({ length: n }, (_, i) => `unit-${i}.example`);

const configurationOf = (n: number): object => ({
  // The reactive protocol alone, which loads no X.509.
  side: 'reactive/requires',
  endpoint: 'certificates',
  status: true,
  requests: names(n).map((commonName) => ({ certType: 'server', commonName, sans: [commonName, '10.0.0.7'] })),
});

/** What a provider publishes to grant them all. */
const answersTo = (n: number): Readonly<Record<string, string>> => {
  const granted = names(n).map((name) =>
    [name, { cert: pem('CERTIFICATE', name, 18), key: pem('PRIVATE KEY', name, 26) }] as const
  );
  const [first] = granted;
  return {
    ca: pem('CERTIFICATE', 'ca', 18),
    ...(first === undefined ? {} : {
      'web_0.server.cert': first[1].cert,
      'web_0.server.key': first[1].key,
      'web_0.processed_requests': JSON.stringify(Object.fromEntries(granted.slice(1))),
    }),
  };
};

/** Plays a charm with n certificates from its first hook on, and gives the last two. */
const record = (n: number, configuration: string): Promise<Hooks> =>
  withJuju({}, async (juju) => {
    const hooks: Array<Recorded> = [];
    juju.deploy('easyrsa', null);
    juju.deploy('web', async (variables, runTool) => {
      const calls: Array<readonly [ToolCall, Ending]> = [];
      hooks.push({ variables, calls });
      return await hookCommand(configuration, {
        variables,
        runTool: async (call) => {
          const ending = await runTool(call);
          calls.push([call, ending]);
          return ending;
        },
      });
    });
    const relation = juju.relate('easyrsa:client', 'web:certificates');
    await juju.settle();
    juju.publish(relation, 'easyrsa/0', answersTo(n));
    await juju.settle();
    juju.fire('web/0', 'update-status');
    await juju.settle();
    const [granting, atRest] = hooks.slice(-2);
    if (granting === undefined || atRest === undefined) throw new Error('no hooks were run');
    return { 'they come': granting, 'at rest': atRest };
  });

const program = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
};

/** Tools that print what was recorded: the answers of each lie in files called by their last argument. */
const TOOL = `#!/bin/sh
for last; do :; done
exec cat "\${0%/*}/../answers/\${0##*/}/$last"
`;

/** Tools that take what they are told, and print nothing. */
const DEAF = '#!/bin/sh\nexec cat > /dev/null\n';

/** A folder in which a recorded hook can be played: its tools, and a script of its calls alone. */
const stage = (folder: string, { variables, calls }: Recorded): Readonly<Record<string, string>> => {
  const words = calls.map(([{ tool, args, input }, ending], index) => {
    const isTold = input !== undefined;
    program(join(folder, 'tools', tool), isTold || tool === 'status-set' ? DEAF : TOOL);
    if (!isTold && ending._tag === 'exited') {
      const answer = join(folder, 'answers', tool, args.at(-1) ?? '');
      mkdirSync(dirname(answer), { recursive: true });
      writeFileSync(answer, ending.stdout);
    }
    const from = isTold ? join(folder, `input-${index}`) : '/dev/null';
    if (isTold) writeFileSync(from, input);
    return [tool, ...args.map((arg) => `'${arg}'`), '<', from, '> /dev/null'].join(' ');
  });
  program(join(folder, 'calls.sh'), `#!/bin/sh\n${words.join('\n')}\n`);
  return { ...variables, PATH: `${join(folder, 'tools')}:/usr/bin:/bin`, JUJU_CHARM_DIR: folder };
};

/** A program that is timed. */
interface Timed {
  readonly name: string;
  readonly argv: ReadonlyArray<string>;
}

const runtime = (name: string): string => join(ROOT, 'test/runtimes/node_modules/.bin', name);

/** A program in all its forms, the executable first. */
type Forms = readonly [Timed, ...ReadonlyArray<Timed>];

/** The programs, made in a folder: the hook in all its forms, and an empty program in the same. */
const programs = async (folder: string): Promise<{ readonly hook: Forms; readonly empty: Forms }> => {
  // Without types: a tool of the project in JavaScript.
  const { bundleHook, compileHook } = await import(new URL('../../tools/bundle.mjs', import.meta.url).href);
  await bundleHook(folder);
  writeFileSync(join(folder, 'empty.mjs'), '');
  const forms = (entry: string): Forms => {
    const path = join(folder, `${entry}.mjs`);
    const executable = join(folder, entry);
    compileHook(runtime('bun'), path, executable);
    return [
      { name: 'compiled', argv: [executable] },
      { name: 'bun', argv: [runtime('bun'), path] },
      { name: 'node', argv: [runtime('node'), path] },
      { name: 'deno', argv: [runtime('deno'), 'run', '--quiet', '--no-config', '--allow-all', path] },
    ];
  };
  return { hook: forms('hook'), empty: forms('empty') };
};

/** What one process took, in milliseconds. */
interface Took {
  readonly wall: number;
  readonly cpu: number;
}

const time = ({ argv }: Timed, cwd: string, env: Readonly<Record<string, string>>): Took => {
  const began = performance.now();
  const { exitCode, stderr, resourceUsage } = Bun.spawnSync({
    cmd: [...argv],
    cwd,
    env,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  });
  const wall = performance.now() - began;
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${stderr}`);
  return { wall, cpu: Number(resourceUsage.cpuTime.total) / 1_000 };
};

const median = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Medians of each program, by its name. */
const race = (
  timed: ReadonlyArray<Timed>,
  folder: string,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, Took>> => {
  const took = new Map<string, Array<Took>>(timed.map(({ name }) => [name, []]));
  for (const one of timed) time(one, folder, env);
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of round % 2 === 0 ? timed : timed.toReversed()) took.get(one.name)?.push(time(one, folder, env));
  }
  return Object.fromEntries(
    [...took].map((
      [name, all],
    ) => [name, { wall: median(all.map(({ wall }) => wall)), cpu: median(all.map(({ cpu }) => cpu)) }]),
  );
};

const folder = mkdtempSync(join(tmpdir(), 'hook-bench-'));
try {
  const { hook, empty } = await programs(folder);
  const idle = empty.map(({ name, argv }) => ({ name: `empty ${name}`, argv }));
  for (const n of SIZES) {
    const charm = join(folder, `charm-${n}`);
    mkdirSync(charm);
    const [configuration, inYaml] = [join(charm, 'tls-certificates.yaml'), join(charm, 'in-yaml.yaml')];
    // As JSON, which YAML takes, and which charms are built with.
    writeFileSync(configuration, JSON.stringify(configurationOf(n)));
    writeFileSync(inYaml, stringify(configurationOf(n)));
    for (const [kind, recorded] of Object.entries(await record(n, configuration))) {
      const env = stage(charm, recorded);
      const calls = { name: 'calls', argv: [join(charm, 'calls.sh')] };
      const { argv } = hook[0];
      const reading = { name: 'compiled, YAML', argv: [...argv, '--config', inYaml] };
      const took = race([...hook, reading, ...idle, calls], charm, env);
      for (const { name } of [...hook, reading]) {
        console.log(JSON.stringify({
          n,
          kind,
          name,
          calls: recorded.calls.length,
          empty: took[`empty ${name.split(',')[0]}`],
          tools: took['calls'],
          whole: took[name],
        }));
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
