/**
 * Where tests find what is in `adapters/rehearsal/juju/socket.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/socket.ts';
