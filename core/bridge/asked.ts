/**
 * What is requested below: the requests by name, without repeats and each with the content of its certificate request, and the certificate
 * requests to pass on.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { AnyProvidedRequest, AnyProvidesRequest, AnyProvidesView } from '../any/provides/view.ts';
import { contentKey, contentOf } from '../csr/content.ts';
import type { Goal } from '../csr/requires/wanted.ts';
import type { Finding, Place } from '../model/finding.ts';
import type { RelationId } from '../model/names.ts';
import { byCodePoint } from '../model/order.ts';
import { type KeyLabel, labelOf, type RequestId, SHARED_CLIENT } from './request-id.ts';

/** A request by name. */
export interface ByName {
  readonly id: RequestId;
  readonly label: KeyLabel;
  /** The content of its certificate request, or why none can express it. */
  readonly goal: E.Either<ReadonlyArray<string>, Goal>;
  /** The request that is answered; for an application, one stands for all. Null for the shared client certificate. */
  readonly request: AnyProvidesRequest | null;
  readonly place: Place;
}

/** Everything that is requested. */
export interface AskedBelow {
  readonly byName: ReadonlyArray<ByName>;
  readonly byCsr: ReadonlyArray<AnyProvidedRequest>;
  /** Whether a request by this requirer is unreadable, or possibly not visible yet: then it is not withdrawn. */
  readonly isHeld: (asker: Asker) => boolean;
  /** Whether one of the requirer's databags is malformed: then none of its requests are withdrawn, whatever else it asks for. */
  readonly isMalformed: (asker: Asker) => boolean;
}

/** The requirer; without a unit, all units of a relation together. */
export type Asker = Pick<RequestId, 'relationId' | 'unit'>;

const goalOf = (
  { certType }: RequestId,
  commonName: string,
  sans: ReadonlyArray<string>,
): ByName['goal'] =>
  E.map((content: Goal['content']): Goal => ({
    certType,
    bag: 'application',
    isCa: certType === 'intermediate',
    content,
    contentKey: contentKey(content),
  }))(contentOf({ commonName, sans, uniqueIdentifier: true }));

const asked = (id: RequestId, commonName: string, request: AnyProvidesRequest | null): ByName => ({
  id,
  label: labelOf(id),
  goal: goalOf(id, commonName, request?.sans ?? []),
  request,
  place: request === null ? {} : { relationId: request.relationId, unit: request.unit, commonName },
});

/** The requests of each unit, and one for all units of an application, named after the first of all names that they request. */
const requestsIn = ({ allRequests }: Pick<AnyProvidesView, 'allRequests'>): ReadonlyArray<ByName> => {
  const all = new Map<KeyLabel, ByName>();
  const shared = new Map<RelationId, AnyProvidesRequest>();
  for (const request of allRequests) {
    const { relationId, unit, certType, commonName } = request;
    if (certType === 'application') {
      const before = shared.get(relationId);
      if (before === undefined || byCodePoint(commonName, before.commonName) < 0) shared.set(relationId, request);
    } else {
      const one = asked({ relationId, unit, certType, commonName }, commonName, request);
      if (!all.has(one.label)) all.set(one.label, one);
    }
  }
  for (const [relationId, request] of shared) {
    const one = asked({ relationId, unit: null, certType: 'application', commonName: '' }, request.commonName, request);
    all.set(one.label, one);
  }
  return [...all.values()];
};

const addressOf = ({ relationId, unit }: Asker): string => JSON.stringify([relationId, unit]);

const MALFORMED: ReadonlySet<string> = new Set(['malformed-value', 'malformed-entry']);

/** Requirers with something unreadable; if it is a unit's, what all units of its relation share is unknown too. */
const malformedIn = (findings: ReadonlyArray<Finding>): AskedBelow['isMalformed'] => {
  const held = new Set(
    findings.filter(({ code }) => MALFORMED.has(code)).flatMap(({ place: { relationId = null, unit = null } }) => [
      addressOf({ relationId, unit }),
      addressOf({ relationId, unit: null }),
    ]),
  );
  return (asker) => (asker.relationId === null ? held.size > 0 : held.has(addressOf(asker)));
};

/**
 * Reads what is requested; `sharedClient` is whether requirers by name also share a client certificate, `isUnseen` whether a relation may
 * have units that have not been seen yet.
 */
export const askedBelow = (
  { view, findings }: { readonly view: AnyProvidesView; readonly findings: ReadonlyArray<Finding> },
  sharedClient: boolean,
  isUnseen: (relationId: RelationId | null) => boolean,
): AskedBelow => {
  const byName = requestsIn(view);
  const isMalformed = malformedIn(findings);
  return {
    byName: sharedClient && byName.length > 0
      ? [...byName, asked(SHARED_CLIENT, SHARED_CLIENT.commonName, null)]
      : byName,
    byCsr: view.requests,
    isHeld: (asker) => isMalformed(asker) || isUnseen(asker.relationId),
    isMalformed,
  };
};
