/**
 * Where a unit of the CSR protocol keeps its keys: under the labels of the Python library, old ones too, and never a new key in the place
 * of one that cannot be read.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { orThrow } from '../../../adapters/host.ts';
import { environmentOf } from '../../../adapters/juju/environment.ts';
import type { Hook } from '../../../adapters/juju/hook.ts';
import { openKeys } from '../../../adapters/juju/keys.ts';
import { tidySecrets } from '../../../adapters/juju/secret-hooks.ts';
import { secretFileIn } from '../../../adapters/juju/secret-file.ts';
import { hookTools } from '../../../adapters/juju/tools.ts';
import type { Bag } from '../../../core/model/outcome.ts';
import { type CharmFunction, type Juju, withJuju } from '../../juju/juju.ts';

const LABEL = 'afd8c2bccf834997afce12c2706d2ede-private-key';

const OWNERS: ReadonlyArray<Bag> = ['unit', 'application'];

const pem = (): string =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  }).privateKey.trim();

/** A charm that does this in the hooks of a name. */
const charmOf =
  (hooks: Readonly<Record<string, (hook: Hook, leads: boolean) => Promise<unknown>>>): CharmFunction =>
  async (variables, run) => {
    const environment = environmentOf(variables);
    assert.ok(environment._tag === 'Right');
    const tools = hookTools(run, secretFileIn(environment.right.charmFolder));
    const leads = await orThrow(tools.isLeader);
    await hooks[environment.right.hook ?? '']?.({ environment: environment.right, tools, now: new Date() }, leads);
    return 0;
  };

const opening = (make: 'P-256' | null = 'P-256') => (hook: Hook, leads: boolean) =>
  orThrow(openKeys(hook, 'certificates', { owners: OWNERS, leads, make: TE.right(make) }));

const labelsOf = (juju: Juju): ReadonlyArray<string | null> => juju.secrets('web').map(({ label }) => label).toSorted();

const started = async (juju: Juju, charm: CharmFunction, units = 1): Promise<void> => {
  juju.deploy('web', charm, { units });
  await juju.settle();
};

describe('the keys of a unit', () => {
  it('openKeys() makes a key once for each unit and application, and finds it again', () =>
    withJuju({}, async (juju) => {
      const seen = new Map<string, Set<string>>();
      const look = async (hook: Hook, leads: boolean) => {
        for (const { owner, publicKey } of (await opening()(hook, leads)).kept) {
          const whose = owner === 'unit' ? hook.environment.unit : owner;
          seen.set(whose, (seen.get(whose) ?? new Set()).add(publicKey));
        }
      };
      await started(juju, charmOf({ start: look, 'update-status': look }), 2);
      for (const unit of ['web/0', 'web/1', 'web/0']) juju.fire(unit, 'update-status');
      await juju.settle();
      assert.deepEqual([...seen].map(([whose, keys]) => [whose, keys.size]).toSorted(), [
        ['application', 1],
        ['web/0', 1],
        ['web/1', 1],
      ]);
      assert.deepEqual(labelsOf(juju), ['0', '1', 'app'].map((whose) => `${LABEL}-${whose}-certificates`));
    }));

  it('openKeys() makes none where nothing asks for one', () =>
    withJuju({}, async (juju) => {
      await started(
        juju,
        charmOf({ start: async (hook, leads) => assert.deepEqual((await opening(null)(hook, leads)).kept, []) }),
      );
      assert.deepEqual(labelsOf(juju), []);
    }));

  it("openKeys() moves an application's key from its old label", () =>
    withJuju({}, async (juju) => {
      const key = pem();
      const found: Array<string | null> = [];
      const look = async (hook: Hook, leads: boolean) => found.push((await opening()(hook, leads)).keys.application);
      const install = ({ tools }: Hook) =>
        orThrow(tools.secretAdd({ 'private-key': key }, { label: `${LABEL}-certificates`, owner: 'application' }));
      await started(juju, charmOf({ install, start: look, 'update-status': look }));
      juju.fire('web/0', 'update-status');
      await juju.settle();
      assert.deepEqual(found, [key, key]);
      assert.deepEqual(labelsOf(juju), [`${LABEL}-0-certificates`, `${LABEL}-app-certificates`]);
    }));

  it('openKeys() fails where a key that is kept cannot be read, tells nothing of it, and makes no other', () =>
    withJuju({}, async (juju) => {
      for (const [at, content] of [{ 'private-key': 'hush' }, { 'private-keys': pem() }].entries()) {
        const messages: Array<string> = [];
        const application = `web${at}`;
        juju.deploy(
          application,
          charmOf({
            install: ({ tools }) =>
              orThrow(tools.secretAdd(content, { label: `${LABEL}-0-certificates`, owner: 'unit' })),
            start: async (hook, leads) => {
              const wishes = { owners: OWNERS, leads, make: TE.right('P-256' as const) };
              const opened = await openKeys(hook, 'certificates', wishes)();
              messages.push(opened._tag === 'Left' ? opened.left.message : 'opened');
            },
          }),
        );
        await juju.settle();
        assert.match(
          messages.join(),
          /^the unit's private key that is kept in the secret \S+ (?:cannot be read|has no)/,
        );
        assert.doesNotMatch(messages.join(), /hush|BEGIN/);
        assert.equal(juju.secrets(application).length, 1);
      }
    }));

  it('tidySecrets() removes revisions that nobody reads, and certificates that the Python library kept', () =>
    withJuju({}, async (juju) => {
      const label = `${LABEL}-0-certificates`;
      const python = `afd8c2bccf834997afce12c2706d2ede-certificate-0-certificates-${'0'.repeat(64)}`;
      const tidy = (hook: Hook) => orThrow(tidySecrets(hook, 'certificates'));
      await started(
        juju,
        charmOf({
          install: async ({ tools }) => {
            await orThrow(tools.secretAdd({ 'private-key': pem() }, { label, owner: 'unit' }));
            const expire = '2020-01-01T00:00:00Z';
            await orThrow(tools.secretAdd({ certificate: 'old' }, { label: python, owner: 'unit', expire }));
            await orThrow(tools.secretAdd({ certificate: 'mine' }, { label: 'another', owner: 'unit', expire }));
          },
          start: async ({ tools }) => {
            const { id } = await orThrow(tools.secretInfo({ label }));
            await orThrow(
              tools.secretSet(`secret:${id}` as Parameters<typeof tools.secretSet>[0], { 'private-key': pem() }),
            );
          },
          'secret-remove': tidy,
          'secret-expired': tidy,
        }),
      );
      juju.expireSecrets(new Date());
      await juju.settle();
      assert.ok(juju.hooks.some(({ hook }) => hook === 'secret-remove'));
      assert.deepEqual(labelsOf(juju), [label, 'another'].toSorted());
      const [kept] = juju.secrets('web').filter((secret) => secret.label === label);
      assert.deepEqual(kept?.revisions.map((content) => content === null), [true, false]);
    }));
});
