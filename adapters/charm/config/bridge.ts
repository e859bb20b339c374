/**
 * The configuration of a bridge: a charm between requirers on one endpoint and a provider on another that speak different protocols.
 *
 * This room loads no X.509, since every configuration is read here. Source: docs/bridge.md.
 *
 * @module
 */
import {
  type Decoder,
  named,
  numberIn,
  object,
  omittable,
  oneOf,
  optional,
  required,
  trueOrFalse,
} from '../../../core/model/codec.ts';
import type { AsJson } from '../../../core/model/schema.ts';
import { KEY_KINDS, type KeyKind } from '../../../core/keyring/key-kind.ts';
import { Endpoint, status } from './fields.ts';
import { trust, type TrustDocument, type TrustEndpoint } from './trust.ts';

/** The side of a charm that passes requests on. */
export const BRIDGE = 'bridge';

/** A charm that passes the requests of one endpoint on to another. */
export interface BridgeConfiguration {
  readonly side: typeof BRIDGE;
  /** The endpoint on which requirers ask. */
  readonly below: string;
  /** The endpoint on which a provider answers. */
  readonly above: string;
  /** The kind of key that is made for a request by name. */
  readonly keys: KeyKind;
  /** The part of a certificate's life after which it is renewed. */
  readonly renewAfter?: number;
  /** Whether requirers by name get a client certificate that they share. */
  readonly sharedClient: boolean;
  /** Endpoints for trust, in addition to certificates. */
  readonly trust?: ReadonlyArray<TrustEndpoint>;
  /** Whether the unit's status is set. */
  readonly status: boolean;
}

/** A bridge's configuration as JSON. */
export type BridgeDocument = AsJson<BridgeConfiguration, 'keys' | 'sharedClient' | 'status', {
  readonly trust?: ReadonlyArray<TrustDocument> | null;
}>;

/** Decodes the configuration of a bridge. */
export const Bridge: Decoder<BridgeConfiguration, BridgeDocument> = named(
  'BridgeConfiguration',
  'A charm that passes the requests of one endpoint on to another, so that requirers and a provider of different protocols understand each other.',
  object<BridgeConfiguration, BridgeDocument>('closed', {
    side: required(oneOf(BRIDGE)),
    below: required(Endpoint, 'The endpoint on which requirers ask, as in metadata.yaml under provides.'),
    above: required(Endpoint, 'The endpoint on which a provider answers, as in metadata.yaml under requires.'),
    keys: optional(oneOf<KeyKind>(...KEY_KINDS), 'RSA-2048', 'The kind of key that is made for each request by name.'),
    renewAfter: omittable(
      numberIn('a number above 0.5 and up to 1', { above: 0.5, upTo: 1 }),
      "The part of a certificate's life after which it is renewed; 0.9 unless said otherwise.",
    ),
    sharedClient: optional(
      trueOrFalse,
      false,
      'Whether requirers by name are given a client certificate that they share, which some charms wait for.',
    ),
    trust,
    status,
  }),
);
