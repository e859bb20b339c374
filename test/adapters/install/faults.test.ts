/**
 * Installing under faults: killed before, amid and after every operation, and failing at each, it ends as if
 * undisturbed when it is tried again, and nobody ever sees a certificate with the key of another.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { delivered } from './delivered.ts';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { install, type InstallOutcome } from '../../../adapters/install/install.ts';
import type { Installation } from '../../../adapters/install/entry.ts';
import { emptyRecord, type InstallRecord } from '../../../adapters/install/record.ts';
import type { RequiresView } from '../../../core/reactive/requires/view.ts';
import { answered, testAuthority, viewOf } from './authority.ts';
import {
  circumstances,
  failing,
  installation,
  interfered,
  type Interference,
  type Kill,
  killing,
  machineOn,
  unmarked,
} from './machine.ts';
import { atRealSite, MemorySite, type Site } from './site.ts';
import { isOurs } from '../../runs.ts';

/** A change to be brought about, and what was there before. */
interface Scenario {
  readonly installations: (folder: string) => ReadonlyArray<Installation>;
  readonly view: RequiresView;
  /** Makes what was there, at a site of its own; returns what is remembered. */
  readonly prepare: (site: Site) => Promise<InstallRecord>;
}

const run = (
  { folder, disk }: Site,
  { installations, view }: Pick<Scenario, 'installations' | 'view'>,
  record: InstallRecord,
  interference: Interference = {},
  command: (argv: ReadonlyArray<string>) => string | null = () => null,
): Promise<InstallOutcome> =>
  install(
    installations(folder),
    delivered(view),
    circumstances(record),
    machineOn(folder, interfered(disk, interference), command),
  )();

const pairAt = (folder: string): Partial<Installation> => ({
  files: {
    cert: join(folder, 'web/tls.crt'),
    key: join(folder, 'web/tls.key'),
    fullChain: join(folder, 'web/chain.pem'),
  },
});

const apart = (folder: string): Partial<Installation> => ({
  files: {
    fullChain: join(folder, 'certs/web.pem'),
    key: join(folder, 'private/web.key'),
    ca: join(folder, 'certs/ca.pem'),
  },
});

/** The worlds in which faults are tried. */
const scenarios = async (): Promise<Readonly<Record<string, Scenario>>> => {
  const [authority, other] = [await testAuthority(), await testAuthority('other')];
  const [first, second] = [
    await authority.answer('server', 'web.example'),
    await authority.answer('server', 'web.example'),
  ];
  const moved = await other.answer('server', 'web.example');
  const [old, fresh, elsewhere] = [answered(authority, first), answered(authority, second), answered(other, moved)];
  const one = (change: (folder: string) => Partial<Installation>) => (folder: string) => [installation(change(folder))];
  const bothPlaces = one(apart);
  const onePlace = one(pairAt);
  const trusting = one((folder) => ({ files: { ca: join(folder, 'web/ca.pem') }, wanted: null, trustStore: true }));
  const trustingOnly = one(() => ({ wanted: null, trustStore: true }));
  const nothing = (...names: ReadonlyArray<string>) => (site: Site): Promise<InstallRecord> => {
    site.makeFolders(...names);
    return Promise.resolve(emptyRecord);
  };
  const before =
    (scenario: Pick<Scenario, 'installations' | 'view'>, ...names: ReadonlyArray<string>) =>
    async (site: Site): Promise<InstallRecord> => {
      site.makeFolders(...names);
      return (await run(site, scenario, emptyRecord)).record;
    };
  return {
    'a first installation': { installations: onePlace, view: old, prepare: nothing('web') },
    'a first installation where folders are made': {
      installations: one((folder) => ({ ...pairAt(folder), makeFolders: true })),
      view: old,
      prepare: nothing(),
    },
    'a renewal': {
      installations: onePlace,
      view: fresh,
      prepare: before({ installations: onePlace, view: old }, 'web'),
    },
    'another CA': {
      installations: bothPlaces,
      view: elsewhere,
      prepare: before({ installations: bothPlaces, view: old }, 'certs', 'private'),
    },
    'files of somebody else in two folders': {
      installations: bothPlaces,
      view: fresh,
      prepare: (site) => {
        site.makeFolders('certs', 'private');
        site.put('certs/web.pem', first.cert);
        site.put('private/web.key', first.key, 0o640);
        return Promise.resolve(emptyRecord);
      },
    },
    'one more file than before': {
      installations: one((folder) => ({ files: { ...pairAt(folder).files, ca: join(folder, 'web/ca.pem') } })),
      view: fresh,
      prepare: async (site) => {
        const record = await before({ installations: onePlace, view: old }, 'web')(site);
        site.put('web/ca.pem', 'somebody else’s CA\n');
        return record;
      },
    },
    'a file that somebody overwrote': {
      installations: onePlace,
      view: old,
      prepare: async (site) => {
        const record = await before({ installations: onePlace, view: old }, 'web')(site);
        // By way of the link that is there, as a shell's redirection would.
        site.put('web/chain.pem', 'overwritten');
        return record;
      },
    },
    'a CA that is trusted': { installations: trusting, view: old, prepare: nothing('web', 'trust') },
    'a CA that is trusted no more': {
      installations: trustingOnly,
      view: viewOf(),
      prepare: before({ installations: trustingOnly, view: old }, 'trust'),
    },
  };
};

