/**
 * A requirer and a provider that meet in a Juju, each on a version of the Python library or ours, and what happens to them.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { type CharmCode, Juju } from '../juju/juju.ts';
import type { ModelRelation, Unit } from '../juju/model.ts';
import { defaultsOf, type PeerCharm, pythonCharm } from './charm.ts';
import { ourProvider } from './ours/provider.ts';
import { ourRequirer } from './ours/requirer.ts';
import type { Version } from './python.ts';

/** Whose code a charm is. */
export type Peer = Version | 'ours';

/** The modes of the Python library. */
export type Mode = 'UNIT' | 'APP' | 'APP_AND_UNIT';

/** How two meet. */
export interface Setting {
  readonly provider: Peer;
  readonly requirer: Peer;
  readonly mode?: Mode;
  /** How many units of the requirer there are. */
  readonly units?: number;
}

/** What a unit of the requirer says that it has: common names by mode, and codes of refusals. */
export interface Has {
  readonly certificates: { readonly [M in 'APP' | 'UNIT']?: ReadonlyArray<string> };
  readonly denied: ReadonlyArray<number>;
}

const codeOf = (charm: PeerCharm, peer: Peer): Promise<CharmCode> | CharmCode =>
  peer !== 'ours' ? pythonCharm(charm, peer) : charm === 'requirer' ? ourRequirer() : ourProvider();

/** A requirer `web` and a provider `ca`, not related yet. */
export class Meeting {
  readonly juju: Juju = new Juju();
  #relation: ModelRelation | null = null;

  static async of({ provider, requirer, mode = 'UNIT', units = 1 }: Setting): Promise<Meeting> {
    const meeting = new Meeting();
    const config = { ...defaultsOf('requirer'), mode };
    meeting.juju.deploy('ca', await codeOf('provider', provider), { config: defaultsOf('provider') });
    meeting.juju.deploy('web', await codeOf('requirer', requirer), { config, units });
    await meeting.juju.settle();
    return meeting;
  }

  get relation(): ModelRelation {
    assert.ok(this.#relation, 'they are related');
    return this.#relation;
  }

  relate(): void {
    this.#relation = this.juju.relate('ca:certificates', 'web:certificates');
  }

  /** Makes something happen, and lets hooks run until there are no more; gives their number. */
  async rest(happening: () => void = () => {}): Promise<number> {
    const before = this.juju.hooks.length;
    happening();
    await this.juju.settle();
    return this.juju.hooks.length - before;
  }

  /** The units that are there. */
  get units(): ReadonlyArray<Unit> {
    return [...this.juju.unitsOf('ca'), ...this.juju.unitsOf('web')];
  }

  /** A hook without occasion in every unit: `update-status`. */
  async idle(): Promise<number> {
    return await this.rest(() => {
      for (const unit of this.units) this.juju.fire(unit, 'update-status');
    });
  }

  /** All that is published, without what Juju itself did; texts to compare byte for byte. */
  get published(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    const { juju, relation } = this;
    return Object.fromEntries([
      ...this.units.map((unit) => [unit, juju.published(relation, unit)] as const),
      ...['ca', 'web'].map((name) => [name, juju.publishedBy(relation, name)] as const),
    ]);
  }

  /** What a unit of the requirer says that it has. */
  has(unit: Unit): Has {
    return JSON.parse(this.juju.unit(unit).status.message);
  }

  /** Gives a charm other code on the same bags and secrets. */
  async upgrade(charm: PeerCharm, peer: Peer): Promise<void> {
    const code = await codeOf(charm, peer);
    await this.rest(() => this.juju.upgrade(charm === 'requirer' ? 'web' : 'ca', code));
  }
}

/** Does the work with two who meet, and takes their Juju away afterwards. */
export const meet = async <A>(setting: Setting, work: (meeting: Meeting) => Promise<A>): Promise<A> => {
  const meeting = await Meeting.of(setting);
  try {
    return await work(meeting);
  } finally {
    await meeting.juju.remove();
  }
};
