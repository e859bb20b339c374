/**
 * The Juju host: what it reads in each kind of hook, what it writes, what it keeps.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import * as TE from 'fp-ts/lib/TaskEither.js';
import {
  environmentOf,
  type HookEnvironment,
  hookTools,
  type JujuHost,
  jujuHost,
  type JujuHostOptions,
  type JujuOutcome,
  type JujuState,
  secretFileIn,
} from '../../../adapters/charm/mod.ts';
import {
  flagOf,
  type Host,
  intentOf,
  type Memory,
  nothing,
  orThrow,
  type Outcome,
  type Problem,
  requestClientCert,
  requestServerCert,
  requires,
  type RequiresIntent,
  run,
  type Snapshot,
  withdrawClientCert,
  withdrawServerCert,
} from '../../../mod.ts';
import type { State } from '../../../adapters/port.ts';
import { type CharmFunction, type Juju, type RanHook, type SeenCall, withJuju } from '../../juju/juju.ts';

/** What a hook of these tests read, and what came of it. */
interface Run {
  readonly hook: string;
  readonly snapshot: Snapshot | null;
  readonly problem: Problem | null;
  readonly outcome: Outcome | null;
}

interface Charm {
  readonly code: CharmFunction;
  readonly runs: ReadonlyArray<Run>;
}

const hostIn = (
  environment: HookEnvironment,
  runTool: Parameters<CharmFunction>[1],
  options: Partial<JujuHostOptions>,
): JujuHost => {
  const tools = hookTools(runTool, secretFileIn(environment.charmFolder));
  return jujuHost({ tools, environment, endpoint: 'certificates', ...options });
};

/** A charm that runs the requirer's side in every hook. */
const charmOf = (
  intent: RequiresIntent | ((hook: string) => RequiresIntent),
  options: Partial<JujuHostOptions> = {},
): Charm => {
  const runs: Array<Run> = [];
  const code: CharmFunction = async (env, runTool) => {
    const environment = environmentOf(env);
    if (environment._tag === 'Left') return 3;
    const host = hostIn(environment.right, runTool, options);
    const hook = env['JUJU_HOOK_NAME'] ?? '';
    let snapshot: Snapshot | null = null;
    const watched: Host<JujuState, JujuOutcome> = {
      transact: (work) =>
        host.transact((state) => {
          snapshot = state.snapshot;
          return work(state);
        }),
    };
    const wanted = typeof intent === 'function' ? intent(hook) : intent;
    const result = await run(watched)({ side: requires, intent: wanted })();
    const [problem, outcome] = result._tag === 'Left' ? [result.left, null] : [null, result.right];
    runs.push({ hook, snapshot, problem, outcome });
    return problem === null ? 0 : 3;
  };
  return { code, runs };
};

const asking = intentOf(requestServerCert('web.example', ['10.0.0.7']));

/** A requirer and a provider whose charm the test plays, at rest. */
const related = async (juju: Juju, charm: Charm, { units = 1 } = {}) => {
  juju.deploy('easyrsa', null, { units });
  juju.deploy('web', charm.code);
  const relation = juju.relate('easyrsa:client', 'web:certificates');
  await juju.settle();
  return relation;
};

/** An outcome of which nothing is left but what is kept. */
const keeping = (memory: Memory): Outcome => ({
  writes: [],
  flags: { set: [], clear: [] },
  memory,
  until: null,
  view: null,
  findings: [],
});

const toolsOf = ({ calls }: RanHook): ReadonlyArray<string> => calls.map(({ tool }) => tool);

const lastHook = (juju: Juju): RanHook => juju.hooks.at(-1) ?? assert.fail('no hook was run');

const flagsIn = (juju: Juju, unit = 'web/0'): ReadonlyArray<string> =>
  JSON.parse(juju.unit(unit).state['tls-certificates/certificates'] ?? '{"memory":{"flags":[]}}').memory.flags.map(
    (flag: string) => flag.replace('certificates.', ''),
  );

