/**
 * A requirer's own databag after a change of its requests: what still means the same keeps its bytes.
 *
 * @module
 */
import { encodeDatabagJson } from '../../databag/json.ts';
import { CERT_TYPES, type CertType } from '../../model/certificate.ts';
import { emptyMap } from '../../model/codec.ts';
import type { Databag } from '../../model/snapshot.ts';
import type { BagRequests, Sans } from '../asked.ts';
import { COLLECTIONS, REQUIRER_KEYS } from '../wire.ts';

/** What a databag should ask for. */
export interface Standing extends Pick<BagRequests, 'top' | 'collections'> {
  /** The name, towards the provider, of the request that has fields of its own. */
  readonly certificateName: string | null;
}

const sameList = (a: Sans, b: Sans): boolean => a.length === b.length && a.every((san, i) => san === b[i]);

const sameCollection = (a: ReadonlyMap<string, Sans>, b: ReadonlyMap<string, Sans>): boolean =>
  a.size === b.size &&
  [...b].every(([name, sans]) => {
    const other = a.get(name);
    return other !== undefined && (other === sans || sameList(other, sans));
  });

/** The top-level fields that differ; null for one to remove. */
const topChanges = (
  before: BagRequests['top'],
  { top, certificateName }: Standing,
): Readonly<Record<string, string | null>> => {
  const { commonName, sans, certificateName: nameKey } = REQUIRER_KEYS;
  if (top === before) return {};
  if (top === null) return { [commonName]: null, [sans]: null, [nameKey]: null };
  const isSame = before !== null && before.sans !== null && sameList(before.sans, top.sans ?? []);
  return {
    [commonName]: top.commonName,
    ...(certificateName === null ? {} : { [nameKey]: certificateName }),
    ...(isSame ? {} : { [sans]: encodeDatabagJson(top.sans ?? []) }),
  };
};

const collectionChange = (collection: ReadonlyMap<string, Sans>): string | null =>
  collection.size === 0 ? null : encodeDatabagJson(new Map([...collection].map(([name, sans]) => [name, { sans }])));

/** The databag that asks for this. Kinds that are `cleansed` are rewritten though what they ask for is the same. */
export const rewritten = (
  bag: Databag,
  before: BagRequests,
  after: Standing,
  cleansed: ReadonlySet<CertType>,
): Databag => {
  const changes = {
    ...topChanges(before.top, after),
    ...Object.fromEntries(
      CERT_TYPES
        .filter((certType) =>
          cleansed.has(certType) || !sameCollection(before.collections[certType], after.collections[certType])
        )
        .map((certType) => [COLLECTIONS[certType].requests, collectionChange(after.collections[certType])] as const),
    ),
  };
  const out = Object.assign(emptyMap<string>(), bag);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete out[key];
    else out[key] = value;
  }
  return out;
};
