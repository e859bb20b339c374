/**
 * The actions of charms without code that are CAs: what they give back, what they change, what they refuse, and that no private key gets out.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { generateKey, issue, issueRoot, type PrivateKey } from '../../../core/x509/mod.ts';
import { RUNTIME } from '../../command.ts';
import { OURS } from '../../runs.ts';
import { done, jsonIn, seenIn, withActing, writesSince } from './acting.ts';

const DAY = 86_400_000;

const right = async <A>(
  work: () => Promise<{ _tag: 'Left'; left: unknown } | { _tag: 'Right'; right: A }>,
): Promise<A> => {
  const result = await work();
  return result._tag === 'Right' ? result.right : assert.fail(JSON.stringify(result.left));
};

const terms = (days: number, now = Date.now()) => ({
  notBefore: new Date(now - 60_000),
  notAfter: new Date(now + days * DAY),
  random: (n: number) => crypto.getRandomValues(new Uint8Array(n)),
});

/** A CA from elsewhere. */
const rootOf = async (commonName: string) => {
  const key = await right(generateKey('P-256'));
  return { key, certificate: await right(issueRoot({ commonName, key }, terms(3_650))) };
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A line of the second half of a key, which has the secret numbers, also in base64. */
const linesOf = (key: string): ReadonlyArray<string> => {
  const line = key.split('\n').at(2)?.slice(0, 40) ?? assert.fail();
  return [line, base64(key).slice(80, 120)];
};

const commonNames = (pem: string): ReadonlyArray<string> =>
  [...pem.matchAll(/-----BEGIN[^]*?-----END CERTIFICATE-----/g)].map(([one]) =>
    new X509Certificate(one).subject.replace('CN=', '')
  );

describe(`the actions of a CA on ${RUNTIME}`, () => {
  it('in real processes, a CA is asked, replaced and taken over, and everything follows', () =>
    withActing({ inProcesses: true, configurations: { ca: { policy: { announceDays: 2 } } } }, async (acting) => {
      const { juju, installed } = acting;
      const shown = done(await juju.run('ca/0', 'get-ca-certificate'));
      assert.equal(shown['ca-certificate']?.trim(), installed('ca').trim());
      const [issued] = jsonIn(
        done(await juju.run('ca/0', 'get-issued-certificates', { 'relation-id': 1 })),
        'certificates',
      );
      assert.deepEqual([issued.relation_id, issued.unit, issued.common_name, issued.certificate.trim()], [
        1,
        'web/0',
        'www.example',
        installed('cert').trim(),
      ]);
      assert.deepEqual(done(await juju.run('ca/0', 'get-issued-certificates', { 'relation-id': 7 })), {
        certificates: '[]',
      });
      assert.deepEqual(done(await juju.run('ca/0', 'get-outstanding-certificate-requests')), { result: '[]' });

      const key = await rootOf('EasyRSA');
      const before = juju.hooks.length;
      const taken = done(
        await juju.run('ca/0', 'import-ca', { certificate: base64(key.certificate), 'private-key': base64(key.key) }),
      );
      assert.deepEqual([taken['ca-certificate']?.trim(), taken['phase']], [key.certificate.trim(), 'overlap']);
      const signer = new X509Certificate(key.certificate);
      assert.ok(acting.certificate().verify(signer.publicKey));
      assert.deepEqual(juju.hooks.slice(before).map(({ stdout, stderr }) => stdout + stderr).join(''), '');
      const folder = join(juju.folder, 'etc');
      const [ca, chain, cert] = ['ca', 'fullChain', 'cert'].map((name) => join(folder, name));
      const verified = spawnSync('openssl', ['verify', '-CAfile', ca ?? '', '-untrusted', chain ?? '', cert ?? '']);
      assert.equal(verified.status, 0, verified.stderr.toString());
      // The test itself is the one who brings the key, as a parameter.
      for (const line of linesOf(key.key)) assert.ok(!seenIn(juju, 'ca/0', 'web/0').includes(line));
    }));

  it('get-outstanding-certificate-requests tells what is refused and why, and deny-certificate refuses until allow-certificate', () =>
    withActing({}, async ({ juju, relation, installed }) => {
      const [issued] = jsonIn(done(await juju.run('ca/0', 'get-issued-certificates')), 'certificates');
      const denied = done(await juju.run('ca/0', 'deny-certificate', { fingerprint: issued.fingerprint }));
      const [{ fingerprint }] = jsonIn(denied, 'denied');
      assert.match(juju.unit('web/0').status.message, /www\.example is refused: 999 other/);
      const [request, ...others] = jsonIn(
        done(await juju.run('ca/0', 'get-outstanding-certificate-requests')),
        'result',
      );
      assert.deepEqual(
        [others, request.fingerprint, request.refusal.code, request.relation_id, request.is_ca],
        [[], fingerprint, 999, 1, false],
      );
      assert.match(request.csr, /BEGIN CERTIFICATE REQUEST/);
      assert.ok(!('certificates' in juju.publishedBy(relation, 'ca')));
      assert.match(
        (await juju.run('ca/0', 'allow-certificate', { 'common-name': 'x' })).failure ?? '',
        /nothing of the kind/,
      );
      assert.deepEqual(done(await juju.run('ca/0', 'allow-certificate', { fingerprint })), { denied: '[]' });
      assert.equal(juju.unit('web/0').status.status, 'active');
      assert.notEqual(installed('cert').trim(), issued.certificate.trim());
    }));

  it('revoke-all issues anew for whoever is still allowed, at once, and tells how many', () =>
    withActing({}, async (acting) => {
      const { juju, installed, certificate } = acting;
      const [before, key] = [certificate().serialNumber, installed('key')];
      assert.deepEqual(done(await juju.run('ca/0', 'revoke-all', { 'relation-id': 2 })), {
        revoked: '0',
        issued: '0',
        refused: '0',
      });
      assert.equal(certificate().serialNumber, before);
      assert.deepEqual(done(await juju.run('ca/0', 'revoke-all')), { revoked: '1', issued: '1', refused: '0' });
      assert.notEqual(certificate().serialNumber, before);
      assert.equal(installed('key'), key);
    }));

  for (const protocol of ['csr', 'reactive'] as const) {
    it(`replace-ca announces, abort-replacement takes back, and time makes it sign (${protocol})`, () =>
      withActing(
        { protocol, configurations: { ca: { policy: { announceDays: 2, overlapDays: 5 } } } },
        async (acting) => {
          const { juju, clock, installed, certificate } = acting;
          const former = certificate().issuer;
          const announced = done(await juju.run('ca/0', 'replace-ca'));
          assert.equal(announced['phase'], 'announced');
          assert.ok(Date.parse(announced['signs-at'] ?? '') > clock.now);
          assert.equal(done(await juju.run('ca/0', 'abort-replacement'))['phase'], 'steady');
          assert.match((await juju.run('ca/0', 'abort-replacement')).failure ?? '', /no new CA is announced/);
          assert.equal(done(await juju.run('ca/0', 'replace-ca'))['phase'], 'announced');
          assert.equal(certificate().issuer, former);
          clock.now += 3 * DAY;
          juju.fire('ca/0', 'update-status');
          await juju.settle();
          assert.equal(certificate().issuer, 'CN=Test CA G3');
          const shown = done(await juju.run('ca/0', 'get-ca-certificate'));
          assert.deepEqual(commonNames(shown['trusted'] ?? ''), ['Test CA', 'Test CA G3']);
          assert.deepEqual(commonNames(shown['ca-certificate'] ?? ''), ['Test CA G3']);
          const immediately = done(await juju.run('ca/0', 'replace-ca', { immediately: true }));
          assert.equal(immediately['phase'], 'overlap');
          assert.equal(certificate().issuer, 'CN=Test CA G4');
          assert.ok(installed('key').includes('PRIVATE KEY'));
        },
      ));

    it(`ca-request is signed elsewhere and comes back by import-ca, and every certificate stays (${protocol})`, () =>
      withActing({ protocol }, async ({ juju, installed }) => {
        const company = await rootOf('Company root');
        const request = done(await juju.run('ca/0', 'ca-request'))['certificate-signing-request'] ?? '';
        const certificate = await right(
          issue(
            { certType: 'intermediate', commonName: 'Test CA', sans: [], holder: { request } },
            company,
            terms(1_000),
          ),
        );
        const [before, key] = [installed('cert'), installed('key')];
        const parameters = { certificate, 'ca-chain': company.certificate };
        assert.equal(done(await juju.run('ca/0', 'import-ca', parameters))['phase'], 'steady');
        assert.deepEqual([installed('cert'), installed('key')], [before, key]);
        assert.equal(installed('ca').trim(), company.certificate.trim());
        const shown = done(await juju.run('ca/0', 'get-ca-certificate'));
        assert.equal(shown['trusted']?.trim(), company.certificate.trim());
        const count = juju.hooks.length;
        juju.fire('ca/0', 'update-status');
        await juju.settle();
        assert.deepEqual(writesSince(juju, count), [], 'at rest, nothing is written');
      }));

    it(`import-ca refuses what is of no use, changes nothing then, and tells nothing of the key (${protocol})`, () =>
      withActing({ protocol }, async ({ juju, complaints }) => {
        const [one, other] = [await rootOf('One'), await rootOf('Other')];
        const kept = JSON.stringify(juju.secrets('ca'));
        const cases: ReadonlyArray<readonly [parameters: Record<string, unknown>, failure: RegExp]> = [
          [{ certificate: one.certificate, 'private-key': other.key }, /the key is not that of the certificate/],
          [{ certificate: one.certificate }, /the key is not that of the certificate/],
          [{ certificate: 'SECRET', 'private-key': one.key }, /cannot be read/],
          [
            { certificate: one.certificate, 'private-key': `SECRET${one.key.slice(40)}` },
            /cannot be used|cannot be read|the key/,
          ],
          [{ certificate: one.certificate, 'private-key': one.key, 'ca-chain': 'SECRET' }, /the chain cannot be read/],
          [
            { certificate: one.certificate, 'private-key': 'secret:9m4e2mr0ui3e8a215n4g' },
            /juju grant-secret <name> ca$/,
          ],
          [{ certificate: { SECRET: 1 } }, /^the parameters of import-ca are wrong: certificate: expected a string/],
          [{}, /^the parameters of import-ca are wrong: certificate/],
          [{ certificate: one.certificate, 'private-kye': 'SECRET' }, /private-kye.*: no such field/],
        ];
        for (const [parameters, failure] of cases) {
          const count = juju.hooks.length;
          const result = await juju.run('ca/0', 'import-ca', parameters);
          assert.match(result.failure ?? '', failure);
          assert.deepEqual([result.results, writesSince(juju, count)], [{}, []]);
        }
        assert.deepEqual([JSON.stringify(juju.secrets('ca')), complaints], [kept, []]);
        const seen = seenIn(juju, 'ca/0');
        assert.doesNotMatch(seen, /SECRET/);
        for (const line of linesOf(other.key)) assert.ok(!seen.includes(line));
      }));
  }

  it('import-ca takes the key from a secret, also before there is any CA, and the operator’s number asks for no other one', () =>
    withActing(
      { configurations: { ca: { authority: { commonName: 'Test CA', generation: 4 } } } },
      async ({ juju, certificate }) => {
        const company = await rootOf('Company root');
        // The charm's own stands for one that somebody granted to it.
        juju.secrets('ca')[0]?.revisions.splice(0, 1, { authority: '' });
        const [kept] = juju.secrets('ca');
        assert.ok(kept !== undefined);
        const key: PrivateKey = company.key;
        // Nothing is kept then.
        kept.label = 'somebody’s';
        kept.revisions.splice(0, 1, { 'private-key': key });
        const parameters = { certificate: company.certificate, 'private-key': `secret:${kept.id}` };
        const taken = done(await juju.run('ca/0', 'import-ca', parameters));
        assert.equal(taken['phase'], 'steady');
        juju.fire('ca/0', 'update-status');
        await juju.settle();
        assert.equal(certificate().issuer, 'CN=Company root');
        assert.equal(
          done(await juju.run('ca/0', 'get-ca-certificate'))['ca-certificate']?.trim(),
          company.certificate.trim(),
        );
      },
    ));

  it('a CA whose key another CA has certified anew is the one in the file of before Juju 3, which goes', () => {
    const options = { version: '2.9.50' };
    return withActing(options, async ({ juju, installed }) => {
      const company = await rootOf('Company root');
      const request = done(await juju.run('ca/0', 'ca-request'))['certificate-signing-request'] ?? '';
      const certificate = await right(
        issue(
          { certType: 'intermediate', commonName: 'Test CA', sans: [], holder: { request } },
          company,
          terms(1_000),
        ),
      );
      const file = join(juju.unit('ca/0').folder, '.tls-certificates-client-authority.json');
      const before = installed('cert');
      options.version = '3.6.8';
      done(await juju.run('ca/0', 'import-ca', { certificate, 'ca-chain': company.certificate }));
      juju.fire('ca/0', 'update-status');
      await juju.settle();
      assert.deepEqual([existsSync(file), juju.unit('ca/0').log], [false, []]);
      assert.equal(installed('cert'), before);
    });
  });

  it('a unit that does not lead names the leader’s command, and shows the CA all the same', () =>
    withActing({ units: { ca: 2 } }, async ({ juju }) => {
      for (
        const action of ['deny-certificate', 'revoke-all', 'replace-ca', 'abort-replacement', 'get-issued-certificates']
      ) {
        const { failure, results } = await juju.run('ca/1', action);
        assert.deepEqual(
          [failure, results],
          [`only the leader can do this: juju run ca/leader ${action}, with the same parameters`, {}],
        );
      }
      const [own, leaders] = [
        await juju.run('ca/1', 'get-ca-certificate'),
        await juju.run('ca/0', 'get-ca-certificate'),
      ];
      assert.deepEqual(done(own), done(leaders));
    }));

  it('before Juju 3 the leader’s command is another, and no unit knows the CA of the leader', () =>
    withActing({ version: '2.9.50', units: { ca: 2 } }, async ({ juju }) => {
      const { failure } = await juju.run('ca/1', 'get-ca-certificate');
      assert.match(failure ?? '', /juju run-action --wait ca\/leader get-ca-certificate/);
      assert.equal(done(await juju.run('ca/0', 'replace-ca'))['phase'], 'announced');
    }));

  it('an action that Juju does not commit has changed nothing, and the next one starts afresh', () => {
    let refuses = true;
    return withActing(
      { refuseCommit: ({ action }) => action === 'replace-ca' && refuses },
      async ({ juju, relation }) => {
        const [bag, kept] = [JSON.stringify(juju.publishedBy(relation, 'ca')), JSON.stringify(juju.secrets('ca'))];
        assert.match((await juju.run('ca/0', 'replace-ca')).failure ?? '', /committing requested changes failed/);
        assert.deepEqual([JSON.stringify(juju.publishedBy(relation, 'ca')), JSON.stringify(juju.secrets('ca'))], [
          bag,
          kept,
        ]);
        refuses = false;
        assert.equal(done(await juju.run('ca/0', 'replace-ca'))['phase'], 'announced');
      },
    );
  });

  it('an action that is killed at any call leaves nothing behind', () =>
    withActing({}, async ({ juju, certificate }) => {
      const company = await rootOf('Company root');
      const parameters = { certificate: company.certificate, 'private-key': company.key };
      const kept = JSON.stringify(juju.secrets('ca'));
      for (let at = OURS.first;; at += OURS.step) {
        let calls = 0;
        juju.interfere = ({ unit, hook }) =>
          unit === 'ca/0' && hook === '' && calls++ === at ? 'kill after' : undefined;
        const { failure } = await juju.run('ca/0', 'import-ca', parameters);
        if (failure === null) {
          assert.ok(at > 5);
          break;
        }
        assert.equal(JSON.stringify(juju.secrets('ca')), kept);
        assert.equal(certificate().issuer, 'CN=Test CA');
      }
      assert.equal(certificate().issuer, 'CN=Company root');
    }));

  it('an action that nobody has declared for this side ends well, and so does one of the charm’s own', () =>
    withActing({}, async ({ juju }) => {
      for (const action of ['rotate-private-key', 'constructor', '__proto__', 'own']) {
        assert.deepEqual(await juju.run('ca/0', action), { results: {}, failure: null, progress: [] });
      }
    }));

  it('the lists of the reactive side have no private key, and every unit has its own', () =>
    withActing({ protocol: 'reactive', units: { ca: 2 } }, async ({ juju, installed }) => {
      for (const unit of ['ca/0', 'ca/1']) {
        const listed = done(await juju.run(unit, 'get-issued-certificates'));
        const [one] = jsonIn(listed, 'certificates');
        assert.deepEqual([one.unit, one.cert_type, one.common_name], ['web/0', 'server', 'www.example']);
        assert.doesNotMatch(JSON.stringify(listed), /PRIVATE KEY/);
      }
      for (const line of linesOf(installed('key'))) {
        assert.ok(!juju.hooks.some(({ action }) => JSON.stringify(action).includes(line)));
      }
      const denied = done(await juju.run('ca/0', 'deny-certificate', { 'common-name': 'WWW.example' }));
      assert.equal(denied['denied'], '[{"commonName":"www.example"}]');
    }));
});
