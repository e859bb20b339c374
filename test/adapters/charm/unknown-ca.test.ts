/**
 * A CA's charm that finds answers of a CA that it does not have, as after an upgrade: nothing is reissued and nothing goes until the
 * operator says what is to become of them.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Acting, done, withActing } from './acting.ts';

const CA = { status: true, authority: { commonName: 'Test CA', generation: '{config.ca-generation}' } };

const PROTOCOLS = ['csr', 'reactive'] as const;

const waits = (action: string): RegExp =>
  new RegExp(`a CA that this charm does not have.*juju run ca/leader ${action}`);

/** All that the CA's charm publishes. */
const publishedIn = ({ juju, relation }: Acting) =>
  JSON.stringify([juju.publishedBy(relation, 'ca'), juju.published(relation, 'ca/0')]);

/** The certificates that are published, by the unit that asked. */
const answersIn = ({ juju, relation }: Acting): ReadonlyMap<string, string> => {
  const own = juju.published(relation, 'ca/0');
  const listed: ReadonlyArray<Record<string, string>> = JSON.parse(
    juju.publishedBy(relation, 'ca')['certificates'] ?? '[]',
  );
  const unitOf = (csr = ''): string =>
    juju.unitsOf('web').find((unit) => {
      const asked = juju.published(relation, unit)['certificate_signing_requests'] ?? '';
      return asked.includes(csr.split('\n')[3] ?? '-');
    }) ?? 'nobody';
  return new Map([
    ...listed.map((one) =>
      [unitOf(one['certificate_signing_request']).replace('/', '_'), one['certificate'] ?? ''] as const
    ),
    ...juju.unitsOf('web').flatMap((unit) => {
      const name = unit.replace('/', '_');
      const cert = own[`${name}.server.cert`];
      return cert === undefined ? [] : [[name, cert] as const];
    }),
  ]);
};

/** The charm has lost its CA, as if another charm had been there before; what it was. */
const withoutCa = async ({ juju }: Acting) => {
  const kept = juju.secrets('ca').find(({ label }) => label?.endsWith('authority')) ?? assert.fail();
  const { certificate, key } = JSON.parse(Object.values(kept.revisions.at(-1) ?? {})[0] ?? '');
  kept.label = 'somebody’s';
  await tick(juju);
  return { certificate, 'private-key': key };
};

const tick = async (juju: Acting['juju']): Promise<void> => {
  juju.fire('ca/0', 'update-status');
  await juju.settle();
};

describe('a CA that is not kept', () => {
  for (const protocol of PROTOCOLS) {
    it(`is waited for, and once it is handed over every answer stays (${protocol})`, () =>
      withActing({ protocol, configurations: { ca: CA }, units: { web: 2 } }, async (acting) => {
        const { juju } = acting;
        const [before, answers] = [publishedIn(acting), answersIn(acting)];
        const taken = await withoutCa(acting);
        const { status, message } = juju.unit('ca/0').status;
        assert.equal(status, 'blocked');
        for (const action of ['import-ca certificate=… private-key=…', 'replace-ca']) {
          assert.match(message, waits(action));
        }
        await tick(juju);
        const logged = juju.unit('ca/0').log.filter((line) => line.includes('does not have'));
        assert.equal(logged.length, 1, 'it is logged once');

        juju.removeUnit('web/1');
        juju.addUnit('web');
        await juju.settle();
        assert.equal(publishedIn(acting), before, 'nothing is answered, and nothing withdrawn');
        assert.ok(!juju.secrets('ca').some(({ label }) => label?.endsWith('authority')), 'no CA is made');

        assert.equal(done(await juju.run('ca/0', 'import-ca', taken))['phase'], 'steady');
        assert.equal(juju.unit('ca/0').status.status, 'active', juju.unit('ca/0').status.message);
        const answered = answersIn(acting);
        assert.equal(answered.size, 2);
        assert.equal(answered.get('web_0'), answers.get('web_0'));
        assert.ok(!answered.has('web_1') && answered.has('web_2'));
      }));

    it(`is given up where the operator says so, by an action or by a number (${protocol})`, async () => {
      const ways: ReadonlyArray<(juju: Acting['juju']) => Promise<void>> = [
        async (juju) => void done(await juju.run('ca/0', 'replace-ca')),
        async (juju) => {
          juju.configure('ca', { 'ca-generation': 2 });
          await juju.settle();
        },
      ];
      for (const way of ways) {
        await withActing({ protocol, configurations: { ca: CA } }, async (acting) => {
          const { juju, certificate } = acting;
          const former = certificate().serialNumber;
          await withoutCa(acting);
          assert.equal(juju.unit('ca/0').status.status, 'blocked');
          assert.equal(certificate().serialNumber, former);
          await way(juju);
          assert.equal(juju.unit('ca/0').status.status, 'active', juju.unit('ca/0').status.message);
          assert.notEqual(certificate().serialNumber, former);
        });
      }
    });

    it(`is of no account where nobody has an answer of it any more (${protocol})`, () =>
      withActing({ protocol, configurations: { ca: CA } }, async (acting) => {
        const { juju } = acting;
        juju.removeUnit('web/0');
        await juju.settle();
        await withoutCa(acting);
        assert.equal(juju.unit('ca/0').status.status, 'active');
        assert.ok(juju.secrets('ca').some(({ label }) => label?.endsWith('authority')), 'a CA is made');
      }));
  }

  it('is not given up by revoke-all, which says what to do', () =>
    withActing({ configurations: { ca: CA } }, async (acting) => {
      const before = publishedIn(acting);
      await withoutCa(acting);
      const { failure } = await acting.juju.run('ca/0', 'revoke-all');
      assert.match(failure ?? '', waits('replace-ca'));
      assert.equal(publishedIn(acting), before);
    }));

  it('is waited for while a requirer publishes what cannot be read', () =>
    withActing({ configurations: { ca: CA } }, async (acting) => {
      const { juju, relation } = acting;
      const before = publishedIn(acting);
      juju.publish(relation, 'web/0', { certificate_signing_requests: '[{' });
      await withoutCa(acting);
      assert.equal(juju.unit('ca/0').status.status, 'blocked');
      assert.equal(publishedIn(acting), before);
    }));

  it('names the command of Juju 2.9 there, where a new leader does not have the CA of the former one', () =>
    withActing({ version: '2.9.50', configurations: { ca: CA }, units: { ca: 2 } }, async ({ juju, certificate }) => {
      const former = certificate().serialNumber;
      juju.lead('ca/1');
      await juju.settle();
      assert.match(juju.unit('ca/1').status.message, /juju run-action --wait ca\/leader import-ca/);
      assert.equal(certificate().serialNumber, former);
      juju.lead('ca/0');
      await juju.settle();
      assert.equal(juju.unit('ca/0').status.status, 'active');
    }));
});
