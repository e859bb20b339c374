/**
 * The Juju to test against, held to the fact sheet: a test that passes on a Juju that is kinder than the real one proves nothing.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Ending } from '../../adapters/juju/tool-error.ts';
import type { RunTool } from '../../adapters/juju/tools.ts';
import { readGoYaml } from './go-yaml.ts';
import { goJson } from './model.ts';
import { type CharmFunction, type Juju, withJuju } from './juju.ts';

type Script = (run: (line: string, input?: string) => Promise<string>, env: Readonly<Record<string, string>>) => void;

/** What a tool said: standard output, or the exit code and the words. */
const told = (ending: Ending): string =>
  ending._tag !== 'exited' ? ending._tag : ending.code === 0 ? ending.stdout : `${ending.code} ${ending.stderr.trim()}`;

/** A charm that calls tools as a shell script would, words apart by blanks. */
const scripted = (script: Script): CharmFunction => async (env, run: RunTool) => {
  const call = async (line: string, input?: string): Promise<string> => {
    const [tool = '', ...args] = line.split(' ');
    return told(await run({ tool, args, ...(input === undefined ? {} : { input }) }));
  };
  await script(call, env);
  return 0;
};

/** Runs a script once in a hook of `web/0`, which is related to `easyrsa/0`; everything else does nothing. */
const inHook = (hook: string, script: Script, prepare: (juju: Juju) => void = () => {}): Promise<void> =>
  withJuju({}, async (juju) => {
    let runs = 0;
    const charm: CharmFunction = async (env, run) => {
      if (env['JUJU_HOOK_NAME'] !== hook || runs++ > 0) return 0;
      return await scripted(script)(env, run);
    };
    juju.deploy('easyrsa', null);
    juju.deploy('web', charm);
    const relation = juju.relate('easyrsa:client', 'web:certificates');
    juju.publish(relation, 'easyrsa/0', { ca: 'CA' });
    prepare(juju);
    await juju.settle();
    if (hook.endsWith('departed') || hook.endsWith('broken')) {
      juju.removeRelation(relation);
      await juju.settle();
    }
    assert.ok(runs > 0, `${hook} was run`);
  });

