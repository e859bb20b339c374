/**
 * The requests in a requirer's own databag: making and withdrawing them.
 *
 * One server request has fields of its own, the top level; all others stand in a JSON object per kind. Only what a request
 * changes in meaning is written again, so that a databag that Python wrote stays as it is, byte for byte.
 * Source: protocol-reactive.md sections 1 and 3, D9, D10, D13, D23, D28.
 *
 * @module
 */
import { encodeDatabagJson } from '../../databag/json.ts';
import { lookup } from '../../databag/lookup.ts';
import { uuidOf } from '../../digest.ts';
import { sameNames } from '../../model/same-names.ts';
import { CERT_TYPES, type CertType } from '../../model/certificate.ts';
import { emptyMap } from '../../model/codec.ts';
import type { Finding, Place } from '../../model/finding.ts';
import { munge, type RelationId, type UnitName } from '../../model/names.ts';
import type { Databag } from '../../model/snapshot.ts';
import { finding } from './findings.ts';
import type { OnRepeat, Request } from './intent.ts';
import { type Asked, type Sans, subjectOf } from '../asked.ts';
import { COLLECTIONS, REQUIRER_KEYS } from '../wire.ts';
import { unusableNames } from './unusable.ts';

/** Whether a databag asks for anything that is not withdrawn; `withdrawn` has the subjects of withdrawals. */
export const asksForSomething = ({ top, collections }: Asked, withdrawn: ReadonlySet<string>): boolean => {
  const stands = (certType: CertType, commonName: string): boolean =>
    !withdrawn.has(subjectOf({ certType, commonName }));
  if (top !== null && stands('server', top.commonName)) return true;
  return CERT_TYPES.some((certType) => [...collections[certType].keys()].some((name) => stands(certType, name)));
};

const sameList = (a: Sans, b: Sans): boolean => a.length === b.length && a.every((san, i) => san === b[i]);

const sameCollection = (a: ReadonlyMap<string, Sans>, b: ReadonlyMap<string, Sans>): boolean =>
  a.size === b.size &&
  [...b].every(([name, sans]) => {
    const other = a.get(name);
    return other !== undefined && (other === sans || sameList(other, sans));
  });

/** A databag under change: what it asked for at first, and what it asks for by now. */
class Draft {
  readonly findings: Array<Finding> = [];
  readonly #bag: Databag;
  readonly #before: Asked;
  readonly #relationId: RelationId;
  readonly #unit: UnitName;
  readonly #onRepeat: OnRepeat;
  readonly #collections: { readonly [K in CertType]: Map<string, Sans> };
  /** Kinds of which malformed entries were withdrawn: they are written anew though what they ask for is the same. */
  readonly #cleansed = new Set<CertType>();
  #top: Asked['top'];
  #certificateName: string | null;

