/**
 * What holds of every history of the CSR protocol on a model: each request is answered or denied in the end, whoever had a valid certificate
 * always has one, and private keys are nowhere but where they are kept.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hookTitle, type LogEntry, type Model, type ModelEvent } from '../../../adapters/memory/mod.ts';
import type { RequestView } from '../../../core/csr/mod.ts';
import { settled } from './charms.ts';
import {
  assertExact,
  csrModel,
  DAY,
  formsOf,
  isServed,
  keptKeys,
  requestsOf,
  wishOf,
  withoutBreaks,
} from './csr-world.ts';
import { runs } from '../../runs.ts';

const unit = fc.constantFrom('web/0', 'web/1', 'web/2', 'ca/0', 'ca/1');
const DENIABLE = ['web-0.example', 'web.example', 'system:web', 'CA of web/1'];

/** One thing that happens: an event, or time that goes by once everybody is at rest. */
type Step = { readonly event: ModelEvent; readonly hooks: number } | { readonly days: number } | {
  readonly jump: number;
};

const event: fc.Arbitrary<ModelEvent> = fc.oneof(
  fc.record({ event: fc.constant('add-unit' as const), application: fc.constantFrom('web', 'ca') }),
  fc.record({ event: fc.constant('remove-unit' as const), unit }),
  fc.record({
    event: fc.constant('integrate' as const),
    endpoints: fc.constant(['web:certificates', 'ca:clients'] as const),
    crossModel: fc.boolean(),
  }),
  fc.record({ event: fc.constant('remove-relation' as const), relation: fc.nat(2) }),
  fc.record({ event: fc.constant('set-leader' as const), unit }),
  fc.record({
    event: fc.constant('configure' as const),
    application: fc.constant('web'),
    config: fc.record({ wish: fc.nat(6), rotation: fc.nat(2) }, { requiredKeys: [] }),
  }),
  fc.record({
    event: fc.constant('configure' as const),
    application: fc.constant('ca'),
    config: fc.record({
      denied: fc.subarray(DENIABLE),
      generation: fc.integer({ min: 1, max: 3 }),
      rotation: fc.nat(2),
    }, { requiredKeys: [] }),
  }),
  fc.oneof(
    fc.record({
      event: fc.constant('remove-secret' as const),
      owner: fc.constantFrom('web', 'web/0', 'web/1'),
      label: fc.constant('private-key-certificates'),
    }),
    fc.constant({ event: 'remove-secret' as const, owner: 'ca', label: 'ca' }),
  ),
  fc.record({ event: fc.constant('wake' as const), unit, hook: fc.constant('update-status' as const) }),
  fc.record({
    event: fc.constant('fail-next-hook' as const),
    unit,
    times: fc.integer({ min: 1, max: 2 }),
    applied: fc.boolean(),
  }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ event, hooks: fc.nat(10) }) },
  { weight: 3, arbitrary: fc.record({ days: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ jump: fc.constantFrom(-300, -20, 90, 400, 3_700) }) },
);

const historyOf = fc.record({ seed: fc.nat(1_000_000), steps: fc.array(step, { maxLength: 16 }) });

/** Who is served, and has to stay so until something happens that excuses it. */
class Watch {
  readonly #held = new Set<string>();
  #denied: ReadonlyArray<string> = [];
  #juju: Model | null = null;

  follow(juju: Model): void {
    this.#juju = juju;
  }

