/**
 * The quota of one unit on the CSR side. A renewal is requested beside the certificate that it renews, so two CSRs with the same content
 * count as one. The number of refusals for a unit is limited as well, since they are in the databag too.
 *
 * @module
 */
import type { ProvidedRequest } from '../../csr/provides/view.ts';
import type { Quota } from '../policy.ts';
import { beyondQuota } from '../quota.ts';

/** A certificate that a unit may have: one CSR, or two with the same content. */
interface Slot {
  readonly relationId: string;
  readonly unit: string | null;
  readonly requests: Array<ProvidedRequest>;
}

/** CSRs with the same content that count as one: that of the certificate, and that of its renewal. */
const PER_SLOT = 2;

const slotsOf = (requests: ReadonlyArray<ProvidedRequest>): ReadonlyArray<Slot> => {
  const slots: Array<Slot> = [];
  const open = new Map<string, Slot>();
  for (const request of requests) {
    const { relationId, unit, isCa, commonName, sans } = request;
    const key = JSON.stringify([relationId, unit, isCa, commonName, sans]);
    const before = open.get(key);
    if (before !== undefined && before.requests.length < PER_SLOT) {
      before.requests.push(request);
      continue;
    }
    const slot = { relationId, unit, requests: [request] };
    open.set(key, slot);
    slots.push(slot);
  }
  return slots;
};

/** The requests beyond their unit's quota, each with how many certificates its unit requests. */
export const beyondCsrQuota = (
  quota: Quota,
  requests: ReadonlyArray<ProvidedRequest>,
): ReadonlyMap<ProvidedRequest, number> => {
  const slots = slotsOf(requests);
  const beyond = beyondQuota(quota, slots, (slot) => slot.requests.some(({ state }) => state === 'answered'));
  const asked = new Map<string, number>();
  const unitOf = ({ relationId, unit }: Slot): string => JSON.stringify([relationId, unit]);
  for (const [slot, count] of beyond.told) asked.set(unitOf(slot), count);
  return new Map(
    [...beyond.requests].flatMap((slot) =>
      slot.requests.map((request) => [request, asked.get(unitOf(slot)) ?? 0] as const)
    ),
  );
};

/** Tells whether a refusal may still be published: no unit gets more refusals than it may have certificates. */
export const tellingWithin = ({ requestsPerUnit }: Quota): (request: ProvidedRequest) => boolean => {
  const told = new Map<string, number>();
  return ({ relationId, unit }) => {
    const key = JSON.stringify([relationId, unit]);
    const count = (told.get(key) ?? 0) + 1;
    told.set(key, count);
    return count <= requestsPerUnit;
  };
};
