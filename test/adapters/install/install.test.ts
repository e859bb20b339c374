/**
 * Installing: what is written where, what is refused, and what happens when something is in the way.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { delivered } from './delivered.ts';
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DiskFault, nodeDisk } from '../../../adapters/file/disk.ts';
import { nodeCommands } from '../../../adapters/install/command.ts';
import type { Installation } from '../../../adapters/install/entry.ts';
import { install, type InstallOutcome } from '../../../adapters/install/install.ts';
import { emptyRecord, InstallRecord } from '../../../adapters/install/record.ts';
import type { PrivateKey } from '../../../core/model/certificate.ts';
import { decodeWith } from '../../../core/model/input-error.ts';
import type { RequiresView } from '../../../core/reactive/requires/view.ts';
import { describe as describeBundle } from '../../../core/x509/mod.ts';
import { requires } from '../../../mod.ts';
import { inFolder } from '../../command.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { withUmask } from '../../umask.ts';
import { decoded } from '../../world.ts';
import { answered, NOW, testAuthority, viewOf } from './authority.ts';
import {
  circumstances,
  failing,
  installation,
  interfered,
  type Interference,
  killing,
  machineOn,
  shownAt,
  treeOf,
} from './machine.ts';

/** A folder with room for a pair, and what is done in it. */
interface Place {
  readonly path: (name: string) => string;
  /** The commands that ran, in order. */
  readonly ran: ReadonlyArray<string>;
  /** The sentence with which commands fail from now on. */
  failure: string | null;
  readonly install: (
    view: RequiresView,
    installations: ReadonlyArray<Installation>,
    options?: { readonly record?: InstallRecord; readonly now?: string; readonly interference?: Interference },
  ) => Promise<InstallOutcome>;
}

const inPlace = (work: (place: Place) => Promise<void>): Promise<void> =>
  inFolder(async (path) => {
    mkdirSync(path('web'));
    mkdirSync(path('trust'));
    const ran: Array<string> = [];
    const place: Place = {
      path,
      ran,
      failure: null,
      install: (view, installations, { record = emptyRecord, now = NOW, interference = {} } = {}) => {
        const machine = machineOn(path('.'), interfered(nodeDisk, interference), (argv) => {
          ran.push(argv.join(' '));
          return place.failure;
        });
        return install(installations, delivered(view), { ...circumstances(record), now: now as typeof NOW }, machine)();
      },
    };
    await work(place);
  });

const pairIn = ({ path }: Place, change: Partial<Installation> = {}): Installation =>
  installation({ files: { cert: path('web/tls.crt'), key: path('web/tls.key') }, ...change });

const everythingIn = ({ path }: Place, change: Partial<Installation> = {}): Installation =>
  installation({
    files: {
      cert: path('web/tls.crt'),
      key: path('web/tls.key'),
      fullChain: path('web/chain.pem'),
      ca: path('web/ca.pem'),
    },
    ...change,
  });

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

const subjects = (pem: string | null) => describeBundle(pem ?? '').certificates.map(({ subject }) => subject.text);

const only = ({ installed }: InstallOutcome) => {
  const [first, ...more] = installed;
  assert.ok(first !== undefined && more.length === 0);
  return first;
};

/** What a requirer's document shows it. */
const viewIn = (document: unknown): RequiresView => {
  const { snapshot, memory } = decoded(document);
  return requires.decide(snapshot, requires.nothing, memory).view;
};

/** What of an outcome people and programs get to see. */
const told = (outcome: InstallOutcome): string => JSON.stringify(outcome);

