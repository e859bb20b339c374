/**
 * The measured faults of hooks: each case as it was handed over, and siblings of its kind.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inFolder } from '../command.ts';
import { type CaseJuju, type Expected, FAULT_CASES, type HookCase, isHookCase, plain } from './cases.ts';
import { type HookResult, StandIn } from './stand-in.ts';

const CASES = FAULT_CASES.filter(isHookCase);

const caseOf = (id: string): HookCase => CASES.find((it) => it.id === id) ?? assert.fail(`there is no case ${id}`);

const isAs = (value: string | undefined, expected: Expected): boolean =>
  value !== undefined &&
  (typeof expected === 'string'
    ? value === expected
    : 'same' in expected
    ? value.trim() === expected.same.trim()
    : value.startsWith(expected.startsWith));

/** Does the work with a unit as a case has it, which is taken away afterwards. */
const standing = <A>(
  { juju, config }: Pick<HookCase, 'juju' | 'config'>,
  work: (standIn: StandIn) => Promise<A>,
): Promise<A> => inFolder((path) => work(new StandIn(juju, path('charm'), config)));

const check = ({ expect }: HookCase, standIn: StandIn, { exit, status, said }: HookResult): void => {
  if (expect.exit !== undefined) assert.equal(exit, expect.exit, said);
  if (expect.status !== undefined) assert.equal(status, expect.status, said);
  for (const [id, keys] of Object.entries(expect.published ?? {})) {
    for (const [key, value] of Object.entries(keys)) {
      assert.ok(isAs(standIn.published(id)[key], value), `${id} ${key}: ${standIn.published(id)[key]}`);
    }
  }
  for (const [id, keys] of Object.entries(expect.publishedNot ?? {})) {
    for (const [key, value] of Object.entries(keys)) {
      assert.ok(!isAs(standIn.published(id)[key], value), `${id} ${key}`);
    }
  }
  for (const [id, keys] of Object.entries(expect.notPublished ?? {})) {
    for (const key of keys) assert.equal(standIn.published(id)[key], undefined, `${id} ${key}`);
  }
  const all = plain(said);
  for (const words of expect.mentions ?? []) {
    assert.ok([words].flat().some((one) => all.includes(plain(one))), `${words} in: ${said}`);
  }
  for (const words of expect.never ?? []) assert.ok(!all.includes(plain(words)), `${words} in: ${said}`);
  assert.doesNotMatch(said, /PRIVATE KEY/);
};

const run = (it: HookCase): Promise<void> => standing(it, async (standIn) => check(it, standIn, await standIn.hook()));

const KEPT_FILE = '.tls-certificates-client-authority.json';
const KEPT = caseOf('ca-kept-over-upgrade-first-hook');
const FRESH = caseOf('unknown-key-label-juju-3-changed');
const CLIENT = 'client:3';

const SECRET_TOOLS = ['secret-get', 'secret-info-get', 'secret-add', 'secret-set', 'secret-ids'];

