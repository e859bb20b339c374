/**
 * The flags of a charm that trusts the certificates of others. Certificates are compared by DER, regardless of their order and relation.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import type { Remembered } from '../../model/memory.ts';
import { nothingThere } from '../../side/topics.ts';
import type { ToKeep } from '../../side/remember.ts';
import type { TrustRequiresView } from './view.ts';

/**
 * All flags, without the endpoint's prefix.
 *
 * @internal
 */
export const TRUST_REQUIRES_FLAG_NAMES = ['available', 'certificates.available', 'certificates.changed'] as const;

/** @internal */
type FlagNames = typeof TRUST_REQUIRES_FLAG_NAMES;

/** A flag's name without the endpoint's prefix. */
export type TrustRequiresFlagName = FlagNames[number];

/** The name under which the certificates are remembered. */
const TOPIC = 'certificates';

/**
 * The flags about certificates. Losing all of them is a change too: the charm must remove them from where it put them.
 */
const aboutCertificates = (
  { certificates }: TrustRequiresView,
  before: ReadonlySet<string>,
  known: Remembered | undefined,
): ToKeep<TrustRequiresFlagName> => {
  if (certificates.length === 0 && known === undefined) return nothingThere;
  const digest = digestOf(certificates.map(({ sha256 }) => sha256).sort());
  const isChanged = digest !== known || before.has('certificates.changed');
  return {
    flags: new Set([
      ...(certificates.length > 0 ? ['certificates.available' as const] : []),
      ...(isChanged ? ['certificates.changed' as const] : []),
    ]),
    digests: new Map([[TOPIC, digest]]),
  };
};

/** The flags of a view. `before` has the `.changed` flags that the charm has not handled yet. */
export const flagsOf = (
  view: TrustRequiresView,
  isJoined: boolean,
  before: ReadonlySet<string>,
  remembered: (key: string) => Remembered | undefined,
): ToKeep<TrustRequiresFlagName> => {
  const { flags, digests } = aboutCertificates(view, before, remembered(TOPIC));
  return { flags: new Set([...flags, ...(isJoined ? ['available' as const] : [])]), digests };
};
