/**
 * What identifies a request from below: who asks, for which kind, under which common name. SANs do not count, so a request keeps its key
 * and its place when they change.
 *
 * @module
 */
import { digestOf } from '../digest.ts';
import { CERT_TYPES, type CertType } from '../model/certificate.ts';
import { type Decoder, object, oneOf, optional, required, text } from '../model/codec.ts';
import { RelationId, UnitName } from '../model/names.ts';
import type { AsJson } from '../model/schema.ts';

/** A request by name. */
export interface RequestId {
  /** Null for the shared client certificate. */
  readonly relationId: RelationId | null;
  /** Null for a certificate that all units of the relation share. */
  readonly unit: UnitName | null;
  /** The kind that is asked for. */
  readonly certType: CertType;
  /** Empty for an application certificate, for which the units may ask by several names. */
  readonly commonName: string;
}

/** Decodes a request by name, as it is kept with its key. */
export const RequestId: Decoder<RequestId, AsJson<RequestId, 'relationId' | 'unit'>> = object<
  RequestId,
  AsJson<RequestId, 'relationId' | 'unit'>
>('closed', {
  relationId: optional<RelationId | null, string>(RelationId, null),
  unit: optional<UnitName | null, string>(UnitName, null),
  certType: required(oneOf(...CERT_TYPES)),
  commonName: required(text()),
});

/** A request as the name of its key, which a keeper of secrets uses as label. It reveals nothing about the request. */
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
  // Only this function makes a label.
  `bridge-${digestOf([JSON.stringify([relationId, unit, certType, commonName])]).slice(0, 32)}` as KeyLabel;

/** The shared client certificate. */
export const SHARED_CLIENT: RequestId = { relationId: null, unit: null, certType: 'client', commonName: 'client' };
