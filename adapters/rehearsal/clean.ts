/**
 * Cleans texts that charms write: removes private keys, and whatever differs from one run to the next.
 *
 * @module
 */
import { hiderOf } from '../redact.ts';
import type { Juju } from './juju/juju.ts';

/** Times as programs write them: to the minute or the second, or in seconds since 1970. */
const TIMES = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?UTC|Z|[+-]\d\d:\d\d)?|\b1[789]\d{8}\b/g;

/** Cleans the texts of a rehearsal. */
export class Cleaner {
  readonly #juju: Juju;
  readonly #rootOf: (unit: string) => string;
  #keys: ReadonlyArray<string> = [];
  #hide: (text: string) => string = (text) => text;

  constructor(juju: Juju, rootOf: (unit: string) => string) {
    this.#juju = juju;
    this.#rootOf = rootOf;
  }

  /** All values in databags, secrets and states that contain a private key. */
  #keysNow(): ReadonlyArray<string> {
    const published = this.#juju.relations.flatMap((relation) =>
      [...relation.units.values(), ...relation.applications.values()].flatMap(({ data }) => Object.values(data))
    );
    const kept = this.#juju.applications.flatMap(({ secrets, units }) => [
      ...secrets.flatMap(({ revisions }) => revisions.flatMap((one) => Object.values(one ?? {}))),
      ...units.flatMap(({ state }) => Object.values(state)),
    ]);
    return [...new Set([...published, ...kept].filter((value) => value.includes('PRIVATE KEY')))];
  }

  /** Returns the text in a form that can be shown. */
  readonly clean = (text: string): string => {
    const keys = this.#keysNow();
    if (keys.length !== this.#keys.length || keys.some((key, i) => key !== this.#keys[i])) {
      this.#keys = keys;
      this.#hide = hiderOf(keys);
    }
    const units = this.#juju.applications.flatMap((application) => application.units.map(({ name }) => name));
    const without = units.reduce((line, unit) => line.replaceAll(this.#rootOf(unit), ''), this.#hide(text));
    return without.replaceAll(this.#juju.folder, '<juju>').replace(TIMES, '<time>');
  };
}
