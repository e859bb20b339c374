/**
 * A charm with code that issues certificates itself, in whole hooks against a Juju: whom it is asked about, what it answers, and what
 * becomes of it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CsrProviderHook, runHook } from '../../../adapters/charm/mod.ts';
import type { CsrPem, CsrProvidesIntent, ProvidedRequest } from '../../../core/csr/mod.ts';
import type { CertificatePem } from '../../../core/csr/provides/intent.ts';
import { provides, publish, refuse, setCa, setCert } from '../../../mod.ts';
import { answers, asker, authorities, requests } from '../../core/examine/csr-world.ts';
import { type CharmFunction, type Juju, withJuju } from '../../juju/juju.ts';
import type { ModelRelation } from '../../juju/model.ts';

const { root, middle, certify } = await authorities();
const web = await asker();
const certificate = await certify(web);

type Answer = CsrProviderHook['answer'];

const nothing: CsrProvidesIntent = { answers: [], refusals: [], revoked: [], onWithdrawal: 'withdraw' };

/** A request as an intent names it; what a view has is readable. */
const addressed = ({ relationId, csr }: ProvidedRequest) => ({ relationId, csr: csr as string as CsrPem });

/** It was made above, so it is one. */
const pem = (text: string): CertificatePem => text as CertificatePem;

/** Issues the one certificate that there is, under the issuing CA and the root. */
const issuing: Answer = ({ view }) => ({
  ...nothing,
  answers: view.requests.filter((request) => request.certificate === null).map((request) => ({
    ...addressed(request),
    certificate: pem(certificate),
    ca: pem(middle),
    chain: [certificate, middle, root].map(pem),
  })),
});

/** A charm on the CSR side; what it complains of is collected. */
const charmOf = (
  answer: Answer,
  complaints: Array<string> = [],
  more: Partial<CsrProviderHook> = {},
): CharmFunction =>
(variables, runTool) =>
  runHook({
    side: 'csr/provides',
    endpoint: 'certificates',
    answer,
    variables,
    runTool,
    complain: (line) => void complaints.push(line),
    ...more,
  });

/** The charm, related to a unit that the test plays and that asks with a CSR. */
const asked = async (juju: Juju, code: CharmFunction, units = 1): Promise<ModelRelation> => {
  juju.deploy('ca', code, { units });
  juju.deploy('web', null);
  const relation = juju.relate('ca:certificates', 'web:certificates');
  juju.publish(relation, 'web/0', requests(web.csr));
  await juju.settle();
  return relation;
};

const published = (juju: Juju, relation: ModelRelation) =>
  JSON.parse(juju.publishedBy(relation, 'ca')['certificates'] ?? '[]');

