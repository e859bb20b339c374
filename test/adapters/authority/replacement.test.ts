/**
 * A CA that is replaced step by step on a Juju model, in random histories: at every moment, what each unit trusts covers every certificate in use,
 * however late its hooks are.
 *
 * @module
 */
import * as model from '../../../adapters/memory/mod.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Ca, caOf, memoryKeeper, openPolicy } from '../../../adapters/authority/mod.ts';
import { pending } from '../../../adapters/memory/dispatch.ts';
import { describe as describeBundle, verify } from '../../../core/x509/mod.ts';
import * as api from '../../../mod.ts';
import { runs } from '../../runs.ts';

const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

/** What a unit installed in its last hook: whom it trusts, and what it serves. */
interface Installed {
  readonly trust: string;
  readonly certificate: string;
  readonly chain: string;
}

const firstOf = (pem: string): string => `${pem.split('-----END CERTIFICATE-----')[0]}-----END CERTIFICATE-----\n`;

class World {
  readonly keeper = memoryKeeper();
  readonly ca: Ca;
  readonly juju: model.Model;
  readonly installed = new Map<string, Installed>();
  /** Where a replacement stood in the provider's last hook. */
  phase: string | undefined;
  #good = new Set<string>();

  constructor(seed: number, knowsHooks: boolean) {
    this.ca = caOf({
      keeper: this.keeper,
      authority: { commonName: 'Test CA' },
      policy: { ...openPolicy, announceDays: 2, overlapDays: 8, sharedClient: false },
      random,
    });
    const web = model.handler(({ hook: { unit } }): api.Charm<api.RequiresIntent, api.RequiresView> => ({
      side: api.requires,
      intent: api.intentOf(api.requestServerCert(`${unit.replace('/', '-')}.example`)),
    }));
    const provider: model.ModelHandler = async (context) => {
      const hasHeard = (): boolean => knowsHooks && this.hasEveryoneHeard();
      const { isLeader } = context.state.snapshot;
      const charm = await api.orThrow(this.ca.charm(new Date(context.now), isLeader, hasHeard));
      this.phase = charm.replacement?.phase;
      return model.handler(() => charm)(context);
    };
    this.juju = model.model({
      seed,
      applications: { web: { requires: { certificates: web } }, ca: { provides: { clients: provider } } },
    });
  }

  /** A model sees what no unit can: that every CA is published by each unit of the provider, and seen by all that are asked. */
  hasEveryoneHeard(): boolean {
    const state = this.juju.state();
    const published = Object.values(state.relations).flatMap(({ provides }) => Object.values(provides.units));
    return published.every(({ ca = '' }) => describeBundle(ca).certificates.length > 1) &&
      !pending(state).some(({ unit }) => unit.startsWith('web/'));
  }

  /** After a hook, each unit has what its charm was shown. */
  look(): void {
    for (const unit of Object.keys(this.juju.state().units).filter((name) => name.startsWith('web/'))) {
      const view = this.juju.unit(unit)?.outcome(api.requires, 'certificates')?.view;
      const [certificate] = view?.serverCerts ?? [];
      if (view === undefined || certificate === undefined) continue;
      const { rootCaCert, rootCaChain } = view;
      this.installed.set(unit, { trust: rootCaCert ?? '', certificate: certificate.cert, chain: rootCaChain ?? '' });
    }
  }

  async check(): Promise<void> {
    this.look();
    const now = new Date(this.juju.state().now);
    for (const [client, { trust }] of this.installed) {
      for (const [server, { certificate, chain }] of this.installed) {
        // The OpenStack library for ops charms reads the first CA alone.
        for (const ca of [trust, firstOf(trust)]) {
          const what = JSON.stringify([ca, certificate, chain]);
          if (this.#good.has(what)) continue;
          const verified = await verify({
            certificate,
            ca,
            ...(chain === '' ? {} : { chain }),
            now,
            purpose: 'server',
          })();
          assert.equal(verified._tag, 'Right', `${client} trusts ${server} at ${now.toISOString()}`);
          this.#good.add(what);
        }
      }
    }
  }

  async steps(count: number): Promise<void> {
    for (let i = 0; i < count && (await this.juju.step()) !== null; i++) await this.check();
  }

  async settle(): Promise<void> {
    await this.steps(2_000);
    assert.deepEqual(pending(this.juju.state()), [], 'it comes to rest');
  }

  async wakeCa(): Promise<void> {
    for (const unit of Object.keys(this.juju.state().units).filter((name) => name.startsWith('ca/'))) {
      await this.juju.wake(unit, 'update-status');
    }
  }

  /** A day passes; the provider's units notice. */
  async day(): Promise<void> {
    await this.juju.advance(86_400);
    await this.check();
    await this.wakeCa();
  }

  get now(): Date {
    return new Date(this.juju.state().now);
  }
}

const happening = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hooks' as const), hooks: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('day' as const, 'replace' as const) }) },
  fc.record({ do: fc.constantFrom('abort' as const, 'rotate' as const, 'add-unit' as const) }),
);

