/**
 * The Juju to test against says what the real tools say: every failure, value, key and document that was measured, as far as it goes.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { yamlOf } from '../../adapters/charm/mod.ts';
import { type AgentUnit, HookContext } from './context.ts';
import { ModelRelation } from './model.ts';
import { type Came, cameIn, textOf, TOOL_ERRORS, VALUES } from './probes.ts';
import { type Reply, runTool } from './tools.ts';

const VERSIONS = ['3.6', '4.0'] as const;
type Version = (typeof VERSIONS)[number];

/** A hook of `web/0`, which is related to `easyrsa`, whose unit `easyrsa/0` is there. */
const hookOf = (version: Version, { leads = true, inRelation = false } = {}) => {
  const ends = [{ application: 'easyrsa', endpoint: 'client' }, {
    application: 'web',
    endpoint: 'certificates',
  }] as const;
  const relation = new ModelRelation(3, ends, false);
  relation.put('units', 'easyrsa/0', { ca: 'CA' });
  const known = {
    broken: false,
    members: new Map([['easyrsa/0', 0]]),
    mustChange: null,
    applicationVersion: 0,
    cache: new Map(),
  };
  const unit: AgentUnit = {
    name: 'web/0',
    folder: '/nowhere',
    address: '10.0.0.7',
    config: { port: 1, none: null },
    isLeader: leads,
    dying: false,
    relations: new Map([[relation, known]]),
    state: {},
    secrets: [],
    waiting: [],
    status: { status: 'waiting', message: 'before' },
    log: [],
  };
  const kind = inRelation
    ? { hook: 'certificates-relation-created', relation, event: 'created' } as const
    : { hook: 'start' };
  const context = new HookContext('web/0-start-0', unit, kind, `${version}.0`);
  const run = (tool: string, args: ReadonlyArray<string>, stdin?: string | Uint8Array): Reply =>
    runTool(context, tool, args, stdin);
  return { context, relation, unit, run };
};

type Run = ReturnType<typeof hookOf>['run'];

const json = ({ stdout }: Reply): unknown => JSON.parse(stdout);

const bytesIn = (document: { readonly text?: string; readonly base64?: string }, key = 'z'): Uint8Array =>
  document.base64 === undefined
    ? new TextEncoder().encode((document.text ?? '').replaceAll(/\bz(?=\W)/g, key))
    : Uint8Array.from(
      document.base64.startsWith('//4') ? Buffer.from(document.base64, 'base64') : Buffer.from(
        Buffer.from(document.base64, 'base64').toString('latin1').replace('"z"', `"${key}"`),
        'latin1',
      ),
    );

