/**
 * What a Juju controller knows: applications, units, relations and what is published on them. Tests read and change it directly.
 *
 * @module
 */

/** The name of a unit, e.g. `web/0`. */
export type Unit = string;

/** What is published, and how often it was changed. */
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
  /** The unit that made it: a secret that an application owns can be read by all its units, others by their unit alone. */
  readonly madeBy: Unit;
  label: string;
  /** RFC 3339 in UTC; null: it never expires. */
  expiry: string | null;
  /** Its content by revision, the first at 0; null where that revision was removed. */
  readonly revisions: Array<Readonly<Record<string, string>> | null>;
  /** The revision that a unit goes on reading until it refreshes. */
  readonly pins: Map<Unit, number>;
  /** What hooks have been queued for already. */
  readonly told: Set<string>;
}

/** A relation between two applications. */
export class ModelRelation {
  readonly number: number;
  readonly ends: readonly [provider: End, requirer: End];
  /** Whether the requirer is in another model: the provider sees it under an anonymous name then. */
  readonly crossModel: boolean;
  readonly units: Map<Unit, PublishedBag> = new Map();
  readonly applications: Map<string, PublishedBag> = new Map();
  /** The units that have entered and not left. */
  readonly inScope: Set<Unit> = new Set();
  dying = false;
  /** Removed from the controller, while agents still list it. */
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

  /** A name on the other end as an application sees it, a unit's or an application's. */
  nameFor(viewer: string, name: string): string {
    return this.crossModel && viewer === this.ends[0].application ? name.replace(/^[^/]+/, ANONYMOUS) : name;
  }

  /** The name behind what an application sees. */
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

  /** Replaces a bag; equal content makes no new version. */
  put(of: 'units' | 'applications', name: string, data: Readonly<Record<string, string>>): void {
    const bag = this.bag(of, name);
    const sorted = (o: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(o).sort());
    if (sorted(bag.data) === sorted(data)) return;
    bag.data = data;
    bag.version++;
  }
}

const ANONYMOUS = 'remote-0123456789abcdef0123456789abcdef';

/** The application's part of a unit's name. */
export const applicationOf = (unit: Unit): string => unit.replace(/\/[^/]*$/, '');

/** JSON as Go writes it: keys sorted, and `<`, `>`, `&` and two line separators escaped. */
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