const subsets = <A>(all: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  all.reduce<ReadonlyArray<ReadonlyArray<A>>>((some, one) => [...some, ...some.map((set) => [...set, one])], [[]]);

/** A case with other things known to Juju. */
const but = (it: HookCase, juju: Partial<CaseJuju>): HookCase => ({ ...it, juju: { ...it.juju, ...juju } });

/** Runs so many hooks, which all have to end well; gives the CA that was published after each. */
const hooks = async (standIn: StandIn, count: number): Promise<Array<string | undefined>> => {
  const published: Array<string | undefined> = [];
  for (let i = 0; i < count; i++) {
    const { exit, said } = await standIn.hook();
    assert.equal(exit, 0, `${JSON.stringify(standIn.juju.missingTools)}: ${said}`);
    published.push(standIn.published(CLIENT)['ca']);
  }
  return published;
};

const keptCa = (): string => JSON.parse(KEPT.juju.files?.[KEPT_FILE] ?? '{}').certificate;

const hasFile = ({ folder }: StandIn): boolean => existsSync(join(folder, KEPT_FILE));

describe('faults of hooks', () => {
  it('there are cases', () => assert.ok(CASES.length >= 7));

  for (const it_ of CASES) it(`hook: ${it_.id}`, () => run(it_));

  it('a secret that is not there yet is none, in the words of every Juju', async () => {
    const label = 'tls-certificates-client-authority';
    const said = [
      `ERROR consumer label "${label}" not found`,
      `ERROR secret URI for consumer label "${label}" not found`,
      `ERROR secret "${label}" not found`,
      `WARNING something else\nERROR consumer label "${label}" not found`,
    ];
    for (const secretNotFound of said) {
      for (const hook of ['client-relation-changed', 'install', 'update-status', 'client-relation-joined']) {
        await run(but(FRESH, { secretNotFound, hook }));
      }
    }
  });

  it('a secret that is out of reach is no reason for a new CA', async () => {
    for (
      const stderr of ['ERROR permission denied', 'ERROR secret backend "vault" not found', 'ERROR connection lost']
    ) {
      await standing(but(FRESH, { errors: { 'secret-get': { exit: 1, stderr } } }), async (standIn) => {
        assert.equal((await standIn.hook()).exit, 3);
        assert.equal(standIn.secrets.length, 0);
      });
    }
  });

  it('a CA in the file becomes the one in the secret, and the file goes once that is committed', () =>
    standing(KEPT, async (standIn) => {
      await standIn.hook({ isCommitted: false });
      assert.deepEqual(
        [hasFile(standIn), standIn.secrets.length],
        [true, 0],
        'a commit that was refused loses nothing',
      );
      await hooks(standIn, 1);
      assert.deepEqual([hasFile(standIn), standIn.secrets.length], [true, 1], 'nobody knows yet that it is committed');
      await standIn.hook({ isCommitted: false });
      assert.deepEqual([hasFile(standIn), standIn.secrets.length], [false, 1]);
      assert.deepEqual(await hooks(standIn, 2), [keptCa(), keptCa()]);
      assert.equal(standIn.secrets[0]?.revisions.length, 1);
    }));

  it('a CA stays the same, whichever tools for secrets are missing', async () => {
    for (const missingTools of subsets(SECRET_TOOLS)) {
      await standing(but(KEPT, { missingTools }), async (standIn) => {
        assert.deepEqual([...new Set(await hooks(standIn, 3))], [keptCa()], missingTools.join());
        // The first version's form gets a shared client certificate, which needs `secret-set` to get into the secret.
        const isKept = ['secret-get', 'secret-add', 'secret-set'].some((tool) => missingTools.includes(tool));
        assert.equal(hasFile(standIn), isKept, missingTools.join());
      });
      await standing(but(FRESH, { missingTools }), async (standIn) => {
        const published = await hooks(standIn, 3);
        assert.equal(new Set(published).size, 1, missingTools.join());
        assert.match(published[0] ?? '', /^-----BEGIN CERTIFICATE/);
        assert.ok(standIn.secrets.length <= 1);
      });
    }
  });

  it('a CA that is replaced is kept, whichever tools for secrets are missing', async () => {
    const config = { ...Object(FRESH.config), authority: { commonName: 'Test CA', days: 100 } };
    for (const missingTools of subsets(SECRET_TOOLS.filter((tool) => tool !== 'secret-get'))) {
      await standing({ ...FRESH, config }, async (standIn) => {
        const seen = await hooks(standIn, 1);
        standIn.juju = { ...standIn.juju, missingTools };
        // The first certificates end; then the CA that replaced it has nearly come to its end, too.
        for (const day of ['2027-02-25', '2027-05-25']) {
          standIn.now = new Date(day);
          await hooks(standIn, 1);
          // Announced for a day, it signs.
          standIn.now = new Date(standIn.now.getTime() + 2 * 86_400_000);
          const published = new Set(await hooks(standIn, 3));
          assert.equal(published.size, 1, `one new CA, ${missingTools.join()}`);
          seen.push(...published);
        }
        assert.equal(new Set(seen).size, 3, missingTools.join());
        // Tools that are there again take what was kept in their place.
        standIn.juju = { ...standIn.juju, missingTools: [] };
        assert.deepEqual(await hooks(standIn, 3), [seen[2], seen[2], seen[2]]);
        assert.deepEqual([hasFile(standIn), standIn.secrets.length], [false, 1], missingTools.join());
      });
    }
  });

  it('a CA in the secret that cannot be read is not replaced by a new one', () =>
    standing(FRESH, async (standIn) => {
      const [before] = await hooks(standIn, 1);
      standIn.juju = { ...standIn.juju, missingTools: ['secret-get'] };
      const { exit, said } = await standIn.hook();
      assert.equal(exit, 3);
      assert.match(said, /the CA is kept in the secret tls-certificates-client-authority, which cannot be read/);
      standIn.juju = { ...standIn.juju, missingTools: [] };
      assert.deepEqual(await hooks(standIn, 1), [before]);
    }));

  it('a CA of more bytes than a field takes before Juju 3.6.9 goes on in further fields', () =>
    standing(
      { ...FRESH, config: { ...Object(FRESH.config), authority: { commonName: 'Test CA', keys: 'RSA-3072' } } },
      async (standIn) => {
        assert.equal(new Set(await hooks(standIn, 3)).size, 1);
        const fields = standIn.secrets[0]?.revisions[0] ?? {};
        assert.deepEqual(Object.keys(fields), ['authority', 'authority-2']);
        for (const value of Object.values(fields)) assert.ok(btoa(value).length <= 5 * 1024);
        const whole = Object.values(fields).join('');
        assert.match(JSON.parse(whole).certificate, /^-----BEGIN CERTIFICATE/);
        // As an earlier version kept it.
        standIn.secrets[0]?.revisions.push({ authority: whole });
        assert.deepEqual(await hooks(standIn, 1), [JSON.parse(whole).certificate]);
      },
    ));

  it('a unit that does not lead goes on with its own file until there is a secret', () =>
    standing(but(KEPT, { isLeader: false }), async (standIn) => {
      assert.deepEqual(await hooks(standIn, 2), [keptCa(), keptCa()]);
      assert.deepEqual([hasFile(standIn), standIn.secrets.length], [true, 0]);
      standIn.lead(true);
      assert.deepEqual(await hooks(standIn, 2), [keptCa(), keptCa()]);
      assert.deepEqual([hasFile(standIn), standIn.secrets.length], [false, 1]);
    }));

  it('another CA in the file is not lost, and does not replace the one in the secret', () =>
    standing(FRESH, async (standIn) => {
      const [ours] = await hooks(standIn, 1);
      await standing({ ...KEPT, juju: KEPT.juju }, async (other) => {
        other.secrets.push(...standIn.secrets);
        for (const isLeader of [true, false]) {
          other.lead(isLeader);
          const { exit, said } = await other.hook();
          assert.equal(exit, 0);
          assert.match(said, /has another CA than the secret .*juju ssh easyrsa\/0 -- sudo rm/s);
          assert.equal(other.published(CLIENT)['ca']?.includes(ours?.trim() ?? '-'), true);
          assert.equal(readFileSync(join(other.folder, KEPT_FILE), 'utf8'), KEPT.juju.files?.[KEPT_FILE]);
        }
      });
    }));

  it('one unit that cannot be read takes nothing from the others', async () => {
    const words = [
      'ERROR relation unit not found',
      'ERROR cannot read settings for unit "web/1" in relation "web:certificates easyrsa:client": unit "web/1": settings not found',
    ];
    for (const stderr of words) {
      await run(
        but(caseOf('unit-unreadable-provider-juju-4'), { errors: { 'relation-get web/1': { exit: 1, stderr } } }),
      );
    }
  });

  it('the last unit of a provider that departs leaves the relation standing', async () => {
    const last = caseOf('last-departed-requirer');
    const said = async (juju: Partial<CaseJuju>): Promise<string> =>
      await standing(but(last, juju), async (standIn) => {
        const { exit, status, said } = await standIn.hook();
        assert.equal(exit, 0);
        return `${status}: ${said}`;
      });
    assert.match(await said({}), /^waiting: certificates: waiting for a unit of the provider/);
    // The local unit itself is being removed; and Juju before 2.8 does not say who departs.
    assert.match(await said({ departing: 'web/0' }), /^waiting: /);
    assert.match(await said({ hook: 'update-status' }), /^waiting: /);
    assert.match(await said({ hook: 'update-status', relations: {} }), /^blocked: .*not related/);
    const { config } = last;
    assert.ok(typeof config === 'object' && config !== null);
    for (const side of ['reactive/requires', 'csr/requires', 'any/requires']) {
      await standing({ juju: last.juju, config: { ...config, side } }, async (standIn) => {
        const { exit, status, said } = await standIn.hook();
        assert.deepEqual([exit, status, /not related/.test(said)], [0, 'waiting', false], `${side}: ${said}`);
      });
    }
  });

  it('tools that answer to another hook are told from other failures, whichever words they have for it', async () => {
    const it_ = caseOf('wrong-context-new-words');
    const words = [
      'ERROR bad request: wrong context ID; got "db/7-db-relation-joined-9f"',
      'ERROR bad request: expected context id "a", got "b"',
      'ERROR dial unix /var/lib/juju/agents/unit-web-0/agent.socket: connect: no such file or directory',
    ];
    for (const stderr of words) await run(but(it_, { errors: { '*': { exit: 1, stderr } } }));
  });
});
