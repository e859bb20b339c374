/**
 * The Juju to test against, as to what happens long after a charm was deployed: leaders change, options are set, actions run, secrets get
 * new revisions and expire, charms are upgraded.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { script } from './built-charm.ts';
import type { RunTool } from '../../adapters/juju/tools.ts';
import { type CharmFunction, type Juju, withJuju } from './juju.ts';

type Call = (line: string) => Promise<string>;

/** A charm of a line of tools for each hook, told apart by its name; what tools said is kept. */
const charmOf = (
  hooks: Readonly<Record<string, (run: Call, env: Readonly<Record<string, string>>) => Promise<unknown>>>,
): CharmFunction =>
async (env, run: RunTool) => {
  const name = env['JUJU_ACTION_NAME'] ?? env['JUJU_HOOK_NAME'] ?? '';
  await hooks[name]?.(async (line) => {
    const [tool = '', ...args] = line.split(' ');
    const ending = await run({ tool, args });
    if (ending._tag !== 'exited') return ending._tag;
    return ending.code === 0 ? ending.stdout.trim() : `${ending.code} ${ending.stderr.trim()}`;
  }, env);
  return 0;
};

const namesSince = (juju: Juju, hooks: number): ReadonlyArray<string> =>
  juju.hooks.slice(hooks).map(({ unit, hook }) => `${unit} ${hook}`);

