/**
 * What to publish on one relation: version 1 in the application databag, which the leader writes, and version 0 in the unit databag, for a
 * requirer that does not read version 1.
 *
 * Source: docs/certificate-transfer.md, The provider.
 *
 * @module
 */
import { encodeDatabagJson } from '../../databag/json.ts';
import { lookup } from '../../databag/lookup.ts';
import { byCodePoint } from '../../model/order.ts';
import type { Databag } from '../../model/snapshot.ts';
import { readPublished } from '../published.ts';
import type { TrustRelation } from '../relations.ts';
import type { ReadText, TrustedCertificate } from '../texts.ts';
import { APPLICATION_KEYS, UNIT_KEYS, VERSION_0, VERSION_1 } from '../wire.ts';

/** Whether what is published means exactly these certificates, whatever the text. */
const isSame = (
  { relation: { id, localApplicationData } }: TrustRelation,
  certificates: ReadonlyArray<TrustedCertificate>,
  read: ReadText,
): boolean => {
  const raw = lookup(localApplicationData, APPLICATION_KEYS.certificates);
  if (raw === null) return false;
  const published = readPublished({ relationId: id, application: localApplicationData, units: [] }, read);
  const digests = new Set(published.certificates.map(({ sha256 }) => sha256));
  return published.findings.length === 0 && digests.size === certificates.length &&
    certificates.every(({ sha256 }) => digests.has(sha256));
};

/** The application databag. An empty list is published only to replace another list. */
export const applicationBag = (
  on: TrustRelation,
  certificates: ReadonlyArray<TrustedCertificate>,
  read: ReadText,
): Databag => {
  const before = on.relation.localApplicationData;
  const raw = lookup(before, APPLICATION_KEYS.certificates);
  if (certificates.length === 0 && raw === null) return before;
  const pems = certificates.map(({ pem }) => pem).sort(byCodePoint);
  return {
    ...before,
    [APPLICATION_KEYS.certificates]: raw !== null && isSame(on, certificates, read) ? raw : encodeDatabagJson(pems),
    [APPLICATION_KEYS.version]: VERSION_1,
  };
};

const NO_VERSION_0: Databag = Object.fromEntries(Object.values(UNIT_KEYS).map((key) => [key, '']));

/** The unit databag without version 0. */
export const withoutVersion0 = (before: Databag): Databag => ({ ...before, ...NO_VERSION_0 });

/** The unit databag in version 0, as the library of version 0 writes it: the first certificate as text, the list as JSON. */
export const withVersion0 = (before: Databag, certificates: ReadonlyArray<TrustedCertificate>): Databag => {
  const [first] = certificates;
  if (first === undefined) return withoutVersion0(before);
  return {
    ...before,
    [UNIT_KEYS.certificate]: first.pem,
    [UNIT_KEYS.ca]: first.pem,
    [UNIT_KEYS.chain]: encodeDatabagJson(certificates.map(({ pem }) => pem)),
    [UNIT_KEYS.version]: VERSION_0,
  };
};
