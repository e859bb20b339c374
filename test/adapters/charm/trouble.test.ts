/**
 * A whole hook with real processes for tools, one of which is in trouble: it fails, prints rubbish, prints without end, hangs, is not there
 * any more or is killed; and databags that somebody made to harm.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { hookCommand } from '../../../adapters/charm/command.ts';
import { processTools } from '../../../adapters/charm/mod.ts';
import { inFolder } from '../../command.ts';
import { HOSTILE } from '../../hostile.ts';
import { withJuju } from '../../juju/juju.ts';
import { PATIENCE } from '../../patience.ts';

const ASKING = '{"side": "reactive/requires", "endpoint": "certificates", "status": true, ' +
  '"requests": [{"certType": "server", "commonName": "web.example"}]}';

const VARIABLES = {
  JUJU_CONTEXT_ID: 'web/0-certificates-relation-changed-0',
  JUJU_AGENT_SOCKET_ADDRESS: '@/agent',
  JUJU_UNIT_NAME: 'web/0',
  JUJU_HOOK_NAME: 'certificates-relation-changed',
  JUJU_DISPATCH_PATH: 'hooks/certificates-relation-changed',
  JUJU_RELATION: 'certificates',
  JUJU_RELATION_ID: 'certificates:1',
  JUJU_REMOTE_APP: 'easyrsa',
  JUJU_REMOTE_UNIT: 'easyrsa/0',
};

const program = (path: string, script: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
};

/** Tools that do what they should, as scripts in a folder. */
const soundTools: Readonly<Record<string, string>> = {
  'relation-ids': 'echo \'["certificates:1"]\'',
  'relation-list': 'echo \'["easyrsa/0"]\'',
  'relation-get':
    'case "$*" in *easyrsa/0) echo \'{"ca": "CA", "web_0.server.cert": "CERT", "web_0.server.key": "SECRET"}\';; *) echo "{}";; esac',
  'state-get': 'echo null',
  'relation-set': 'cat > /dev/null',
  'state-set': 'cat > /dev/null',
  'status-get': 'echo \'{"message": "", "status": "unknown", "status-data": {}}\'',
  'status-set': '',
  'juju-log': '',
};

/** Milliseconds after which a tool is killed that never ends by itself. */
const SHORT = 100;

/** Runs a hook in a folder with these tools; those that are null are not there, and one may never end. Only for that one time is short. */
const hookWith = (tools: Readonly<Record<string, string | null>>, endless?: string) =>
  inFolder(async (path) => {
    for (const [tool, script] of Object.entries({ ...soundTools, ...tools })) {
      if (script !== null) program(path(`tools/${tool}`), script.replaceAll('TOOLS', path('tools')));
    }
    writeFileSync(path('c.json'), ASKING);
    const run = (tool: string) => processTools({ timeout: tool === endless ? SHORT : PATIENCE, maxOutput: 100_000 });
    const complaints: Array<string> = [];
    const calls: Array<string> = [];
    const code = await hookCommand(path('c.json'), {
      variables: { ...VARIABLES, JUJU_CHARM_DIR: path('.') },
      runTool: async (call) => {
        calls.push(call.tool);
        return await run(call.tool)({ ...call, tool: join(path('tools'), call.tool) });
      },
      complain: (line) => void complaints.push(line),
    });
    return { code, complaints, calls };
  });

/** The tools without which a hook cannot end well, in the order in which they are called. */
const NEEDED = ['relation-ids', 'relation-list', 'relation-get', 'state-get', 'relation-set', 'state-set'] as const;

/** What can be the matter with a tool, and what is then said of it. */
const TROUBLES: Readonly<Record<string, readonly [script: string | null, said: RegExp]>> = {
  'it fails': ['echo "ERROR cannot reach the controller" >&2; exit 1', /cannot reach the controller$/],
  'it fails without a word': ['exit 1', /it ended with exit code 1$/],
  'it crashes': ['echo "panic: runtime error\n\ngoroutine 1 [running]:" >&2; exit 2', /panic: runtime error/],
  'it is not there': [null, /there is no such program on PATH/],
  'it is killed': ['kill -9 $$', /it was killed$/],
  'it hangs': ['exec sleep 3600', /it did not end in time and was killed$/],
  'it prints without end': ['exec yes SECRET', /it printed without end and was killed$/],
};

/** What is no answer of those that answer. */
const RUBBISH = ['', 'SECRET', '{"a": SECRET}', '"SECRET', '[1, {"SECRET": 2}]', '17', 'true', '\\0377\\0376'];

