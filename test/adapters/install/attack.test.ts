/**
 * Attacks: the certificate's folder belongs to a service's user, and nothing that he does in it makes root read, write, change or
 * remove anything outside of it. Root is nobody's tool.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { delivered } from './delivered.ts';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Disk, nodeDisk, syncFolder } from '../../../adapters/file/disk.ts';
import { replaceFile } from '../../../adapters/file/replace.ts';
import { dueAt } from '../../../adapters/install/due.ts';
import type { Installation } from '../../../adapters/install/entry.ts';
import { install, type InstallOutcome } from '../../../adapters/install/install.ts';
import { pair } from '../../../adapters/install/pair.ts';
import { emptyRecord, type InstallRecord } from '../../../adapters/install/record.ts';
import { ensureFolderOf } from '../../../adapters/install/standing.ts';
import type { RequiresView } from '../../../core/reactive/requires/view.ts';
import { answered, testAuthority } from './authority.ts';
import { circumstances, installation, interfered, type Interference, machineOn, shownAt } from './machine.ts';
import { asRoot, besieged, canExchange, exchanging, NOBODY, noting, plant, SECRET, type Siege } from './siege.ts';
import { withUmask } from '../../umask.ts';

const filesIn = (folder: string): Installation['files'] => ({
  cert: join(folder, 'tls.crt'),
  key: join(folder, 'tls.key'),
});

const only = ({ installed }: InstallOutcome) => {
  const [first, ...more] = installed;
  assert.ok(first !== undefined && more.length === 0);
  return first;
};

/** What happened, beside what is on disk. */
interface Course {
  readonly outcome: InstallOutcome;
  readonly read: ReadonlyArray<string>;
  readonly ran: number;
}

const run = async (
  { path, web }: Siege,
  view: RequiresView,
  change: Partial<Installation> = {},
  { record = emptyRecord, ...interference }: Interference & { readonly record?: InstallRecord } = {},
): Promise<Course> => {
  const [read, commands] = [new Array<string>(), new Array<string>()];
  const disk = interfered(noting(nodeDisk, read), interference);
  const machine = machineOn(path('.'), disk, (argv) => (commands.push(argv.join(' ')), null));
  const installations = [installation({ files: filesIn(web), ...change })];
  const outcome = await install(installations, delivered(view), circumstances(record), machine)();
  return { outcome, read, ran: commands.length };
};

/** Nothing of root's was read, changed, or is now where he is. */
const assertUntouched = (siege: Siege, before: unknown, { read }: Pick<Course, 'read'>, where: string): void => {
  assert.deepEqual(siege.untouched(), before, `${where}: root’s folder was changed`);
  assert.ok(!read.some((text) => text.includes(SECRET)), `${where}: root’s file was read`);
  assert.ok(!siege.his().includes(SECRET), `${where}: root’s file was copied`);
};

const someView = async () => {
  const authority = await testAuthority();
  const answers = [
    await authority.answer('server', 'web.example'),
    await authority.answer('server', 'web.example'),
  ] as const;
  return { old: answered(authority, answers[0]), fresh: answered(authority, answers[1]), key: answers[0].key };
};

/** What a hook does on disk, without what takes time: one step after the other. */
const hook = ({ web }: Siege, disk: Disk, round: number): ReadonlyArray<() => Promise<unknown>> => {
  const layout = pair(disk, { cert: join(web, 'tls.crt'), key: join(web, 'tls.key') }, true, 0);
  const note = dueAt(disk, join(web, 'tls.key'), 'run', true, 0);
  const file = { bytes: new TextEncoder().encode(`round ${round}`), mode: 0o600, uid: 0, gid: 0 };
  const planned = layout.places.map(([, path]) => ({ path, file }));
  return [
    () => layout.settle(),
    () => layout.observe(),
    () => layout.prepare(planned),
    () => note.set(),
    () => layout.replace(planned),
    () => replaceFile(disk, join(web, 'ca.pem'), file),
    () => ensureFolderOf(disk, join(web, 'new/deep/x'), true),
    () => disk.chmodFolder(join(web, 'new'), 0o755),
    () => note.clear(),
  ];
};