describe('a CA that is replaced on a model', () => {
  it('keeps every certificate in use trusted by everybody, at every moment', async () => {
    const history = fc.record({
      seed: fc.nat(1_000_000),
      knowsHooks: fc.boolean(),
      cas: fc.integer({ min: 1, max: 2 }),
      happenings: fc.array(happening, { maxLength: 12, size: 'max' }),
    });
    await fc.assert(
      fc.asyncProperty(history, async ({ seed, knowsHooks, cas, happenings }) => {
        const world = new World(seed, knowsHooks);
        const { juju, ca } = world;
        juju.deploy('web', 2);
        juju.deploy('ca', cas);
        juju.integrate('web:certificates', 'ca:clients');
        await world.settle();
        let days = 0;
        for (const what of happenings) {
          if (what.do === 'hooks') await world.steps(what.hooks);
          if (what.do === 'replace') await api.orThrow(ca.replace(world.now));
          if (what.do === 'rotate') await api.orThrow(ca.rotate(world.now));
          // Nothing may be announced: then there is nothing to take back.
          if (what.do === 'abort') await ca.abort();
          if (what.do === 'add-unit') await juju.addUnit('web');
          if (what.do === 'day') {
            // Who has no hook during a whole overlap is left behind.
            if (++days % 3 === 0) await world.settle();
            await world.day();
          } else await world.wakeCa();
          await world.check();
        }
        await world.settle();
      }),
      runs(12),
    );
  });

  it('announces, signs after the time of the policy, and lets the former CA go, as its status tells', async () => {
    const world = new World(7, false);
    const { juju, ca } = world;
    juju.deploy('web', 2);
    juju.deploy('ca');
    juju.integrate('web:certificates', 'ca:clients');
    await world.settle();
    const published = (): readonly [cas: number, cross: number] => {
      const [bag = {}] = Object.values(juju.state().relations).flatMap(({ provides }) => Object.values(provides.units));
      return [describeBundle(bag['ca'] ?? '').certificates.length, (bag['chain'] ?? '').split('END').length - 1];
    };
    const seen = [[world.phase, ...published()].join(' ')];
    await api.orThrow(ca.replace(world.now));
    for (let day = 0; day <= 19; day++) {
      await world.wakeCa();
      await world.settle();
      seen.push([world.phase, ...published()].join(' '));
      await juju.advance(86_400);
    }
    assert.deepEqual(seen, [
      'steady 1 0',
      ...Array.from({ length: 2 }, () => 'announced 2 0'),
      ...Array.from({ length: 8 }, () => 'overlap 2 1'),
      ...Array.from({ length: 8 }, () => 'steady 1 1'),
      ...Array.from({ length: 2 }, () => 'steady 1 0'),
    ]);
  });

  it('signs as soon as everybody is known to have heard', async () => {
    const world = new World(7, true);
    const { juju, ca } = world;
    juju.deploy('web', 2);
    juju.deploy('ca');
    juju.integrate('web:certificates', 'ca:clients');
    await world.settle();
    await api.orThrow(ca.replace(world.now));
    for (const phase of ['announced', 'overlap']) {
      await world.wakeCa();
      await world.settle();
      assert.equal(world.phase, phase);
    }
  });

  it('publishes as before once an announced CA is aborted, and nothing can be aborted that signs', async () => {
    const world = new World(7, false);
    const { juju, ca } = world;
    assert.equal((await ca.abort())._tag, 'Left', 'there is no CA');
    juju.deploy('web');
    juju.deploy('ca');
    juju.integrate('web:certificates', 'ca:clients');
    await world.settle();
    const bags = () => Object.values(juju.state().relations).map(({ provides }) => provides.units);
    const before = bags();
    await api.orThrow(ca.replace(world.now));
    await world.wakeCa();
    await world.settle();
    assert.notDeepEqual(bags(), before);
    await api.orThrow(ca.abort);
    await world.wakeCa();
    await world.settle();
    assert.deepEqual(bags(), before);
    await api.orThrow(ca.rotate(world.now));
    const aborted = await ca.abort();
    assert.match(aborted._tag === 'Left' ? aborted.left.message : '', /nothing to abort/);
  });
});
