/**
 * Answers of hook tools that are more than a list or a flat map: addresses, the status, and what is known about secrets.
 *
 * Source: docs/hook-environment.md sections 2.10 and 2.11.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import {
  type Decoder,
  decoder,
  listOf,
  mapOf,
  numberIn,
  object,
  omittable,
  optional,
  required,
  text,
} from '../../core/model/codec.ts';

/** A unit's addresses on an endpoint. */
export interface NetworkInfo {
  /** Where others reach the unit; may have host names. */
  readonly ingressAddresses: ReadonlyArray<string>;
  /** Where the unit listens. */
  readonly bindAddresses: ReadonlyArray<string>;
  /** In CIDR notation. */
  readonly egressSubnets: ReadonlyArray<string>;
}

/** What a unit says about itself, as Juju reports it. */
export interface StatusInfo {
  /** One that a charm can set, or one of Juju's own such as `unknown`. */
  readonly status: string;
  /** For people. */
  readonly message: string;
}

/** What Juju knows about a secret. */
export interface SecretInfo {
  /** Without the prefix `secret:`. */
  readonly id: string;
  /** The charm's name for it. */
  readonly label: string;
  /** The latest revision, counted from 1. */
  readonly revision: number;
}

/** Decodes the output of `status-get` with the data, which are left alone. */
export const StatusInfo: Decoder<StatusInfo> = object<StatusInfo>('open', {
  status: required(text()),
  message: optional(text(), ''),
});

/** Any value. */
export const anything: Decoder<unknown> = decoder('a value', { kind: 'anything' }, (u) => t.success(u));

const number: Decoder<number> = numberIn('a number', {});

/** A decoder whose result is converted into something else. */
const mapped = <A, B>(inner: Decoder<A, never>, f: (a: A) => B): Decoder<B> =>
  decoder(inner.name, inner.schema, (u, c) => E.map(f)(inner.validate(u, c)));

interface Address {
  readonly value: string;
  /** Its name in Juju before 2.9. */
  readonly address: string;
}

interface RawNetwork {
  readonly 'bind-addresses': ReadonlyArray<{ readonly addresses: ReadonlyArray<Address> }>;
  readonly 'egress-subnets': ReadonlyArray<string>;
  readonly 'ingress-addresses': ReadonlyArray<string>;
}

/** Decodes the output of `network-get`; missing parts become empty. */
export const NetworkInfo: Decoder<NetworkInfo> = mapped(
  object<RawNetwork>('open', {
    'bind-addresses': optional(
      listOf(object<RawNetwork['bind-addresses'][number]>('open', {
        addresses: optional(
          listOf(object<Address>('open', { value: optional(text(), ''), address: optional(text(), '') })),
          [],
        ),
      })),
      [],
    ),
    'egress-subnets': optional(listOf(text()), []),
    'ingress-addresses': optional(listOf(text()), []),
  }),
  (raw) => ({
    ingressAddresses: raw['ingress-addresses'],
    bindAddresses: raw['bind-addresses'].flatMap(({ addresses }) =>
      addresses.map(({ value, address }) => value || address).filter((one) => one !== '')
    ),
    egressSubnets: raw['egress-subnets'],
  }),
);

/** Decodes the output of `secret-info-get`: a map with one entry, by the secret's id. */
export const SecretInfos: Decoder<ReadonlyArray<SecretInfo>> = mapped(
  mapOf(object<{ readonly label?: string; readonly revision?: number }>('open', {
    label: omittable(text()),
    revision: omittable(number),
  })),
  (infos) => Object.entries(infos).map(([id, { label = '', revision = 1 }]) => ({ id, label, revision })),
);
