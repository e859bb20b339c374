/**
 * A bridge between requirers of either protocol and a provider, in one process: every hook of it reads, decides twice and applies, or is
 * killed on the way.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { anyProvides, type AnyProvidesView, decodeInput } from '../../../core/any/mod.ts';
import {
  answerCsrs,
  createAuthority,
  type OpenAuthority,
  openAuthority,
  openPolicy,
} from '../../../core/authority/mod.ts';
import {
  asPublished,
  bridge,
  type Bridged,
  type BridgeKey,
  BridgeTable,
  decideAbove,
  emptyTable,
  type KeyLabel,
  makeBridged,
  type RequestId,
  withPrivateKeys,
} from '../../../core/bridge/mod.ts';
import { csrProvides, type CsrProvidesIntent } from '../../../core/csr/mod.ts';
import { textsOnce } from '../../../core/csr/texts.ts';
import { written } from '../../../core/databag/write.ts';
import { keptKey } from '../../../core/keyring/mod.ts';
import { generateKey, makeRequest, type PrivateKey } from '../../../core/x509/mod.ts';
import { emptyMemory, type Memory, type Outcome, type Snapshot } from '../../../mod.ts';
import { right } from '../authority/csr-world.ts';

export const NOW = new Date('2026-01-01T00:00:00Z');
export const later = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

export type Bag = Record<string, string>;

/** Bags of one relation, by unit; the key `application` is the application's. */
export interface Ends {
  readonly remote: Map<string, Bag>;
  readonly local: Map<string, Bag>;
}

const ends = (): Ends => ({ remote: new Map(), local: new Map() });
const bagIn = (bags: Map<string, Bag>, name: string): Bag => bags.get(name) ?? {};

const caOf = async (commonName: string): Promise<OpenAuthority> =>
  await right(openAuthority(await right(createAuthority({ commonName, keys: 'P-256' }, { now: NOW, random }))));

/** Two CAs, each made once. */
export const CAS: readonly [OpenAuthority, OpenAuthority] = [await caOf('First CA'), await caOf('Second CA')];

/** A requirer's key and a certificate request with it. */
export const newCsr = async (commonName: string, sans: ReadonlyArray<string> = []): Promise<string> =>
  await right(makeRequest({ commonName, sans, key: await right(generateKey('P-256')) }));

/** What a unit that asks by name publishes. */
export const byName = (
  unit: string,
  requests: Readonly<Record<string, ReadonlyArray<string>>>,
  kind = 'cert_requests',
): Bag => ({
  unit_name: unit.replace('/', '_'),
  [kind]: JSON.stringify(Object.fromEntries(Object.entries(requests).map(([name, sans]) => [name, { sans }]))),
});

/** What asks by certificate request publishes. */
export const byCsr = (csrs: ReadonlyArray<string>, ca = false): Bag => ({
  certificate_signing_requests: JSON.stringify(csrs.map((csr) => ({ certificate_signing_request: csr, ca }))),
});

interface Held extends BridgeKey {
  readonly key: PrivateKey;
}

/** A bridge `bridge` of some units, whose leader may change, with relations below and above. */
export class BridgeWorld {
  now = NOW;
  leader = 'bridge/0';
  sharedClient = false;
  isLeaving = false;
  ca: OpenAuthority = CAS[0];
  /** What the provider does beside answering. */
  policy = openPolicy;
  extra: Partial<CsrProvidesIntent> = {};
  readonly below = new Map<string, Ends>();
  readonly above = new Map<string, Ends>();
  keys: Array<Held> = [];
  /** What each unit keeps. */
  readonly tables = new Map<string, BridgeTable>();
  /** What a unit has seen so far, by relation; whoever is not here sees everything. */
  readonly sight = new Map<string, Map<string, Set<string>>>();
  /** Keys that are made, by label; new ones unless a test has some. */
  makeKey: (label: KeyLabel) => Promise<PrivateKey> = () => right(generateKey('P-256'));
  makeCsrs: typeof makeBridged = makeBridged;
  answering: typeof answerCsrs = answerCsrs;
  /** Certificate requests that the provider has ever seen from the bridge. */
  readonly seen = new Set<string>();
  private readonly memories = new Map<string, Memory>();
  private providerMemory: Memory = emptyMemory;
  private secrets = 0;

  /** What the leader keeps. */
  get table(): BridgeTable {
    return this.tables.get(this.leader) ?? emptyTable;
  }

  set table(table: BridgeTable) {
    this.tables.set(this.leader, table);
  }

  /** What a unit hears of next: a relation, or a unit on one. Null: it has heard of everything. */
  unheard(unit: string): { readonly id: string; readonly remote: string | null } | null {
    const sight = this.sight.get(unit);
    if (sight === undefined) return null;
    for (const [id, { remote }] of [...this.below, ...this.above]) {
      const seen = sight.get(id);
      if (seen === undefined) return { id, remote: null };
      for (const name of remote.keys()) if (name !== 'application' && !seen.has(name)) return { id, remote: name };
    }
    return null;
  }