describe('the Juju to test against, later on', () => {
  it('an application has one leader, and the new one is told', () =>
    withJuju({}, async (juju) => {
      const leads: Array<string> = [];
      const ask = async (run: Call, env: Readonly<Record<string, string>>) =>
        leads.push(`${env['JUJU_UNIT_NAME']} ${await run('is-leader --format=json')}`);
      juju.deploy('web', charmOf({ 'leader-elected': ask, 'update-status': ask }), { units: 2 });
      await juju.settle();
      const before = juju.hooks.length;
      juju.lead('web/1');
      juju.fire('web/0', 'update-status');
      await juju.settle();
      assert.deepEqual(namesSince(juju, before).toSorted(), ['web/0 update-status', 'web/1 leader-elected']);
      assert.deepEqual(leads.toSorted(), ['web/0 false', 'web/0 true', 'web/1 true']);
    }));

  it('options that are set reach every unit of the application, and no other', () =>
    withJuju({}, async (juju) => {
      const seen: Array<string> = [];
      const charm = charmOf({ 'config-changed': async (run) => seen.push(await run('config-get --format=json port')) });
      juju.deploy('web', charm, { units: 2, config: { port: 1 } });
      juju.deploy('other', charm, { config: { port: 1 } });
      await juju.settle();
      juju.configure('web', { port: 2 });
      await juju.settle();
      assert.deepEqual(seen, ['1', '1', '1', '2', '2']);
    }));

  it('an action has parameters, and gives results or a reason', () =>
    withJuju({}, async (juju) => {
      juju.deploy(
        'web',
        charmOf({
          show: async (run) => {
            await run(`action-set got=${await run('action-get name')}`);
            await run('action-set more=1');
          },
          refuse: (run) => run('action-fail not-today'),
          start: async (run) => assert.match(await run('action-get'), /^1 ERROR not running an action/),
        }),
      );
      juju.act('web/0', 'show', { name: 'x' });
      juju.act('web/0', 'refuse');
      await juju.settle();
      const results = juju.hooks.filter(({ hook }) => hook === '').map(({ action }) => action);
      assert.deepEqual(results, [
        { results: { got: 'x', more: '1' }, failure: null, progress: [] },
        { results: {}, failure: 'not-today', progress: [] },
      ]);
    }));

  it('the tools of actions speak in the words of Juju, and take a call as a whole or not at all', () =>
    withJuju({}, async (juju) => {
      const said: Array<string> = [];
      const lines = [
        'action-get --format=json a.b',
        'action-get --format=json a.b.c',
        'action-set good=1 Bad=2',
        'action-set stdout=1',
        'action-set =1',
        'action-set lone',
        'action-set a.b=1 a.c=x=y',
        'action-log',
        'action-log so far',
        'action-fail a b',
      ];
      juju.deploy(
        'web',
        charmOf({
          try: async (run) => {
            for (const line of lines) said.push(await run(line));
          },
        }),
      );
      const { results, progress } = await juju.run('web/0', 'try', { a: { b: 1 } });
      const rule =
        'must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric, hyphens and periods';
      assert.deepEqual(said, [
        '1',
        'null',
        `2 ERROR key "Bad" ${rule}`,
        '2 ERROR cannot set reserved action key "stdout"',
        `2 ERROR key "" ${rule}`,
        '2 ERROR argument "lone" must be of the form key...=value',
        '',
        '2 ERROR no message specified',
        '',
        '2 ERROR unrecognized args: ["b"]',
      ]);
      assert.deepEqual([results, progress], [{ 'a.b': '1', 'a.c': 'x=y' }, ['so far']]);
    }));

  it('an action that fails leaves nothing behind but what it said, is not run again, and its unit goes on', () =>
    withJuju({ refuseCommit: ({ action }) => action === 'refused' }, async (juju) => {
      const setting = async (run: Call) => {
        await run('state-set a=1');
        await run('action-set so-far=1');
      };
      const charm = charmOf({ refused: setting, failing: setting });
      juju.deploy('web', async (env, run) => {
        await charm(env, run);
        return env['JUJU_ACTION_NAME'] === 'failing' ? 3 : 0;
      });
      const results = { 'so-far': '1' };
      assert.deepEqual(await juju.run('web/0', 'failing'), { results, failure: 'exit status 3', progress: [] });
      const failure = 'committing requested changes failed';
      assert.deepEqual(await juju.run('web/0', 'refused'), { results, failure, progress: [] });
      assert.deepEqual(juju.unit('web/0').state, {});
      juju.fire('web/0', 'update-status');
      const before = juju.hooks.length;
      await juju.settle();
      assert.deepEqual(namesSince(juju, before), ['web/0 update-status']);
    }));

  it('an action has to be declared, and gets the defaults of its parameters', () =>
    withJuju({}, async (juju) => {
      const folder = join(juju.folder, 'web');
      mkdirSync(folder);
      writeFileSync(
        join(folder, 'actions.yaml'),
        'show: { params: { to: { type: string, default: x }, n: { type: integer } }, additionalProperties: false }\n',
      );
      script(
        join(folder, 'dispatch'),
        '[ -z "$JUJU_ACTION_NAME" ] || action-set "got=$(action-get --format=json)$JUJU_HOOK_NAME"',
      );
      juju.deploy('web', folder);
      assert.equal((await juju.run('web/0', 'show', { n: 1 })).results['got'], '{"n":1,"to":"x"}');
      assert.throws(() => juju.act('web/0', 'hide'), /^Error: action "hide" not defined on unit "web\/0"/);
      assert.throws(() => juju.act('web/0', 'show', { n: '1' }), /validation failed: \/n must be integer/);
      assert.throws(() => juju.act('web/0', 'show', { m: 1 }), /validation failed/);
    }));

  it('a unit goes on reading a revision until it refreshes; what nobody reads is the owner’s to remove', () =>
    withJuju({}, async (juju) => {
      const read: Array<string> = [];
      const get = (flag: string) => async (run: Call) =>
        read.push(await run(`secret-get --format=json --label shared${flag}`));
      const removed: Array<string> = [];
      juju.deploy(
        'web',
        charmOf({
          'leader-elected': (run) => run('secret-add --label shared key-one=1'),
          peek: get(' --peek'),
          read: get(''),
          refresh: get(' --refresh'),
          change: async (run) => run(`secret-set ${(await run('secret-ids')).split('\n')[0]} key-one=2`),
          'secret-remove': async (run, env) => {
            removed.push(`${env['JUJU_UNIT_NAME']} ${env['JUJU_SECRET_LABEL']} ${env['JUJU_SECRET_REVISION']}`);
            await run(`secret-remove ${env['JUJU_SECRET_ID']} --revision ${env['JUJU_SECRET_REVISION']}`);
          },
        }),
        { units: 2 },
      );
      await juju.settle();
      juju.act('web/1', 'read');
      await juju.settle();
      const before = juju.hooks.length;
      juju.act('web/0', 'change');
      await juju.settle();
      assert.deepEqual(namesSince(juju, before), ['web/0 ', 'web/1 secret-changed']);
      for (const action of ['read', 'peek', 'read', 'refresh']) {
        juju.act('web/1', action);
        await juju.settle();
      }
      assert.deepEqual(read.map((text) => JSON.parse(text)['key-one']), ['1', '1', '2', '1', '2']);
      assert.deepEqual(removed, ['web/0 shared 1']);
      assert.deepEqual(juju.secrets('web').map(({ revisions }) => revisions), [[null, { 'key-one': '2' }]]);
    }));

  it('who owns a secret is told once that it has expired', () =>
    withJuju({}, async (juju) => {
      const told: Array<string> = [];
      juju.deploy(
        'web',
        charmOf({
          start: async (run, env) => {
            if (env['JUJU_UNIT_NAME'] !== 'web/0') return;
            await run('secret-add --label ours --expire 2030-01-01T00:00:00Z key-one=1');
            await run('secret-add --label mine --owner unit --expire 2031-01-01T00:00:00 key-one=1');
          },
          'secret-expired': async (run, env) => {
            told.push(`${env['JUJU_UNIT_NAME']} ${env['JUJU_SECRET_LABEL']}`);
            const info = await run(`secret-info-get --format=json ${env['JUJU_SECRET_ID']}`);
            assert.match(info, /"expiry":"20/);
          },
        }),
        { units: 2 },
      );
      await juju.settle();
      juju.lead('web/1');
      await juju.settle();
      for (const year of ['2029', '2030', '2032', '2033']) {
        juju.expireSecrets(new Date(`${year}-06-01`));
        await juju.settle();
      }
      assert.deepEqual(told, ['web/1 ours', 'web/0 mine']);
    }));

  it('a label of a unit’s is taken for its application, and not for another unit', () =>
    withJuju({}, async (juju) => {
      const add = (owner: string) => (run: Call) => run(`secret-add --label same --owner ${owner} key-one=1`);
      juju.deploy('web', charmOf({ ours: add('application'), mine: add('unit') }), { units: 2 });
      juju.act('web/1', 'mine');
      await juju.settle();
      juju.act('web/0', 'mine');
      await juju.settle();
      assert.equal(juju.secrets('web').length, 2, 'two units may use the same');
      juju.act('web/0', 'ours');
      await assert.rejects(juju.settle(), /failed/);
    }));

  it('an upgrade keeps relations, bags and secrets, and replaces the code', () =>
    withJuju({}, async (juju) => {
      juju.deploy('ca', null);
      juju.deploy('web', charmOf({ 'leader-elected': (run) => run('secret-add --label kept key-one=1') }));
      const relation = juju.relate('ca:client', 'web:certificates');
      juju.publishAs(relation, 'ca', { a: '1', b: '2' });
      juju.publishAs(relation, 'ca', { b: '' });
      await juju.settle();
      const seen: Array<string> = [];
      juju.upgrade(
        'web',
        charmOf({
          'upgrade-charm': async (run) => {
            seen.push(await run('secret-get --format=json --label kept'));
            seen.push(await run('relation-get --format=json -r certificates:1 --app - ca'));
            await run('relation-set -r certificates:1 --app c=3');
          },
        }),
      );
      await juju.settle();
      assert.deepEqual(seen, ['{"key-one":"1"}', '{"a":"1"}']);
      assert.deepEqual({ ...juju.publishedBy(relation, 'web') }, { c: '3' });
    }));

  it('a flag takes yes and no as Go spells them', () =>
    withJuju({}, async (juju) => {
      const said: Array<string> = [];
      juju.deploy(
        'web',
        charmOf({
          start: async (run) => {
            for (const is of ['False', '0', 'maybe']) {
              said.push(await run(`status-set --application=${is} active ok`));
            }
          },
        }),
      );
      await juju.settle();
      assert.deepEqual(juju.unit('web/0').status, { status: 'active', message: 'ok' });
      assert.match(said[2] ?? '', /^2 ERROR invalid value "maybe" for option --application: /);
    }));
});
