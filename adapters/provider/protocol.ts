/**
 * The two protocols that a fake provider can speak. A session speaks one of them from start to end.
 *
 * @module
 */

/**
 * All of them. `reactive` sends private keys, `csr` (interface version 1) answers certificate requests.
 *
 * @internal
 */
export const PROTOCOLS = ['reactive', 'csr'] as const;

/** The protocol of a session. */
export type ProtocolName = (typeof PROTOCOLS)[number];
