/**
 * What Juju's agent holds while a hook runs: why it runs, its buffered changes, and the databags that it has read.
 *
 * Source: docs/hook-environment.md sections 2.4, 3.1, 3.2 and 3.5.
 *
 * @module
 */
import { applicationOf, type ModelRelation, type StoredSecret, type Unit } from './model.ts';

type Data = Readonly<Record<string, string>>;

/** What a hook is about. */
export interface HookKind {
  /** E.g. `certificates-relation-changed`; empty in actions and `juju exec`. */
  readonly hook: string;
  readonly action?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The secret of a secret's hook. Juju passes the revision only in `secret-remove` and `secret-expired`. */
  readonly secret?: { readonly id: string; readonly label: string; readonly revision: number | null };
  readonly relation?: ModelRelation;
  readonly event?: 'created' | 'joined' | 'changed' | 'departed' | 'broken';
  /** The unit's own name, as the controller knows it. */
  readonly remoteUnit?: Unit;
}

/** What an agent knows of a relation. */
export interface KnownRelation {
  broken: boolean;
  /** The units that have joined, with the version of their databag that was last delivered. */
  readonly members: Map<Unit, number>;
  /** The unit whose `joined` has run, and whose `changed` is still due. Null if there is none. */
  mustChange: Unit | null;
  applicationVersion: number;
  /** The members' databags as they were last read. */
  readonly cache: Map<Unit, Data>;
}

/** A unit with its agent. */
export interface AgentUnit {
  readonly name: Unit;
  readonly folder: string;
  readonly address: string;
  readonly config: Record<string, unknown>;
  isLeader: boolean;
  dying: boolean;
  readonly relations: Map<ModelRelation, KnownRelation>;
  state: Data;
  /** The secrets of all units of the application. */
  readonly secrets: Array<StoredSecret>;
  /** Hooks that depend on no relation: `install`, `update-status`, actions. */
  readonly waiting: Array<HookKind>;
  status: { status: string; message: string };
  readonly log: Array<string>;
}

/** A secret as it will be after the hook. */
export interface DraftSecret {
  readonly id: string;
  readonly owner: string;
  label: string;
  expiry: string | null;
  content: Data | null;
}

/** What a hook changes in one of its own databags. */
export interface BagChange {
  readonly relationId: string;
  readonly bag: 'units' | 'applications';
  readonly set: ReadonlyArray<string>;
  readonly deleted: ReadonlyArray<string>;
}

/** What an action returned. */
export interface ActionResult {
  /** The results, by key. Nested keys are joined with dots. */
  results: Data;
  /** Why it failed. Null if it did not. */
  failure: string | null;
  /** What it logged with `action-log`. */
  readonly progress: Array<string>;
}

/** A key as it is written in MongoDB, where two characters have another use. */
const inMongo = (key: string): string => key.replaceAll('.', '\uff0e').replaceAll('$', '\uff04');

/** A key as it is read from MongoDB. */
const fromMongo = (data: Data): Data =>
  Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key.replaceAll('\uff0e', '.').replaceAll('\uff04', '$'), value]),
  );

/** What a hook gets from its controller. */
export interface ContextGiven {
  /** The time, by the controller's clock. */
  readonly now: Date;
  /** Returns an id that no secret has yet. */
  readonly newSecretId: () => string;
}

/** New ids for secrets. */
export const secretIds = (): () => string => {
  let made = 0;
  return () => `9m4e2mr0ui3e8a2${String(++made).padStart(5, '0')}`;
};

/** One run of a hook. */
export class HookContext {
  readonly id: string;
  readonly unit: AgentUnit;
  readonly kind: HookKind;
  readonly application: string;
  readonly #ownUnit: Map<ModelRelation, Data> = new Map();
  readonly #ownApplication: Map<ModelRelation, Data> = new Map();
  readonly #read: Map<string, Data> = new Map();
  state: Data;
  readonly secrets: Map<string, DraftSecret> = new Map();
  /** Secrets to remove, or revisions of them. */
  removedSecrets: ReadonlyArray<{ readonly id: string; readonly revision: number | null }> = [];
  /** The revision that the unit has read, by secret. */
  readonly pins: Map<string, number> = new Map();
  readonly action: ActionResult = { results: {}, failure: null, progress: [] };
  /** The answer of the first `status-get` in this hook. Later ones repeat it. */
  statusSeen: AgentUnit['status'] | null = null;
  /** Whether the tools use the messages of Juju 4. */
  readonly isJuju4: boolean;
  readonly #faults: Array<string> = [];

  /** The time, by the controller's clock. */
  readonly now: Date;
  /** Returns an id that no secret has yet. */
  readonly newSecretId: () => string;

  constructor(id: string, unit: AgentUnit, kind: HookKind, version = '3.6.8', given: Partial<ContextGiven> = {}) {
    this.id = id;
    this.now = given.now ?? new Date();
    this.newSecretId = given.newSecretId ?? secretIds();
    this.isJuju4 = Number.parseInt(version, 10) >= 4;
    this.unit = unit;
    this.kind = kind;
    this.application = applicationOf(unit.name);
    this.state = unit.state;
    // The agent forgets a unit's databag when a hook about that unit starts.
    if (kind.relation !== undefined && kind.remoteUnit !== undefined) {
      unit.relations.get(kind.relation)?.cache.delete(kind.remoteUnit);
    }
  }

  /** The relation with this number, if the agent knows it. */
  relation(number: number): ModelRelation | undefined {
    return [...this.unit.relations.keys()].find((relation) => relation.number === number);
  }

