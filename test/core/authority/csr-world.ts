/**
 * A requirer and an authority in one process, for tests: both sides decide by turns until neither has anything to write.
 *
 * @module
 */
import assert from 'node:assert/strict';
import {
  answerCsrs,
  type AuthorityState,
  createAuthority,
  type NewAuthority,
  openAuthority,
  openPolicy,
  type Policy,
} from '../../../core/authority/mod.ts';
import { textsOnce } from '../../../core/csr/texts.ts';
import { makeMissing } from '../../../core/keyring/keyring.ts';
import { generateKey, type KeyAlgorithm, makeRequest, type PrivateKey } from '../../../core/x509/mod.ts';
import type { CsrProvidesView, CsrRequiresView } from '../../../core/csr/mod.ts';
import { emptyMemory, type Memory, type Outcome } from '../../../mod.ts';
import { decideAndReact } from '../../../adapters/host.ts';
import { snapshotAfter } from '../../../core/databag/write.ts';
import { ID, providesInput, relation, requiresInput, type World } from '../csr/world.ts';

export const NOW = new Date('2026-11-25T12:00:00Z');
export const later = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
export const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));
export const at = (now: Date) => ({ now, random });

type Result<A> = { readonly _tag: 'Left'; readonly left: unknown } | { readonly _tag: 'Right'; readonly right: A };

/** The value of what was expected to work. */
export const right = async <A>(work: () => Promise<Result<A>>): Promise<A> => {
  const result = await work();
  return result._tag === 'Right'
    ? result.right
    : assert.fail(`this was expected to work: ${JSON.stringify(result.left)}`);
};

export const newKey = (algorithm: KeyAlgorithm = 'P-256'): Promise<PrivateKey> => right(generateKey(algorithm));

/** The public half of a key as snapshots have it. */
const publicHalf = async (key: PrivateKey): Promise<string> => {
  const csr = await right(makeRequest({ commonName: 'x', sans: [], key }));
  return textsOnce().csr(csr)?.publicKey ?? assert.fail('a CSR of ours cannot be read');
};

/** A requirer of one unit, which leads, and a provider with an authority. */
export class Pair {
  state: AuthorityState;
  policy: Policy = openPolicy;
  now = NOW;
  unitKey: PrivateKey;
  appKey: PrivateKey;
  intent: object = {};
  unitData: Readonly<Record<string, string>> = {};
  appData: Readonly<Record<string, string>> = {};
  providerData: Readonly<Record<string, string>> = {};
  requirerMemory: Memory = emptyMemory;
  providerMemory: Memory = emptyMemory;
  /** Writes of each side since the last look. */
  writes = { requirer: 0, provider: 0 };

  private constructor(state: AuthorityState, unitKey: PrivateKey, appKey: PrivateKey) {
    this.state = state;
    this.unitKey = unitKey;
    this.appKey = appKey;
  }

  static async make(authority: Partial<NewAuthority> = {}): Promise<Pair> {
    const state = await right(createAuthority({ commonName: 'Test CA', ...authority }, at(NOW)));
    return new Pair(state, await newKey(), await newKey());
  }

  asks(requests: ReadonlyArray<unknown>, more: object = {}): this {
    this.intent = { requests, ...more };
    return this;
  }

  async #keys() {
    return [
      { owner: 'unit', name: 'unit', publicKey: await publicHalf(this.unitKey) },
      { owner: 'application', name: 'app', publicKey: await publicHalf(this.appKey) },
    ];
  }

  async #requirerWorld(made: ReadonlyArray<string>): Promise<World> {
    return {
      now: this.now.toISOString(),
      isLeader: true,
      keys: await this.#keys(),
      relations: [relation({
        localUnitData: this.unitData,
        localApplicationData: this.appData,
        remoteApplicationData: this.providerData,
      })],
      intent: { ...this.intent, made },
      memory: this.requirerMemory,
    };
  }

  async requirerHook(): Promise<Outcome<CsrRequiresView>> {
    const seen = requiresInput(await this.#requirerWorld([])).decided();
    const keys = { unit: this.unitKey, application: this.appKey };
    const { made } = await right(makeMissing(seen.view, { keys, random }));
    const input = requiresInput(await this.#requirerWorld(made));
    const outcome = input.decided();
    const [after] = snapshotAfter(input.snapshot, outcome.writes).relations;
    this.unitData = after?.localUnitData ?? {};
    this.appData = after?.localApplicationData ?? {};
    this.requirerMemory = outcome.memory;
    this.writes.requirer += outcome.writes.length;
    return outcome;
  }

  #providerInput(intent?: object) {
    return providesInput({
      now: this.now.toISOString(),
      relations: [relation({
        localApplicationData: this.providerData,
        remoteApplication: 'web',
        remoteApplicationData: this.appData,
        remoteUnits: { 'web/0': this.unitData },
      })],
      memory: this.providerMemory,
      ...(intent === undefined ? {} : { intent }),
    });
  }

  view(): CsrProvidesView {
    return this.#providerInput().decided().view;
  }

  /** Applies an intent of the provider's charm as it is. */
  give(intent: object): Outcome<CsrProvidesView> {
    const input = this.#providerInput(intent);
    const outcome = input.decided();
    this.providerData = snapshotAfter(input.snapshot, outcome.writes).relations[0]?.localApplicationData ?? {};
    this.providerMemory = outcome.memory;
    this.writes.provider += outcome.writes.length;
    return outcome;
  }

  async providerHook(): Promise<Outcome<CsrProvidesView>> {
    const authority = await right(openAuthority(this.state));
    const intent = await answerCsrs({ authority, policy: this.policy, moment: at(this.now) }, this.view())();
    return this.give(intent);
  }

  /** Hooks by turns until nobody writes; the last outcomes. */
  async rest() {
    for (let round = 0; round < 6; round++) {
      this.writes = { requirer: 0, provider: 0 };
      const requirer = await this.requirerHook();
      const provider = await this.providerHook();
      if (this.writes.requirer + this.writes.provider === 0) return { requirer, provider };
    }
    return assert.fail('the two sides do not come to rest');
  }
}

export { decideAndReact, ID };
