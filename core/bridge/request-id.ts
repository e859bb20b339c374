/**
 * What makes two requests from below the same one: who asks, for which kind, under which common name. The alternative names do not count,
 * so that a request keeps its key and its place when they change.
 *
 * @module
 */
import { digestOf } from '../digest.ts';
import type { CertType } from '../model/certificate.ts';
import type { RelationId, UnitName } from '../model/names.ts';

/** A request by name. */
export interface RequestId {
  /** Null for the client certificate that all requirers share. */
  readonly relationId: RelationId | null;
  /** Null for a certificate that all units of the relation share. */
  readonly unit: UnitName | null;
  /** The kind that is asked for. */
  readonly certType: CertType;
  /** Empty for an application's certificate: its units may ask for it by several names. */
  readonly commonName: string;
}

/** A request as a name for its key, which a keeper of secrets takes for a label. It tells nothing of the request. */
export type KeyLabel = string & { readonly keyLabel: unique symbol };

/**
 * The label of a request's key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { labelOf } from 'interface-tls-certificates/bridge';
 * const id = { relationId: null, unit: null, certType: 'client', commonName: 'client' } as const;
 * assert.match(labelOf(id), /^bridge-[0-9a-f]{32}$/);
 * ```
 */
export const labelOf = ({ relationId, unit, certType, commonName }: RequestId): KeyLabel =>
  // The one place where a label comes from.
  `bridge-${digestOf([JSON.stringify([relationId, unit, certType, commonName])]).slice(0, 32)}` as KeyLabel;

/** The client certificate that all requirers share. */
export const SHARED_CLIENT: RequestId = { relationId: null, unit: null, certType: 'client', commonName: 'client' };