describe('install()', () => {
  it('install() writes each file with its content and mode, and runs the command once', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const answer = await authority.answer('server', 'web.example');
      const first = await place.install(answered(authority, answer), [everythingIn(place)]);
      assert.deepEqual([only(first).state, first.isHandled, only(first).findings], ['changed', true, []]);
      assert.deepEqual(subjects(shownAt(place.path('web/tls.crt'))), ['CN=web.example']);
      assert.deepEqual(subjects(shownAt(place.path('web/chain.pem'))), ['CN=web.example', 'CN=test CA']);
      assert.deepEqual(subjects(shownAt(place.path('web/ca.pem'))), ['CN=test root']);
      assert.equal(shownAt(place.path('web/tls.key')), answer.key);
      assert.deepEqual(['tls.crt', 'tls.key', 'chain.pem', 'ca.pem'].map((name) => modeOf(place.path(`web/${name}`))), [
        '644',
        '600',
        '644',
        '644',
      ]);
      assert.deepEqual(place.ran, ['reload']);
    }));

  it('install() does nothing the second time, with or without what it remembers', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const { record } = await place.install(view, [everythingIn(place)]);
      for (const known of [record, emptyRecord]) {
        const course = killing(null);
        const outcome = await place.install(view, [everythingIn(place)], { record: known, interference: course });
        assert.equal(only(outcome).state, 'unchanged');
        assert.deepEqual(outcome.record, record);
        assert.deepEqual(course.operations.filter((operation) => !operation.startsWith('remove ')), []);
      }
      assert.deepEqual(place.ran, ['reload']);
    }));

  it('install() does not check again what it installed, but does when it remembers nothing', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const { record } = await place.install(view, [pairIn(place)]);
      const sooner = '2026-10-01T00:00:00Z';
      assert.equal(only(await place.install(view, [pairIn(place)], { record, now: sooner })).state, 'unchanged');
      assert.equal(only(await place.install(view, [pairIn(place)], { now: sooner })).state, 'refused');
    }));

  it('install() tells that what it installed ends soon, and that it has ended, until it is renewed', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const { record } = await place.install(view, [everythingIn(place)]);
      const before = treeOf(place.path('.'));
      const at = async (now: string) => {
        const outcome = await place.install(view, [everythingIn(place)], { record, now });
        assert.deepEqual([treeOf(place.path('.')), outcome.record], [before, record]);
        const { state, message, findings } = only(outcome);
        return {
          state,
          message,
          handled: outcome.isHandled,
          findings: findings.map(({ code, message }) => [code, message]),
        };
      };
      const calm = { state: 'unchanged', message: null, handled: true, findings: [] };
      assert.deepEqual(await at('2027-10-01T00:00:00Z'), calm);
      const soon = 'the installed certificate ends at 2027-11-01T00:00:00Z, and the provider has not renewed it yet';
      for (const day of ['2027-10-02T00:00:00Z', '2027-11-01T00:00:00Z']) {
        assert.deepEqual(await at(day), { ...calm, findings: [['ends-soon', soon]] });
      }
      const ended = 'the installed certificate ended at 2027-11-01T00:00:00Z; the provider has not renewed it';
      assert.deepEqual(await at('2027-11-01T00:00:01Z'), {
        state: 'refused',
        message: `install[0]: ${ended}`,
        handled: false,
        findings: [['expired', ended]],
      });
      assert.deepEqual(place.ran, ['reload']);
      const renewed = answered(authority, await authority.answer('server', 'web.example'));
      assert.equal(only(await place.install(renewed, [everythingIn(place)], { record })).state, 'changed');
    }));

  it('install() reads a record without dates, and checks once more what it is about', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const { record } = await place.install(view, [pairIn(place, { trustStore: true })]);
      const old = decodeWith(InstallRecord)(
        Object.fromEntries(Object.entries(record).map(([id, { source, disk }]) => [id, { source, disk }])),
      );
      assert.ok(old._tag === 'Right');
      const next = await place.install(view, [pairIn(place, { trustStore: true })], { record: old.right });
      assert.deepEqual([only(next).state, next.record], ['unchanged', record]);
      const late = { record: old.right, now: '2028-01-01T00:00:00Z' };
      assert.equal(only(await place.install(view, [pairIn(place, { trustStore: true })], late)).state, 'refused');
      assert.equal(place.ran.length, 2);
    }));

  it('install() refuses by its dates also a certificate whose CA was not published', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = viewOf({ serverCerts: [await authority.answer('server', 'web.example')] });
      for (
        const [now, code] of [['2028-01-01T00:00:00Z', 'expired'], ['2026-01-01T00:00:00Z', 'not-yet-valid']] as const
      ) {
        const { state, findings } = only(await place.install(view, [pairIn(place)], { now }));
        assert.deepEqual([state, findings.map((finding) => finding.code)], ['refused', [code]]);
      }
      assert.deepEqual(treeOf(place.path('web')), {});
    }));

  it('install() replaces a renewed pair, and leaves nothing of the old key', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const [old, renewed] = [
        await authority.answer('server', 'web.example'),
        await authority.answer('server', 'web.example'),
      ];
      const { record } = await place.install(answered(authority, old), [pairIn(place)]);
      await place.install(answered(authority, renewed), [pairIn(place)], { record });
      assert.equal(shownAt(place.path('web/tls.key')), renewed.key);
      assert.ok(!JSON.stringify(treeOf(place.path('.'))).includes(JSON.stringify(old.key).slice(40, -40)));
      assert.deepEqual(place.ran, ['reload', 'reload']);
    }));

  it('install() refuses what does not fit, says why, and keeps what is there', async () => {
    const [authority, other] = [await testAuthority(), await testAuthority('other')];
    const good = await authority.answer('server', 'web.example');
    const stranger = await authority.answer('server', 'web.example');
    const cases: ReadonlyArray<readonly [RequiresView, code: string, words: RegExp]> = [
      [
        answered(authority, { ...good, key: stranger.key }),
        'key-mismatch',
        /private key belongs to another certificate/,
      ],
      [answered(authority, { ...good, key: 'SECRET' as PrivateKey }), 'key-unusable', /no private key/],
      [answered(authority, { ...stranger, cert: 'no certificate' }), 'unreadable-certificate', /cannot be read/],
      [answered(other, good), 'untrusted', /no CA that was published is the issuer/],
      [answered(authority, await authority.expired('web.example')), 'expired', /expired at/],
      [
        answered(authority, { ...(await authority.answer('server', 'other.example')), commonName: 'web.example' }),
        'names-missing',
        /"web.example"/,
      ],
      [
        answered(authority, { ...(await authority.answer('client', 'web.example')), certType: 'server' }),
        'wrong-purpose',
        /not meant for servers/,
      ],
    ];
    for (const [view, code, words] of cases) {
      await inPlace(async (place) => {
        const first = await place.install(answered(authority, good), [everythingIn(place)]);
        const before = treeOf(place.path('.'));
        const outcome = await place.install(view, [everythingIn(place)], { record: first.record });
        const { state, message, findings } = only(outcome);
        assert.deepEqual([state, outcome.isHandled], ['refused', false], code);
        assert.ok(findings.some((finding) => finding.code === code), JSON.stringify(findings));
        assert.match(message ?? '', words);
        assert.doesNotMatch(told(outcome), /SECRET|PRIVATE|BEGIN/);
        assert.deepEqual(treeOf(place.path('.')), before);
        assert.deepEqual(place.ran, ['reload']);
      });
    }
  });

  it('install() installs what has a lesser flaw, and tells of it', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const answer = await authority.answer('server', 'web.example');
      const view = viewOf({ rootCaChain: authority.intermediate + authority.root, serverCerts: [answer] });
      const files = { fullChain: place.path('web/chain.pem'), key: place.path('web/tls.key') };
      const outcome = await place.install(view, [installation({ files })]);
      assert.deepEqual(only(outcome).findings.map(({ code }) => code), ['no-ca']);
      assert.equal(outcome.isHandled, true);
      assert.deepEqual(
        subjects(shownAt(files.fullChain)),
        ['CN=web.example', 'CN=test CA'],
        'a root is no intermediate',
      );
    }));

  it('install() waits for what has not come, and writes nothing', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const answer = await authority.answer('server', 'web.example');
      const noPair = await place.install(viewOf({ rootCaCert: authority.root }), [everythingIn(place)]);
      assert.deepEqual(
        [only(noPair).state, only(noPair).message, noPair.isHandled],
        ['waiting', 'install[0]: the server certificate for "web.example" has not come yet', true],
      );
      const noCa = await place.install(viewOf({ serverCerts: [answer] }), [everythingIn(place)]);
      assert.equal(only(noCa).message, 'install[0]: the CA has not been published yet');
      assert.deepEqual(Object.keys(treeOf(place.path('web'))), []);
      assert.deepEqual(place.ran, []);
    }));

  it('install() keeps the files when the certificate is withdrawn', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const { record } = await place.install(answered(authority, await authority.answer('server', 'web.example')), [
        everythingIn(place),
      ]);
      const before = treeOf(place.path('.'));
      assert.equal(only(await place.install(viewOf(), [everythingIn(place)], { record })).state, 'waiting');
      assert.deepEqual(treeOf(place.path('.')), before);
    }));

  it('install() runs a command that failed again, until it succeeds, though the files are in place', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      place.failure = 'reload failed: it ended with exit code 1';
      const first = await place.install(view, [pairIn(place)]);
      assert.deepEqual(
        [only(first).state, only(first).message, first.isHandled],
        ['failed', 'install[0]: reload failed: it ended with exit code 1', false],
      );
      for (const record of [first.record, emptyRecord]) {
        const course = killing(null);
        const next = await place.install(view, [pairIn(place)], { record, interference: course });
        assert.equal(next.isHandled, false);
        assert.deepEqual(course.operations.filter((operation) => !operation.startsWith('remove ')), []);
      }
      place.failure = null;
      const last = await place.install(view, [pairIn(place)], { record: first.record });
      assert.deepEqual([only(last).state, last.isHandled], ['changed', true]);
      await place.install(view, [pairIn(place)], { record: last.record });
      assert.equal(place.ran.length, 4);
    }));

  it('install() tells what a command printed in lines for the log alone where there are keys, and without them', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const machine = { ...machineOn(place.path('.')), commands: nodeCommands };
      const run = ['sh', '-c', 'echo "bad file"; grep -v -- - "$0" | fold -w 18; exit 1'] as const;
      const key = place.path('web/tls.key');
      const after = async (seen: RequiresView, change: Partial<Installation>) =>
        only(
          await install(
            [pairIn(place, { timeout: 300, run: [...run, key], ...change })],
            delivered(seen),
            circumstances(),
            machine,
          )(),
        );
      const { message, problems, log } = await after(view, {});
      assert.equal(message, 'install[0]: sh failed: it ended with exit code 1');
      assert.deepEqual(problems.map((problem) => problem.message), [message]);
      assert.match(log.join('|'), /^install\[0\]: sh printed: bad file.*…[^|]*$/);
      const [body = ''] = view.serverCerts.map(({ key: pem }) => pem.split('\n').slice(1, -2).join(''));
      for (let at = 0; at + 12 <= body.length; at += 1) assert.ok(!log.join().includes(body.slice(at, at + 12)));
      const ca = {
        files: { ca: place.path('web/ca.pem') },
        wanted: null,
        run: ['sh', '-c', 'echo hello; exit 1'] as const,
      };
      const open = await after(viewOf({ rootCaCert: authority.root }), ca);
      assert.deepEqual([open.message, open.log], ['install[0]: sh failed: it ended with exit code 1 (hello)', []]);
    }));

  it('install() runs a command that is due also when the next certificate is refused', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const good = await authority.answer('server', 'web.example');
      place.failure = 'reload failed';
      await place.install(answered(authority, good), [pairIn(place)]);
      place.failure = null;
      const outcome = await place.install(answered(authority, await authority.expired('web.example')), [pairIn(place)]);
      assert.equal(only(outcome).state, 'refused');
      assert.deepEqual(place.ran, ['reload', 'reload']);
    }));

  it('install() restores what somebody removed, changed, or gave another mode', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const { record } = await place.install(view, [everythingIn(place)]);
      const key = place.path('web/tls.key');
      for (
        const spoil of [
          () => chmodSync(key, 0o644),
          () => writeFileSync(place.path('web/chain.pem'), ''),
          () => execFileSync('rm', ['-r', place.path('web/.tls.key.tls-certificates')]),
          () => execFileSync('rm', [key, place.path('web/ca.pem')]),
          () => execFileSync('rm', [place.path('web/.tls.key.tls-certificates/current')]),
        ]
      ) {
        spoil();
        const outcome = await place.install(view, [everythingIn(place)], { record });
        assert.equal(only(outcome).state, 'changed');
        assert.equal(modeOf(key), '600');
        assert.equal(shownAt(key), view.serverCerts[0]?.key);
        assert.deepEqual(subjects(shownAt(place.path('web/chain.pem'))), ['CN=web.example', 'CN=test CA']);
        assert.deepEqual(subjects(shownAt(place.path('web/ca.pem'))), ['CN=test root']);
      }
      assert.equal(place.ran.length, 6);
    }));

  it('install() gives files the mode and owner that are asked for', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      // Only root can give files away.
      const [owner, group] = process.getuid?.() === 0 ? ['12345', '54321'] : [null, null];
      await place.install(view, [pairIn(place, { keyMode: 0o640, owner, group })]);
      const stats = statSync(place.path('web/tls.key'));
      assert.equal((stats.mode & 0o7777).toString(8), '640');
      if (owner !== null) assert.deepEqual([stats.uid, stats.gid], [12_345, 54_321]);
      const named = await place.install(view, [pairIn(place, { owner: 'root' })]);
      assert.equal(only(named).state, process.getuid?.() === 0 ? 'changed' : only(named).state);
    }));

  it('install() makes folders that everybody may pass, whatever the umask is', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const restore = withUmask(0o077);
      try {
        await place.install(view, [pairIn(place)]);
      } finally {
        restore();
      }
      for (const name of ['', '/current/']) {
        assert.equal(modeOf(place.path(`web/.tls.key.tls-certificates${name}`)), '755');
      }
      assert.equal(modeOf(place.path('web/tls.crt')), '644');
    }));

  it('install() says what is in the way, and leaves it', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const path = (name: string) => place.path(`web/${name}`);
      writeFileSync(path('real'), 'real');
      symlinkSync('real', path('link'));
      writeFileSync(path('one'), 'hard');
      linkSync(path('one'), path('two'));
      mkdirSync(path('folder'));
      execFileSync('mkfifo', [path('pipe')]);
      const before = treeOfAllButPipe(place.path('web'));
      const cases: ReadonlyArray<readonly [change: Partial<Installation>, words: RegExp]> = [
        [
          { files: { cert: path('link'), key: path('k') } },
          /^install\[0\]: cannot install .*\/link: a symbolic link of somebody else/,
        ],
        [
          { files: { cert: path('c'), key: path('one') } },
          /\/one: the file has 2 names \(hard links\), and the others/,
        ],
        [{ files: { cert: path('folder'), key: path('k') } }, /\/folder: a folder is there; name a file in it/],
        [{ files: { ca: path('pipe') } }, /\/pipe: something is there that is no file/],
        [{ files: { ca: path('link') } }, /\/link: a symbolic link of somebody else/],
        [
          { files: { ca: path('none/ca') } },
          /\/none\/ca: there is no folder .*\/none; make it, or set makeFolders: true/,
        ],
        [{ files: { ca: path('real/ca') } }, /\/real\/ca: .*\/web\/real is no folder$/],
        [{ files: { ca: path('ca') }, owner: 'no-such-user' }, /\/ca: this machine has no user called no-such-user/],
        [{ files: { ca: path('ca') }, group: 'no-such-group' }, /\/ca: this machine has no group called no-such-group/],
        [{ files: { ca: path('x'.repeat(300)) } }, /the path is too long/],
      ];
      for (const [change, words] of cases) {
        const outcome = await place.install(view, [installation({ run: null, ...change })]);
        assert.deepEqual([only(outcome).state, outcome.isHandled], ['failed', false], String(words));
        assert.match(only(outcome).message ?? '', words);
        assert.doesNotMatch(told(outcome), /PRIVATE|BEGIN/);
        assert.deepEqual(treeOfAllButPipe(place.path('web')), before, String(words));
      }
    }));

  it('install() neither notes nor runs a command for what is in the way of', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      symlinkSync('nowhere', place.path('web/tls.key'));
      symlinkSync('nowhere', place.path('trust/juju-web_0-certificates.crt'));
      const before = treeOf(place.path('.'));
      const trusting = [pairIn(place, { trustStore: true })];
      for (let hook = 0; hook < 2; hook += 1) {
        assert.equal(only(await place.install(view, trusting)).state, 'failed');
        assert.deepEqual(treeOf(place.path('.')), before);
        assert.deepEqual(place.ran, []);
      }
      execFileSync('rm', [place.path('web/tls.key'), place.path('trust/juju-web_0-certificates.crt')]);
      assert.equal(only(await place.install(view, trusting)).state, 'changed');
      assert.deepEqual(place.ran, ['update-ca-certificates', 'reload']);
    }));

  it('install() leaves a command that is due to the hook that brings the files', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const interference: Interference = {
        before: (operation) => {
          if (/^rename .*\/current$/.test(operation)) throw new DiskFault('change', operation, { code: 'ENOSPC' });
        },
      };
      assert.equal(only(await place.install(view, [pairIn(place)], { interference })).state, 'failed');
      assert.deepEqual(place.ran, []);
      assert.equal(shownAt(place.path('web/.tls.key.run-due')), '');
      assert.equal(only(await place.install(view, [pairIn(place)])).state, 'changed');
      assert.deepEqual(place.ran, ['reload']);
    }));

  it('install() removes nothing that a planted link leads to', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const { record } = await place.install(view, [pairIn(place)]);
      const before = treeOf(place.path('web'));
      writeFileSync(place.path('precious'), 'precious');
      mkdirSync(place.path('web/.tls.key.tls-certificates/b'));
      symlinkSync(place.path('precious'), place.path('web/.tls.key.tls-certificates/b/key'));
      assert.equal(only(await place.install(view, [pairIn(place)], { record })).state, 'unchanged');
      assert.equal(shownAt(place.path('precious')), 'precious');
      assert.deepEqual(treeOf(place.path('web')), before);
    }));

  it('install() removes the old key from the folder that an earlier configuration had it in', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      for (const folder of ['one', 'two']) {
        mkdirSync(place.path(folder));
        const files = { cert: place.path('web/tls.crt'), key: place.path(`${folder}/tls.key`) };
        assert.equal(only(await place.install(view, [installation({ files })])).state, 'changed');
      }
      const keys = Object.entries(treeOf(place.path('.'))).filter(([, text]) => text.includes('PRIVATE KEY'));
      assert.deepEqual(keys.map(([path]) => path.split('/')[0]), ['two']);
    }));

  it('install() neither follows nor changes what stands where its own folders are to be', async () => {
    const authority = await testAuthority();
    const view = answered(authority, await authority.answer('server', 'web.example'));
    for (const name of ['', '/a', '/b']) {
      await inPlace(async (place) => {
        const { record } = await place.install(view, [pairIn(place)]);
        const folder = place.path(`web/.tls.key.tls-certificates${name}`);
        execFileSync('rm', ['-rf', folder]);
        mkdirSync(place.path('private'), { mode: 0o700 });
        writeFileSync(place.path('private/theirs'), 'theirs');
        const before = treeOf(place.path('private'));
        symlinkSync(place.path('private'), folder);
        for (const known of [record, emptyRecord]) {
          const outcome = await place.install(view, [pairIn(place)], { record: known });
          assert.deepEqual([only(outcome).state, outcome.isHandled], ['failed', false], name);
          assert.match(
            only(outcome).message ?? '',
            /tls-certificates(?:\/[ab])?: a symbolic link is there, .*; remove it$/,
          );
          assert.deepEqual([treeOf(place.path('private')), modeOf(place.path('private'))], [before, '700']);
        }
        execFileSync('rm', [folder]);
        assert.notEqual(only(await place.install(view, [pairIn(place)], { record })).state, 'failed');
      });
    }
  });

  it('install() takes no folder of another user for its own', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const machine = machineOn(place.path('.'));
      const other = (process.getuid?.() ?? 0) + 1;
      const accounts = { ...machine.accounts, own: () => other };
      mkdirSync(place.path('web/.tls.key.tls-certificates'));
      const before = treeOf(place.path('.'));
      const outcome = await install([pairIn(place)], delivered(view), circumstances(), { ...machine, accounts })();
      assert.match(
        only(outcome).message ?? '',
        /: the folder belongs to user \d+, not to \d+, who installs; remove it$/,
      );
      assert.deepEqual(treeOf(place.path('.')), before);
    }));

  it('install() makes the folders of its files where it is told to', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const files = { cert: place.path('new/deep/tls.crt'), key: place.path('new/private/tls.key') };
      const outcome = await place.install(view, [installation({ files, makeFolders: true })]);
      assert.equal(only(outcome).state, 'changed');
      assert.deepEqual(subjects(shownAt(files.cert)), ['CN=web.example']);
      assert.equal(shownAt(files.key), view.serverCerts[0]?.key);
    }));

  it('install() tells why the file system failed', async () => {
    const authority = await testAuthority();
    const view = answered(authority, await authority.answer('server', 'web.example'));
    for (
      const [code, words] of [
        ['EROFS', /the file system is read-only$/],
        ['EACCES', /permission denied: check the owner and mode/],
        ['EDQUOT', /the disk quota is used up$/],
        ['EIO', /the file system failed with EIO$/],
      ] as const
    ) {
      await inPlace(async (place) => {
        const outcome = await place.install(view, [pairIn(place)], { interference: failing(4, code) });
        assert.match(only(outcome).message ?? '', words);
        assert.match(only(outcome).message ?? '', /^install\[0\]: cannot change \//);
        assert.deepEqual([shownAt(place.path('web/tls.crt')), shownAt(place.path('web/tls.key'))], [null, null]);
      });
    }
  });

  it('install() does the others where one fails, and says so', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const outcome = await place.install(view, [
        installation({ files: { ca: place.path('none/ca.pem') }, wanted: null, run: ['first'] }),
        { ...pairIn(place), name: 'install[1]', run: ['second'] },
      ]);
      assert.deepEqual(outcome.installed.map(({ name, state }) => [name, state]), [
        ['install[0]', 'failed'],
        ['install[1]', 'changed'],
      ]);
      assert.equal(outcome.isHandled, false);
      assert.deepEqual(place.ran, ['second']);
    }));

  it('install() installs a CA alone without looking at certificates', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.expired('web.example'));
      const ca = place.path('web/ca.pem');
      const outcome = await place.install(view, [installation({ files: { ca } })]);
      assert.equal(only(outcome).state, 'changed');
      assert.ok(lstatSync(ca).isFile(), 'one file needs no link');
      assert.deepEqual(subjects(shownAt(ca)), ['CN=test root']);
    }));

  it('install() takes no certificate for a CA that is none, nor a key that stands there', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const answer = await authority.answer('server', 'web.example');
      for (const rootCaCert of [answer.cert, answer.key, `${authority.root}${answer.key}`, 'SECRET', '']) {
        const outcome = await place.install(viewOf({ rootCaCert }), [
          installation({ files: { ca: place.path('web/ca.pem') }, wanted: null, trustStore: true }),
        ]);
        assert.deepEqual([only(outcome).state, outcome.isHandled], ['refused', false]);
        assert.doesNotMatch(told(outcome), /SECRET|PRIVATE|BEGIN/);
      }
      assert.deepEqual(Object.keys(treeOf(place.path('.'))).sort(), ['trust', 'web']);
    }));

  it('install() writes certificates and the key alone, whatever stands around them in what was answered', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const { cert, key, ...rest } = await authority.answer('server', 'web.example');
      const around = (pem: string): string => `subject=CN = SECRET\n${pem}subject=CN = SECRET\n`;
      // What it is a key is not changed by what stands around it.
      const answer = { ...rest, cert: around(cert), key: around(key) as typeof key };
      const published = { rootCaCert: around(authority.root), rootCaChain: around(authority.intermediate) };
      const view = { ...answered(authority, answer), ...published };
      assert.equal(only(await place.install(view, [everythingIn(place)])).state, 'changed');
      assert.doesNotMatch(Object.values(treeOf(place.path('.'))).join('\n'), /SECRET|subject=/);
      assert.equal(shownAt(place.path('web/tls.key')), key);
    }));

  it('install() never writes a key into a file that is not for keys', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const answer = await authority.answer('server', 'web.example');
      const view = answered(authority, answer);
      const views = [
        answered(authority, { ...answer, cert: `${answer.cert}${answer.key}` }),
        { ...view, rootCaCert: `${authority.root}${answer.key}` },
        { ...view, rootCaChain: `${authority.intermediate}${answer.key}` },
      ];
      for (const one of views) {
        const outcome = await place.install(one, [everythingIn(place)]);
        assert.doesNotMatch(told(outcome), /PRIVATE|BEGIN/);
        for (const name of ['tls.crt', 'chain.pem', 'ca.pem']) {
          assert.doesNotMatch(shownAt(place.path(`web/${name}`)) ?? '', /PRIVATE/);
        }
      }
    }));

  it('install() leaves a file alone that is as it is to be, and forgets what the configuration does not name', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const [first, second] = [
        await authority.answer('server', 'web.example'),
        await authority.answer('server', 'web.example'),
      ];
      const { record } = await place.install(answered(authority, first), [everythingIn(place)]);
      const before = statSync(place.path('web/ca.pem')).ino;
      await place.install(answered(authority, second), [everythingIn(place)], { record });
      assert.equal(statSync(place.path('web/ca.pem')).ino, before);
      const alone = installation({ files: { ca: place.path('web/other.pem') }, wanted: null });
      const { record: after } = await place.install(answered(authority, second), [alone], { record });
      assert.deepEqual(Object.keys(after), [place.path('web/other.pem')]);
    }));

  it('install() brings a chain that is published later', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const answer = await authority.answer('server', 'web.example');
      const view = { ...answered(authority, answer), rootCaCert: null, rootCaChain: null };
      const files = { fullChain: place.path('web/chain.pem'), key: place.path('web/tls.key') };
      const { record } = await place.install(view, [installation({ files })]);
      assert.equal(subjects(shownAt(files.fullChain)).length, 1);
      await place.install({ ...view, rootCaChain: authority.intermediate }, [installation({ files })], { record });
      assert.deepEqual(subjects(shownAt(files.fullChain)), ['CN=web.example', 'CN=test CA']);
    }));

  it('install() finds the certificate by its kind, and the application’s whatever it is called', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const [client, application] = [
        await authority.answer('client', 'web.example'),
        await authority.answer('application', 'web.internal'),
      ];
      const view = {
        ...answered(authority, await authority.answer('server', 'web.example')),
        clientCerts: [client],
        applicationCerts: [{ ...application, commonName: 'app_data', certType: 'server' as const }],
      };
      const outcome = await place.install(view, [
        installation({
          files: { cert: place.path('web/client.crt') },
          wanted: { certType: 'client', commonName: 'web.example', sans: [] },
        }),
        installation({
          files: { cert: place.path('web/app.crt'), key: place.path('web/app.key') },
          wanted: { certType: 'application', commonName: 'web.internal', sans: [] },
        }),
      ]);
      assert.deepEqual(outcome.installed.map(({ state }) => state), ['changed', 'changed']);
      assert.equal(shownAt(place.path('web/client.crt')), client.cert);
      assert.equal(shownAt(place.path('web/app.key')), application.key);
    }));

  it('install() puts CAs into the trust store, one a file, and takes out its own when they go', () =>
    inPlace(async (place) => {
      const [authority, other] = [await testAuthority(), await testAuthority('other')];
      writeFileSync(place.path('trust/juju-web_0-certificates-2.crt'), 'another endpoint’s');
      writeFileSync(place.path('trust/juju-web_01-certificates.crt'), 'another unit’s');
      writeFileSync(place.path('trust/juju-web_9-certificates.crt'), 'one’s with a name as long');
      const trusting = [installation({ wanted: null, trustStore: true })];
      const names = () => Object.keys(treeOf(place.path('trust'))).filter((name) => !/-2|01|9/.test(name));
      const both = await place.install(viewOf({ rootCaCert: authority.root + other.root }), trusting);
      assert.equal(only(both).state, 'changed');
      assert.deepEqual(names(), ['juju-web_0-certificates.2.crt', 'juju-web_0-certificates.crt']);
      assert.deepEqual(place.ran, ['update-ca-certificates', 'reload']);
      const one = await place.install(viewOf({ rootCaCert: authority.root }), trusting, { record: both.record });
      assert.deepEqual(names(), ['juju-web_0-certificates.crt']);
      await place.install(viewOf({ rootCaCert: authority.root }), trusting, { record: one.record });
      assert.equal(place.ran.length, 4, 'nothing changed the last time');
      const none = await place.install(viewOf(), trusting, { record: one.record });
      assert.deepEqual([only(none).state, names()], ['changed', []]);
      assert.equal(Object.keys(treeOf(place.path('trust'))).length, 3, 'what others put there stays');
    }));

  it('install() takes its CAs out of the trust store when the configuration no longer has them there', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = viewOf({ rootCaCert: authority.root });
      const { record } = await place.install(view, [installation({ wanted: null, trustStore: true })]);
      place.failure = 'update-ca-certificates failed';
      const failed = await place.install(view, [], { record });
      assert.deepEqual([only(failed).name, only(failed).state], ['trustStore', 'failed']);
      place.failure = null;
      assert.equal(only(await place.install(view, [], { record: failed.record })).state, 'changed');
      assert.deepEqual((await place.install(view, [])).installed, []);
      assert.deepEqual(treeOf(place.path('trust')), {});
    }));

  it('install() names the package that a machine without a trust store lacks', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      execFileSync('rmdir', [place.path('trust')]);
      const outcome = await place.install(viewOf({ rootCaCert: authority.root }), [
        installation({ wanted: null, trustStore: true }),
      ]);
      assert.match(only(outcome).message ?? '', /there is no folder .*\/trust; install the package ca-certificates$/);
    }));

  it('install() leaves no key of a killed hook behind, whatever comes next', async () => {
    const authority = await testAuthority();
    const [old, renewed] = [
      await authority.answer('server', 'web.example'),
      await authority.answer('server', 'web.example'),
    ];
    const refused = answered(authority, { ...old, key: renewed.key, cert: old.cert });
    for (const next of [refused, viewOf(), answered(authority, old)]) {
      for (let at = 3; at < 35; at += 2) {
        await inPlace(async (place) => {
          const { record } = await place.install(answered(authority, old), [pairIn(place)]);
          const interference = killing({ at, when: 'before' });
          await place.install(answered(authority, renewed), [pairIn(place)], { record, interference });
          await place.install(next, [pairIn(place)], { record });
          const keys = Object.values(treeOf(place.path('.'))).filter((text) => text.includes('PRIVATE KEY'));
          assert.equal(keys.length, 1, `killed before operation ${at}`);
        });
      }
    }
  });

  it('install() takes over the links of an installation that was arranged otherwise', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      await place.install(view, [everythingIn(place)]);
      const files = { cert: place.path('web/tls.crt'), key: place.path('web/other.key') };
      assert.equal(only(await place.install(view, [installation({ files })])).state, 'changed');
      assert.equal(shownAt(files.key), view.serverCerts[0]?.key);
      assert.deepEqual(subjects(shownAt(files.cert)), ['CN=web.example']);
      const single = { ca: place.path('web/ca.pem') };
      await place.install(view, [installation({ files: single, wanted: null })]);
      assert.ok(lstatSync(single.ca).isFile());
    }));

  it('install() keeps a link fresh that the configuration names no more', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const [old, renewed] = [
        await authority.answer('server', 'web.example'),
        await authority.answer('server', 'web.example'),
      ];
      await place.install(answered(authority, old), [everythingIn(place)]);
      await place.install(answered(authority, renewed), [pairIn(place)]);
      assert.equal(shownAt(place.path('web/tls.key')), renewed.key);
      assert.ok(shownAt(place.path('web/chain.pem'))?.startsWith(renewed.cert), 'no old certificate beside a new key');
      assert.deepEqual(subjects(shownAt(place.path('web/ca.pem'))), ['CN=test root']);
    }));

  it('install() keeps the key in its own folder, and everything else out of it', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      mkdirSync(place.path('private'), { mode: 0o700 });
      const files = {
        fullChain: place.path('web/chain.pem'),
        ca: place.path('web/ca.pem'),
        key: place.path('private/tls.key'),
      };
      for (const round of ['first', 'renewed']) {
        const answer = await authority.answer('server', 'web.example');
        await place.install(answered(authority, answer), [installation({ files })]);
        assert.equal(shownAt(files.key), answer.key, round);
        assert.doesNotMatch(JSON.stringify(treeOf(place.path('web'))), /PRIVATE KEY/);
        const others = Object.values(treeOf(place.path('private'))).filter((text) => !text.includes('PRIVATE KEY'));
        assert.deepEqual(others, [`link to ${place.path('web')}/.tls.key.tls-certificates/current/key`]);
      }
    }));

  it('install() leaves one key only, where the folder was removed or the key is to be elsewhere', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const keys = () => Object.values(treeOf(place.path('.'))).filter((text) => text.includes('PRIVATE KEY')).length;
      const renew = async (change: Partial<Installation> = {}) => {
        const view = answered(authority, await authority.answer('server', 'web.example'));
        assert.equal(only(await place.install(view, [pairIn(place, change)])).state, 'changed');
        assert.equal(keys(), 1);
      };
      await renew();
      await renew();
      execFileSync('rm', ['-r', place.path('web/.tls.key.tls-certificates')]);
      await renew();
      await renew({ files: { cert: place.path('web/tls.crt'), key: place.path('trust/tls.key') } });
      await renew({ files: { cert: place.path('web/tls.crt'), key: place.path('trust/tls.key') } });
    }));

  it('install() forgets a command that is due when the configuration has none any more', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      place.failure = 'reload failed';
      await place.install(view, [pairIn(place)]);
      assert.equal((await place.install(view, [pairIn(place, { run: null })])).isHandled, true);
      assert.ok(!Object.keys(treeOf(place.path('web'))).some((name) => name.endsWith('-due')));
    }));

  it('install() writes nothing where an installation does not say which certificate', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const { state, message } = only(await place.install(view, [pairIn(place, { wanted: null })]));
      assert.deepEqual([state, message], ['waiting', 'install[0]: it does not say which certificate is installed']);
      assert.deepEqual(treeOf(place.path('web')), {});
    }));

  it('install() installs what real providers answered', async () => {
    for (const name of ['easyrsa-answered', 'vault-intermediate']) {
      const document = JSON.parse(readFileSync(new URL(`../../real/${name}.json`, import.meta.url), 'utf8'));
      const view = viewIn(document);
      await inPlace(async (place) => {
        const wanted = document.intent.requests.map((request: Installation['wanted']) => ({ sans: [], ...request }));
        const installations = wanted.map((request: Installation['wanted'], index: number) =>
          installation({
            wanted: request,
            files: { fullChain: place.path(`web/${index}.pem`), key: place.path(`web/${index}.key`) },
            run: null,
          })
        );
        const { installed } = await place.install(view, installations, { now: document.snapshot.now });
        assert.deepEqual(installed.map(({ state, message }) => [state, message]), wanted.map(() => ['changed', null]));
        assert.equal(subjects(shownAt(place.path('web/0.pem'))).length, name === 'easyrsa-answered' ? 1 : 2);
      });
    }
  });

  it('install() refuses what is wrong with real answers', async () => {
    for (
      const [name, code] of [
        ['trouble-wrong-ca', 'untrusted'],
        ['trouble-expired', 'expired'],
        ['trouble-missing-sans', 'names-missing'],
      ] as const
    ) {
      const document = JSON.parse(readFileSync(new URL(`../../real/${name}.json`, import.meta.url), 'utf8'));
      const view = viewIn(document);
      await inPlace(async (place) => {
        const [wanted] = document.intent.requests;
        const result = await place.install(view, [pairIn(place, { wanted })], { now: document.snapshot.now });
        assert.equal(only(result).state, 'refused');
        assert.ok(only(result).findings.some((finding) => finding.code === code));
      });
    }
  });

  it('install() neither fails nor tells a secret, whatever was answered', { timeout: 900_000 }, async () => {
    const authority = await testAuthority();
    const good = await authority.answer('server', 'web.example');
    const key = `-----BEGIN PRIVATE KEY-----\n${'SECRET'.repeat(8)}\n-----END PRIVATE KEY-----\n`;
    const text = fc.oneof(
      fc.constantFrom(
        ...HOSTILE.filter((some) => some.length < 100_000),
        key,
        good.cert,
        authority.root,
        authority.intermediate,
      ),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(text, text, fc.option(text), fc.option(text), async (cert, secret, rootCaCert, rootCaChain) => {
        await inPlace(async (place) => {
          const serverCerts = [{
            certType: 'server' as const,
            commonName: 'web.example',
            cert,
            key: secret as PrivateKey,
          }];
          const outcome = await place.install(viewOf({ serverCerts, rootCaCert, rootCaChain }), [
            everythingIn(place, { trustStore: true }),
          ]);
          assert.doesNotMatch(told(outcome), /SECRET|PRIVATE|BEGIN/);
          assert.ok(['refused', 'waiting'].includes(only(outcome).state));
          assert.equal(shownAt(place.path('web/tls.key')), null);
        });
      }),
      runs(50),
    );
  });

  it('install() remembers digests, which a host can keep as JSON', () =>
    inPlace(async (place) => {
      const authority = await testAuthority();
      const view = answered(authority, await authority.answer('server', 'web.example'));
      const { record } = await place.install(view, [everythingIn(place, { trustStore: true })]);
      assert.deepEqual(Object.keys(record).length, 2);
      assert.doesNotMatch(JSON.stringify(record), /PRIVATE|BEGIN/);
      const kept = decodeWith(InstallRecord)(JSON.parse(JSON.stringify(record)));
      assert.ok(kept._tag === 'Right');
      assert.equal(
        only(await place.install(view, [everythingIn(place, { trustStore: true })], { record: kept.right })).state,
        'unchanged',
      );
    }));
});

/** A pipe cannot be read: whoever opens it waits for a writer. */
const treeOfAllButPipe = (folder: string): string =>
  execFileSync('ls', ['-lR', '--time-style=+', folder], { encoding: 'utf8' });
