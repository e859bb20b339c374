/**
 * Where tests find what is in `adapters/rehearsal/juju/go-yaml.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/go-yaml.ts';
