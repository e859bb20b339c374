/**
 * The flags of the CSR protocol's provider.
 *
 * @module
 */
import type { CsrProvidesView } from './view.ts';

/**
 * All flags, without the prefix of the endpoint.
 *
 * @internal
 */
export const CSR_PROVIDES_FLAG_NAMES = ['available', 'certs.requested'] as const;

/** @internal */
type FlagNames = typeof CSR_PROVIDES_FLAG_NAMES;

/** The name of a flag without the prefix of the endpoint. */
export type CsrProvidesFlagName = FlagNames[number];

/** The flags that are set while a unit is joined and requests are new. */
export const flagsOf = (isJoined: boolean, { requests }: CsrProvidesView): ReadonlySet<CsrProvidesFlagName> =>
  new Set<CsrProvidesFlagName>([
    ...(isJoined ? ['available' as const] : []),
    ...(requests.some(({ state }) => state === 'new') ? ['certs.requested' as const] : []),
  ]);
