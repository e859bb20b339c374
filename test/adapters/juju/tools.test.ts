/**
 * The port of hook tools: what is asked in which words, how answers are read, what failures mean.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import {
  type Ending,
  type HookTools,
  hookTools,
  secretFileIn,
  type SecretId,
  type ToolCall,
  type ToolError,
  type ToolErrorKind,
} from '../../../adapters/charm/mod.ts';
import type { RelationId, UnitName } from '../../../mod.ts';
import { inFolder } from '../../command.ts';

const ID = 'certificates:3' as RelationId;
const UNIT = 'easyrsa/0' as UnitName;
const SECRET = 'secret:9m4e2mr0ui3e8a215n4g' as SecretId;
const KEY = '-----BEGIN PRIVATE KEY-----\nSECRET\n';

const printing = (stdout: string): Ending => ({ _tag: 'exited', code: 0, stdout, stderr: '' });
const failing = (code: number, stderr: string): Ending => ({ _tag: 'exited', code, stdout: '', stderr });

/** Calls one tool that ends so, and tells what was called. */
const calling = async <A>(
  ending: Ending,
  work: (tools: HookTools) => TaskEither<ToolError, A>,
): Promise<{ readonly calls: ReadonlyArray<ToolCall>; readonly right?: A; readonly left?: ToolError }> => {
  const calls: Array<ToolCall> = [];
  const tools = hookTools((call) => {
    calls.push(call);
    return Promise.resolve(ending);
  }, (_content, use) => use('/file'));
  const result = await work(tools)();
  return result._tag === 'Right' ? { calls, right: result.right } : { calls, left: result.left };
};

const words = ({ calls }: { readonly calls: ReadonlyArray<ToolCall> }): ReadonlyArray<string> =>
  calls.map(({ tool, args }) => [tool, ...args].join(' '));

