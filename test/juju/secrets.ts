/**
 * Where tests find what is in `adapters/rehearsal/juju/secrets.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/secrets.ts';
