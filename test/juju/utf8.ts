/**
 * Where tests find what is in `adapters/rehearsal/juju/utf8.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/utf8.ts';
