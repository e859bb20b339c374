/**
 * What an authority says about itself: the capabilities that follow from its policy.
 *
 * @module
 */
import type { Capabilities } from '../../csr/capabilities.ts';
import { hostOf } from '../../model/hosts.ts';
import type { OpenAuthority } from '../authority.ts';
import { EVERY_NAME, networkOf } from '../names.ts';
import type { Policy } from '../policy.ts';
import { belowOf } from '../subtrees.ts';

/** What kind of provider this is. */
const PROVIDER_TYPE = 'private-ca';

/** A rule about hosts in the protocol's form for domains; null for other rules. */
const domainOf = (rule: string): string | null => {
  if (networkOf(rule) !== null) return null;
  if (rule.startsWith('*.')) return hostOf(rule.slice(2)) === null ? null : rule;
  return hostOf(rule.startsWith('.') ? rule.slice(1) : rule);
};

/**
 * The capabilities that follow from a policy.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { capabilitiesOf, createAuthority, openAuthority, openPolicy } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const opened = await openAuthority(made.right)();
 * if (opened._tag === 'Left') throw new Error(opened.left.code);
 * assert.equal(capabilitiesOf(opened.right, openPolicy).supportsIpSans, true);
 * ```
 */
export const capabilitiesOf = (
  { description }: Pick<OpenAuthority, 'description'>,
  { allowedNames, certTypes }: Policy,
): Capabilities => {
  const isOpen = allowedNames.includes(EVERY_NAME);
  const hasDomain = isOpen || allowedNames.some((rule) => rule.startsWith('.'));
  const domains = allowedNames.map(domainOf).filter((domain) => domain !== null);
  return {
    supportsIpSans: isOpen || allowedNames.some((rule) => networkOf(rule) !== null),
    supportsWildcardDns: hasDomain || allowedNames.some((rule) => rule.startsWith('*.')),
    supportsSubdomain: hasDomain,
    supportsCaCertificates: certTypes.includes('intermediate') && belowOf(allowedNames).kind !== 'nothing' &&
      description.basicConstraints?.pathLength !== 0,
    allowedDomains: isOpen ? null : [...new Set(domains)],
    providerType: PROVIDER_TYPE,
  };
};
