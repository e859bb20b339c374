/**
 * Where tests find what is in `adapters/rehearsal/juju/juju.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/juju.ts';
export * from '../../adapters/rehearsal/juju/with-juju.ts';