describe('hookTools()', () => {
  it('hookTools() asks in the words that Juju knows', async () => {
    const cases: ReadonlyArray<
      readonly [words: string, answer: string, work: (t: HookTools) => TaskEither<ToolError, unknown>]
    > = [
      ['relation-ids --format=json certificates', '[]', (t) => t.relationIds('certificates')],
      ['relation-list --format=json -r certificates:3', '[]', (t) => t.relationList(ID)],
      ['relation-list --format=json -r certificates:3 --app', '"easyrsa"', (t) => t.relationApplication(ID)],
      ['relation-get --format=json -r certificates:3 - easyrsa/0', '{}', (t) => t.relationGet(ID, { unit: UNIT })],
      [
        'relation-get --format=json -r certificates:3 --app - easyrsa',
        '{}',
        (t) => t.relationGet(ID, { application: 'easyrsa' }),
      ],
      ['relation-set -r certificates:3 --file -', '', (t) => t.relationSet(ID, 'unit', { a: 'b' })],
      ['relation-set -r certificates:3 --app --file -', '', (t) => t.relationSet(ID, 'application', { a: 'b' })],
      ['relation-model-get --format=json -r certificates:3', '{"uuid":"u"}', (t) => t.relationModel(ID)],
      ['state-get --format=json', '{}', (t) => t.stateGet],
      ['state-set --file -', '', (t) => t.stateSet({ a: 'b' })],
      ['state-delete -- a', '', (t) => t.stateDelete('a')],
      ['is-leader --format=json', 'true', (t) => t.isLeader],
      ['config-get --format=json --all', '{}', (t) => t.configGet],
      ['network-get --format=json certificates', '{}', (t) => t.networkGet('certificates')],
      ['network-get --format=json -r certificates:3 certificates', '{}', (t) => t.networkGet('certificates', ID)],
      ['status-get --format=json --include-data', '{"status":"unknown","message":""}', (t) => t.statusGet],
      ['status-set waiting -- -x', '', (t) => t.statusSet('waiting', '-x')],
      ['juju-log -l WARNING -- -x', '', (t) => t.jujuLog('WARNING', '-x')],
      ['action-get --format=json', '{}', (t) => t.actionGet],
      ['action-set a=1 b-c=--x', '', (t) => t.actionSet({ a: '1', 'b-c': '--x' })],
      ['action-fail -- -x', '', (t) => t.actionFail('-x')],
      ['action-log -- -x', '', (t) => t.actionLog('-x')],
      [
        'secret-add --label l --owner unit --file /file',
        'secret:x\n',
        (t) => t.secretAdd({ key: KEY }, { label: 'l', owner: 'unit' }),
      ],
      [`secret-set ${SECRET} --file /file`, '', (t) => t.secretSet(SECRET, { key: KEY })],
      [`secret-get --format=json ${SECRET} --peek`, '{"key":"v"}', (t) => t.secretGet({ id: SECRET }, 'peek')],
      ['secret-get --format=json --label l', '{"key":"v"}', (t) => t.secretGet({ label: 'l' })],
      ['secret-info-get --format=json --label l', '{"x":{"revision":2}}', (t) => t.secretInfo({ label: 'l' })],
      ['secret-ids --format=json', 'null', (t) => t.secretIds],
      [`secret-grant ${SECRET} -r certificates:3 --unit easyrsa/0`, '', (t) => t.secretGrant(SECRET, ID, UNIT)],
      [`secret-revoke ${SECRET} -r certificates:3`, '', (t) => t.secretRevoke(SECRET, ID)],
      [`secret-remove ${SECRET} --revision 2`, '', (t) => t.secretRemove(SECRET, 2)],
    ];
    for (const [expected, answer, work] of cases) {
      const called = await calling(printing(answer), work);
      assert.deepEqual([words(called), called.left?.message], [[expected], undefined]);
    }
  });

  it('hookTools() never has data among the arguments', async () => {
    const written = [
      await calling(printing(''), (t) => t.relationSet(ID, 'unit', { key: KEY })),
      await calling(printing(''), (t) => t.stateSet({ key: KEY })),
      await calling(printing('secret:x'), (t) => t.secretAdd({ key: KEY })),
    ];
    assert.deepEqual(written.map((called) => words(called).join('').includes('SECRET')), [false, false, false]);
    assert.deepEqual(written.map(({ calls }) => calls[0]?.input?.includes('SECRET')), [true, true, undefined]);
  });

  it('hookTools() reads null as nothing, and what Juju left out as empty', async () => {
    assert.deepEqual((await calling(printing('null'), (t) => t.relationIds('x'))).right, []);
    assert.deepEqual((await calling(printing('null'), (t) => t.stateGet)).right, {});
    assert.deepEqual((await calling(printing('null'), (t) => t.relationGet(ID, { unit: UNIT }))).right, {});
    const { right } = await calling(
      printing('{"bind-addresses":[{"addresses":null},{"addresses":[{"value":"10.0.0.7"},{"address":"fd42::7"}]}]}'),
      (t) => t.networkGet('certificates'),
    );
    assert.deepEqual(right, { bindAddresses: ['10.0.0.7', 'fd42::7'], ingressAddresses: [], egressSubnets: [] });
  });

  it('hookTools() takes a leadership that Juju does not know for none', async () => {
    const unknown = failing(1, 'ERROR leadership status unknown: connection lost\n');
    assert.equal((await calling(unknown, (t) => t.isLeader)).right, false);
    assert.equal((await calling(failing(1, 'ERROR x\n'), (t) => t.isLeader)).left?.kind, 'failed');
  });

  it('hookTools() tells failures apart', async () => {
    const cases: ReadonlyArray<readonly [kind: ToolErrorKind, reason: string, ending: Ending]> = [
      ['no-context', 'failed', failing(1, 'ERROR JUJU_CONTEXT_ID not set\n')],
      ['no-context', 'failed', failing(1, 'ERROR bad request: expected context id "a", got "b"\n')],
      ['relation-gone', 'not-found', failing(2, 'ERROR invalid value "x:99" for option -r: relation not found\n')],
      ['relation-gone', 'not-found', failing(1, 'ERROR relation 3 not found\n')],
      ['not-permitted', 'not-permitted', failing(1, 'ERROR permission denied (unauthorized access)\n')],
      [
        'unit-gone',
        'not-found',
        failing(1, 'ERROR cannot read settings for unit "e/9" in relation "r": unit "e/9": settings not found\n'),
      ],
      ['not-leader', 'not-permitted', failing(1, 'ERROR cannot write relation settings\n')],
      ['not-leader', 'not-permitted', failing(1, 'ERROR this unit is not the leader\n')],
      ['secret-not-found', 'not-found', failing(1, 'ERROR secret "x" not found\n')],
      ['no-address', 'failed', failing(1, 'ERROR no network config found for binding "x"\n')],
      ['too-large', 'no-space', failing(1, 'ERROR max allowed value length (65536) exceeded\n')],
      ['not-offered', 'failed', failing(1, 'ERROR not implemented for restricted context not implemented\n')],
      ['bad-arguments', 'failed', failing(2, 'ERROR invalid value "one" for option -r: invalid relation id\n')],
      ['failed', 'failed', failing(1, '')],
      ['unknown-tool', 'not-found', { _tag: 'not started', code: 'ENOENT' }],
      ['not-allowed', 'not-permitted', { _tag: 'not started', code: 'NotCapable' }],
      ['timeout', 'failed', { _tag: 'killed', why: 'timeout' }],
      ['killed', 'failed', { _tag: 'killed', why: 'signal' }],
      ['bad-output', 'failed', { _tag: 'killed', why: 'too much output' }],
      ['bad-output', 'failed', printing('rubbish')],
      ['bad-output', 'failed', printing('')],
      ['bad-output', 'failed', printing('{"a":7}')],
      ['bad-output', 'failed', printing('[]')],
    ];
    for (const [kind, reason, ending] of cases) {
      const { left } = await calling(ending, (t) => t.relationGet(ID, { unit: UNIT }));
      assert.deepEqual([left?.kind, left?.reason], [kind, reason], JSON.stringify(ending));
      assert.match(left?.message ?? '', /^relation-get failed: .{4}/);
    }
  });

  it('hookTools() repeats no secret in an error, whatever the tool says', async () => {
    const long = 'A'.repeat(64);
    const errors = [
      await calling(printing(`not JSON ${KEY}`), (t) => t.relationGet(ID, { unit: UNIT })),
      await calling(printing(JSON.stringify({ key: [KEY] })), (t) => t.relationGet(ID, { unit: UNIT })),
      await calling(failing(1, `ERROR ${KEY}`), (t) => t.relationGet(ID, { unit: UNIT })),
      await calling(failing(1, `ERROR SECRET ${long}`), (t) => t.relationGet(ID, { unit: UNIT })),
      await calling(
        failing(1, 'ERROR yaml: cannot unmarshal !!str `SECRET` into "SECRET'),
        (t) => t.relationSet(ID, 'unit', { key: KEY }),
      ),
      await calling(printing(''), (t) => t.relationSet(ID, 'unit', { key: `SECRET \ud800` })),
    ];
    for (const { left } of errors) assert.doesNotMatch(JSON.stringify(left ?? 'no error'), /SECRET|no error/);
    assert.match(errors[4]?.left?.message ?? '', /yaml: cannot unmarshal !!str … into …/);
  });

  it('hookTools() takes a tool’s last word on a failure, also where it is not Juju’s', async () => {
    const sentences = [
      ['ERROR first\nERROR last\n', 'config-get failed: last'],
      ['WARNING deprecated\nERROR last\n', 'config-get failed: last'],
      ['panic: no\n\ngoroutine 1\n', 'config-get failed: panic: no goroutine 1'],
    ] as const;
    for (const [stderr, message] of sentences) {
      assert.equal((await calling(failing(1, stderr), (t) => t.configGet)).left?.message, message);
    }
  });

  it('hookTools() passes on words that nothing obeys, and not too many of them', async () => {
    const { left } = await calling(failing(1, `ERROR \u001b[2J${'long words '.repeat(100)}`), (t) => t.configGet);
    assert.match(left?.message ?? '', /^config-get failed: {2}\[2Jlong/);
    assert.ok((left?.message.length ?? 0) < 400);
  });

  it('hookTools() cuts messages to what an argument can hold, at a whole character', async () => {
    const called = await calling(printing(''), (t) => t.jujuLog('INFO', `\0${'€'.repeat(60_000)}`));
    const message = called.calls[0]?.args[3] ?? '';
    assert.ok(new TextEncoder().encode(message).length <= 131_071);
    assert.match(message, /^€+\ufffd?$/);
  });

  it('secretFileIn() lends a file that only its owner can read, and takes it away', () =>
    inFolder(async (path) => {
      const lend = secretFileIn(path('.'));
      const seen: Array<string> = [];
      const use = (file: string) => () => {
        seen.push(file);
        assert.equal(readFileSync(file, 'utf8'), 'SECRET');
        assert.equal(statSync(file).mode & 0o777, 0o600);
        return Promise.resolve({ _tag: 'Right', right: 1 } as const);
      };
      assert.deepEqual(await lend('SECRET', use)(), { _tag: 'Right', right: 1 });
      assert.throws(() => statSync(seen[0] ?? ''), /ENOENT/);
      const elsewhere = secretFileIn(path('nowhere'));
      const result = await elsewhere('SECRET', use)();
      assert.match(result._tag === 'Left' ? result.left.message : '', /cannot write .*there is no such file or folder/);
    }));
});