  /** The relations of an endpoint that are neither broken nor breaking. */
  relationsOf(endpoint: string): ReadonlyArray<ModelRelation> {
    return [...this.unit.relations].flatMap(([relation, known]) => {
      const breaking = known.broken || (this.kind.event === 'broken' && this.kind.relation === relation);
      return relation.seenBy(this.application).near.endpoint === endpoint && !breaking ? [relation] : [];
    });
  }

  /** The members of a relation in this hook: with the unit that joins, without the one that departs. */
  members(relation: ModelRelation): ReadonlyArray<Unit> {
    const members = new Set(this.unit.relations.get(relation)?.members.keys());
    if (this.kind.relation === relation && this.kind.remoteUnit !== undefined) {
      if (this.kind.event === 'joined') members.add(this.kind.remoteUnit);
      if (this.kind.event === 'departed') members.delete(this.kind.remoteUnit);
    }
    return [...members].sort();
  }

  own(relation: ModelRelation, bag: 'units' | 'applications'): Data {
    const drafts = bag === 'units' ? this.#ownUnit : this.#ownApplication;
    const name = bag === 'units' ? this.unit.name : this.application;
    return drafts.get(relation) ?? relation.bag(bag, name).data;
  }

  set(relation: ModelRelation, bag: 'units' | 'applications', values: Data): void {
    const after = { ...this.own(relation, bag) };
    for (const [key, value] of Object.entries(values)) {
      if (value === '') delete after[key];
      else after[key] = value;
    }
    (bag === 'units' ? this.#ownUnit : this.#ownApplication).set(relation, after);
  }

  /** A remote databag, as it was first read in this hook. A member's stays cached for longer. Undefined if it never existed. */
  remote(relation: ModelRelation, bag: 'units' | 'applications', name: string): Data | undefined {
    const cache = bag === 'units' && this.members(relation).includes(name)
      ? this.unit.relations.get(relation)?.cache
      : undefined;
    const key = `${relation.number} ${bag} ${name}`;
    const known = cache?.get(name) ?? this.#read.get(key);
    if (known !== undefined) return known;
    if (bag === 'units' && !relation.units.has(name)) return undefined;
    const { data } = relation.bag(bag, name);
    if (cache === undefined) this.#read.set(key, data);
    else cache.set(name, data);
    return data;
  }

  /** Makes the commit fail. */
  fail(why: string): void {
    this.#faults.push(why);
  }

  /**
   * Why the controller refuses the buffered changes. Null if it accepts them. Before Juju 4 it keeps databags in MongoDB: a key cannot
   * contain a NUL, and one commit must not set and delete the same key in its two spellings there.
   */
  fault(): string | null {
    if (!this.isJuju4) {
      for (const [drafts, bag, name] of this.#drafts()) {
        for (const [relation, data] of drafts) {
          const before = relation.bag(bag, name).data;
          const keys = Object.keys(data);
          if (keys.some((key) => key.includes('\0'))) return 'Document is corrupted';
          const gone = new Set(Object.keys(before).filter((key) => !Object.hasOwn(data, key)).map(inMongo));
          if (keys.some((key) => before[key] !== data[key] && gone.has(inMongo(key)))) {
            return 'ConflictingUpdateOperators';
          }
        }
      }
    }
    return this.#faults[0] ?? null;
  }

  #drafts() {
    return [
      [this.#ownUnit, 'units', this.unit.name],
      [this.#ownApplication, 'applications', this.application],
    ] as const;
  }

  /** The keys that the commit would change in databags. Values may be private keys, so they are left out. */
  changes(): ReadonlyArray<BagChange> {
    return this.#drafts().flatMap(([drafts, bag, name]) =>
      [...drafts].flatMap(([relation, after]) => {
        const before = relation.bag(bag, name).data;
        const set = Object.keys(after).filter((key) => after[key] !== before[key]).sort();
        const deleted = Object.keys(before).filter((key) => !Object.hasOwn(after, key)).sort();
        if (set.length === 0 && deleted.length === 0) return [];
        return [{ relationId: relation.idFor(this.application), bag, set, deleted }];
      })
    );
  }

  /** Commits all buffered changes. */
  commit(): void {
    for (const [drafts, bag, name] of this.#drafts()) {
      for (const [relation, data] of drafts) relation.put(bag, name, this.isJuju4 ? data : fromMongo(data));
    }
    this.unit.state = this.state;
    for (const { id, owner, label, expiry, content } of this.secrets.values()) {
      const stored = this.unit.secrets.find((secret) => secret.id === id);
      if (stored === undefined) {
        this.unit.secrets.push({
          id,
          owner,
          madeBy: this.unit.name,
          label,
          expiry,
          revisions: content === null ? [] : [content],
          pins: new Map(),
          told: new Set(),
        });
      } else {
        stored.label = label;
        stored.expiry = expiry;
        if (content !== null) stored.revisions.push(content);
      }
    }
    for (const [id, revision] of this.pins) {
      this.unit.secrets.find((secret) => secret.id === id)?.pins.set(this.unit.name, revision);
    }
    for (const { id, revision } of this.removedSecrets) {
      const at = this.unit.secrets.findIndex((secret) => secret.id === id);
      const stored = this.unit.secrets[at];
      if (stored === undefined) continue;
      if (revision !== null && revision <= stored.revisions.length) stored.revisions[revision - 1] = null;
      if (revision === null || stored.revisions.every((one) => one === null)) this.unit.secrets.splice(at, 1);
    }
  }
}