  constructor(bag: Databag, asked: Asked, relationId: RelationId, unit: UnitName, onRepeat: OnRepeat) {
    this.#bag = bag;
    this.#before = asked;
    this.#relationId = relationId;
    this.#unit = unit;
    this.#onRepeat = onRepeat;
    this.#top = asked.top;
    this.#certificateName = lookup(bag, REQUIRER_KEYS.certificateName);
    this.#collections = {
      server: new Map(asked.collections.server),
      client: new Map(asked.collections.client),
      application: new Map(asked.collections.application),
      intermediate: new Map(asked.collections.intermediate),
    };
  }

  ask(request: Request): void {
    const { certType, commonName, sans } = request;
    if (certType === 'server' && this.#belongsOnTop(commonName)) {
      this.#askOnTop(commonName, sans, request.certificateName ?? '');
      return;
    }
    const collection = this.#collections[certType];
    const where = { key: COLLECTIONS[certType].requests, commonName };
    collection.set(commonName, this.#settle(collection.get(commonName), sans, where));
  }

  /**
   * The top level is for the first server request. A request that already stands in the collection stays there, so that its
   * certificate does; and an empty common name could not stand on top, since Juju deletes empty values (D23).
   */
  #belongsOnTop(commonName: string): boolean {
    if (commonName === '') return false;
    if (this.#top !== null) return this.#top.commonName === commonName;
    return !this.#collections.server.has(commonName);
  }

  #askOnTop(commonName: string, sans: Sans, certificateName: string): void {
    const settled = this.#settle(this.#top?.sans ?? undefined, sans, { key: REQUIRER_KEYS.sans, commonName });
    this.#top = { commonName, sans: settled, isMalformed: false };
    this.#certificateName ??= certificateName === '' ? uuidOf(`${munge(this.#unit)}/${commonName}`) : certificateName;
  }

  /**
   * The SANs that a request ends up with when it may have been made before (D9). The same names stay as they are published: writing them in
   * another order or form would start a hook on every unit of the provider, and might have the certificate issued anew (D28).
   */
  #settle(before: Sans | undefined, asked: Sans, where: { readonly key: string; readonly commonName: string }): Sans {
    if (before === undefined) return asked;
    if (sameNames(before, asked)) return before;
    const ignores = this.#onRepeat === 'ignore';
    const place: Place = { relationId: this.#relationId, unit: this.#unit, ...where };
    const otherSans = 'this name was asked for before with other SANs';
    this.findings.push(
      ignores
        ? finding('repeat-ignored', place, `${otherSans}; those of the first request stay`)
        : finding('sans-replaced', place, `${otherSans}; the new ones replace them`),
    );
    return ignores ? before : asked;
  }

  withdraw(withdrawn: ReadonlySet<string>): void {
    const isWithdrawn = (certType: CertType, commonName: string): boolean =>
      withdrawn.has(subjectOf({ certType, commonName }));
    if (this.#top !== null && isWithdrawn('server', this.#top.commonName)) {
      this.#top = null;
      this.#certificateName = null;
    }
    for (const certType of CERT_TYPES) {
      const collection = this.#collections[certType];
      for (const name of collection.keys()) if (isWithdrawn(certType, name)) collection.delete(name);
    }
    for (const { certType, commonName } of this.#before.malformed) {
      if (isWithdrawn(certType, commonName)) this.#cleansed.add(certType);
    }
  }

  /** The databag that asks for this: what means the same as before stays as it was, byte for byte. */
  bag(): Databag {
    const bag = Object.assign(emptyMap<string>(), this.#bag);
    this.#writeTop(bag);
    for (const certType of CERT_TYPES) {
      const collection = this.#collections[certType];
      const isSame = sameCollection(this.#before.collections[certType], collection);
      if (isSame && !this.#cleansed.has(certType)) continue;
      const key = COLLECTIONS[certType].requests;
      if (collection.size === 0) delete bag[key];
      else bag[key] = encodeDatabagJson(new Map([...collection].map(([name, sans]) => [name, { sans }])));
    }
    return bag;
  }

  #writeTop(bag: Record<string, string>): void {
    const [before, top] = [this.#before.top, this.#top];
    if (top === before) return;
    if (top === null) {
      for (const key of ['commonName', 'sans', 'certificateName'] as const) delete bag[REQUIRER_KEYS[key]];
      return;
    }
    bag[REQUIRER_KEYS.commonName] = top.commonName;
    if (this.#certificateName !== null) bag[REQUIRER_KEYS.certificateName] = this.#certificateName;
    const isSame = before !== null && before.sans !== null && sameList(before.sans, top.sans ?? []);
    if (!isSame) bag[REQUIRER_KEYS.sans] = encodeDatabagJson(top.sans ?? []);
  }

  commonName(): string | null {
    return this.#top?.commonName ?? null;
  }

  /** Whether anything is asked for by now. */
  asks(): boolean {
    return this.#top !== null || CERT_TYPES.some((certType) => this.#collections[certType].size > 0);
  }

  /** What is wrong with the names that are asked for in the end. */
  unusable(): ReadonlyArray<Finding> {
    const about = (commonName: string, sans: Sans, key: string): ReadonlyArray<Finding> =>
      unusableNames(commonName, sans, { relationId: this.#relationId, unit: this.#unit, key, commonName });
    const top = this.#top;
    return [
      ...(top === null ? [] : about(top.commonName, top.sans ?? [], REQUIRER_KEYS.commonName)),
      ...CERT_TYPES.flatMap((certType) =>
        [...this.#collections[certType]].flatMap(([name, sans]) => about(name, sans, COLLECTIONS[certType].requests))
      ),
    ];
  }
}

/** A databag after the charm's wishes, with the common name that now stands on top. */
export interface AskedAnew {
  readonly bag: Databag;
  readonly topCommonName: string | null;
  /** Whether the databag asks for anything; then it says who asks, too (D30). */
  readonly asks: boolean;
  readonly findings: ReadonlyArray<Finding>;
}

/** What is wanted of one relation. */
export interface Wanted {
  readonly requests: ReadonlyArray<Request>;
  /** The subjects of withdrawals. */
  readonly withdrawn: ReadonlySet<string>;
  readonly onRepeat: OnRepeat;
}

/** Withdraws from one relation what is no longer wanted, and then asks it for what is. */
export const ask = (
  bag: Databag,
  asked: Asked,
  relationId: RelationId,
  unit: UnitName,
  { requests, withdrawn, onRepeat }: Wanted,
): AskedAnew => {
  const draft = new Draft(bag, asked, relationId, unit, onRepeat);
  draft.withdraw(withdrawn);
  for (const request of requests) draft.ask(request);
  const findings = [...draft.findings, ...draft.unusable()];
  return { bag: draft.bag(), topCommonName: draft.commonName(), asks: draft.asks(), findings };
};