/** What everybody sees at the paths of an installation: of the certificate with its key, and of the CA. */
const shown = (site: Site, { installations }: Scenario): ReadonlyArray<string> =>
  installations(site.folder).flatMap(({ files: { ca, ...own } }) => [
    JSON.stringify(Object.values(own).map((path) => site.shown(path))),
    JSON.stringify(ca === undefined ? null : site.shown(ca)),
  ]);

/** Whether each of them was what it was, or what it became. */
const isWhole = (
  amidst: ReadonlyArray<string>,
  old: ReadonlyArray<string>,
  become: ReadonlyArray<string>,
): boolean => amidst.every((group, index) => group === old[index] || group === become[index]);

/** The private keys in all files of a site, each once. */
const keysIn = (site: Site): ReadonlyArray<string> =>
  [
    ...new Set(
      Object.values(site.tree()).flatMap((text) => /-----BEGIN PRIVATE KEY-----[^-]*/.exec(text)?.[0] ?? []),
    ),
  ].sort();

/** A change without disturbance: what it leaves, and what it does for that. */
const undisturbed = (scenario: Scenario) => async (site: Site) => {
  const course = killing(null);
  const record = await scenario.prepare(site);
  const { installed } = await run(site, scenario, record, course);
  assert.deepEqual(installed.map(({ state, message }) => [state, message]), [['changed', null]]);
  const operations = course.operations.map((operation) => unmarked(site.folder, operation));
  return { tree: site.tree(), operations };
};

type Calm = Awaited<ReturnType<ReturnType<typeof undisturbed>>>;

/** One fault in `n` is tried on the real file system too. */
const SAMPLE = 10;

/**
 * Tries faults in every scenario, each at a prepared site of its own: in memory, which does not wait, and some of them on the real file
 * system, which has to come to the same where nothing is disturbed.
 */
const withFaults = async <Fault>(
  faultsOf: (calm: Calm) => ReadonlyArray<Fault>,
  attempt: (
    fault: Fault,
    site: Site,
    scenario: Scenario,
    record: InstallRecord,
    calm: Calm,
    name: string,
  ) => Promise<void>,
): Promise<void> => {
  let tried = 0;
  for (const [name, scenario] of Object.entries(await scenarios())) {
    const calm = await undisturbed(scenario)(new MemorySite());
    const real = await atRealSite(undisturbed(scenario));
    // A folder's names come in any order.
    assert.deepEqual([real.tree, real.operations.toSorted()], [calm.tree, calm.operations.toSorted()], name);
    const prepared = new MemorySite();
    const record = await scenario.prepare(prepared);
    const faults = faultsOf(calm);
    assert.ok(faults.length >= 4, name);
    const ours = faults.filter((_, index) => isOurs(tried + index));
    // All at once: they wait for signatures most of the time.
    await Promise.all(ours.map((fault) => attempt(fault, prepared.copy(), scenario, record, calm, name)));
    for (const fault of faults.filter((_, index) => (tried + index) % SAMPLE === 0)) {
      await atRealSite(async (site) => attempt(fault, site, scenario, await scenario.prepare(site), calm, name));
    }
    tried += faults.length;
  }
};

