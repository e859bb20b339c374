/**
 * `tls-certificates inspect` as an operator meets it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { stringify } from 'yaml';
import { command, inFolder } from '../../command.ts';

const real = (name: string): string => new URL(`../../real/${name}.json`, import.meta.url).pathname;

/** What `juju show-unit` would print for both units of a recorded relation. */
const shown = (name: string) => {
  const { snapshot } = JSON.parse(readFileSync(real(name), 'utf8'));
  const [{ localUnitData, remoteUnits }] = snapshot.relations;
  const [provider = '', published] = Object.entries(remoteUnits)[0] ?? [];
  const entry = (endpoint: string, related: string, unit: string, data: unknown) => ({
    'relation-info': [{
      'relation-id': 41,
      endpoint,
      'related-endpoint': related,
      'application-data': {},
      'local-unit': { 'in-scope': false, data: null },
      'related-units': { [unit]: { 'in-scope': true, data } },
    }],
  });
  return {
    requirer: { [snapshot.localUnit]: entry('certificates', 'client', provider, published) },
    provider: { [provider]: entry('client', 'certificates', snapshot.localUnit, localUnitData) },
  };
};

describe('tls-certificates inspect', () => {
  it('tells an operator what is wrong, and what to do', async () => {
    const { code, stdout, stderr } = await command(['inspect', real('trouble-wrong-ca')]);
    assert.deepEqual([code, stderr], [1, '']);
    assert.match(stdout, /✗ server keystone\.internal {2}answered/);
    assert.match(stdout, /✗ error untrusted: no CA that was published is the issuer "CN=Some other root"\n {6}→ /);
    assert.match(stdout, /chain +CN=keystone\.internal\n +└─ ✗ CN=Some other root/);
  });

  it('has nothing to say against what is well', async () => {
    const { code, stdout } = await command(['inspect', real('vault-intermediate')]);
    assert.equal(code, 0);
    assert.match(stdout, /keystone\/0 on certificates:41: 2 of 2 answered by vault\/0/);
    assert.match(stdout, /valid +2026-11-23 [━●─]+ 2027-11-23 {2}364 days left/);
    assert.doesNotMatch(stdout, /✗|warning/);
  });

  it('quotes nothing of YAML that is odd or broken', async () => {
    for (
      const text of ['!SECRET web/0', '%SECRET\n---\nweb/0: {}', 'web/0: {a: &SECRET', 'web/0:\n- SECRET: !SECRET\n']
    ) {
      const { code, stdout, stderr } = await command(['inspect'], text);
      assert.ok(code === 0 || code === 2);
      assert.doesNotMatch(stdout + stderr, /SECRET/);
    }
  });

  it('shows no private key, as text or as JSON', async () => {
    for (const format of ['text', 'json']) {
      const { stdout } = await command(['inspect', '--format', format, real('easyrsa-answered')]);
      assert.ok(stdout.length > 500);
      assert.doesNotMatch(stdout, /PRIVATE|MIIE/);
    }
  });

  it('prints JSON for programs', async () => {
    const { code, stdout } = await command(['inspect', '--format', 'json', real('trouble-missing-sans')]);
    assert.equal(code, 1);
    const { now, examinations } = JSON.parse(stdout);
    assert.equal(now, '2026-11-24T00:00:00Z');
    assert.deepEqual(examinations[0].requests[0].findings.map((finding: { code: string }) => finding.code), [
      'names-missing',
    ]);
  });

  it('reads what juju show-unit prints, of both sides, as JSON or YAML, from files or standard input', () =>
    inFolder(async (path) => {
      const { requirer, provider } = shown('vault-intermediate');
      await writeFile(path('requirer.yaml'), stringify(requirer));
      await writeFile(path('provider.json'), JSON.stringify(provider));
      const both = await command(['inspect', path('requirer.yaml'), path('provider.json')]);
      assert.equal(both.stderr, '');
      assert.match(both.stdout, /keystone\/0 on certificates:41: 2 of 2 answered by vault\/0/);
      assert.match(both.stdout, /asked +keystone\.internal, 10\.5\.0\.11, keystone-0/);
      const piped = await command(['inspect'], stringify({ ...requirer, ...provider }));
      assert.equal(piped.stdout.split('\n').slice(1).join('\n'), both.stdout.split('\n').slice(1).join('\n'));
      const half = await command(['inspect', path('requirer.yaml')]);
      assert.match(half.stdout, /not known what was asked/);
    }));

  it('refuses what is neither, without its content', () =>
    inFolder(async (path) => {
      await writeFile(path('x'), 'key: [SECRET');
      const broken = await command(['inspect', path('x')]);
      assert.deepEqual([broken.code, broken.stdout], [2, '']);
      assert.doesNotMatch(broken.stderr, /SECRET/);
      const two = await command(['inspect', real('easyrsa-fresh'), real('easyrsa-answered')]);
      assert.equal(two.code, 2);
      assert.match(two.stderr, /give an input document alone/);
    }));

  it('explains a denied request from what juju show-unit prints, seen from either side and from both', () =>
    inFolder(async (path) => {
      const { steps: [{ snapshot: { relations: [bags] } }] } = JSON.parse(
        readFileSync(new URL('../../vectors/csr/requires-denied.json', import.meta.url), 'utf8'),
      );
      const entry = (endpoint: string, related: string, application: object, units: object) => ({
        'relation-info': [{
          'relation-id': 7,
          endpoint,
          'related-endpoint': related,
          'application-data': application,
          'related-units': units,
        }],
      });
      const web = { 'web/0': entry('certificates', 'client', bags.remoteApplicationData, { 'vault/0': { data: {} } }) };
      const vault = { 'vault/0': entry('client', 'certificates', {}, { 'web/0': { data: bags.localUnitData } }) };
      const denied = [
        /✗ server web\.example {2}denied/,
        /denied +code 101 ip_not_allowed by acme at x/,
        /request-denied: .*code 101, ip_not_allowed: "no IPs here", for the reason "ip in san"/,
        /→ .*juju config web.*vault/s,
      ];
      await writeFile(path('both.yaml'), stringify({ ...web, ...vault }));
      const both = await command(['inspect', path('both.yaml')]);
      assert.equal(both.code, 0);
      for (const words of [/web\/0 on certificates:7: 0 of 1 answered, 1 denied by vault\/0/, ...denied]) {
        assert.match(both.stdout, words);
      }
      const requirer = await command(['inspect'], `$ juju show-unit web/0\n${stringify(web)}`);
      for (const words of [/web \(unit not known\) on certificates:7/, ...denied]) assert.match(requirer.stdout, words);
      const provider = await command(['inspect'], stringify(vault));
      assert.match(provider.stdout, /web\/0 on certificates:7: 0 of 1 answered, the provider's databags are not here/);
      assert.match(provider.stdout, /add juju show-unit web\/0/);
    }));
});
