/**
 * Installing under faults: killed before, amid and after every operation, and failing at each, it ends as if
 * undisturbed when it is tried again, and nobody ever sees a certificate with the key of another.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { nodeDisk } from '../../../adapters/file/disk.ts';
import { install, type InstallOutcome } from '../../../adapters/install/install.ts';
import type { Installation } from '../../../adapters/install/entry.ts';
import { emptyRecord, type InstallRecord } from '../../../adapters/install/record.ts';
import type { RequiresView } from '../../../core/reactive/requires/view.ts';
import { inFolder } from '../../command.ts';
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
  shownAt,
  treeOf,
} from './machine.ts';

/** A change to be brought about, and what was there before. */
interface Scenario {
  readonly installations: (folder: string) => ReadonlyArray<Installation>;
  readonly view: RequiresView;
  /** Makes what was there, in a folder of its own; returns what is remembered. */
  readonly prepare: (folder: string) => Promise<InstallRecord>;
}

const run = (
  folder: string,
  { installations, view }: Pick<Scenario, 'installations' | 'view'>,
  record: InstallRecord,
  interference: Interference = {},
  command: (argv: ReadonlyArray<string>) => string | null = () => null,
): Promise<InstallOutcome> =>
  install(
    installations(folder),
    view,
    circumstances(record),
    machineOn(folder, interfered(nodeDisk, interference), command),
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

const folders = (folder: string, ...names: ReadonlyArray<string>): void =>
  names.forEach((name) => mkdirSync(join(folder, name), { recursive: true }));

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
  const nothing = (...names: ReadonlyArray<string>) => (folder: string): Promise<InstallRecord> => {
    folders(folder, ...names);
    return Promise.resolve(emptyRecord);
  };
  const before =
    (scenario: Pick<Scenario, 'installations' | 'view'>, ...names: ReadonlyArray<string>) =>
    async (folder: string): Promise<InstallRecord> => {
      folders(folder, ...names);
      return (await run(folder, scenario, emptyRecord)).record;
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
      prepare: (folder) => {
        folders(folder, 'certs', 'private');
        writeFileSync(join(folder, 'certs/web.pem'), first.cert);
        writeFileSync(join(folder, 'private/web.key'), first.key);
        chmodSync(join(folder, 'private/web.key'), 0o640);
        return Promise.resolve(emptyRecord);
      },
    },
    'one more file than before': {
      installations: one((folder) => ({ files: { ...pairAt(folder).files, ca: join(folder, 'web/ca.pem') } })),
      view: fresh,
      prepare: async (folder) => {
        const record = await before({ installations: onePlace, view: old }, 'web')(folder);
        writeFileSync(join(folder, 'web/ca.pem'), 'somebody else’s CA\n');
        return record;
      },
    },
    'a file that somebody overwrote': {
      installations: onePlace,
      view: old,
      prepare: async (folder) => {
        const record = await before({ installations: onePlace, view: old }, 'web')(folder);
        writeFileSync(join(folder, 'web/chain.pem'), 'overwritten');
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
const shown = (folder: string, { installations }: Scenario): ReadonlyArray<string> =>
  installations(folder).flatMap(({ files: { ca, ...own } }) => [
    JSON.stringify(Object.values(own).map(shownAt)),
    JSON.stringify(ca === undefined ? null : shownAt(ca)),
  ]);

/** Whether each of them was what it was, or what it became. */
const isWhole = (
  amidst: ReadonlyArray<string>,
  old: ReadonlyArray<string>,
  become: ReadonlyArray<string>,
): boolean => amidst.every((group, index) => group === old[index] || group === become[index]);

/** The private keys in all files of a folder, each once. */
const keysIn = (folder: string): ReadonlyArray<string> =>
  [
    ...new Set(
      Object.values(treeOf(folder)).flatMap((text) => /-----BEGIN PRIVATE KEY-----[^-]*/.exec(text)?.[0] ?? []),
    ),
  ].sort();

const withScenarios = async (work: (name: string, scenario: Scenario) => Promise<void>): Promise<void> => {
  for (const [name, scenario] of Object.entries(await scenarios())) await work(name, scenario);
};

/** A change without disturbance: what it leaves, and what it does for that. */
const undisturbed = (scenario: Scenario) =>
  inFolder(async (path) => {
    const course = killing(null);
    const record = await scenario.prepare(path('.'));
    const { installed } = await run(path('.'), scenario, record, course);
    assert.deepEqual(installed.map(({ state, message }) => [state, message]), [['changed', null]]);
    return { tree: treeOf(path('.')), operations: course.operations };
  });

/** What is tried again in a folder after a disturbance: it has to end as if there had been none. */
const again = async (
  folder: string,
  scenario: Scenario,
  record: InstallRecord,
  calm: Readonly<Record<string, string>>,
  where: string,
  command: () => null,
): Promise<void> => {
  const { isHandled, installed } = await run(folder, scenario, record, {}, command);
  assert.ok(isHandled, `${where}: ${JSON.stringify(installed)}`);
  assert.deepEqual(treeOf(folder), calm, where);
};

describe('install() under faults', () => {
  it(
    'install() ends as if undisturbed after it was killed around and amid any operation',
    { timeout: 300_000 },
    () =>
      withScenarios(async (name, scenario) => {
        const { tree, operations } = await undisturbed(scenario);
        const kills = operations.flatMap((operation, at): ReadonlyArray<Kill> => [
          { at, when: 'before' },
          ...(operation.startsWith('write ') ? [{ at, when: 'amid' } as const] : []),
        ]);
        assert.ok(kills.length >= 5, name);
        for (const kill of kills) {
          await inFolder(async (path) => {
            const where = `${name}: killed ${kill.when} ${operations[kill.at]}`;
            const folder = path('.');
            const record = await scenario.prepare(folder);
            const old = shown(folder, scenario);
            let atCommand: ReadonlyArray<string> = [];
            const command = () => {
              atCommand = shown(folder, scenario);
              return null;
            };
            await run(folder, scenario, record, killing(kill), command);
            const readable = Object.values(treeOf(folder)).filter((text) => /^file (?!6.0 ).*BEGIN PRIVATE/.test(text));
            assert.deepEqual(readable, [], `${where}: others could read a key`);
            const amidst = shown(folder, scenario);
            await again(folder, scenario, record, tree, where, command);
            assert.ok(isWhole(amidst, old, shown(folder, scenario)), `${where}: half of it was seen`);
            assert.deepEqual(atCommand, shown(folder, scenario), `${where}: no command came after the last change`);
          });
        }
      }),
  );

  it(
    'install() tells of any operation that fails, keeps no new key where the old one stays, and ends well when tried again',
    {
      timeout: 300_000,
    },
    () =>
      withScenarios(async (name, scenario) => {
        const { tree, operations } = await undisturbed(scenario);
        for (const [at, operation] of operations.entries()) {
          await inFolder(async (path) => {
            const where = `${name}: ${operation} failed`;
            const folder = path('.');
            const record = await scenario.prepare(folder);
            const [old, keysBefore] = [shown(folder, scenario), keysIn(folder)];
            const { installed, isHandled, record: known } = await run(folder, scenario, record, failing(at, 'ENOSPC'));
            const [first] = installed;
            assert.deepEqual([first?.state, isHandled], ['failed', false], where);
            assert.match(first?.message ?? '', /^cannot .*: no space is left on the device$/, where);
            assert.doesNotMatch(JSON.stringify([installed, known]), /PRIVATE|BEGIN/, where);
            const amidst = shown(folder, scenario);
            if (amidst[0] === old[0]) assert.deepEqual(keysIn(folder), keysBefore, `${where}: a key was left behind`);
            await again(folder, scenario, known, tree, where, () => null);
            assert.ok(isWhole(amidst, old, shown(folder, scenario)), `${where}: half of it was seen`);
          });
        }
      }),
  );
});
