/**
 * Where tests find what is in `adapters/rehearsal/juju/secret-hooks.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/secret-hooks.ts';
