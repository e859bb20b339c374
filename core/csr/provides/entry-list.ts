/**
 * A list of entries in the provider's own databag, under change. Each entry is about one CSR; what stays keeps its order and its text, byte
 * for byte, and what cannot be read goes.
 *
 * @module
 */
import type { EntryFault } from '../../databag/entries.ts';
import { elementTexts, listOfTexts } from '../../databag/in-order.ts';
import type { Read } from '../published.ts';
import type { KnownCsr, NormalPem } from '../texts.ts';

/** What an entry is about. */
export interface AboutCsr {
  readonly csr: KnownCsr;
}

interface Standing<A> {
  readonly value: A;
  /** The JSON text that publishes it. */
  readonly text: string;
}

/** The entries of one key, under change. */
export class EntryList<A extends AboutCsr> {
  /** What is wrong with the value as it was published. */
  readonly faults: ReadonlyArray<EntryFault<number>>;
  readonly #raw: string | null;
  readonly #isBroken: boolean;
  /** In order; null where one was taken away. */
  readonly #standing: Array<Standing<A> | null> = [];
  readonly #places = new Map<NormalPem, Array<number>>();
  #isChanged: boolean;

  constructor(raw: string | null, { entries, faults, slips }: Read<A>) {
    this.#raw = raw;
    this.#isBroken = faults.some(({ at }) => at === null);
    this.#isChanged = faults.some(({ at }) => at !== null);
    this.faults = [...faults, ...slips];
    const texts = raw === null || entries.length === 0 ? [] : elementTexts(raw);
    for (const { at, value } of entries) this.#put(value, texts[at] ?? '');
  }

  /** The entries about a CSR. */
  about(csr: NormalPem): ReadonlyArray<A> {
    return this.#at(csr).map(({ standing }) => standing.value);
  }

  /** The CSRs that there are entries about, each once. */
  csrs(): ReadonlyArray<NormalPem> {
    return [...this.#places.keys()];
  }

  /** Puts an entry at the end in place of those about the same CSR; where one of them means the same, that one stays alone. */
  replace(value: A, text: string, isSame: (before: A) => boolean): void {
    const before = this.#at(value.csr.pem);
    const same = before.find(({ standing }) => isSame(standing.value));
    if (same !== undefined && before.length === 1) return;
    this.#isChanged = true;
    for (const { place } of before) if (place !== same?.place) this.#standing[place] = null;
    if (same === undefined) {
      this.#places.delete(value.csr.pem);
      this.#put(value, text);
    } else {
      this.#places.set(value.csr.pem, [same.place]);
    }
  }

  /** Takes the entries about a CSR away; says whether there were any. */
  remove(csr: NormalPem): boolean {
    const before = this.#at(csr);
    for (const { place } of before) this.#standing[place] = null;
    this.#places.delete(csr);
    this.#isChanged ||= before.length > 0;
    return before.length > 0;
  }

  /** Changes the entries about a CSR where they stand; null leaves one as it is. Says whether there were any. */
  change(csr: NormalPem, changed: (value: A, text: string) => readonly [value: A, text: string] | null): boolean {
    const before = this.#at(csr);
    for (const { place, standing } of before) {
      const after = changed(standing.value, standing.text);
      if (after === null) continue;
      this.#standing[place] = { value: after[0], text: after[1] };
      this.#isChanged = true;
    }
    return before.length > 0;
  }

  /** Whether the value is no list, and stays so since there is nothing to write. */
  get staysBroken(): boolean {
    return this.#isBroken && !this.#isChanged;
  }

  /** What publishes this; empty: nothing does. */
  value(): string {
    if (!this.#isChanged) return this.#raw ?? '';
    return listOfTexts(this.#standing.flatMap((standing) => (standing === null ? [] : [standing.text])));
  }

  #put(value: A, text: string): void {
    const places = this.#places.get(value.csr.pem);
    if (places === undefined) this.#places.set(value.csr.pem, [this.#standing.length]);
    else places.push(this.#standing.length);
    this.#standing.push({ value, text });
  }

  #at(csr: NormalPem): ReadonlyArray<{ readonly place: number; readonly standing: Standing<A> }> {
    return (this.#places.get(csr) ?? []).flatMap((place) => {
      const standing = this.#standing[place] ?? null;
      return standing === null ? [] : [{ place, standing }];
    });
  }
}
