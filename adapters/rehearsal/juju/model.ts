/**
 * What a Juju controller knows: applications, units, relations and their databags. Tests read and change it directly.
 *
 * @module
 */

/** The name of a unit, e.g. `web/0`. */
export type Unit = string;

/** The content of a databag, and how often it changed. */
export interface PublishedBag {
  data: Readonly<Record<string, string>>;
  version: number;
}

/** One end of a relation. */
export interface End {
  readonly application: string;
  readonly endpoint: string;
}

/** A secret as the controller keeps it. */
export interface StoredSecret {
  readonly id: string;
  readonly owner: string;
  /** The unit that made it. All units can read a secret of their application. Only the unit itself can read its own. */
  readonly madeBy: Unit;
  label: string;
  /** When it expires, in RFC 3339 and UTC. Null if it never does. */
  expiry: string | null;
  /** The content of each revision, the first one at index 0. Null if the revision was removed. */
  readonly revisions: Array<Readonly<Record<string, string>> | null>;
  /** The revision that each unit reads until it refreshes. */
  readonly pins: Map<Unit, number>;
  /** The events that already have a hook in the queue. */
  readonly told: Set<string>;
}

/** A relation between two applications. */
export class ModelRelation {
  readonly number: number;
  readonly ends: readonly [provider: End, requirer: End];
  /** Whether the requirer is in another model. The provider then sees it under an anonymous name. */
  readonly crossModel: boolean;
  readonly units: Map<Unit, PublishedBag> = new Map();
  readonly applications: Map<string, PublishedBag> = new Map();
  /** The units that have entered the relation and not left it. */
  readonly inScope: Set<Unit> = new Set();
  dying = false;
  /** Whether the controller has removed it. Agents may still list it. */
  gone = false;

  constructor(number: number, ends: readonly [End, End], crossModel: boolean) {
    this.number = number;
    this.ends = ends;
    this.crossModel = crossModel;
  }

  /** The end of an application, and the other one. */
  seenBy(application: string): { readonly near: End; readonly far: End } {
    const [a, b] = this.ends;
    return a.application === application ? { near: a, far: b } : { near: b, far: a };
  }

  has(application: string): boolean {
    return this.ends.some((end) => end.application === application);
  }

  /** How an application sees a name on the other end: that of a unit or of an application. */
  nameFor(viewer: string, name: string): string {
    return this.crossModel && viewer === this.ends[0].application ? name.replace(/^[^/]+/, ANONYMOUS) : name;
  }

  /** The real name behind a name that an application sees. */
  nameFrom(viewer: string, name: string): string {
    return this.crossModel && viewer === this.ends[0].application
      ? name.replace(/^[^/]+/, (shown) => (shown === ANONYMOUS ? this.ends[1].application : shown))
      : name;
  }

  idFor(application: string): string {
    return `${this.seenBy(application).near.endpoint}:${this.number}`;
  }

  bag(of: 'units' | 'applications', name: string): PublishedBag {
    const known = this[of].get(name);
    if (known !== undefined) return known;
    const bag = { data: {}, version: 0 };
    this[of].set(name, bag);
    return bag;
  }

  /** Replaces the content of a databag. Equal content makes no new version. */
  put(of: 'units' | 'applications', name: string, data: Readonly<Record<string, string>>): void {
    const bag = this.bag(of, name);
    const sorted = (o: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(o).sort());
    if (sorted(bag.data) === sorted(data)) return;
    bag.data = data;
    bag.version++;
  }
}

const ANONYMOUS = 'remote-0123456789abcdef0123456789abcdef';

/** The application in a unit's name. */
export const applicationOf = (unit: Unit): string => unit.replace(/\/[^/]*$/, '');

/** JSON as Go writes it: with sorted keys, and with `<`, `>`, `&`, U+2028 and U+2029 escaped. */
export const goJson = (value: unknown): string => {
  const sorted = (v: unknown): unknown =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, w]) => [k, sorted(w)]))
      : v;
  return JSON.stringify(sorted(value)).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
};
