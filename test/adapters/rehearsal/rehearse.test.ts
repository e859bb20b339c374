/**
 * Rehearsals: charms of ours and a charm in shell, deployed, related and driven; the same seed is the same story.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { rehearse } from '../../../adapters/rehearsal/mod.ts';
import { junitOf, testsOf } from '../../../adapters/rehearsal/reports.ts';
import { broken, played, scenario, SHELL, storyOf, withCharm } from './play.ts';

const world = (protocol: string, steps: ReadonlyArray<string>, units = 1): string => `
applications:
  web: { charm: builtin:requirer, units: ${units}, config: { domain: web.example } }
  ca: { charm: builtin:provider, protocol: ${protocol} }
relations: [[web:certificates, ca:clients]]
steps:
${steps.map((step) => `  - ${step}`).join('\n')}
`;

const WELL = 'expect: { unit: web/0, status: active, files: [/etc/web/tls.crt, /etc/web/tls.key], findings: none }';

describe('a rehearsal', () => {
  it('rehearse() brings a requirer and a provider together in each protocol', async () => {
    for (const protocol of ['csr', 'reactive', 'any']) {
      const rehearsal = await played(world(protocol, [WELL]));
      assert.deepEqual(broken(rehearsal), [], protocol);
      assert.ok(rehearsal.passed, protocol);
    }
  });

  it('rehearse() finds what a bad day leads to, and sees it mended', async () => {
    const bad = await played(world('csr', [
      'settle',
      'fault: { provider: ca, unit: web/0, answer: wrong-names }',
      'config: { web: { domain: other.example } }',
      'expect: { unit: web/0, status: blocked, message: lacks names }',
      'fault: { provider: ca, answer: well }',
      'expect: { unit: web/0, status: active, certificates: [other.example], findings: none }',
    ]));
    assert.deepEqual(broken(bad), []);
    const still = await played(world('csr', ['fault: { provider: ca, answer: wrong-names }']));
    assert.deepEqual([still.passed, still.errors.map(({ code }) => code)], [false, ['names-missing']]);
    const known = `expected-findings: [names-missing]\n${
      world('csr', ['fault: { provider: ca, answer: wrong-names }'])
    }`;
    assert.ok((await played(known)).passed, 'a finding that is expected is no failure');
  });

  it('rehearse() says of an expectation what is so instead', async () => {
    const rehearsal = await played(world('csr', [
      'expect: { unit: web/0, status: blocked, files: [/etc/web/none], absent: [/etc/web/tls.crt], published: [ca], findings: [expired] }',
      'expect: { unit: web/7 }',
    ]));
    assert.deepEqual(broken(rehearsal), [
      'web/0: status blocked: it is active: certificates: ca speaks the CSR protocol (capabilities)',
      'web/0: file /etc/web/none: it is not there',
      'web/0: no file /etc/web/tls.crt: it is there',
      'web/0: findings expired: inspect finds none',
      'web/0: published ca: ca is not; certificate_signing_requests are',
      'web/7 is there: there is no unit web/7',
    ]);
    assert.equal(rehearsal.passed, false);
  });

  it('rehearse() tells the same story, byte for byte, for the same seed', async () => {
    const text = world(
      'any',
      ['settle', 'kill: { unit: web/0, at: any tool call }', 'advance: 60d', 'leader: web/1'],
      2,
    );
    const [one, two] = [await played(text, { seed: 5 }), await played(text, { seed: 5 })];
    assert.equal(storyOf(one), storyOf(two));
    assert.deepEqual(one.history, two.history);
    const orders = new Set<string>();
    for (const seed of [1, 2, 3]) orders.add(JSON.stringify((await played(text, { seed })).history.hooks));
    assert.ok(orders.size > 1, 'another seed, another order');
  });

  it('rehearse() plays a log again, kills included, and notices where it cannot', async () => {
    const text = world('csr', ['kill: { unit: web/0, at: any tool call }']);
    const first = await played(text, { seed: 3 });
    assert.ok(first.history.hooks.some(({ killedAt }) => killedAt !== undefined), 'a hook was killed');
    const again = await played(text, { replay: first.history });
    assert.equal(storyOf(again), storyOf(first));
    const foreign = { ...first.history, hooks: [{ unit: 'ca/7', hook: 'install' }, ...first.history.hooks] };
    const odd = await played(text, { replay: foreign });
    assert.match(odd.problems.join(), /hook 1 of the log is install of ca\/7, which has nothing to run now/);
  });

  it('rehearse() kills a hook at every one of its tool calls, and it is made good each time', async () => {
    const rehearsal = await played(world('csr', [
      'kill: { unit: web/0, at: every tool call, hook: certificates-relation-changed }',
      WELL,
    ]));
    const killed = rehearsal.history.hooks.filter(({ killedAt }) => killedAt !== undefined);
    assert.deepEqual(killed.map(({ killedAt }) => killedAt), killed.map((_, i) => i + 1));
    assert.ok(killed.length > 3);
    assert.deepEqual(broken(rehearsal), []);
  });

  it('rehearse() adds and removes units, relations and CAs', async () => {
    const rehearsal = await played(world('any', [
      'settle',
      'add-unit: web',
      'replace-ca: ca',
      'expect: { unit: web/1, status: active, findings: none }',
      'remove-unit: web/0',
      'remove-relation: [ca:clients, web:certificates]',
      'expect: { unit: web/1, status: blocked }',
      'relate: [web:certificates, ca:clients]',
      'expect: { unit: web/1, status: active, findings: none }',
    ]));
    assert.deepEqual(broken(rehearsal), []);
    assert.ok(rehearsal.passed);
  });

  it('rehearse() refuses what a charm has not, and says what it has', async () => {
    const refused = async (text: string): Promise<string> => {
      const result = await rehearse(await scenario(text))();
      return result._tag === 'Left' ? result.left.message : assert.fail('it was played');
    };
    const option = 'applications: { web: { charm: builtin:requirer, config: { domian: x } } }';
    assert.match(
      await refused(option),
      /applications\.web\.config\.domian: the charm has no such option \(it has: domain/,
    );
    assert.match(await refused('applications: { web: { charm: ./nowhere } }'), /nowhere: there is no such folder/);
    assert.match(
      await refused('applications: { web: { charm: builtin:nothing } }'),
      /expected a folder, "builtin:provider"/,
    );
    const same =
      'applications: { a: { charm: builtin:requirer }, b: { charm: builtin:requirer } }\nrelations: [[a:x, b:y]]';
    assert.match(await refused(same), /one of the two has to provide/);
  });

  it('rehearse() runs a charm in shell, each unit with a root of its own where the machine gives one', async () => {
    await withCharm(SHELL, async (base) => {
      const rehearsal = await played(
        `
applications:
  shell: { charm: ./charm, units: 2 }
  ca: { charm: builtin:provider, protocol: reactive }
relations: [[shell:certificates, ca:clients]]
steps:
  - expect: { unit: shell/0, published: [common_name], certificates: [shell.example] }
`,
        // Where there are no namespaces, this test would write to the machine: it only looks there that it is refused.
        { base },
      ).catch((error: unknown) => String(error));
      if (typeof rehearsal === 'string') {
        assert.match(rehearsal, /this machine gives no private roots/);
        return;
      }
      assert.deepEqual(broken(rehearsal), []);
      assert.deepEqual(rehearsal.problems, []);
      assert.ok(!existsSync('/etc/shell-charm-of-a-test'), 'nothing was written to the machine');
      assert.match(storyOf(rehearsal), /status {3}active/);
    });
  });

  it('rehearse() leaves a unit in its error after three tries, with the words of its program', async () => {
    await withCharm('#!/bin/sh\necho "cannot find the thing" >&2\nexit 4\n', async (base) => {
      const rehearsal = await played('applications: { shell: { charm: ./charm } }', { base, sharedRoot: true });
      assert.deepEqual(rehearsal.problems, ['shell/0 is in error: install has failed 3 times']);
      assert.match(storyOf(rehearsal), /failed {3}exit code 4: cannot find the thing/);
      assert.equal(rehearsal.passed, false);
    });
  });

  it('rehearse() shows no private key that a charm has printed', async () => {
    const program = `#!/bin/sh
[ "$JUJU_HOOK_NAME" = certificates-relation-changed ] || exec true
relation-get -r "$JUJU_RELATION_ID" - "$JUJU_REMOTE_UNIT" >&2
relation-set -r "$JUJU_RELATION_ID" unit_name=shell_0 common_name=shell.example certificate_name=some
[ -z "$(relation-get -r "$JUJU_RELATION_ID" shell_0.server.key "$JUJU_REMOTE_UNIT")" ] || exit 1
`;
    await withCharm(program, async (base) => {
      const text = `
applications: { shell: { charm: ./charm }, ca: { charm: builtin:provider, protocol: reactive } }
relations: [[shell:certificates, ca:clients]]
`;
      const rehearsal = await played(text, { base, sharedRoot: true });
      assert.match(rehearsal.problems.join(), /shell\/0 is in error/);
      assert.ok(!storyOf(rehearsal).includes('PRIVATE KEY'));
      assert.ok(!JSON.stringify(rehearsal.story).includes('MIGHAgEAMBMGByqGSM49'), 'nor its base64');
    });
  });

  it('junitOf() has a test for each expectation, and escapes what was said', () => {
    const xml = junitOf('a & b', [{ name: '<web>', failure: null }, {
      name: 'x',
      failure: 'it is "bad"\u0000\nthere',
    }]);
    assert.match(xml, /<testsuite name="a &#38; b" tests="2" failures="1">/);
    assert.match(xml, /<testcase name="&#60;web&#62;" classname="a &#38; b"\/>/);
    assert.match(xml, /message="it is &#34;bad&#34;\ufffd&#10;there"/);
  });

  it('testsOf() counts problems and errors that nobody expected as tests of their own', async () => {
    const rehearsal = await played(world('csr', [WELL, 'fault: { provider: ca, answer: wrong-names }']));
    const failing = testsOf(rehearsal).filter(({ failure }) => failure !== null);
    assert.deepEqual(failing.map(({ name }) => name), ['inspect finds no error at the end']);
  });
});