describe('runHook() of a provider', () => {
  it('publishes what it answers, says its status, and writes nothing where nothing is new', () =>
    withJuju({}, async (juju) => {
      const status: CsrProviderHook['status'] = ({ view: { requests: all } }) => ({
        status: 'active',
        message: `${all.filter(({ state }) => state === 'answered').length} of ${all.length}`,
      });
      const relation = await asked(juju, charmOf(issuing, [], { status }));
      const [entry] = JSON.parse(
        answers({
          ca: middle,
          certificate_signing_request: web.csr.trim(),
          certificate,
          chain: [certificate, middle, root],
        }).certificates,
      );
      assert.deepEqual(published(juju, relation), [entry]);
      const before = juju.hooks.length;
      juju.fire('ca/0', 'update-status');
      await juju.settle();
      assert.equal(juju.unit('ca/0').status.message, '1 of 1');
      const writes = juju.hooks.slice(before).flatMap(({ calls }) => calls).filter(({ tool }) =>
        tool === 'relation-set'
      );
      assert.deepEqual(writes, []);
    }));

  it('tells a refusal with its code, and revokes', () =>
    withJuju({}, async (juju) => {
      const wish = { refuses: true };
      const relation = await asked(
        juju,
        charmOf((outcome, hook) => {
          const [request] = outcome.view.requests;
          if (request === undefined) return nothing;
          if (wish.refuses) {
            const refusal = { code: 102, name: 'domain_not_allowed', message: 'not here' };
            return { ...nothing, refusals: [{ ...addressed(request), ...refusal }] };
          }
          return request.certificate === null ? issuing(outcome, hook) : { ...nothing, revoked: [addressed(request)] };
        }),
      );
      const [{ error }] = JSON.parse(juju.publishedBy(relation, 'ca')['request_errors'] ?? '[{}]');
      assert.deepEqual([error.code, error.message], [102, 'not here']);
      assert.deepEqual(published(juju, relation), []);
      wish.refuses = false;
      juju.fire('ca/0', 'update-status');
      await juju.settle();
      assert.equal(published(juju, relation).length, 1);
      assert.equal(juju.publishedBy(relation, 'ca')['request_errors'], undefined);
      juju.fire('ca/0', 'update-status');
      await juju.settle();
      assert.equal(published(juju, relation)[0]?.revoked, true);
    }));

  it('asks its leader alone', () =>
    withJuju({}, async (juju) => {
      const seen: Array<string> = [];
      const relation = await asked(
        juju,
        charmOf((outcome, hook) => {
          seen.push(hook.environment.unit);
          return issuing(outcome, hook);
        }),
        2,
      );
      assert.deepEqual([...new Set(seen)], ['ca/0']);
      assert.equal(published(juju, relation).length, 1);
      const before = JSON.stringify(juju.publishedBy(relation, 'ca'));
      juju.lead('ca/1');
      await juju.settle();
      assert.ok(seen.includes('ca/1'));
      assert.equal(JSON.stringify(juju.publishedBy(relation, 'ca')), before, 'another leader changes nothing');
    }));

  it('fails the hook with what its code throws, and nothing is published then', () =>
    withJuju({}, async (juju) => {
      let fails = true;
      const relation = await asked(
        juju,
        async (variables, runTool) => {
          const answer: Answer = (outcome, hook) => {
            if (fails && outcome.view.requests.length > 0) throw new Error('the HSM is away');
            return issuing(outcome, hook);
          };
          // Juju runs a hook again that fails.
          return await charmOf(answer)(variables, runTool).catch((error: Error) => {
            assert.equal(error.message, 'the HSM is away');
            fails = false;
            return 0;
          });
        },
      );
      assert.equal(fails, false);
      juju.fire('ca/0', 'update-status');
      await juju.settle();
      assert.equal(published(juju, relation).length, 1);
    }));

  it('answers the reactive protocol in every unit', () =>
    withJuju({}, async (juju) => {
      const code: CharmFunction = (variables, runTool) =>
        runHook({
          side: provides.name,
          endpoint: 'client',
          variables,
          runTool,
          answer: ({ view }) =>
            publish(
              setCa('CA'),
              ...view.newRequests.map((request) =>
                request.commonName === 'web.example'
                  // What it is does not matter here.
                  ? setCert(request, 'CERT', 'KEY' as Parameters<typeof setCert>[2])
                  : refuse(request, 'not here')
              ),
            ),
        });
      juju.deploy('ca', code, { units: 2 });
      juju.deploy('web', null);
      const relation = juju.relate('ca:client', 'web:certificates');
      juju.publish(relation, 'web/0', { unit_name: 'web_0', common_name: 'web.example', sans: '[]' });
      await juju.settle();
      for (const unit of ['ca/0', 'ca/1']) {
        const { ca, 'web_0.server.cert': cert } = juju.published(relation, unit);
        assert.deepEqual([ca, cert], ['CA', 'CERT'], unit);
      }
      juju.publish(relation, 'web/0', { common_name: 'elsewhere.example' });
      await juju.settle();
      assert.ok(!('web_0.server.cert' in juju.published(relation, 'ca/0')));
      assert.ok(juju.unit('ca/0').log.some((line) => line.includes('not here')), 'the refusal is logged');
    }));
});
