/**
 * A whole hook in one call: handlers, what comes again, what is said, exit codes.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Change, type RequirerHook, runHook, type Variables } from '../../../adapters/charm/mod.ts';
import {
  intentOf,
  requestApplicationCert,
  requestClientCert,
  requestServerCert,
  type RequiresIntent,
} from '../../../mod.ts';
import { type CharmFunction, type Juju, withJuju } from '../../juju/juju.ts';

const ANSWER = { ca: 'CA', 'web_0.server.cert': 'CERT', 'web_0.server.key': 'SECRET' };

/** A charm of one call; what it complains of is collected. */
const charmOf =
  (options: Partial<RequirerHook>, complaints: Array<string> = []): CharmFunction => (variables, runTool) =>
    runHook({
      side: 'reactive/requires',
      endpoint: 'certificates',
      requests: [requestServerCert('web.example')],
      variables,
      runTool,
      complain: (line) => void complaints.push(line),
      ...options,
    });

const related = async (juju: Juju, code: CharmFunction) => {
  juju.deploy('easyrsa', null);
  juju.deploy('web', code);
  const relation = juju.relate('easyrsa:client', 'web:certificates');
  await juju.settle();
  return relation;
};

/** Runs `update-status`, and gives the tools that it called. */
const tick = async (juju: Juju): Promise<ReadonlyArray<string>> => {
  juju.fire('web/0', 'update-status');
  await juju.settle();
  return juju.hooks.at(-1)?.calls.map(({ tool }) => tool) ?? [];
};

const READS = ['relation-ids', 'relation-list', 'relation-get', 'relation-get', 'state-get'];