describe('the Juju to test against', () => {
  it('relation-get answers in JSON, with null for a key that is not there', () =>
    inHook('certificates-relation-changed', async (run) => {
      const id = 'certificates:1';
      assert.equal(JSON.parse(await run(`relation-get --format=json -r ${id} - easyrsa/0`)).ca, 'CA');
      assert.equal(await run(`relation-get --format=json -r ${id} ca easyrsa/0`), '"CA"\n');
      assert.equal(await run(`relation-get --format=json -r ${id} nokey easyrsa/0`), 'null\n');
      assert.equal(await run(`relation-get --format=json -r ${id} --app - easyrsa`), '{}\n');
    }));

  it('relation-get without a unit reads the bag of the application where there is no remote unit', () =>
    inHook('certificates-relation-created', async (run) => {
      assert.equal(await run('relation-get --format=json'), '{}\n');
      assert.equal(await run('relation-get --format=json -r certificates:1'), '{}\n');
    }));

  it('relation-get fails in the words of Juju', () =>
    inHook('certificates-relation-changed', async (run) => {
      const get = 'relation-get --format=json -r';
      assert.equal(await run(`${get} x:99`), '2 ERROR invalid value "x:99" for option -r: relation not found');
      assert.equal(await run(`${get} one`), '2 ERROR invalid value "one" for option -r: invalid relation id');
      assert.equal(
        await run(`${get} certificates:1 - easyrsa`),
        '2 ERROR expected unit name, got application name "easyrsa"',
      );
      assert.match(await run(`${get} certificates:1 - easyrsa/9`), /^1 ERROR cannot read .*: settings not found$/);
      assert.match(await run(`${get} certificates:1 --app - other`), /^1 ERROR permission denied/);
    }));

  it('relation-ids are sorted as strings, and none is an empty list', () =>
    inHook(
      'update-status',
      async (run) => {
        const ids = JSON.parse(await run('relation-ids --format=json certificates'));
        assert.deepEqual(ids.slice(0, 3), ['certificates:1', 'certificates:10', 'certificates:11']);
        assert.equal(await run('relation-ids --format=json nosuch'), '[]\n');
        assert.equal(await run('relation-ids'), '2 ERROR no endpoint name specified');
      },
      (juju) => {
        for (let i = 0; i < 10; i++) juju.relate('easyrsa:client', 'web:certificates');
        juju.fire('web/0', 'update-status');
      },
    ));

  it('departed has no departing unit in relation-list, but its bag by name', () =>
    inHook('certificates-relation-departed', async (run, env) => {
      assert.equal(env['JUJU_DEPARTING_UNIT'], 'easyrsa/0');
      assert.equal(await run('relation-ids --format=json certificates'), '["certificates:1"]\n');
      assert.equal(await run('relation-list --format=json'), '[]\n');
      assert.equal(await run('relation-get --format=json ca easyrsa/0'), '"CA"\n');
    }));

  it('broken has no relation in relation-ids, but its bag by id', () =>
    inHook('certificates-relation-broken', async (run, env) => {
      assert.deepEqual([env['JUJU_RELATION_ID'], env['JUJU_REMOTE_UNIT']], ['certificates:1', '']);
      assert.equal(await run('relation-ids --format=json certificates'), '[]\n');
      assert.match(await run('relation-get --format=json -r certificates:1 - web/0'), /private-address/);
    }));

  it('relation-set merges, deletes what is empty, and lets arguments override the file', () =>
    inHook('certificates-relation-changed', async (run) => {
      assert.equal(await run('relation-set a=1 b=2'), '');
      assert.equal(await run('relation-set --file - b=4', '{"a": "", "b": "3", "c": "5"}'), '');
      const bag = JSON.parse(await run('relation-get --format=json - web/0'));
      assert.deepEqual([bag.a, bag.b, bag.c], [undefined, '4', '5']);
      assert.equal(await run('relation-set x'), '2 ERROR expected "key=value", got "x"');
      assert.equal(await run('relation-set a=1 a=2'), '2 ERROR key "a" specified more than once');
    }));

  it('writes are true only where the hook ended well', () =>
    withJuju({}, async (juju) => {
      let runs = 0;
      juju.deploy('easyrsa', null);
      juju.deploy('web', async (env, run) => {
        if (env['JUJU_HOOK_NAME'] !== 'certificates-relation-joined') return 0;
        await run({ tool: 'relation-set', args: [`run=${runs}`] });
        await run({ tool: 'state-set', args: [`run=${runs}`] });
        await run({ tool: 'status-set', args: ['active', `run ${runs}`] });
        return runs++ === 0 ? 1 : 0;
      });
      const relation = juju.relate('easyrsa:client', 'web:certificates');
      await assert.rejects(juju.settle(), /certificates-relation-joined failed/);
      assert.deepEqual(juju.published(relation, 'web/0'), {});
      assert.deepEqual(juju.unit('web/0').state, {});
      assert.equal(juju.unit('web/0').status.message, 'run 0', 'a status is not undone');
      await juju.settle();
      assert.deepEqual(juju.published(relation, 'web/0'), { run: '1' });
      assert.deepEqual(juju.unit('web/0').state, { run: '1' });
    }));

  it('a hook that ended well has done nothing where its commit is refused', () => {
    let refused = 0;
    return withJuju({ refuseCommit: ({ event }) => event === 'joined' && refused++ === 0 }, async (juju) => {
      juju.deploy('easyrsa', null);
      juju.deploy('web', scripted(async (run) => void await run('relation-set a=1')));
      juju.relate('easyrsa:client', 'web:certificates');
      await juju.settle({ retries: 1 });
      const joined = juju.hooks.filter(({ hook }) => hook.endsWith('joined'));
      assert.deepEqual(joined.map(({ code, committed }) => [code, committed]), [[0, false], [0, true]]);
    });
  });

  it('a member’s bag stays as it was until a hook for that member', () =>
    withJuju({}, async (juju) => {
      const seen: Array<string> = [];
      juju.deploy('easyrsa', null, { units: 2 });
      juju.deploy(
        'web',
        scripted(async (run, env) => {
          if (!env['JUJU_HOOK_NAME']?.endsWith('changed')) return;
          seen.push(`${env['JUJU_REMOTE_UNIT']} ${await run('relation-get ca easyrsa/1')}`.trim());
        }),
      );
      const relation = juju.relate('easyrsa:client', 'web:certificates');
      juju.publish(relation, 'easyrsa/1', { ca: '1' });
      await juju.settle();
      seen.length = 0;
      juju.publish(relation, 'easyrsa/1', { ca: '2' });
      juju.publish(relation, 'easyrsa/0', { ca: '2' });
      await juju.settle();
      assert.deepEqual(seen, ['easyrsa/0 1', 'easyrsa/1 2']);
    }));

  it('hooks come in Juju’s order', () =>
    withJuju({}, async (juju) => {
      juju.deploy('easyrsa', null, { units: 2 });
      juju.deploy('web', () => Promise.resolve(0));
      const relation = juju.relate('easyrsa:client', 'web:certificates');
      await juju.settle();
      juju.removeUnit('easyrsa/1');
      await juju.settle();
      juju.removeRelation(relation);
      await juju.settle();
      const hooks = juju.hooks.map(({ hook, remoteUnit = '' }) =>
        `${hook.replace('certificates-relation-', '')} ${remoteUnit}`
      );
      assert.deepEqual(hooks.map((hook) => hook.trim()), [
        'install',
        'created',
        'leader-elected',
        'config-changed',
        'start',
        'joined easyrsa/0',
        'changed easyrsa/0',
        'joined easyrsa/1',
        'changed easyrsa/1',
        'departed easyrsa/1',
        'departed easyrsa/0',
        'broken',
      ]);
    }));

  it('a writer wakes the other side for a change, and not for the same again', () =>
    withJuju({}, async (juju) => {
      juju.deploy('easyrsa', null);
      juju.deploy('web', () => Promise.resolve(0));
      const relation = juju.relate('easyrsa:client', 'web:certificates');
      await juju.settle();
      const before = juju.hooks.length;
      juju.publish(relation, 'easyrsa/0', { ca: 'CA' });
      await juju.settle();
      juju.publish(relation, 'easyrsa/0', { ca: 'CA' });
      await juju.settle();
      assert.deepEqual(juju.hooks.slice(before).map(({ hook }) => hook), ['certificates-relation-changed']);
    }));

  it('the offering side sees an anonymous application, the consuming side its own name for it', () =>
    withJuju({}, async (juju) => {
      const seen: Array<string> = [];
      const watch = scripted(async (run, env) => {
        if (!env['JUJU_HOOK_NAME']?.endsWith('joined')) return;
        seen.push(`${env['JUJU_UNIT_NAME']} ${env['JUJU_REMOTE_UNIT']}`);
        assert.equal(await run('relation-list --format=json'), `["${env['JUJU_REMOTE_UNIT']}"]\n`);
        assert.match(await run(`relation-get --format=json - ${env['JUJU_REMOTE_UNIT']}`), /private-address/);
      });
      juju.deploy('easyrsa', watch);
      juju.deploy('web', watch);
      juju.relate('easyrsa:client', 'web:certificates', { crossModel: true });
      await juju.settle();
      assert.deepEqual(seen.sort(), [
        'easyrsa/0 remote-0123456789abcdef0123456789abcdef/0',
        'web/0 easyrsa/0',
      ]);
    }));

  it('state-set refuses what is too long, and state-get says null of nothing', () =>
    inHook('start', async (run) => {
      assert.equal(await run('state-get --format=json'), 'null\n');
      assert.equal(await run('state-get --format=json nokey'), '""\n');
      assert.match(await run(`state-set a=${'x'.repeat(65_537)}`), /^1 ERROR max allowed value length/);
      assert.equal(await run(`state-set a=${'x'.repeat(65_536)} b=`), '');
      assert.deepEqual(Object.keys(JSON.parse(await run('state-get --format=json'))), ['a', 'b']);
    }));

  it('tools are real programs that talk to the agent of the hook that runs', () =>
    withJuju({}, async (juju) => {
      const charm = join(juju.folder, 'charm');
      mkdirSync(charm);
      writeFileSync(
        join(charm, 'dispatch'),
        `#!/bin/sh
[ "$JUJU_HOOK_NAME" = start ] || exit 0
printf 'a: "<1>"\\nb: two words\\n' | state-set --file -
state-get --format=json
relation-get -r x:99; echo "exit $?"
JUJU_CONTEXT_ID= is-leader; echo "exit $?"
JUJU_CONTEXT_ID=old is-leader; echo "exit $?"
juju-log -l DEBUG -- -x "two  blanks" ''
echo "$HOME|$PWD" >&2
`,
      );
      chmodSync(join(charm, 'dispatch'), 0o755);
      juju.deploy('web', charm);
      await juju.settle();
      const start = juju.hooks.find(({ hook }) => hook === 'start');
      assert.equal(start?.stdout, '{"a":"\\u003c1\\u003e","b":"two words"}\nexit 2\nexit 1\nexit 1\n');
      assert.match(
        start.stderr,
        /relation not found\nERROR JUJU_CONTEXT_ID not set\nERROR bad request: wrong context ID; got "old"\n\|/,
      );
      assert.deepEqual(juju.unit('web/0').log, ['DEBUG -x two  blanks ']);
      assert.deepEqual(juju.unit('web/0').state, { a: '<1>', b: 'two words' });
    }));

  it('a test can kill a hook at a call, and the hook comes again', () => {
    const seen: Array<string> = [];
    return withJuju(
      {
        interfere: ({ tool, hook, index }) => {
          if (hook !== 'start' || tool !== 'state-set') return undefined;
          seen.push(`${index}`);
          return seen.length === 1 ? 'kill after' : undefined;
        },
      },
      async (juju) => {
        juju.deploy('web', scripted(async (run) => void await run('state-set a=1')));
        await juju.settle({ retries: 1 });
        assert.deepEqual(juju.hooks.filter(({ hook }) => hook === 'start').map(({ code }) => code), [null, 0]);
      },
    );
  });

  it('readGoYaml() refuses and changes what Go does', () => {
    assert.deepEqual({ ...readGoYaml('{"a": "\\u00e9\\n/", "b": "x\u{1f600}"}') }, {
      a: '\u00e9\n/',
      b: 'x\u{1f600}',
    });
    assert.deepEqual({ ...readGoYaml('{"a": "x \u0085 y"}') }, { a: 'x y' });
    assert.deepEqual({ ...readGoYaml('{"a": "x \u2028 y"}') }, { a: 'x\u2028y' });
    assert.throws(() => readGoYaml('{"a": "\\ud83d\\ude00"}'), /invalid Unicode character escape code/);
    assert.throws(() => readGoYaml('{"a": "\u007f"}'), /control characters are not allowed/);
    assert.throws(() => readGoYaml(`{"${'k'.repeat(2_000)}": "v"}`), /did not find expected/);
    assert.equal(readGoYaml(`{? "${'k'.repeat(2_000)}" : "v"}`)['k'.repeat(2_000)], 'v');
    assert.deepEqual({ ...readGoYaml('a: 1') }, { a: '1' });
    assert.throws(() => readGoYaml('{"a": [1]}'), /line 1: cannot unmarshal !!seq into string/);
  });

  it('goJson() sorts keys and escapes what HTML would take', () =>
    assert.equal(goJson({ b: '<&>', a: ['\u2028'] }), '{"a":["\\u2028"],"b":"\\u003c\\u0026\\u003e"}'));
});