  /** A unit sees it from now on. */
  see(unit: string, { id, remote }: NonNullable<ReturnType<BridgeWorld['unheard']>>): void {
    const sight = this.sight.get(unit) ?? assert.fail('it sees everything');
    if (remote === null) sight.set(id, new Set());
    else sight.get(id)?.add(remote);
  }

  /** A unit hears of it, in a hook of its own. */
  async hear(unit: string, heard: NonNullable<ReturnType<BridgeWorld['unheard']>>, killed = false) {
    const { id, remote } = heard;
    this.see(unit, heard);
    const ran = await this.hook(unit, killed, remote === null ? id : undefined);
    // Juju runs it again.
    if (!killed) return ran;
    return await this.hook(unit, false, remote === null ? id : undefined);
  }

  relate(id: string): Ends {
    const fresh = ends();
    (id.startsWith('clients') ? this.below : this.above).set(id, fresh);
    if (id.startsWith('certificates')) fresh.remote.set('ca/0', {});
    return fresh;
  }

  ask(id: string, unit: string, bag: Bag): void {
    (this.below.get(id) ?? this.relate(id)).remote.set(unit, bag);
  }

  private snapshot(endpoint: 'clients' | 'certificates', unit: string, created?: string): Snapshot {
    const isLeader = unit === this.leader;
    const sight = this.sight.get(unit);
    const all = [...(endpoint === 'clients' ? this.below : this.above)].filter(([id]) => sight?.has(id) ?? true);
    const relations = all.map(([id, { remote, local }]) => ({
      id,
      localUnitData: bagIn(local, unit),
      localApplicationData: isLeader ? bagIn(local, 'application') : {},
      remoteApplication: [...remote.keys()][0]?.split('/')[0] ?? 'web',
      remoteApplicationData: bagIn(remote, 'application'),
      remoteUnits: Object.fromEntries(
        [...remote].filter(([name]) => name !== 'application' && (sight?.get(id)?.has(name) ?? true)),
      ),
    }));
    const side = endpoint === 'clients' ? 'any/provides' : 'any/requires';
    const snapshot = { localUnit: unit, endpoint, isLeader, now: this.now.toISOString(), relations };
    const input = decodeInput({
      side,
      snapshot: { ...snapshot, ...(created !== undefined && all.some(([id]) => id === created) ? { created } : {}) },
    });
    return input._tag === 'Right' ? input.right.snapshot : assert.fail(input.left.message);
  }

  private apply(bags: Map<string, Ends>, unit: string, writes: Outcome['writes']): void {
    for (const write of writes) {
      const local = bags.get(write.relationId)?.local ?? assert.fail('a write on a relation that is not there');
      const name = write.bag === 'unit' ? unit : 'application';
      assert.ok(name === unit || unit === this.leader, 'only the leader writes for the application');
      local.set(name, { ...written(bagIn(local, name), write) });
    }
  }

  private memory(unit: string, endpoint: string): Memory {
    return this.memories.get(`${unit} ${endpoint}`) ?? emptyMemory;
  }

  /** What a first decision of a unit says. */
  read(unit = this.leader, created?: string): {
    readonly lower: Outcome<AnyProvidesView>;
    readonly decide: (made: Parameters<typeof bridge>[0]['made']) => Bridged;
  } {
    const clients = this.snapshot('clients', unit, created);
    const lower = anyProvides.decide(clients, anyProvides.nothing, this.memory(unit, 'clients'));
    const upper = decideAbove(this.snapshot('certificates', unit), asPublished, this.memory(unit, 'certificates'));
    return {
      lower,
      decide: (made) =>
        bridge({
          snapshot: { ...clients, isLeaving: this.isLeaving },
          below: lower,
          above: upper.view,
          table: this.tables.get(unit) ?? emptyTable,
          keys: this.keys.map(({ label, request, name, publicKey }) => ({ label, request, name, publicKey })),
          made,
          sharedClient: this.sharedClient,
        }),
    };
  }