/** What is tried again after a disturbance: it has to end as if there had been none. */
const again = async (
  site: Site,
  scenario: Scenario,
  record: InstallRecord,
  { tree }: Calm,
  where: string,
  command: () => null,
): Promise<void> => {
  const { isHandled, installed } = await run(site, scenario, record, {}, command);
  assert.ok(isHandled, `${where}: ${JSON.stringify(installed)}`);
  assert.deepEqual(site.tree(), tree, where);
};

describe('install() under faults', () => {
  it(
    'install() ends as if undisturbed after it was killed around and amid any operation',
    { timeout: 900_000 },
    () =>
      withFaults(
        ({ operations }) =>
          operations.flatMap((operation, at): ReadonlyArray<Kill> => [
            { at, when: 'before' },
            ...(operation.startsWith('write ') ? [{ at, when: 'amid' } as const] : []),
          ]),
        async (kill, site, scenario, record, calm, name) => {
          const where = `${name}: killed ${kill.when} ${calm.operations[kill.at]}`;
          const old = shown(site, scenario);
          let atCommand: ReadonlyArray<string> = [];
          const command = () => {
            atCommand = shown(site, scenario);
            return null;
          };
          await run(site, scenario, record, killing(kill), command);
          const readable = Object.values(site.tree()).filter((text) => /^file (?!6.0 ).*BEGIN PRIVATE/.test(text));
          assert.deepEqual(readable, [], `${where}: others could read a key`);
          const amidst = shown(site, scenario);
          await again(site, scenario, record, calm, where, command);
          assert.ok(isWhole(amidst, old, shown(site, scenario)), `${where}: half of it was seen`);
          assert.deepEqual(atCommand, shown(site, scenario), `${where}: no command came after the last change`);
        },
      ),
  );

  it(
    'install() tells of any operation that fails, keeps no new key where the old one stays, and ends well when tried again',
    {
      timeout: 900_000,
    },
    () =>
      withFaults(
        ({ operations }) => [...operations.keys()],
        async (at, site, scenario, record, calm, name) => {
          const where = `${name}: ${calm.operations[at]} failed`;
          const [old, keysBefore] = [shown(site, scenario), keysIn(site)];
          const { installed, isHandled, record: known } = await run(site, scenario, record, failing(at, 'ENOSPC'));
          const [first] = installed;
          assert.deepEqual([first?.state, isHandled], ['failed', false], where);
          assert.match(first?.message ?? '', /^install\[0\]: cannot .*: no space is left on the device$/, where);
          assert.doesNotMatch(JSON.stringify([installed, known]), /PRIVATE|BEGIN/, where);
          const amidst = shown(site, scenario);
          if (amidst[0] === old[0]) assert.deepEqual(keysIn(site), keysBefore, `${where}: a key was left behind`);
          await again(site, scenario, known, calm, where, () => null);
          assert.ok(isWhole(amidst, old, shown(site, scenario)), `${where}: half of it was seen`);
        },
      ),
  );

  it('install() has every name that it made or changed outlast a power cut before it ends', async () => {
    for (const [name, scenario] of Object.entries(await scenarios())) {
      const { operations } = await undisturbed(scenario)(new MemorySite());
      const changes = operations.flatMap((operation, at) => {
        const [, path = ''] = /^(?:create|link|rename|makeFolder) (.*)$/.exec(operation) ?? [];
        // What is written first under a passing name gets its own by a rename.
        return path === '' || /\.new$|\/next$/.test(path) ? [] : [{ operation, at, folder: dirname(path) }];
      });
      assert.ok(changes.length > 0, name);
      for (const { operation, at, folder } of changes) {
        assert.ok(operations.indexOf(`sync ${folder}`, at) > at, `${name}: ${operation} is not synced`);
      }
    }
  });
});
