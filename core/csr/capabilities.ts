/**
 * Capabilities: what a provider says it can issue, and which requests it cannot fulfil.
 *
 * Null means that nothing is known; only `false` means that something is not supported. Source: docs/csr-protocol.md, Capabilities.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { encodeInOrder } from '../databag/in-order.ts';
import { fieldOf, readObject } from '../databag/entries.ts';
import type { CertType } from '../model/certificate.ts';
import { shapeOf } from '../model/shape.ts';
import type { Content } from './content.ts';
import { laxBoolean, textOrNull, textsOrNull } from './lax.ts';
import { CAPABILITY_FIELDS } from './wire.ts';

/** What a provider can issue. */
export interface Capabilities {
  /** IP addresses among the SANs. */
  readonly supportsIpSans: boolean | null;
  /** Wildcards such as `*.example.com`. */
  readonly supportsWildcardDns: boolean | null;
  /** Names below an allowed domain. */
  readonly supportsSubdomain: boolean | null;
  /** Certificates of CAs. */
  readonly supportsCaCertificates: boolean | null;
  /** Domains that it issues for; null where it sets no limit. */
  readonly allowedDomains: ReadonlyArray<string> | null;
  /** A word for the kind of provider. */
  readonly providerType: string | null;
}

/** Reads the value of the key; a `Left` says what was expected. */
export const readCapabilities = (raw: string): E.Either<string, Capabilities> => {
  const object = readObject(raw, 'a JSON object of capabilities');
  if (E.isLeft(object)) return object;
  const at =
    <A>(name: keyof Capabilities, read: (value: unknown) => E.Either<string, A>) => (): E.Either<string, A> => {
      const field = CAPABILITY_FIELDS[name];
      const value = fieldOf(object.right, field);
      return E.mapLeft((what: string) => `expected ${what} as ${field}, got ${shapeOf(value)}`)(read(value));
    };
  return pipe(
    E.Do,
    E.bind('supportsIpSans', at('supportsIpSans', laxBoolean)),
    E.bind('supportsWildcardDns', at('supportsWildcardDns', laxBoolean)),
    E.bind('supportsSubdomain', at('supportsSubdomain', laxBoolean)),
    E.bind('supportsCaCertificates', at('supportsCaCertificates', laxBoolean)),
    E.bind('allowedDomains', at('allowedDomains', textsOrNull)),
    E.bind('providerType', at('providerType', textOrNull)),
  );
};

/** The value of the key: fields that are null are left out. */
export const writtenCapabilities = (capabilities: Capabilities): string =>
  encodeInOrder({
    fields: [
      [CAPABILITY_FIELDS.supportsIpSans, capabilities.supportsIpSans ?? undefined],
      [CAPABILITY_FIELDS.supportsWildcardDns, capabilities.supportsWildcardDns ?? undefined],
      [CAPABILITY_FIELDS.supportsSubdomain, capabilities.supportsSubdomain ?? undefined],
      [CAPABILITY_FIELDS.supportsCaCertificates, capabilities.supportsCaCertificates ?? undefined],
      [CAPABILITY_FIELDS.allowedDomains, capabilities.allowedDomains ?? undefined],
      [CAPABILITY_FIELDS.providerType, capabilities.providerType ?? undefined],
    ],
  });

/** The host that a requested name is about: in lower case, without its wildcard and trailing dot. */
const hostIn = (name: string): string => name.toLowerCase().replace(/^\*\./, '').replace(/\.$/, '');

const isAllowed = (name: string, { allowedDomains, supportsSubdomain }: Capabilities): boolean => {
  // The protocol has no rule for matching. An empty list could mean nothing or everything, so it leads to no finding.
  if (allowedDomains === null || allowedDomains.length === 0) return true;
  const host = hostIn(name);
  return allowedDomains.map(hostIn).some((domain) =>
    host === domain || (supportsSubdomain !== false && host.endsWith(`.${domain}`))
  );
};

/** What a provider says it cannot issue of a request, in a few words each. */
export const unsupported = (
  { sans }: Content,
  certType: CertType,
  capabilities: Capabilities,
): ReadonlyArray<string> => {
  const faults: Array<string> = [];
  if (capabilities.supportsIpSans === false && sans.ip.length > 0) faults.push('IP addresses as SANs');
  if (capabilities.supportsWildcardDns === false && sans.dns.some((name) => name.startsWith('*.'))) {
    faults.push('wildcards');
  }
  if (capabilities.supportsCaCertificates === false && certType === 'intermediate') faults.push('CA certificates');
  if (sans.dns.some((name) => !isAllowed(name, capabilities))) faults.push('names outside its domains');
  return faults;
};