describe('jujuHost()', () => {
  it('jujuHost() asks each thing once, and writes nothing where nothing changed', () =>
    withJuju({}, async (juju) => {
      await related(juju, charmOf(asking));
      juju.fire('web/0', 'update-status');
      await juju.settle();
      assert.deepEqual(lastHook(juju).calls.map(({ tool, args }) => [tool, ...args].join(' ')), [
        'relation-ids --format=json certificates',
        'relation-list --format=json -r certificates:1',
        'relation-get --format=json -r certificates:1 - web/0',
        'relation-get --format=json -r certificates:1 - easyrsa/0',
        'state-get --format=json',
      ]);
    }));

  it('jujuHost() writes each changed bag once, and what it keeps once', () =>
    withJuju({}, async (juju) => {
      const relation = await related(juju, charmOf(asking));
      const joined = juju.hooks.find(({ hook }) => hook.endsWith('joined'));
      const created = juju.hooks.find(({ hook }) => hook.endsWith('created'));
      assert.deepEqual(toolsOf(created ?? assert.fail()).slice(-1), ['relation-set']);
      assert.deepEqual(toolsOf(joined ?? assert.fail()).slice(5), ['state-set']);
      assert.deepEqual(Object.keys(juju.published(relation, 'web/0')), [
        'certificate_name',
        'common_name',
        'sans',
        'unit_name',
      ]);
      juju.publish(relation, 'easyrsa/0', { ca: 'CA', 'web_0.server.cert': 'CERT', 'web_0.server.key': 'SECRET' });
      await juju.settle();
      assert.deepEqual(toolsOf(lastHook(juju)).slice(5), ['state-set']);
      assert.ok(flagsIn(juju).includes('server.certs.changed'));
    }));

  it('jujuHost() never reads a bag without saying whose', () =>
    withJuju({}, async (juju) => {
      const relation = await related(juju, charmOf(asking, { reads: { applicationData: true, keys: false } }), {
        units: 2,
      });
      juju.removeRelation(relation);
      juju.act('web/0', 'renew');
      juju.act('web/0');
      await juju.settle();
      const gets = juju.hooks.flatMap(({ calls }) => calls).filter(({ tool }) => tool === 'relation-get');
      assert.ok(gets.length > 20);
      for (const { args } of gets) assert.match(args.at(-1) ?? '', /^(web|easyrsa)(\/\d+)?$/);
    }));

  it('jujuHost() keeps nothing of a private key', () =>
    withJuju({}, async (juju) => {
      const relation = await related(juju, charmOf(asking));
      juju.publish(relation, 'easyrsa/0', { ca: 'CA', 'web_0.server.cert': 'CERT', 'web_0.server.key': 'SECRET' });
      await juju.settle();
      const told = juju.hooks.flatMap(({ calls }) => calls.flatMap(({ args, stdin = '' }) => [...args, stdin]));
      assert.doesNotMatch(told.join('\n') + JSON.stringify(juju.unit('web/0').state), /SECRET/);
    }));

  it('jujuHost() reads a change in the hook that tells of it', () =>
    withJuju({}, async (juju) => {
      const charm = charmOf(asking);
      const relation = await related(juju, charm, { units: 2 });
      juju.publish(relation, 'easyrsa/1', { ca: 'CA' });
      await juju.settle();
      const { snapshot } = charm.runs.at(-1) ?? assert.fail();
      const bags = snapshot?.relations[0]?.remoteUnits ?? {};
      assert.deepEqual(Object.entries(bags).map(([unit, { ca = '' }]) => [unit, ca]), [['easyrsa/0', ''], [
        'easyrsa/1',
        'CA',
      ]]);
      assert.equal(snapshot?.relations[0]?.remoteApplication, 'easyrsa');
      assert.match(snapshot?.now ?? '', /^\d{4}-\d\d-\d\dT.*Z$/);
    }));

  it('jujuHost() does not count the departing unit', () =>
    withJuju({}, async (juju) => {
      const charm = charmOf(asking);
      const relation = await related(juju, charm, { units: 2 });
      juju.publish(relation, 'easyrsa/1', { ca: 'CA' });
      await juju.settle();
      assert.ok(flagsIn(juju).includes('ca.available'));
      juju.removeUnit('easyrsa/1');
      await juju.settle();
      const { hook, snapshot } = charm.runs.at(-1) ?? assert.fail();
      assert.equal(hook, 'certificates-relation-departed');
      assert.deepEqual(snapshot?.departing, { relationId: 'certificates:1', unit: 'easyrsa/1' });
      assert.deepEqual(Object.keys(snapshot?.relations[0]?.remoteUnits ?? {}), ['easyrsa/0']);
      assert.deepEqual(flagsIn(juju), ['available']);
    }));

  it('jujuHost() clears the flags of a relation that ends, whoever is removed', async () => {
    for (const end of ['relation', 'provider', 'own unit'] as const) {
      await withJuju({}, async (juju) => {
        const relation = await related(juju, charmOf(asking));
        juju.publish(relation, 'easyrsa/0', { ca: 'CA' });
        await juju.settle();
        assert.ok(flagsIn(juju).length > 1);
        if (end === 'relation') juju.removeRelation(relation);
        else juju.removeUnit(end === 'provider' ? 'easyrsa/0' : 'web/0');
        await juju.settle();
        assert.deepEqual(flagsIn(juju), [], end);
        assert.equal(lastHook(juju).hook, `certificates-relation-${end === 'provider' ? 'departed' : 'broken'}`);
      });
    }
  });

  it('jujuHost() leaves the broken relation out, also where Juju still lists it, and goes on with others', () =>
    withJuju({ version: '2.9.50' }, async (juju) => {
      const charm = charmOf(asking);
      const first = await related(juju, charm);
      juju.deploy('vault', null);
      const second = juju.relate('vault:client', 'web:certificates');
      await juju.settle();
      juju.interfere = ({ tool, hook }) =>
        tool === 'relation-ids' && hook.endsWith('broken')
          ? { code: 0, stdout: '["certificates:1","certificates:2"]\n', stderr: '' }
          : undefined;
      juju.removeRelation(first);
      await juju.settle();
      const { hook, snapshot } = charm.runs.at(-1) ?? assert.fail();
      assert.equal(hook, 'certificates-relation-broken');
      assert.deepEqual(snapshot?.relations.map(({ id }) => id), ['certificates:2']);
      assert.equal(juju.published(second, 'web/0')['common_name'], 'web.example');
    }));

  it('jujuHost() runs in every other hook, in actions and in juju exec', () =>
    withJuju({}, async (juju) => {
      const charm = charmOf(asking);
      await related(juju, charm);
      const hooks = [
        'config-changed',
        'update-status',
        'leader-elected',
        'secret-changed',
        'data-storage-attached',
        'upgrade-charm',
      ];
      for (const hook of hooks) juju.fire('web/0', hook);
      juju.act('web/0', 'renew');
      juju.act('web/0');
      await juju.settle();
      assert.deepEqual(charm.runs.slice(-8).map(({ hook }) => hook), [...hooks, '', '']);
      for (const { snapshot } of charm.runs.slice(-8)) {
        assert.deepEqual(snapshot?.relations.map(({ id }) => id), ['certificates:1']);
      }
    }));

  it('jujuHost() passes over what vanishes while it reads', async () => {
    const gone = [
      'ERROR permission denied (unauthorized access)',
      'ERROR relation not found',
      'ERROR invalid value "certificates:1" for option -r: relation not found',
    ];
    for (const tool of ['relation-list', 'relation-get']) {
      for (const words of gone) {
        for (const nth of tool === 'relation-get' ? [0, 1, 2] : [0]) {
          await withJuju({}, async (juju) => {
            const charm = charmOf(asking);
            await related(juju, charm, { units: 2 });
            juju.deploy('vault', null);
            juju.relate('vault:client', 'web:certificates');
            await juju.settle();
            let seen = 0;
            juju.interfere = ({ tool: called, args }: SeenCall) =>
              called === tool && args.includes('certificates:1') && seen++ === nth
                ? { code: 1, stdout: '', stderr: `${words}\n` }
                : undefined;
            juju.fire('web/0', 'update-status');
            await juju.settle();
            const { snapshot } = charm.runs.at(-1) ?? assert.fail();
            assert.deepEqual(snapshot?.relations.map(({ id }) => id), ['certificates:2'], `${tool} ${nth} ${words}`);
          });
        }
      }
    }
  });

  it('jujuHost() passes over a unit that never was there, and keeps its relation', () =>
    withJuju({}, async (juju) => {
      const charm = charmOf(asking);
      await related(juju, charm, { units: 2 });
      juju.interfere = ({ tool, args }) =>
        tool === 'relation-get' && args.includes('easyrsa/0')
          ? { code: 1, stdout: '', stderr: 'ERROR unit "easyrsa/0": settings not found\n' }
          : undefined;
      juju.fire('web/0', 'update-status');
      await juju.settle();
      const { snapshot } = charm.runs.at(-1) ?? assert.fail();
      assert.deepEqual(Object.keys(snapshot?.relations[0]?.remoteUnits ?? {}), ['easyrsa/1']);
    }));

  it('jujuHost() passes over a relation that vanishes before it writes', () =>
    withJuju({}, async (juju) => {
      const charm = charmOf((hook) => (hook === 'update-status' ? intentOf(requestClientCert('c')) : asking));
      const relation = await related(juju, charm);
      juju.interfere = ({ tool }) => {
        if (tool === 'relation-set') relation.gone = true;
        return undefined;
      };
      juju.fire('web/0', 'update-status');
      await juju.settle();
      assert.equal(charm.runs.at(-1)?.problem, null);
    }));

  it('jujuHost() tells of every other failure to read, and writes nothing then', async () => {
    const broken = { code: 1, stdout: '', stderr: 'ERROR cannot reach the controller\n' };
    const rubbish = { code: 0, stdout: '<html>SECRET', stderr: '' };
    for (const tool of ['relation-ids', 'relation-list', 'relation-get', 'state-get']) {
      for (const interference of [broken, rubbish, 'hang'] as const) {
        await withJuju({}, async (juju) => {
          const charm = charmOf((hook) => hook === 'update-status' ? intentOf(requestClientCert('c')) : asking);
          await related(juju, charm);
          juju.interfere = (call) => (call.tool === tool ? interference : undefined);
          juju.fire('web/0', 'update-status');
          await assert.rejects(juju.settle(), /update-status failed \(3\)/);
          const { problem } = charm.runs.at(-1) ?? assert.fail();
          assert.match(problem?.message ?? '', new RegExp(`^${tool} failed: `));
          assert.doesNotMatch(JSON.stringify(problem), /SECRET/);
          assert.ok(!toolsOf(lastHook(juju)).some((called) => called.endsWith('-set')));
        });
      }
    }
  });

  it('jujuHost() leaves nothing behind of a hook that fails while it writes', async () => {
    for (const [tool, event] of [['relation-set', 'created'], ['state-set', 'joined']] as const) {
      await withJuju({}, async (juju) => {
        const charm = charmOf(asking);
        juju.interfere = (call) =>
          call.tool === tool && call.hook.endsWith(event) ? { code: 1, stdout: '', stderr: 'ERROR no\n' } : undefined;
        await assert.rejects(related(juju, charm), new RegExp(`certificates-relation-${event} failed \\(3\\)`));
        assert.equal(charm.runs.at(-1)?.problem?.message, `${tool} failed: no`);
        assert.deepEqual(flagsIn(juju), []);
        juju.interfere = undefined;
        await juju.settle();
        assert.deepEqual(flagsIn(juju), ['available']);
      });
    }
  });

  it('jujuHost() loses no change where the commit is refused after a good end', () => {
    let refused = 0;
    const options = { refuseCommit: ({ event }: { event?: string }) => event === 'changed' && refused++ === 1 };
    return withJuju(options, async (juju) => {
      const relation = await related(juju, charmOf(asking));
      juju.publish(relation, 'easyrsa/0', { ca: 'CA' });
      await juju.settle({ retries: 1 });
      assert.equal(refused, 3, 'the second changed hook was run again');
      assert.ok(flagsIn(juju).includes('ca.changed'));
    });
  });

  it('jujuHost() publishes values and keys that YAML is particular about', () =>
    withJuju({}, async (juju) => {
      const odd = '\u007f\u0085\u2028 \ufeff\u{1f600} <&> "\\\' \0';
      const relation = await related(juju, charmOf(intentOf(requestServerCert(odd, [odd]))));
      const published = juju.published(relation, 'web/0');
      assert.equal(published['common_name'], odd);
      assert.equal(JSON.parse(published['sans'] ?? '')[0], odd);
    }));

  it('jujuHost() publishes more than an argument list holds', () =>
    withJuju({}, async (juju) => {
      const wishes = Array.from(
        { length: 5_000 },
        (_, i) => requestClientCert(`client-${i}.example`, ['x'.repeat(50)]),
      );
      const relation = await related(juju, charmOf(intentOf(...wishes)));
      const [value = ''] = Object.entries(juju.published(relation, 'web/0')).flatMap(([key, text]) =>
        key === 'client_cert_requests' ? [text] : []
      );
      assert.ok(value.length > 400_000);
      assert.equal(Object.keys(JSON.parse(value)).length, 5_000);
    }));

  it('jujuHost() converses across models, where names differ on both sides', () =>
    withJuju({}, async (juju) => {
      const charm = charmOf(asking);
      const providing = charmOf(nothing);
      juju.deploy('easyrsa', providing.code);
      juju.deploy('web', charm.code);
      juju.relate('easyrsa:certificates', 'web:certificates', { crossModel: true });
      await juju.settle();
      assert.deepEqual(Object.keys(charm.runs.at(-1)?.snapshot?.relations[0]?.remoteUnits ?? {}), ['easyrsa/0']);
      const [[unit = '', bag = {}] = []] = Object.entries(
        providing.runs.at(-1)?.snapshot?.relations[0]?.remoteUnits ?? {},
      );
      assert.match(unit, /^remote-[0-9a-f]{32}\/0$/);
      assert.equal(bag['unit_name'], 'web_0');
      assert.match(providing.runs.at(-1)?.snapshot?.relations[0]?.remoteApplication ?? '', /^remote-[0-9a-f]{32}$/);
    }));

  it('jujuHost() reads the bags of applications where a side needs them', () =>
    withJuju({}, async (juju) => {
      const charm = charmOf(nothing, { reads: { applicationData: true, keys: false } });
      juju.deploy('easyrsa', null);
      juju.deploy('web', charm.code, { units: 2 });
      const relation = juju.relate('easyrsa:client', 'web:certificates');
      relation.put('applications', 'easyrsa', { far: '1' });
      relation.put('applications', 'web', { near: '2' });
      await juju.settle();
      const seen = new Map(charm.runs.map(({ snapshot }) => [snapshot?.localUnit, snapshot]));
      const bags = [...seen].map(([unit, snapshot]) => {
        const { remoteApplicationData, localApplicationData } = snapshot?.relations[0] ?? assert.fail();
        return [unit, snapshot?.isLeader, { ...remoteApplicationData }, { ...localApplicationData }];
      });
      assert.deepEqual(bags, [
        ['web/0', true, { far: '1' }, { near: '2' }],
        ['web/1', false, { far: '1' }, {}],
      ]);
    }));

  it('jujuHost() keeps a file before Juju 2.8, and moves to the state afterwards', () =>
    withJuju({ version: '2.7.8' }, async (juju) => {
      const relation = await related(juju, charmOf(asking));
      juju.publish(relation, 'easyrsa/0', { ca: 'CA' });
      await juju.settle();
      const { folder, state } = juju.unit('web/0');
      const file = join(folder, '.tls-certificates-certificates.json');
      assert.deepEqual(state, {});
      assert.ok(JSON.parse(readFileSync(file, 'utf8')).memory.flags.includes('certificates.ca.changed'));
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.deepEqual(readdirSync(folder), ['.tls-certificates-certificates.json'], 'no draft is left');
      // The machine's agent is upgraded.
      Object.defineProperty(juju, 'version', { value: '2.9.50' });
      juju.publish(relation, 'easyrsa/0', { ca: 'CA 2' });
      await juju.settle();
      assert.ok(flagsIn(juju).includes('ca.changed'));
      juju.fire('web/0', 'update-status');
      await juju.settle();
      assert.equal(existsSync(file), false, 'the older of two copies goes');
    }));

  it('jujuHost() tells where it cannot keep anything at all', () =>
    withJuju({ version: '2.7.8' }, async (juju) => {
      const charm = charmOf(asking);
      const relation = await related(juju, charm);
      const { folder } = juju.unit('web/0');
      chmodSync(join(folder, '.tls-certificates-certificates.json'), 0o000);
      if (process.getuid?.() === 0) return;
      juju.publish(relation, 'easyrsa/0', { ca: 'CA' });
      await assert.rejects(juju.settle());
      assert.match(charm.runs.at(-1)?.problem?.message ?? '', /cannot read .*permission denied/);
    }));

  it('jujuHost() keeps more than one value of Juju’s state holds, in one call, and less again', () =>
    withJuju({}, async (juju) => {
      const keeps = [20_000, 40_000, 1].map((count) => ({
        flags: Array.from({ length: count }, (_, i) => flagOf('certificates', `${'é'.repeat(10)}${i}`)),
        digests: {},
      }));
      const seen: Array<number> = [];
      const files: Array<string> = [];
      juju.deploy('web', async (env, runTool) => {
        const environment = environmentOf(env);
        if (environment._tag === 'Left') return 3;
        files.push(...readdirSync(environment.right.charmFolder));
        const host = hostIn(environment.right, runTool, {});
        await orThrow(host.transact((state) => {
          seen.push(state.memory.flags.length);
          return TE.right([keeping(keeps.shift() ?? state.memory), null]);
        }));
        return 0;
      });
      await juju.settle();
      assert.deepEqual(seen, [0, 20_000, 40_000, 1]);
      const calls = juju.hooks.map((hook) => toolsOf(hook).filter((tool) => tool === 'state-set').length);
      assert.deepEqual(calls, [1, 1, 1, 0]);
      const left = Object.values(juju.unit('web/0').state).filter((value) => value !== '');
      assert.equal(left.length, 1);
      assert.deepEqual(files, [], 'no file had to stand in');
    }));

  it('jujuHost() says that what it kept is damaged, and takes everything for new', () =>
    withJuju({}, async (juju) => {
      const charm = charmOf(asking);
      const relation = await related(juju, charm);
      juju.publish(relation, 'easyrsa/0', { ca: 'CA' });
      await juju.settle();
      for (const text of ['{', '7', '{"serial":1}', '{"serial":-1,"memory":{"flags":7}}']) {
        juju.unit('web/0').state = { 'tls-certificates/certificates': text };
        juju.fire('web/0', 'update-status');
        await juju.settle();
        assert.ok(charm.runs.at(-1)?.outcome?.flags.set.some((flag) => flag === 'certificates.ca.changed'), text);
        assert.match(
          juju.unit('web/0').log.pop() ?? '',
          /^WARNING what was kept for the endpoint certificates is damaged/,
        );
      }
    }));

  it('jujuHost() mirrors flags before it writes, and not what did not change', () =>
    withJuju({}, async (juju) => {
      const told: Array<string> = [];
      const mirror: JujuHostOptions['mirror'] = ({ set, clear }) => {
        told.push(...set.map((flag) => `+${flag}`), ...clear.map((flag) => `-${flag}`));
        return TE.right(undefined);
      };
      const relation = await related(juju, charmOf(asking, { mirror }));
      juju.removeRelation(relation);
      await juju.settle();
      assert.deepEqual(told, ['+certificates.available', '-certificates.available']);
    }));

  it('jujuHost() does not count the departing unit where Juju still lists it', () =>
    withJuju({}, async (juju) => {
      const charm = charmOf(asking);
      await related(juju, charm, { units: 2 });
      juju.interfere = ({ tool, hook }) =>
        tool === 'relation-list' && hook.endsWith('departed')
          ? { code: 0, stdout: '["easyrsa/0","easyrsa/1"]\n', stderr: '' }
          : undefined;
      juju.removeUnit('easyrsa/1');
      await juju.settle();
      assert.equal(lastHook(juju).hook, 'certificates-relation-departed');
      const { snapshot } = charm.runs.at(-1) ?? assert.fail();
      assert.deepEqual(Object.keys(snapshot?.relations[0]?.remoteUnits ?? {}), ['easyrsa/0']);
    }));

  it('jujuHost() names the application of each relation, also in a hook about another', () =>
    withJuju({}, async (juju) => {
      const charm = charmOf(asking);
      const relation = await related(juju, charm);
      juju.deploy('vault', null);
      juju.relate('vault:client', 'web:certificates');
      await juju.settle();
      juju.publish(relation, 'easyrsa/0', { ca: 'CA' });
      await juju.settle();
      assert.equal(lastHook(juju).remoteUnit, 'easyrsa/0');
      assert.deepEqual(
        charm.runs.at(-1)?.snapshot?.relations.map(({ remoteApplication }) => remoteApplication),
        ['easyrsa', 'vault'],
      );
    }));

  it('jujuHost() deletes the keys of what is not wanted any more, and none of Juju’s own', () =>
    withJuju({}, async (juju) => {
      const both = intentOf(requestServerCert('web.example', ['10.0.0.7']), requestClientCert('c'));
      const less = intentOf(withdrawServerCert('web.example'), withdrawClientCert('c'));
      const relation = await related(juju, charmOf((hook) => (hook === 'update-status' ? less : both)));
      assert.ok('client_cert_requests' in juju.published(relation, 'web/0'));
      juju.fire('web/0', 'update-status');
      await juju.settle();
      const left = juju.published(relation, 'web/0');
      assert.ok(!('common_name' in left || 'sans' in left), Object.keys(left).join());
      assert.equal(relation.bag('units', 'web/0').data['private-address'], juju.unit('web/0').address);
    }));

  it('jujuHost() keeps a file where Juju’s state is full or not to be had, and goes back to it', async () => {
    const refusals = [
      ['state-set', 'ERROR max allowed value length (65536) exceeded\n'],
      ['state-get', 'ERROR not implemented for restricted context\n'],
    ] as const;
    for (const [refused, stderr] of refusals) {
      await withJuju({}, async (juju) => {
        const charm = charmOf(asking);
        const relation = await related(juju, charm);
        juju.interfere = ({ tool }) => (tool === refused ? { code: 1, stdout: '', stderr } : undefined);
        juju.publish(relation, 'easyrsa/0', { ca: 'CA' });
        await juju.settle();
        const file = join(juju.unit('web/0').folder, '.tls-certificates-certificates.json');
        const kept = JSON.parse(readFileSync(file, 'utf8'));
        assert.ok(kept.memory.flags.includes('certificates.ca.changed'), refused);
        juju.interfere = undefined;
        juju.publish(relation, 'easyrsa/0', { ca: 'CA 2' });
        await juju.settle();
        assert.ok(flagsIn(juju).includes('ca.changed'), refused);
        juju.fire('web/0', 'update-status');
        await juju.settle();
        assert.equal(existsSync(file), false, refused);
      });
    }
  });

  it('jujuHost() never asks for the application’s own bag where the unit does not lead', () =>
    withJuju({}, async (juju) => {
      juju.deploy('easyrsa', null);
      juju.deploy('web', charmOf(nothing, { reads: { applicationData: true, keys: false } }).code, { units: 2 });
      juju.relate('easyrsa:client', 'web:certificates');
      await juju.settle();
      const asked = juju.hooks.flatMap(({ unit, calls }) =>
        calls.filter(({ args }) => args.includes('--app') && args.at(-1) === 'web').map(() => unit)
      );
      assert.deepEqual([...new Set(asked)], ['web/0']);
    }));

  it('jujuHost() lets one work at a time, and the next also after one that failed', () =>
    withJuju({}, async (juju) => {
      const order: Array<string> = [];
      juju.deploy('web', async (env, runTool) => {
        const environment = environmentOf(env);
        if (environment._tag === 'Left') return 3;
        const host = hostIn(environment.right, runTool, {});
        const work =
          (name: string) => ({ memory }: State): TE.TaskEither<Problem, readonly [Outcome, null]> => async () => {
            order.push(`${name} begins`);
            // Turns of the event loop in which another could begin.
            for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
            order.push(`${name} ends`);
            if (name === 'first') throw new Error('thrown');
            return { _tag: 'Right', right: [keeping(memory), null] };
          };
        const [first, second] = [host.transact(work('first'))(), host.transact(work('second'))()];
        await assert.rejects(first, /thrown/);
        assert.equal((await second)._tag, 'Right');
        return 0;
      });
      juju.unit('web/0').waiting.splice(1);
      await juju.settle();
      assert.deepEqual(order, ['first begins', 'first ends', 'second begins', 'second ends']);
    }));

  it('jujuHost() overwrites what a killed hook left of the file, and tells where it cannot be read', () =>
    withJuju({ version: '2.7.8' }, async (juju) => {
      const charm = charmOf(asking);
      juju.deploy('easyrsa', null);
      juju.deploy('web', charm.code);
      const { folder } = juju.unit('web/0');
      const file = join(folder, '.tls-certificates-certificates.json');
      writeFileSync(`${file}.new`, '{"half');
      juju.relate('easyrsa:client', 'web:certificates');
      await juju.settle();
      assert.deepEqual(readdirSync(folder), ['.tls-certificates-certificates.json']);
      rmSync(file);
      mkdirSync(file);
      juju.fire('web/0', 'update-status');
      await assert.rejects(juju.settle(), /update-status failed \(3\)/);
      assert.match(charm.runs.at(-1)?.problem?.message ?? '', /^cannot read .*\.tls-certificates-certificates\.json: /);
    }));

  it('jujuHost() reads what was kept before there were notes', () =>
    withJuju({}, async (juju) => {
      const charm = charmOf(asking);
      const relation = await related(juju, charm);
      juju.publish(relation, 'easyrsa/0', { ca: 'CA' });
      await juju.settle();
      const name = 'tls-certificates/certificates';
      const { notes: _, ...kept } = JSON.parse(juju.unit('web/0').state[name] ?? '');
      juju.unit('web/0').state = { [name]: JSON.stringify(kept) };
      juju.fire('web/0', 'update-status');
      await juju.settle();
      assert.deepEqual([juju.unit('web/0').log, charm.runs.at(-1)?.outcome?.flags.set], [[], []]);
    }));
});