  /** Looks at a unit after each of its hooks. */
  note(entry: LogEntry): void {
    if (!('ran' in entry) || this.#juju === null || !entry.ran.hook.unit.startsWith('web/')) return;
    // What it shows is of the hook before.
    if (entry.ran.failed !== null) return;
    const { unit, kind } = entry.ran.hook;
    // It may have lost its relation, or be going.
    const isLeft = kind === 'relation-broken' || this.#juju.unit(unit)?.life !== 'alive';
    const { relations } = this.#juju.state();
    // A relation that is being removed takes its certificates with it.
    const isThere = ({ relationId }: RequestView): boolean =>
      relationId !== null && relations[relationId.slice(relationId.indexOf(':') + 1)]?.life === 'alive';
    const requests = isLeft ? [] : requestsOf(this.#juju, unit).filter(isThere);
    const keyOf = (one: RequestView): string => `${unit} ${JSON.stringify(one.request)}`;
    const served = new Set(requests.filter((one) => isServed(one, this.#now())).map(keyOf));
    for (const one of requests) {
      if (!this.#held.has(keyOf(one)) || served.has(keyOf(one))) continue;
      if (this.#denied.includes(one.request.commonName)) continue;
      assert.fail(`${hookTitle(entry.ran.hook)}: ${keyOf(one)} is without a certificate: ${one.state} ${one.why}`);
    }
    this.forget((key) => key.startsWith(`${unit} `));
    for (const key of served) this.#held.add(key);
  }

  #now(): string {
    return this.#juju?.state().now ?? '';
  }

  /** Nothing more is asked of these. */
  forget(which: (key: string) => boolean): void {
    for (const key of [...this.#held]) if (which(key)) this.#held.delete(key);
  }

  /** What excuses a certificate that is gone. */
  excuse(event: ModelEvent): void {
    switch (event.event) {
      case 'remove-secret':
        this.forget((key) =>
          key.startsWith(`${event.owner} `) || event.owner === 'web' && key.includes('"application"')
        );
        break;
      case 'remove-relation':
        this.forget(() => true);
        break;
      case 'configure': {
        const denied = event.config['denied'];
        // What was denied may be told to be so later, when it is allowed again already.
        if (Array.isArray(denied)) this.#denied = [...this.#denied, ...denied.map(String)];
        break;
      }
      default:
    }
  }
}

/** Plays a history and looks at it all the way. */
const play = async (
  seed: number,
  steps: ReadonlyArray<Step>,
): Promise<{ readonly juju: Model; readonly back: boolean }> => {
  const watch = new Watch();
  let failed: unknown = null;
  const juju = csrModel({
    seed,
    onEntry: (entry) => {
      try {
        watch.note(entry);
      } catch (error) {
        failed ??= error;
      }
    },
  });
  watch.follow(juju);
  const rest = async (): Promise<void> => {
    const { atRest, failing } = await settled(juju, 1_500);
    if (failed !== null) throw failed;
    assert.deepEqual([atRest, failing.map(({ reason, cause }) => [reason, String(cause)])], [true, []]);
  };
  await juju.deploy('web', 2, { wish: 2 });
  await juju.deploy('ca', 1);
  await juju.integrate('web:certificates', 'ca:clients');
  await rest();
  let back = false;
  for (const one of steps) {
    if ('event' in one) {
      if ((await juju.apply(one.event))._tag === 'Left') continue;
      watch.excuse(one.event);
      if (one.event.event === 'remove-secret') {
        // As Juju does every five minutes.
        for (const name of Object.keys(juju.state().units)) {
          await juju.apply({ event: 'wake', unit: name, hook: 'update-status' });
        }
      }
      for (let i = 0; i < one.hooks; i++) await juju.step();
      continue;
    }
    await rest();
    if ('jump' in one) {
      watch.forget(() => true);
      back ||= one.jump < 0;
    }
    const days = 'jump' in one ? one.jump : one.days;
    await juju.setTime(new Date(Date.parse(juju.state().now) + days * DAY * 1000).toISOString());
  }
  await rest();
  return { juju, back };
};

/** That at rest each request of each unit is answered for exactly its names, or denied with a reason. */
const assertSettled = (juju: Model, back: boolean): void => {
  const state = juju.state();
  const [relation] = Object.values(state.relations).filter(({ life }) => life === 'alive');
  const config = state.applications['web']?.config ?? {};
  const answers = Object.values(state.units).some(({ application, life }) => application === 'ca' && life === 'alive');
  for (const [name, { application, life }] of Object.entries(state.units)) {
    if (application !== 'web' || life !== 'alive' || relation === undefined || !answers) continue;
    const requests = requestsOf(juju, name);
    assert.deepEqual(requests.map(({ request }) => request), wishOf(Number(config['wish'] ?? 0), name));
    for (const one of requests) {
      const what = `${name} ${one.request.certType} ${one.state} ${one.why}`;
      if (one.denied !== null && one.certificate === null) {
        assert.ok(one.denied.code > 0 && one.denied.name !== '' && one.denied.message !== '', what);
        continue;
      }
      // A renewal that waits for its turn is missing, and no harm is done.
      assert.ok(one.state === 'answered' || one.why === 'renewal' || one.denied !== null, what);
      assertExact(one);
      assert.ok(back || isServed(one, state.now), what);
    }
  }
};

/** That the private keys that are kept are nowhere else. */
const assertKept = async (juju: Model): Promise<void> => {
  const { secrets, ...rest } = juju.state();
  const seen = withoutBreaks(JSON.stringify([rest, juju.log()]));
  const kept = withoutBreaks(JSON.stringify(secrets));
  assert.ok(!seen.includes('PRIVATE'));
  for (const key of keptKeys(juju.state())) {
    const forms = await formsOf(key);
    assert.ok(forms.some((form) => kept.includes(form)), 'it is found where it is');
    assert.ok(!forms.some((form) => seen.includes(form)), 'a private key is where it should not be');
  }
};

describe('a history of the CSR protocol', () => {
  it('ends with each request answered or denied, serves all along, and leaves no key lying about', async () => {
    await fc.assert(
      fc.asyncProperty(historyOf, async ({ seed, steps }) => {
        const { juju, back } = await play(seed, steps);
        assertSettled(juju, back);
        await assertKept(juju);
      }),
      runs(50),
    );
  });
});
