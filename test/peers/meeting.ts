/**
 * A requirer and a provider that meet in a Juju, each on a version of the Python library or ours, and what happens to them.
 *
 * @module
 */
import assert from 'node:assert/strict';
import type { X509Certificate } from 'node:crypto';
import { type CharmCode, Juju } from '../juju/juju.ts';
import type { ModelRelation, Unit } from '../juju/model.ts';
import type { Asked } from './asked.ts';
import { defaultsOf, type PeerCharm, pythonCharm } from './charm.ts';
import type { Version } from './python.ts';
import { exampleProvider, installedIn, late, ourProvider, ourRequirer } from './without-code.ts';

/** Whose code a charm is; `any` is ours too, on the sides that speak both protocols. */
export type Peer = Version | 'ours' | 'any';

/** Whose code a provider is; `example` is the charm in `examples/charm-provider`. */
export type ProviderPeer = Peer | 'example';

/** Whether a charm is ours, without code, and as the tests want it. */
const isOurs = (peer: ProviderPeer): peer is 'ours' | 'any' => peer === 'ours' || peer === 'any';

/** How two meet. */
export interface Setting extends Partial<Asked> {
  readonly provider: ProviderPeer;
  readonly requirer: Peer;
  /** How many units of the requirer there are; 1 unless said. */
  readonly units?: number;
  /** How many units of the provider there are; 1 unless said. */
  readonly providers?: number;
  /** The domain that Python's provider says it issues for, from the beginning; ours always tells what it can do. */
  readonly domain?: string;
}

/** What a unit of the requirer has: common names by mode, and codes of refusals. */
export interface Has {
  readonly certificates: { readonly [M in 'APP' | 'UNIT']?: ReadonlyArray<string> };
  readonly denied: ReadonlyArray<number>;
}

/** The name that the provider refuses until it is told otherwise. */
export const REFUSED = 'bad.example';

/** A requirer `web` and a provider `ca`, not related yet. */
export class Meeting {
  readonly juju: Juju = new Juju();
  readonly asked: Asked;
  /** Whose code the charms are at present. */
  readonly #peers: { provider: ProviderPeer; requirer: Peer };
  /** What a provider of ours certifies besides. */
  readonly #allowed: Array<string> = [];
  #relation: ModelRelation | null = null;

  private constructor(
    { provider, requirer, mode = 'UNIT', certType = 'server', keys = 'RSA-2048', more = [] }: Setting,
  ) {
    this.#peers = { provider, requirer };
    this.asked = { mode, certType, keys, more };
  }

  static async of(setting: Setting): Promise<Meeting> {
    const meeting = new Meeting(setting);
    const { juju, asked: { mode, certType, keys } } = meeting;
    const config = {
      ...defaultsOf('requirer'),
      mode,
      'is-ca': certType === 'intermediate',
      'key-algorithm': keys === 'P-256' ? 'ecdsa' : '',
    };
    const { providers = 1, units = 1, domain = '' } = setting;
    const offered = { ...defaultsOf('provider'), 'allowed-domain': domain };
    juju.deploy('ca', await meeting.#code('provider'), { config: offered, units: providers });
    juju.deploy('web', await meeting.#code('requirer'), { config, units });
    await juju.settle();
    return meeting;
  }

  async #code(charm: PeerCharm): Promise<CharmCode> {
    const { juju, asked } = this;
    const peer = this.#peers[charm];
    if (peer === 'example') return exampleProvider(juju);
    if (!isOurs(peer)) return await pythonCharm(charm, peer);
    const protocol = peer === 'any' ? 'any' : 'csr';
    return charm === 'requirer'
      ? ourRequirer(juju, asked, protocol)
      : ourProvider(juju, asked, this.#allowed, protocol);
  }

  get isOurRequirer(): boolean {
    return isOurs(this.#peers.requirer);
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

  /** What a unit of the requirer has: what the charm on Python says, and what is on the disk of one without code. */
  has(unit: Unit): Has {
    const { juju, asked: { mode } } = this;
    const { message } = juju.unit(unit).status;
    if (!this.isOurRequirer) return JSON.parse(message);
    const { APP, UNIT } = installedIn(juju, unit);
    const namesOf = (one: X509Certificate | null): ReadonlyArray<string> =>
      /^CN=(.*)$/m.exec(one?.subject ?? '')?.slice(1) ?? [];
    return {
      certificates: {
        ...(mode === 'UNIT' ? {} : { APP: namesOf(APP) }),
        ...(mode === 'APP' ? {} : { UNIT: namesOf(UNIT) }),
      },
      denied: [...message.matchAll(/ is refused: (\d+) /g)].map(([, code]) => Number(code)),
    };
  }

  /** The certificates in PEM that are on a unit's disk, of a requirer of ours. */
  installed(unit: Unit): ReadonlyArray<string> {
    if (!this.isOurRequirer) return [];
    return Object.values(installedIn(this.juju, unit)).flatMap((found) => found?.toString().trim() ?? []);
  }

  /** What a unit has once everything is answered. */
  due(unit: Unit, leader: Unit): Has {
    const { asked: { mode } } = this;
    // The Python library keeps the application's certificate from units that do not lead; ours installs it everywhere.
    const isTold = unit === leader || this.isOurRequirer;
    return {
      certificates: {
        ...(mode === 'UNIT' ? {} : { APP: isTold ? ['web.example'] : [] }),
        ...(mode === 'APP' ? {} : { UNIT: [`${unit.replace('/', '-')}.example`] }),
      },
      denied: [],
    };
  }

  /** Has the provider refuse a name, or certify it. */
  judge(verdict: 'refuse' | 'certify'): void {
    const { juju } = this;
    if (!isOurs(this.#peers.provider)) return juju.configure('ca', { deny: verdict === 'refuse' ? REFUSED : '' });
    // Ours certifies no name but those that it was told of.
    if (verdict === 'refuse') return;
    this.#allowed.push(REFUSED);
    juju.fire('ca/0', 'config-changed');
  }

  /** Has the provider say for which domain it issues. */
  tellDomain(domain: string): void {
    const { juju } = this;
    this.#allowed.push(`.${domain}`);
    juju.configure('ca', { 'allowed-domain': domain });
    juju.fire('ca/0', 'update-status');
  }

  /** Has the requirer renew what it has. */
  renew(): void {
    this.juju.act('web/0', this.isOurRequirer ? 'renew-certificate' : 'renew');
  }

  /** Has secrets expire that do when it is late. */
  expire(): void {
    this.juju.expireSecrets(late());
  }

  /** Has the provider issue with another CA. */
  replaceCa(): void {
    this.juju.configure('ca', { ca: 'Another CA', generation: 2 });
  }

  /** The CA of Python's provider, as its operator hands it to ours. */
  get keptCa(): Readonly<Record<'certificate' | 'private-key', string>> {
    const kept = this.juju.secrets('ca').find(({ label }) => label === 'ca')?.revisions.at(-1);
    const [certificate, key] = [kept?.['certificate'], kept?.['private-key']];
    assert.ok(certificate !== undefined && key !== undefined);
    return { certificate, 'private-key': key };
  }

  /** Gives a charm other code on the same bags and secrets. */
  async upgrade(charm: PeerCharm, peer: Peer): Promise<void> {
    this.#peers[charm] = peer;
    const code = await this.#code(charm);
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