/** Lends a file with this content. */
const withFile = <A>(content: string | Uint8Array, use: (path: string) => A): A => {
  const folder = mkdtempSync(join(tmpdir(), 'probe-'));
  try {
    const path = join(folder, 'k');
    writeFileSync(path, content);
    return use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** A failure as it was measured, where it is one. */
const failure = ({ code, stderr }: Reply, path = '/run/x/k'): Came | null =>
  code === 0 ? null : { exit: code, stderr: stderr.replace(path, '/run/x/k') };

const own = (run: Run): Record<string, string> => ({
  ...Object(json(run('relation-get', ['--format=json', '-r', '3', '-', 'web/0']))),
});

const yaml = (key: string, value: string): string => {
  const written = yamlOf({ [key]: value });
  return written._tag === 'Right' ? written.right : assert.fail('it cannot be written');
};

/** Writes with a tool and reads back: what came of it, in the form of the probes. */
const WRITE: Readonly<
  Record<'relation-set' | 'state-set' | 'secret-add', (run: Run, key: string, value: string) => Came>
> = {
  'relation-set': (run, key, value) => {
    const failed = failure(run('relation-set', ['-r', 'certificates:3', '--file', '-'], yaml(key, value)));
    const read = own(run)[key] ?? null;
    return failed ?? (read === value ? 'same' : { exit: 0, read });
  },
  'state-set': (run, key, value) => {
    const failed = failure(run('state-set', ['--file', '-'], yaml(key, value)));
    const state = Object(json(run('state-get', ['--format=json'])) ?? {});
    return failed ?? (state[key] === value ? 'same' : { exit: 0, read: state[key] ?? null });
  },
  'secret-add': (run, key, value) =>
    withFile(`${JSON.stringify({ [key]: value })}\n`, (path) => {
      const added = run('secret-add', ['--file', path]);
      const failed = failure(added, path);
      if (failed !== null) return failed;
      const content = Object(json(run('secret-get', ['--format=json', added.stdout.trim()])));
      return content[key] === value ? 'same' : { exit: 0, read: content[key] ?? null };
    }),
};

const WRITERS = ['relation-set', 'state-set', 'secret-add'] as const;

/** What has to be there, or given, for a failure: by tool and situation. */
interface Question {
  readonly args: ReadonlyArray<string>;
  readonly stdin?: string | Uint8Array;
  readonly leads?: boolean;
  readonly before?: (hook: ReturnType<typeof hookOf>) => void;
  /** Arguments that need what was made before. */
  readonly more?: (hook: ReturnType<typeof hookOf>) => ReadonlyArray<string>;
  /** The content of a file that comes last. */
  readonly file?: string;
}

const args = (line: string): Question => ({ args: line.split(' ') });
const file = (content: string, line = '--file'): Question => ({ args: line.split(' '), file: content });
const document = (stdin: string | Uint8Array): Question => ({ args: ['-r', '3', '--file', '-'], stdin });
const UNKNOWN = '9m4e2mr0ui3e8a215n4g';
const madeSecret = ({ run }: ReturnType<typeof hookOf>): ReadonlyArray<string> => [
  run('secret-add', ['abc=dmFs']).stdout.trim(),
];
const gone = ({ relation }: ReturnType<typeof hookOf>): void => {
  relation.gone = true;
};
const raw = (...middle: ReadonlyArray<number>): Uint8Array =>
  Uint8Array.from([...'{"z":"'].map((c) => c.charCodeAt(0)).concat(middle, [...'"}'].map((c) => c.charCodeAt(0))));

const QUESTIONS: Readonly<Record<string, Question>> = {
  'relation-get: relation id unknown to the agent': args('-r certificates:99'),
  'network-get: relation id unknown to the agent': args('-r certificates:99 certificates'),
  'relation-list: no relation id': args('-r one'),
  'relation-list: no -r outside a relation hook': { args: [] },
  'relation-get: no unit given and no default': args('-r 3 -'),
  'relation-ids: no endpoint given and no default': { args: [] },
  'relation-get: application name without --app': args('-r 3 - easyrsa'),
  'relation-get: no unit name': { args: ['-r', '3', '-', 'bad name'] },
  'relation-get: unit not in the relation': args('-r 3 - easyrsa/9'),
  "relation-get: own application bag as non-leader, other application's bag, or a relation that is gone": {
    ...args('-r 3 --app - web'),
    leads: false,
  },
  'relation-get: relation removed on the controller while the agent still lists it': {
    ...args('-r 3 - easyrsa/0'),
    before: gone,
  },
  'network-get: relation removed on the controller while the agent still lists it': {
    ...args('-r 3 certificates'),
    before: gone,
  },
  'relation-set: application bag as non-leader': { ...args('-r 3 --app a=b'), leads: false },
  'relation-set: leader writes to a relation that is gone or broken': { ...args('-r 3 --app a=b'), before: gone },
  'relation-get: one argument too many': args('-r 3 - easyrsa/0 x'),
  'status-set: one argument too many': args('active a b'),
  'state-delete: one argument too many': args('a b'),
  'config-get: one argument too many': args('port name'),
  'state-delete: a key that begins with -, without --': args('-k'),
  'relation-set: unknown option': args('--zap'),
  'relation-set: option without its value': args('-r'),
  'relation-get: unknown format': args('--format bogus'),
  'secret-get: a format that the tool does not have': args('--format=smart'),
  'relation-set: argument without =': args('-r 3 x'),
  'relation-set: argument with an empty key': args('-r 3 =v'),
  'relation-set: key given twice': args('-r 3 x=1 x=2'),
  'relation-set: file not there': args('-r 3 --file /nonexistent'),
  'relation-set --file -: escaped surrogate pair': document('{"z":"\\ud83d\\ude00"}'),
  'relation-set --file -: escaped slash': document('{"z":"\\/"}'),
  'relation-set --file -: escaped slash in the second line': document('{"a":"b",\n"z":"\\/"}'),
  'relation-set --file -: raw DEL, C1, U+FFFE or U+FFFF': document('{"z":"\u007f"}'),
  'relation-set --file -: invalid UTF-8': document(raw(0xff)),
  'relation-set --file -: surrogate as UTF-8': document(raw(0xed, 0xa0, 0x80)),
  'relation-set --file -: key of more than 1,024 characters without ?': document(`{"${'k'.repeat(1_100)}":"z"}`),
  'relation-set --file -: a list as value': document('{"z":[1]}'),
  'relation-set --file -: an object as value': document('{"z":{"a":"b"}}'),
  'relation-set --file -: a list as document': document('[]'),
  'relation-set --file -: a string as document': document('"x"'),
  'relation-set --file -: a longer string as document': document('abcdefghijklmnop'),
  'relation-set --file -: a number as document': document('5'),
  'relation-set --file -: !!binary that is not base64': document('z: !!binary "@@"'),
  'relation-set --file -: !!null of a string': document('z: !!null "a"'),
  'secret-add --file: a list as value': file('{"abc":[1]}'),
  'secret-add --file: a list as document': file('[]'),
  'secret-add --file: escaped slash in YAML that is no JSON': file('abc: "\\/"'),
  'state-set: key of more than 256 bytes': args(`${'k'.repeat(257)}=1`),
  'state-set: value of more than 65,536 bytes': args(`k=${'v'.repeat(65_537)}`),
  'state-get --strict: no such key': args('--strict nokey'),
  'config-get: --all and a key': args('--all port'),
  'network-get: no endpoint': { args: [] },
  'network-get: no address for the endpoint, unknown endpoint, and any other failure of the controller': {
    ...args('certificates'),
    before: ({ unit }) => void Object.assign(unit, { address: '' }),
  },
  "network-get: nothing known of the endpoint's addresses": {
    ...args('certificates'),
    before: ({ unit }) => void Object.assign(unit, { address: '' }),
  },
  'status-set: unknown status': args('bogus'),
  'status-set: no status': { args: [] },
  'status-set --application: as non-leader': { ...args('--application active'), leads: false },
  'status-get --application: as non-leader': { ...args('--application'), leads: false },
  'juju-log: no message': { args: [] },
  'secret-get --label: no secret with the label': args('--label ca'),
  'secret-info-get --label: no secret with the label': args('--label ca'),
  'secret-get: no secret with the id': args(`secret:${UNKNOWN}`),
  'secret-info-get: no secret with the id': args(UNKNOWN),
  'secret-grant: no secret with the id': args(`${UNKNOWN} -r 3`),
  'secret-get: no such key in the secret': { args: [], more: (hook) => [...madeSecret(hook), 'nokey'] },
  'secret-get: no id': args('nonsense'),
  'secret-get: neither id nor label': { args: [] },
  'secret-get: --peek and --refresh': args(`${UNKNOWN} --peek --refresh`),
  'secret-info-get: id and label': args(`${UNKNOWN} --label x`),
  'secret-set: no id at all': { args: [] },
  'secret-add: the label is taken in this hook': {
    ...args('--label l1 abc=x'),
    before: ({ run }) => void run('secret-add', ['--label', 'l1', 'abc=x']),
  },
  'secret-add: application-owned, as non-leader': { ...args('abc=x'), leads: false },
  'secret-add: key with an empty value among the arguments': args('abc='),
  'secret-add: key of two characters': args('ab=x'),
  'secret-add --file: key with #file': file('{"abc#file":"x"}'),
  'secret-add: no content': { args: [] },
  'secret-add --file: empty content': file('{}'),
  'secret-add --file: file not there': args('--file /nonexistent'),
  'secret-add --file -: - is no standard input': args('--file -'),
  'secret-add: #file not there': args('abc#file=/nonexistent'),
  'secret-add --file: file of more than 1,000,000 bytes': file(`{"abc":"${'x'.repeat(1_000_000)}"}\n`),
  'secret-add --file: value of more than 1,000,000 bytes in base64': file(`{"abc":"${'x'.repeat(750_001)}"}`),
  'secret-add --file: content of more than 1,000,000 bytes in base64': file(
    `{"abc":"${'x'.repeat(400_000)}","def":"${'x'.repeat(400_000)}"}`,
  ),
  'secret-add --expire: no time and no duration': args('--expire 7d abc=x'),
  'secret-add --expire: negative': args('--expire -5h abc=x'),
  'secret-add --rotate: no policy': args('--rotate sometimes abc=x'),
  'secret-add --owner: no owner': args('--owner nobody abc=x'),
  'secret-grant --unit: unit of another application': {
    args: ['-r', '3', '--unit', 'other/0'],
    more: madeSecret,
  },
  'secret-grant --unit: no unit name': { args: ['-r', '3', '--unit', 'easyrsa'], more: madeSecret },
  'secret-revoke: relation and --app': args(`${UNKNOWN} -r 3 --app easyrsa`),
  'secret-revoke: none of relation, --app and --unit': args(UNKNOWN),
  'secret-remove --revision: no number': args(`${UNKNOWN} --revision x`),
};

/** What the simulated Juju cannot be asked: another program, or a part of Juju that it has not. */
const NOT_ASKED = new Set([
  'relation-ids: not under Juju',
  'relation-ids: no socket address',
  'relation-ids: no socket network',
  "relation-ids: the agent's socket is gone",
  'juju-log: the agent does not answer',
  'relation-ids: context id of an earlier hook',
  'relation-ids: context id of an earlier hook, older agents',
  'relation-set --file -: tab as indentation',
  'network-get: unknown endpoint',
  'is-leader: nobody knows',
  'action-get: in a hook',
  'unit-get: unknown setting',
  'secret-get: content that is no base64',
]);

describe('the Juju to test against, held to the real tools', () => {
  it('tools fail in the words and with the exit code of the real ones', () => {
    let asked = 0;
    for (const probe of TOOL_ERRORS) {
      const versions = VERSIONS.filter((version) => probe.juju.includes(version));
      const name = `${probe.tool}: ${probe.situation}`;
      const question = QUESTIONS[name];
      if (question === undefined) {
        assert.ok(versions.length === 0 || NOT_ASKED.has(name), `nobody asks for ${name}`);
        continue;
      }
      for (const version of versions) {
        const hook = hookOf(version, { leads: question.leads ?? true });
        question.before?.(hook);
        const [tool = '', ...options] = probe.tool.split(' ');
        const given: ReadonlyArray<string> = [...(question.more?.(hook) ?? []), ...question.args];
        const flags = options.filter((option) => option.startsWith('--') && !given.includes(option));
        const reply = (last: ReadonlyArray<string>): Reply =>
          hook.run(tool, [...flags, ...given, ...last], question.stdin);
        const came: Came | null = question.file === undefined
          ? failure(reply([]))
          : withFile(question.file, (path) => failure(reply([path]), path));
        assert.deepEqual(came, { exit: probe.exit, stderr: probe.stderr }, `${name} on ${version}`);
        asked++;
      }
    }
    assert.ok(asked > 150, String(asked));
  });

  for (const version of VERSIONS) {
    it(`values come back from the tools of ${version} as from the real ones`, () => {
      for (const probe of VALUES.values) {
        for (const tool of WRITERS) {
          const expected = probe[tool];
          if (expected === undefined) continue;
          const came = WRITE[tool](hookOf(version).run, 'abc', textOf(probe.value));
          assert.deepEqual(came, cameIn(expected, version), `${probe.name}, ${tool}`);
        }
      }
    });

    it(`keys come back from the tools of ${version} as from the real ones`, () => {
      for (const probe of VALUES.keys) {
        for (const tool of WRITERS) {
          const expected = probe[tool];
          if (expected === undefined) continue;
          const came = WRITE[tool](hookOf(version).run, textOf(probe.key), 'dmFs');
          assert.deepEqual(came, cameIn(expected, version), `${JSON.stringify(probe.key)}, ${tool}`);
        }
      }
    });

    it(`documents are read by the tools of ${version} as by the real ones`, () => {
      for (const probe of VALUES.documents) {
        const { run } = hookOf(version);
        if (probe['relation-set'] !== undefined) {
          const failed = failure(run('relation-set', ['-r', '3', '--file', '-'], bytesIn(probe)));
          const came = failed ?? { exit: 0, z: own(run)['z'] ?? null };
          assert.deepEqual(came, cameIn(probe['relation-set'], version), `${probe.name}, relation-set`);
        }
        if (probe['secret-add'] !== undefined) {
          withFile(bytesIn(probe, 'zzz'), (path) => {
            const added = run('secret-add', ['--file', path]);
            const read = () => json(run('secret-get', ['--format=json', added.stdout.trim()]));
            const came: Came = failure(added, path) ?? { exit: 0, read: read() };
            assert.deepEqual(came, cameIn(probe['secret-add'] ?? 'same', version), `${probe.name}, secret-add`);
          });
        }
      }
    });
  }

  it('keys that a controller before 4.0 cannot keep fail the commit, or come back in another spelling', () => {
    const published = (version: Version, ...writes: ReadonlyArray<Readonly<Record<string, string>>>) => {
      const { context, relation } = hookOf(version);
      context.set(relation, 'units', writes[0] ?? {});
      if (context.fault() !== null) return context.fault();
      context.commit();
      const next = new HookContext('next', context.unit, { hook: 'start' }, `${version}.0`);
      next.set(relation, 'units', writes[1] ?? {});
      return next.fault() ?? Object.keys(next.own(relation, 'units'));
    };
    assert.equal(published('3.6', { 'a\0': '1' }), 'Document is corrupted');
    assert.deepEqual(published('4.0', { 'a\0': '1' }), ['a\0']);
    assert.deepEqual(published('3.6', { 'a\uff0eb': '1', '\uff04c': '1' }), ['a.b', '$c']);
    assert.equal(published('3.6', { 'a.b': '1' }, { 'a.b': '', 'a\uff0eb': '2' }), 'ConflictingUpdateOperators');
    assert.deepEqual(published('4.0', { 'a.b': '1' }, { 'a.b': '', 'a\uff0eb': '2' }), ['a\uff0eb']);
  });

  it('-r takes a number after whatever name, and no other', () => {
    const { run } = hookOf('3.6');
    for (const id of ['3', 'certificates:3', 'wrong:3', ':3']) {
      assert.equal(run('relation-list', ['--format=json', '-r', id]).stdout, '["easyrsa/0"]\n', id);
    }
    for (const id of ['certificates', 'certificates:', '3:certificates', '']) {
      assert.equal(run('relation-list', ['-r', id]).code, 2, id);
    }
  });

  it('status-get says in one hook what it said first', () => {
    const { run, unit, context } = hookOf('3.6');
    const status = () => Object(json(run('status-get', ['--format=json', '--include-data'])))['message'];
    run('status-set', ['active', 'first']);
    assert.equal(status(), 'first');
    run('status-set', ['active', 'second']);
    assert.deepEqual([status(), unit.status.message], ['first', 'second']);
    context.statusSeen = null;
    assert.equal(status(), 'second', 'the next hook asks again');
  });

  it('state-set leaves a part of what it was given where it refuses the rest', () => {
    const { run } = hookOf('3.6');
    const values = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`k${i}`, i === 9 ? 'x'.repeat(65_537) : '1']),
    );
    assert.equal(run('state-set', ['--file', '-'], JSON.stringify(values)).code, 1);
    const kept = Object.keys(Object(json(run('state-get', ['--format=json'])) ?? {}));
    assert.ok(kept.length > 0 && kept.length < 19, String(kept.length));
  });

  it('a label that a secret has already is refused at the commit only, and an unknown id to be changed as well', () => {
    const { context, run, unit } = hookOf('3.6');
    run('secret-add', ['--label', 'ca', 'abc=x']);
    context.commit();
    const next = () => new HookContext('next', unit, { hook: 'start' }, '3.6.8');
    for (
      const [tool, words] of [['secret-add', ['--label', 'ca', 'abc=x']], ['secret-set', [UNKNOWN, 'abc=x']], [
        'secret-remove',
        [UNKNOWN],
      ]] as const
    ) {
      const hook = next();
      assert.equal(runTool(hook, tool, words, undefined).code, 0, tool);
      assert.match(hook.fault() ?? '', /already exists|not found/, tool);
    }
  });
});