  /** One hook of a unit; `killed` before it applies anything but the keys that it made. */
  async hook(
    unit = this.leader,
    killed = false,
    created?: string,
  ): Promise<{ readonly decided: Bridged; readonly findings: ReadonlyArray<string>; readonly wrote: boolean }> {
    const { decide } = this.read(unit, created);
    const first = decide([]);
    const { missing } = first;
    for (const { label, request, keyName } of missing) if (keyName === null) await this.newKey(label, request);
    const keyOf = (label: KeyLabel) => this.keys.find((one) => one.label === label)?.key ?? null;
    const { made, faults } = await this.makeCsrs(missing, { keyOf, random })();
    assert.deepEqual(faults, []);
    const decided = missing.length === 0 ? first : decide(made);
    const [clients, certificates] = [
      this.snapshot('clients', unit, created),
      this.snapshot('certificates', unit),
    ];
    const below = anyProvides.decide(
      clients,
      withPrivateKeys(decided.below, (name) => this.keys.find((one) => one.name === name)?.key ?? null),
      this.memory(unit, 'clients'),
    );
    const above = decideAbove(certificates, decided.above, this.memory(unit, 'certificates'));
    const findings = [...decided.findings, ...below.findings, ...above.findings].map(({ code }) => code);
    if (killed) return { decided, findings, wrote: false };
    this.apply(this.below, unit, below.writes);
    this.apply(this.above, unit, above.writes);
    this.memories.set(`${unit} clients`, below.memory).set(`${unit} certificates`, above.memory);
    // As a host keeps it: JSON, read again.
    const read = BridgeTable.decode(JSON.parse(JSON.stringify(decided.table)));
    this.tables.set(unit, read._tag === 'Right' ? read.right : assert.fail('the table cannot be read again'));
    const gone = new Set(decided.unused.map(({ name }) => name));
    this.keys = this.keys.filter(({ name }) => !gone.has(name));
    return { decided, findings, wrote: below.writes.length + above.writes.length > 0 };
  }

  private async newKey(label: KeyLabel, request: RequestId): Promise<void> {
    const key = await this.makeKey(label);
    const { publicKey } = await right(keptKey({ owner: 'application', name: 'x' }, key));
    this.keys.unshift({ label, request, name: `secret:${this.secrets++}`, publicKey, key });
  }

  /** The provider above, of the CSR protocol, takes its turn. */
  async answer(): Promise<boolean> {
    const relations = [...this.above].map(([id, { remote, local }]) => ({
      id,
      localUnitData: {},
      localApplicationData: bagIn(remote, 'application'),
      remoteApplication: 'bridge',
      remoteApplicationData: bagIn(local, 'application'),
      remoteUnits: { 'bridge/0': {} },
    }));
    const snapshot = { localUnit: 'ca/0', endpoint: 'clients', isLeader: true, now: this.now.toISOString(), relations };
    const input = decodeInput({ side: 'csr/provides', snapshot });
    if (input._tag === 'Left') assert.fail(input.left.message);
    const before = csrProvides.decide(input.right.snapshot, csrProvides.nothing, this.providerMemory);
    for (const { csr } of before.view.requests) this.seen.add(csr);
    const work = { authority: this.ca, policy: this.policy, moment: { now: this.now, random } };
    const intent = { ...await this.answering(work, before.view)(), ...this.extra };
    const after = csrProvides.decide(input.right.snapshot, intent, this.providerMemory);
    this.providerMemory = after.memory;
    for (const write of after.writes) {
      const remote = this.above.get(write.relationId)?.remote ?? assert.fail('no such relation');
      remote.set('application', { ...written(bagIn(remote, 'application'), write) });
    }
    return after.writes.length > 0;
  }

  /** Both take their turns until neither has anything to write. */
  async settle(): Promise<ReadonlyArray<string>> {
    for (let turn = 0; turn < 12; turn++) {
      const { wrote, findings } = await this.hook();
      if (![wrote, await this.answer()].includes(true)) return findings;
    }
    return assert.fail('it does not come to rest');
  }

  /** What the leader answers below, by relation. */
  answers(id: string, unit = this.leader): Bag {
    return bagIn(this.below.get(id)?.local ?? new Map(), unit);
  }

  /** The answer by name in a unit's collection. */
  pair(
    id: string,
    unit: string,
    commonName: string,
    kind = '',
  ): { readonly cert: string; readonly key: string } | null {
    const raw = this.answers(id)[`${unit.replace('/', '_')}.processed_${kind}requests`];
    return raw === undefined ? null : JSON.parse(raw)[commonName] ?? null;
  }

  /** The certificate requests that are published above. */
  asked(): ReadonlyArray<string> {
    return [...this.above.values()].flatMap(({ local }) =>
      JSON.parse(bagIn(local, 'application')['certificate_signing_requests'] ?? '[]').map(
        (one: { readonly certificate_signing_request: string }) => one.certificate_signing_request,
      )
    );
  }
}

const texts = textsOnce();

/** The public key of a certificate or of a certificate request, as snapshots have it. */
export const publicKeyOf = (pem: string): string | null =>
  texts.certificate(pem)?.publicKey ?? texts.csr(pem)?.publicKey ?? null;

/** The public half of a private key. */
export const publicHalf = async (key: string): Promise<string> =>
  // What stands in a databag is what was kept.
  (await right(keptKey({ owner: 'unit', name: 'x' }, key as PrivateKey))).publicKey;
