/**
 * The keys that Juju itself puts into the databag of every unit.
 *
 * Source: docs/hook-environment.md section 2.4.
 *
 * @module
 */
import type { Databag } from '../../../core/model/snapshot.ts';

/** Juju's keys for a unit with this address. Juju 4 no longer has `private-address`. */
export const jujuKeys = (version: string, address: string): Databag => ({
  'egress-subnets': `${address}/32`,
  'ingress-address': address,
  ...(Number.parseInt(version, 10) >= 4 ? {} : { 'private-address': address }),
});

/** A databag without Juju's keys. */
export const withoutJujuKeys = (data: Databag): Databag => {
  const { 'egress-subnets': _e, 'ingress-address': _i, 'private-address': _p, ...own } = data;
  return own;
};