describe('runHook()', () => {
  it('runHook() runs the handlers of what changed, in their order, once', () =>
    withJuju({}, async (juju) => {
      const seen: Array<string> = [];
      const note = ({ flag, view }: Change) => seen.push(`${flag} ${view.rootCaCert} ${view.serverCerts.length}`);
      const relation = await related(juju, charmOf({ on: { 'server.certs.changed': note, 'ca.changed': note } }));
      assert.deepEqual(seen, []);
      juju.publish(relation, 'easyrsa/0', ANSWER);
      await juju.settle();
      assert.deepEqual(seen, ['certificates.server.certs.changed CA 1', 'certificates.ca.changed CA 1']);
      assert.deepEqual(await tick(juju), READS);
      juju.publish(relation, 'easyrsa/0', { ca: 'CA 2' });
      await juju.settle();
      assert.deepEqual(seen.slice(2), ['certificates.ca.changed CA 2 1']);
    }));

  it('runHook() lets a change come again until its handler succeeds, and says why', () =>
    withJuju({}, async (juju) => {
      let attempts = 0;
      const others: Array<string> = [];
      const on = {
        'ca.changed': async () => {
          await Promise.resolve();
          if (attempts++ < 2) throw new Error(`the disk\nis full ${attempts}`);
        },
        'server.certs.changed': () => others.push('ran'),
      };
      const relation = await related(juju, charmOf({ on, status: true }));
      juju.publish(relation, 'easyrsa/0', ANSWER);
      await juju.settle();
      const { status, log } = juju.unit('web/0');
      assert.equal(others.length, 1, 'another handler is not kept from running');
      const failure = 'the handler of certificates.ca.changed failed and is tried again: the disk is full 1';
      assert.deepEqual(status, { status: 'blocked', message: failure });
      assert.equal(log.at(-1), `ERROR ${failure}`);
      assert.equal(juju.hooks.at(-1)?.code, 0, 'what was asked for stays asked for');
      await tick(juju);
      assert.equal(attempts, 2);
      await tick(juju);
      assert.equal(attempts, 3);
      assert.deepEqual(juju.unit('web/0').status, { status: 'active', message: '' });
      await tick(juju);
      assert.deepEqual([attempts, others.length], [3, 1]);
    }));

  it('runHook() takes a change for handled only when the hook’s commit was accepted', () => {
    let refuse = false;
    return withJuju({ refuseCommit: () => refuse }, async (juju) => {
      let runs = 0;
      const relation = await related(juju, charmOf({ on: { 'ca.changed': () => runs++ } }));
      juju.publish(relation, 'easyrsa/0', ANSWER);
      refuse = true;
      await assert.rejects(juju.settle());
      refuse = false;
      await juju.settle();
      assert.equal(runs, 2);
    });
  });

  it('runHook() takes an intent, or a function of the hook', () =>
    withJuju({}, async (juju) => {
      const intent = async (
        { environment, tools }: { environment: { unit: string }; tools: Change['hook']['tools'] },
      ): Promise<RequiresIntent> => {
        const network = await tools.networkGet('certificates')();
        const [address = ''] = network._tag === 'Right' ? network.right.ingressAddresses : [];
        return intentOf(requestClientCert(environment.unit, [address]));
      };
      const relation = await related(juju, charmOf({ intent }));
      const { address } = juju.unit('web/0');
      assert.equal(juju.published(relation, 'web/0')['client_cert_requests'], `{"web/0": {"sans": ["${address}"]}}`);
    }));

  it('runHook() says in the status what the unit waits for, when that changes', () =>
    withJuju({}, async (juju) => {
      juju.deploy('easyrsa', null, { units: 0 });
      juju.deploy('web', charmOf({ status: true }));
      await juju.settle();
      const status = () => Object.values(juju.unit('web/0').status).join(': ');
      assert.match(status(), /^blocked: certificates: not related/);
      const relation = juju.relate('easyrsa:client', 'web:certificates');
      await juju.settle();
      assert.equal(status(), 'waiting: certificates: waiting for a unit of the provider');
      juju.addUnit('easyrsa');
      await juju.settle();
      assert.equal(status(), 'waiting: certificates: waiting for the certificate');
      juju.publish(relation, 'easyrsa/0', ANSWER);
      await juju.settle();
      assert.equal(status(), 'active: ');
      assert.deepEqual(await tick(juju), [...READS, 'status-get']);
    }));

  it('runHook() puts the status right that an undone hook or somebody else has set', () => {
    let refuse = false;
    return withJuju({ refuseCommit: () => refuse }, async (juju) => {
      let isBroken = false;
      let charm = charmOf({
        status: true,
        on: {
          'ca.changed': () => {
            if (isBroken) throw new Error('the disk is full');
          },
        },
      });
      const relation = await related(juju, (variables, runTool) => charm(variables, runTool));
      juju.publish(relation, 'easyrsa/0', ANSWER);
      await juju.settle();
      const active = { status: 'active', message: '' };
      assert.deepEqual(juju.unit('web/0').status, active);
      [refuse, isBroken] = [true, true];
      juju.publish(relation, 'easyrsa/0', { ca: 'CA 2' });
      await assert.rejects(juju.settle());
      assert.match(juju.unit('web/0').status.message, /the disk is full$/);
      [refuse, isBroken] = [false, false];
      await juju.settle();
      assert.deepEqual(juju.unit('web/0').status, active, 'what the undone hook has said is not undone with it');
      const own = charm;
      charm = async (variables, runTool) => {
        await runTool({ tool: 'status-set', args: ['maintenance', 'upgrading'] });
        return await own(variables, runTool);
      };
      assert.deepEqual((await tick(juju)).slice(-2), ['status-get', 'status-set']);
      assert.deepEqual(juju.unit('web/0').status, active);
    });
  });

  it('runHook() says how many certificates are missing, the application’s among them', () =>
    withJuju({}, async (juju) => {
      const requests = [requestServerCert('web.example'), requestApplicationCert('app.example')];
      const relation = await related(juju, charmOf({ requests, status: true }));
      const status = () => Object.values(juju.unit('web/0').status).join(': ');
      assert.equal(status(), 'waiting: certificates: waiting for 2 of 2 certificates');
      juju.publish(relation, 'easyrsa/0', ANSWER);
      await juju.settle();
      assert.equal(status(), 'waiting: certificates: waiting for 1 of 2 certificates');
      const answer = JSON.stringify({ app_data: { cert: 'CERT', key: 'SECRET' } });
      juju.publish(relation, 'easyrsa/0', { 'web_0.processed_application_requests': answer });
      await juju.settle();
      assert.equal(status(), 'active: ');
    }));

  it('runHook() waits for nothing where nothing is asked for', () =>
    withJuju({}, async (juju) => {
      juju.deploy('easyrsa', null, { units: 0 });
      juju.deploy('web', charmOf({ requests: [], status: true }));
      juju.relate('easyrsa:client', 'web:certificates');
      await juju.settle();
      assert.deepEqual(juju.unit('web/0').status, { status: 'active', message: '' });
    }));

  it('runHook() leaves status and log alone where nobody asked and nothing is wrong', () =>
    withJuju({}, async (juju) => {
      const relation = await related(juju, charmOf({}));
      juju.publish(relation, 'easyrsa/0', ANSWER);
      await juju.settle();
      const tools = juju.hooks.flatMap(({ calls }) => calls.map(({ tool }) => tool));
      assert.ok(!tools.includes('status-get') && !tools.includes('status-set') && !tools.includes('juju-log'));
    }));

  it('runHook() logs what was found once, without secrets', () =>
    withJuju({}, async (juju) => {
      const relation = await related(juju, charmOf({}));
      const processed = '{"-----BEGIN PRIVATE KEY-----SECRET": 7, "x": "-----BEGIN PRIVATE KEY-----SECRET"}';
      juju.publish(relation, 'easyrsa/0', { 'web_0.processed_requests': processed });
      await juju.settle();
      await tick(juju);
      const { log } = juju.unit('web/0');
      assert.equal(log.length, 1);
      assert.match(log[0] ?? '', /^(WARNING|ERROR) malformed/);
      assert.doesNotMatch(log.join(), /SECRET/);
    }));

  it('runHook() hides a key in what a handler threw', () =>
    withJuju({}, async (juju) => {
      const fail = ({ view }: Change) => {
        throw new Error(`cannot use -----BEGIN PRIVATE KEY-----${view.serverCerts[0]?.key}`);
      };
      const relation = await related(juju, charmOf({ on: { 'server.certs.changed': fail }, status: true }));
      juju.publish(relation, 'easyrsa/0', ANSWER);
      await juju.settle();
      assert.doesNotMatch(JSON.stringify([juju.unit('web/0').log, juju.unit('web/0').status]), /SECRET/);
    }));

  it('runHook() does without a status or a log line that Juju refuses, and says it again', () =>
    withJuju({}, async (juju) => {
      const refused = { code: 1, stdout: '', stderr: 'ERROR no\n' };
      juju.interfere = ({ tool }) => (tool === 'status-set' ? refused : undefined);
      await related(juju, charmOf({ status: true }));
      assert.equal(juju.unit('web/0').status.message, '');
      juju.interfere = undefined;
      await tick(juju);
      assert.match(juju.unit('web/0').status.message, /waiting for the certificate/);
    }));

  it('runHook() ends with 3 where the environment fails, and says why', () =>
    withJuju({}, async (juju) => {
      const complaints: Array<string> = [];
      juju.interfere = ({ tool }) => (tool === 'relation-ids' ? 'hang' : undefined);
      juju.deploy('web', charmOf({}, complaints));
      await assert.rejects(juju.settle(), /install failed \(3\)/);
      assert.deepEqual(complaints, ['relation-ids failed: it did not end in time and was killed']);
    }));

  it('runHook() ends with 3 outside of Juju', async () => {
    const complaints: Array<string> = [];
    const never = () => assert.fail('no tool is called');
    const variables: Variables = {};
    assert.equal(await charmOf({}, complaints)({ ...variables } as Record<string, string>, never), 3);
    assert.match(complaints[0] ?? '', /not in a Juju hook/);
  });

  it('runHook() does nothing in hooks in which Juju offers nothing', () =>
    withJuju({}, async (juju) => {
      await related(juju, charmOf({ status: true }));
      for (const hook of ['collect-metrics', 'meter-status-changed']) {
        juju.fire('web/0', hook);
        await juju.settle();
        assert.deepEqual(juju.hooks.at(-1)?.calls, [], hook);
      }
    }));

  it('runHook() mirrors flags to charms.reactive, before it writes, and fails where it cannot', () =>
    withJuju({}, async (juju) => {
      const told: Array<string> = [];
      const charm: CharmFunction = (variables, runTool) =>
        charmOf({ mirrorFlags: true })(variables, (call) => {
          if (call.tool !== 'charms.reactive') return runTool(call);
          told.push(call.args.join(' '));
          const code = told.length === 1 ? 1 : 0;
          return Promise.resolve({ _tag: 'exited', code, stdout: '', stderr: 'database is locked' });
        });
      await assert.rejects(related(juju, charm), /certificates-relation-joined failed \(3\)/);
      assert.ok(!juju.hooks.at(-1)?.calls.some(({ tool }) => tool.endsWith('-set')));
      await juju.settle();
      const [relation] = juju.unit('web/0').relations.keys();
      juju.removeRelation(relation ?? assert.fail());
      await juju.settle();
      assert.deepEqual(told, [
        'set_flag certificates.available',
        'set_flag certificates.available',
        'clear_flag certificates.available',
      ]);
    }));
});