describe('install() in a folder of somebody else', asRoot, () => {
  it('install() installs and renews in a folder that belongs to the service’s user, who owns the files', () =>
    besieged(async (siege) => {
      const { old, fresh } = await someView();
      const change = { owner: String(NOBODY), group: String(NOBODY) };
      const first = await run(siege, old, change);
      assert.equal(only(first.outcome).message, null);
      const { outcome, ran } = await run(siege, fresh, change, { record: first.outcome.record });
      assert.deepEqual([only(outcome).state, ran], ['changed', 1]);
      assert.equal(shownAt(join(siege.web, 'tls.key')), fresh.serverCerts[0]?.key);
      assert.equal(statSync(join(siege.web, 'tls.key')).uid, NOBODY);
    }));

  it('install() follows no link with the right ending that is not its own', async () => {
    const { old } = await someView();
    for (const name of ['tls.crt', 'tls.key']) {
      for (const part of ['cert', 'key', 'fullChain']) {
        const ending = `.tls.key.tls-certificates/current/${part}`;
        const links: ReadonlyArray<readonly [where: string, lay: (siege: Siege, path: string) => void]> = [
          ['to root’s folder', ({ outside }, path) => plant(join(outside, ending), path)],
          ['upwards', (_, path) => plant(`../../outside/${ending}`, path)],
          ['from its own name', ({ outside, web }, path) => {
            plant(join(outside, '.tls.key.tls-certificates'), join(web, '.tls.key.tls-certificates'));
            plant(ending, path);
          }],
          ['by way of his own folder', ({ outside, web }, path) => {
            plant(outside, join(web, 'x'));
            plant(join(web, 'x', ending), path);
          }],
          ['to what is called like one', ({ outside, web }, path) => {
            mkdirSync(join(web, 'evil.tls-certificates'));
            plant(join(outside, '.tls.key.tls-certificates/a'), join(web, 'evil.tls-certificates/current'));
            plant(`evil.tls-certificates/current/${part}`, path);
          }],
        ];
        for (const [where, lay] of links) {
          await besieged(async (siege) => {
            lay(siege, join(siege.web, name));
            const before = siege.untouched();
            const course = await run(siege, old);
            assert.equal(only(course.outcome).state, 'failed', where);
            assertUntouched(siege, before, course, `${name} to ${part}, ${where}`);
          });
        }
      }
    }
  });

  it('install() follows a link of its own no further than where it put it', () =>
    besieged(async (siege) => {
      const { old, fresh } = await someView();
      // Root's own pair elsewhere, and root's own link to it, which he brings where he likes within what is his.
      mkdirSync(siege.path('private'), { mode: 0o700 });
      await run(siege, old, { files: filesIn(siege.path('private')) });
      const kept = readFileSync(siege.path('private/tls.key'), 'utf8');
      const link = join(siege.web, 'tls.key');
      symlinkSync(siege.path('private/.tls.key.tls-certificates/current/key'), link);
      const { outcome, read } = await run(siege, fresh);
      assert.equal(only(outcome).message, null);
      assert.ok(!read.includes(kept), 'the other key was read');
      assert.equal(readFileSync(link, 'utf8'), fresh.serverCerts[0]?.key);
      assert.equal(readFileSync(siege.path('private/tls.key'), 'utf8'), kept);
    }));

  it('install() makes no folder by way of a link above that he made, and follows one that root made', async () => {
    const { old } = await someView();
    const files = (siege: Siege, above: string): Partial<Installation> => ({
      files: filesIn(siege.path(`${above}/deep`)),
      makeFolders: true,
    });
    await besieged(async (siege) => {
      plant(siege.outside, siege.path('his/new'));
      // Root may have made a link in his folder; that it is still where root put it cannot be known.
      symlinkSync(siege.outside, siege.path('his/old'));
      // His folder is above root's.
      mkdirSync(siege.path('his/roots'));
      symlinkSync(siege.outside, siege.path('his/roots/in'));
      // Others than root may write to the folder that has the link.
      mkdirSync(siege.path('shared'));
      chmodSync(siege.path('shared'), 0o777);
      symlinkSync(siege.outside, siege.path('shared/in'));
      mkdirSync(siege.path('sticky'));
      chmodSync(siege.path('sticky'), 0o1777);
      symlinkSync(siege.outside, siege.path('sticky/in'));
      const before = siege.untouched();
      for (const above of ['his/new', 'his/old', 'his/roots/in', 'shared/in', 'sticky/in']) {
        const course = await run(siege, old, files(siege, above));
        assert.match(only(course.outcome).message ?? '', /is a symbolic link that somebody else may have made; name/);
        assertUntouched(siege, before, course, above);
      }
      mkdirSync(siege.path('roots'));
      symlinkSync('roots', siege.path('lib'));
      symlinkSync(siege.path('lib/../lib'), siege.path('again'));
      const { outcome } = await run(siege, old, files(siege, 'again'));
      assert.equal(only(outcome).message, null);
      assert.equal(shownAt(siege.path('roots/deep/tls.key')), old.serverCerts[0]?.key);
    });
  });

  it('install() reads no file that has a second name elsewhere', async () => {
    const { old } = await someView();
    for (const name of ['tls.crt', 'tls.key', '.tls.crt.new', '.tls.key.new', '.tls.key.run-due']) {
      await besieged(async (siege) => {
        linkSync(join(siege.outside, 'tls.key'), join(siege.web, name));
        const { mode, uid } = statSync(join(siege.outside, 'tls.key'));
        const { outcome, read } = await run(siege, old);
        const isInTheWay = !name.startsWith('.');
        assert.equal(only(outcome).state, isInTheWay ? 'failed' : 'changed', name);
        if (isInTheWay) assert.match(only(outcome).message ?? '', /the file has 2 names \(hard links\)/);
        assert.ok(!read.some((text) => text.includes(SECRET)), `${name}: root’s file was read`);
        const after = statSync(join(siege.outside, 'tls.key'));
        assert.deepEqual([after.mode, after.uid, shownAt(join(siege.outside, 'tls.key'))], [mode, uid, SECRET]);
      });
    }
  });

  it('install() reads no second name of a file in the place of the key of a slot', () =>
    besieged(async (siege) => {
      const { old, fresh } = await someView();
      const { outcome: { record } } = await run(siege, old);
      const store = join(siege.web, '.tls.key.tls-certificates');
      const key = readlinkSync(join(store, readlinkSync(join(store, 'current')), 'key'));
      rmSync(key);
      linkSync(join(siege.outside, 'tls.key'), key);
      const { outcome, read } = await run(siege, fresh, {}, { record });
      assert.equal(only(outcome).message, null);
      assert.ok(!read.some((text) => text.includes(SECRET)));
      assert.equal(shownAt(join(siege.outside, 'tls.key')), SECRET);
      assert.equal(shownAt(join(siege.web, 'tls.key')), fresh.serverCerts[0]?.key);
    }));

  it('install() writes to no draft that is there already, whatever it is', async () => {
    const { old } = await someView();
    const drafts: Readonly<Record<string, (siege: Siege, path: string) => void>> = {
      link: ({ outside }, path) => plant(join(outside, 'tls.key'), path),
      'link to nothing': ({ outside }, path) => plant(join(outside, 'made'), path),
      file: (_, path) => writeFileSync(path, 'his', { mode: 0o666 }),
      pipe: (_, path) => void execFileSync('mkfifo', [path]),
    };
    for (const [what, lay] of Object.entries(drafts)) {
      for (const name of ['.tls.crt.new', '.tls.key.new', '.ca.pem.new']) {
        await besieged(async (siege) => {
          lay(siege, join(siege.web, name));
          const before = siege.untouched();
          const ca = join(siege.web, 'ca.pem');
          const course = await run(siege, old, { files: { ...filesIn(siege.web), ca } });
          assert.equal(only(course.outcome).message, null, what);
          assertUntouched(siege, before, course, `${what} at ${name}`);
          assert.equal(lstatSync(ca).uid, 0);
          assert.equal(statSync(join(siege.web, 'tls.key')).mode & 0o777, 0o600);
        });
      }
    }
  });

  it('install() takes nothing of his for a note that a command is due', async () => {
    const { old } = await someView();
    const notes: Readonly<Record<string, (siege: Siege, path: string) => void>> = {
      file: (_, path) => {
        writeFileSync(path, '');
        chownSync(path, NOBODY, NOBODY);
      },
      link: ({ outside }, path) => plant(join(outside, '.tls.key.run-due'), path),
      pipe: (_, path) => void execFileSync('mkfifo', [path]),
    };
    for (const [what, lay] of Object.entries(notes)) {
      await besieged(async (siege) => {
        const { outcome: { record } } = await run(siege, old);
        lay(siege, join(siege.web, '.tls.key.run-due'));
        const before = siege.untouched();
        const course = await run(siege, old, {}, { record });
        assert.deepEqual([only(course.outcome).state, course.ran], ['unchanged', 0], what);
        assertUntouched(siege, before, course, what);
        // It is in nobody's way either: the next change is noted in its place.
        const note = dueAt(nodeDisk, join(siege.web, 'tls.key'), 'run', false, 0);
        await note.set();
        assert.ok(await note.isSet(), what);
        await note.clear();
        assert.ok(!existsSync(join(siege.web, '.tls.key.run-due')), what);
      });
    }
  });

  it('an installation stays inside when any folder of his is exchanged for a link before one of its operations', {
    timeout: 600_000,
  }, async () => {
    /** His folder, or the one in it, is exchanged for a link to root's. */
    const swaps: ReadonlyArray<(siege: Siege) => readonly [name: string, target: string]> = [
      ({ web, outside }) => [web, outside],
      ({ web, outside }) => [join(web, '.tls.key.tls-certificates'), join(outside, '.tls.key.tls-certificates')],
    ];
    const restore = withUmask(0o077);
    try {
      for (const [index, swap] of swaps.entries()) {
        for (const round of [0, 1]) {
          // Every third: together, the four rows begin at each of the three.
          for (let at = (index + round) % 3, isOver = false; !isOver; at += 3) {
            await besieged(async (siege) => {
              if (round > 0) { for (const step of hook(siege, nodeDisk, round - 1)) await step(); }
              const [name, target] = swap(siege);
              const before = siege.untouched();
              const read: Array<string> = [];
              let operations = 0;
              const exchange = (): void => {
                if (operations++ !== at) return;
                if (existsSync(name)) renameSync(name, `${name}.held`);
                plant(target, name);
              };
              const disk = interfered(noting(nodeDisk, read), { before: exchange });
              // What fails is told; what happens outside is what counts.
              for (const step of hook(siege, disk, round)) await step().catch(() => {});
              isOver = operations <= at;
              assertUntouched(siege, before, { read }, `exchange ${index} before operation ${at}`);
            });
          }
        }
      }
    } finally {
      restore();
    }
  });

  it('install() changes the mode of no folder but its own, nor empties another', () =>
    besieged(async (siege) => {
      const store = join(siege.web, '.tls.key.tls-certificates');
      const disk = nodeDisk.owned(store, 0);
      plant(join(siege.outside, '.tls.key.tls-certificates'), store);
      const before = siege.untouched();
      const attempts: ReadonlyArray<() => Promise<unknown>> = [
        () => disk.chmodFolder(store, 0o755),
        () => nodeDisk.chmodFolder(store, 0o755),
        () => disk.remove(join(store, 'a/key')),
        () => disk.removeFolder(join(store, 'a')),
        () => disk.list(store),
        () => disk.read(join(store, 'a/key')),
        () => disk.link('a', join(store, 'new')),
        () => disk.rename(join(store, 'next'), join(store, 'current')),
        () => disk.create(join(store, 'new')),
        () => disk.makeFolder(join(store, 'new')),
        () => disk.openFolder(store),
        () => disk.target(join(store, 'current')),
        () => syncFolder(nodeDisk, join(store, 'a')),
      ];
      for (const attempt of attempts) await assert.rejects(attempt, /somebody else may have made/, String(attempt));
      rmSync(store);
      mkdirSync(store);
      chownSync(store, NOBODY, NOBODY);
      writeFileSync(join(store, 'x'), 'his');
      await assert.rejects(() => disk.remove(join(store, 'x')), /belongs to user 65534, not to 0; remove it/);
      chownSync(store, 0, 0);
      chmodSync(store, 0o775);
      await assert.rejects(() => disk.remove(join(store, 'x')), /others than its owner may write to/);
      assert.equal(shownAt(join(store, 'x')), 'his');
      assert.deepEqual(siege.untouched(), before);
    }));

  it('install() stays inside while he exchanges names in a loop, during a thousand hooks', {
    timeout: 600_000,
    skip: canExchange() ? false : 'there is no perl to exchange names with',
  }, () =>
    besieged(async (siege) => {
      const { web, outside, path } = siege;
      const [store, mine] = [join(web, '.tls.key.tls-certificates'), path('his/links')];
      mkdirSync(mine);
      chownSync(mine, NOBODY, NOBODY);
      plant(outside, join(mine, 'web'));
      plant(join(outside, '.tls.key.tls-certificates'), join(mine, 'store'));
      plant(join(outside, 'tls.key'), join(mine, 'key'));
      plant(join(outside, '.tls.key.tls-certificates/current/cert'), join(mine, 'cert'));
      plant(outside, join(mine, 'new'));
      linkSync(join(outside, 'tls.crt'), join(mine, 'second'));
      const before = siege.untouched();
      const attacker = exchanging(
        ...[web, join(mine, 'web'), store, join(mine, 'store'), join(web, 'tls.key'), join(mine, 'key')],
        ...[join(web, 'tls.crt'), join(mine, 'cert'), join(web, 'new'), join(mine, 'new')],
        ...[join(web, 'ca.pem'), join(mine, 'second')],
      );
      const seen: Array<string> = [];
      const disk = noting(nodeDisk, seen);
      let succeeded = 0;
      try {
        for (let round = 0; round < 1_000; round += 1) {
          // Most of it fails, as it should; what happens outside is what counts.
          for (const step of hook(siege, disk, round)) await step().then(() => succeeded += 1, () => {});
        }
        assert.equal(attacker.exitCode, null, 'the attacker gave up');
      } finally {
        attacker.kill('SIGKILL');
      }
      assert.ok(succeeded > 0, 'nothing was tried in earnest');
      assertUntouched(siege, before, { read: seen }, 'in the loop');
    }));
});
