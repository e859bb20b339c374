/**
 * What the actions of a bridge do: they list the requests with their results, and replace private keys.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { BridgedRequest, BridgeKey } from '../../../core/bridge/mod.ts';
import type { RelationId } from '../../../core/model/names.ts';
import type { Snapshot } from '../../../core/model/snapshot.ts';
import type { BridgeParameters, DeniedParameters, OnRelation } from './declared.ts';
import { listed } from './listed.ts';
import type { ActionAnswer, Requested } from './requested.ts';

/** An action of a bridge. */
export type BridgeAction = Requested<BridgeParameters>;

const numberOf = (id: RelationId): number => Number(id.slice(id.lastIndexOf(':') + 1));

const isOn = ({ 'relation-id': number }: OnRelation, id: RelationId | null): boolean =>
  number === undefined || (id !== null && numberOf(id) === number);

/** The requests in the form that people and programs get. */
export const requestsListed = (
  requests: ReadonlyArray<BridgedRequest>,
  { relations }: Snapshot,
  parameters: OnRelation,
): ActionAnswer =>
  E.right(listed(
    'requests',
    requests.filter(({ relationId }) => isOn(parameters, relationId)).map((one) => ({
      relation_id: one.relationId === null ? null : numberOf(one.relationId),
      application: relations.find(({ id }) => id === one.relationId)?.remoteApplication ?? null,
      unit: one.unit,
      cert_type: one.certType,
      common_name: one.commonName,
      passed_on: one.isPassedOn,
      state: one.state,
      reason: one.why,
      not_after: one.notAfter,
    })),
  ));

/** One key for each request whose key will be replaced. */
export const keysToRotate = (
  keys: ReadonlyArray<BridgeKey>,
  { 'common-name': name, ...on }: DeniedParameters,
): ReadonlyArray<BridgeKey> => {
  const byLabel = new Map(keys.map((key) => [key.label, key]));
  return [...byLabel.values()].filter(({ request }) =>
    isOn(on, request.relationId) && (name === undefined || request.commonName === name)
  );
};

/** What replacing keys returns. */
export const rotated = (keys: ReadonlyArray<BridgeKey>): ActionAnswer =>
  keys.length === 0
    ? E.left('there is no request by name that has all of what is named')
    : E.right({ rotated: String(keys.length) });
