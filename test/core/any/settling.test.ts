/**
 * How two sides find to each other, in any order of hooks: soon, without going to and fro, and without a key where it does not belong.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Model } from '../../../adapters/memory/mod.ts';
import { anyRequires } from '../../../core/any/mod.ts';
import { EVERY, keysIn, published, related } from './world.ts';

const [HERE, THERE] = ['certificates:0', 'clients:0'];
const UNITS = ['web/0', 'web/1'];
const BY_NAME = /"(?:common_name|(?:client_|application_|intermediate_)?cert_requests)"/;

const spokenIn = (juju: Model, unit: string): string =>
  Object.values(juju.unit(unit)?.outcome(anyRequires, 'certificates')?.view.protocols ?? {})[0] ?? 'not decided';

/** Runs hooks until none is pending, and looks after each; the units that ran, in their order. */
const watched = async (juju: Model, look: (unit: string) => void): Promise<void> => {
  for (let hooks = 0;; hooks++) {
    const ran = await juju.step();
    if (ran === null) return;
    assert.ok(hooks < 300, 'it comes to rest');
    assert.equal(ran.record.failed, null);
    look(ran.record.hook.unit);
  }
};

describe('two sides that meet', () => {
  for (const ca of ['reactive', 'csr', 'any']) {
    it(`settle within three hooks of the first evidence, for good: any with ${ca}`, async () => {
      for (let seed = 1; seed <= 8; seed++) {
        const juju = await related({ web: 'any', ca }, EVERY, { seed, units: 2, cas: 2 });
        const verdicts = new Map<string, Array<string>>();
        await watched(juju, (unit) => {
          if (UNITS.includes(unit)) verdicts.set(unit, [...verdicts.get(unit) ?? [], spokenIn(juju, unit)]);
        });
        for (const unit of UNITS) {
          const all = verdicts.get(unit) ?? [];
          const last = ca === 'reactive' ? 'reactive' : 'csr';
          const evident = all.filter((spoken) => spoken === 'reactive' || spoken === 'csr');
          assert.equal(all.at(-1), last, `seed ${seed}`);
          const settled = evident.indexOf(last);
          assert.ok(settled >= 0 && settled < 3, `seed ${seed}: ${evident.join()}`);
          assert.deepEqual([...new Set(evident.slice(settled))], [last], 'no going to and fro');
          const text = published(juju, unit, HERE);
          assert.equal(BY_NAME.test(text), last === 'reactive');
          assert.equal(/CERTIFICATE REQUEST/.test(text), last === 'csr');
        }
      }
    });
  }

  it('never have a key in a databag towards a requirer that has asked by CSR', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const juju = await related({ web: 'any', ca: 'any' }, EVERY, { seed, units: 2, cas: 2 });
      await watched(juju, (unit) => {
        // Each unit asks in both forms at once; the application's CSR is its leader's, and may come later.
        const own = unit.startsWith('ca/') ? keysIn(juju, unit, THERE) : [];
        assert.deepEqual(own.filter((key) => /^web_|^client/.test(key)), []);
      });
      for (const unit of ['ca/0', 'ca/1', ...UNITS]) {
        const id = unit.startsWith('web') ? HERE : THERE;
        assert.doesNotMatch(published(juju, unit, id), /PRIVATE KEY/, `seed ${seed}`);
      }
    }
  });

  it('install nothing twice between the forms: one certificate for each request, and one more when the provider goes over', async () => {
    for (const [ca, to] of [['reactive', 'any'], ['csr', null], ['any', null]] as const) {
      for (let seed = 1; seed <= 3; seed++) {
        // Two units of a reactive CA each answer, which is not between the forms.
        const juju = await related({ web: 'any', ca }, EVERY, { seed, units: 2 });
        const installed = new Map<string, Array<string>>();
        const look = (unit: string): void => {
          if (!UNITS.includes(unit)) return;
          for (
            const { request, certificate } of juju.unit(unit)?.outcome(anyRequires, 'certificates')?.view.deliveries ??
              []
          ) {
            const key = `${unit} ${request.certType} ${request.commonName}`;
            const before = installed.get(key) ?? [];
            if (before.at(-1) !== certificate) installed.set(key, [...before, certificate]);
          }
        };
        await watched(juju, look);
        const counts = () => [...installed.values()].map(({ length }) => length);
        assert.deepEqual(counts(), Array(2 * EVERY.length).fill(1), `${ca}, seed ${seed}`);
        if (to === null) continue;
        await juju.configure('ca', { speaks: to });
        await watched(juju, look);
        assert.deepEqual(counts(), Array(2 * EVERY.length).fill(2), `${ca} to ${to}, seed ${seed}`);
      }
    }
  });

  it('leave nothing behind when the requirer wants nothing any more', async () => {
    for (const ca of ['reactive', 'csr', 'any']) {
      const juju = await related({ web: 'any', ca }, EVERY);
      await watched(juju, () => {});
      await juju.configure('web', { speaks: 'any', requests: '[]' });
      await watched(juju, () => {});
      assert.deepEqual(keysIn(juju, 'web/0', HERE).filter((key) => key !== 'unit_name'), []);
      const left = published(juju, 'ca/0', THERE);
      assert.doesNotMatch(left, /web_0/);
      if (ca !== 'reactive') assert.doesNotMatch(left, /PRIVATE KEY/);
    }
  });
});