describe('a hook in trouble', () => {
  it('a hook ends well with sound tools, in as few calls as can be', async () => {
    const { code, complaints, calls } = await hookWith({});
    assert.deepEqual([code, complaints], [0, []]);
    assert.deepEqual(calls, [
      'relation-ids',
      'relation-list',
      'relation-get',
      'relation-get',
      'state-get',
      'status-get',
      'status-set',
      'relation-set',
      'state-set',
    ]);
  });

  it(
    'a hook ends with 3 and one sentence that names the tool, whatever is the matter with it',
    { timeout: PATIENCE },
    async () => {
      for (const tool of NEEDED) {
        for (const [trouble, [script, said]] of Object.entries(TROUBLES)) {
          // Before Juju 2.8 there is no state: a file stands in for it.
          const isMadeUpFor = trouble === 'it is not there' && tool.startsWith('state-');
          const endless = trouble === 'it hangs' ? tool : undefined;
          const { code, complaints } = await hookWith({ [tool]: script }, endless);
          assert.equal(code, isMadeUpFor ? 0 : 3, `${tool}: ${trouble}: ${complaints}`);
          if (isMadeUpFor) continue;
          assert.equal(complaints.length, 1, `${tool}: ${trouble}`);
          assert.match(complaints[0] ?? '', new RegExp(`^${tool} failed: `));
          assert.match(complaints[0] ?? '', said, tool);
          assert.doesNotMatch(complaints.join(), /SECRET/);
        }
      }
    },
  );

  it('a hook ends with 3 where a tool prints rubbish, and tells nothing of it', async () => {
    for (const tool of NEEDED.slice(0, 4)) {
      for (const rubbish of RUBBISH) {
        const { code, complaints } = await hookWith({ [tool]: `printf '%b' '${rubbish}'` });
        assert.equal(code, 3, `${tool}: ${rubbish}`);
        assert.match(complaints.join('\n'), new RegExp(`^${tool} failed: what it printed cannot be used`));
        assert.doesNotMatch(complaints.join(), /SECRET/);
      }
    }
  });

  it('a hook ends well where nothing but words are lost: a status or a line of the log', async () => {
    for (const tool of ['status-get', 'status-set', 'juju-log']) {
      for (const script of ['exit 1', 'echo \\"unknown\\"', null]) {
        const { code, calls } = await hookWith({ [tool]: script });
        assert.deepEqual([code, calls.includes('status-set')], [0, true], 'without its status the unit says it anew');
      }
    }
  });

  it('a hook ends with 3 where all tools vanish while it runs', async () => {
    for (const tool of ['relation-ids', 'relation-get', 'relation-set']) {
      const { code, complaints } = await hookWith({ [tool]: `${soundTools[tool]}\nrm -r TOOLS` });
      assert.equal(code, tool === 'relation-set' ? 0 : 3, `${tool}: ${complaints}`);
      if (tool !== 'relation-set') assert.match(complaints.join(), /^\S+ failed: there is no such program on PATH/);
    }
  });

  it(
    'a hook reads hostile databags, publishes what it was to, and tells no content',
    { timeout: PATIENCE },
    async () => {
      const megabytes = `{"cert": "${'SECRET \u{1f600}'.repeat(300_000)}"}`;
      await withJuju({}, async (juju) => {
        const complaints: Array<string> = [];
        juju.deploy('easyrsa', null);
        juju.deploy('web', (variables, runTool) => {
          const path = join(variables['JUJU_CHARM_DIR'] ?? '', 'c.json');
          writeFileSync(path, ASKING);
          return hookCommand(path, { variables, runTool, complain: (line) => void complaints.push(line) });
        });
        const relation = juju.relate('easyrsa:client', 'web:certificates');
        await juju.settle();
        const keys = [
          'ca',
          'chain',
          'client.cert',
          'web_0.server.cert',
          'web_0.server.key',
          'web_0.processed_requests',
        ];
        for (const hostile of [...HOSTILE, megabytes, `["${'['.repeat(100_000)}SECRET`]) {
          juju.publish(
            relation,
            'easyrsa/0',
            Object.fromEntries([
              ...keys.map((key) => [key, hostile]),
              ['__proto__', hostile],
              ['constructor', hostile],
              [`key ${hostile.slice(0, 2_000)}`, 'value'],
            ]),
          );
          const before = juju.hooks.length;
          await juju.settle();
          assert.deepEqual([complaints, juju.hooks.length > before || hostile === ''], [[], true]);
          assert.equal(juju.published(relation, 'web/0')['common_name'], 'web.example');
          const { log, status, state } = juju.unit('web/0');
          assert.doesNotMatch(JSON.stringify([log, status, state]), /SECRET/);
          assert.ok(JSON.stringify(state).length < 20_000, 'what is kept does not grow with what others publish');
        }
      });
    },
  );
});
