/**
 * A file with CAs that is removed once there are none any more: only what was installed, and only as it was installed.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { install } from '../../../adapters/install/install.ts';
import { emptyRecord, type InstallRecord } from '../../../adapters/install/record.ts';
import { inFolder } from '../../command.ts';
import { testAuthority } from './authority.ts';
import { circumstances, installation, machineOn, shownAt } from './machine.ts';

/** A folder with a file for CAs; installs one, or nothing, and gives what to keep. */
const inPlace = (
  work: (
    file: string,
    ran: ReadonlyArray<string>,
    bring: (ca: string | null, record?: InstallRecord) => Promise<InstallRecord>,
  ) => Promise<void>,
): Promise<void> =>
  inFolder(async (path) => {
    mkdirSync(path('trust'));
    const ran: Array<string> = [];
    const machine = machineOn(path(''), undefined, (argv) => {
      ran.push(argv.join(' '));
      return null;
    });
    const one = installation({ wanted: null, files: { ca: path('ca.pem') }, removesCa: true });
    await work(path('ca.pem'), ran, async (ca, record = emptyRecord) => {
      const delivered = { deliveries: [], common: { ca, chain: null, client: null } };
      const outcome = await install([one], delivered, circumstances(record), machine)();
      assert.ok(outcome.isHandled, JSON.stringify(outcome.installed));
      return outcome.record;
    });
  });

describe('a file with CAs that are taken back', () => {
  it('install() removes it, runs the command once, and is at rest then', () =>
    inPlace(async (file, ran, bring) => {
      const { root } = await testAuthority();
      const record = await bring(root);
      assert.deepEqual([shownAt(file) !== null, ran], [true, ['reload']]);
      const gone = await bring(null, record);
      assert.deepEqual([shownAt(file), ran.length], [null, 2]);
      await bring(null, gone);
      await bring(null);
      assert.equal(ran.length, 2);
      await bring(root, gone);
      assert.deepEqual([shownAt(file) !== null, ran.length], [true, 3]);
    }));

  it('install() leaves what was there before, and what was changed since', () =>
    inPlace(async (file, ran, bring) => {
      writeFileSync(file, 'somebody else');
      await bring(null, await bring(null));
      assert.deepEqual([shownAt(file), ran.length], ['somebody else', 0]);
      const record = await bring((await testAuthority()).root);
      writeFileSync(file, 'changed by hand');
      await bring(null, record);
      assert.deepEqual([shownAt(file), ran.length], ['changed by hand', 1]);
    }));
});
