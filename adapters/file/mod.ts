/**
 * Front door `./file`: an input document on disk as a host.
 *
 * @module
 */
export { type FileHost, fileHost, type FileHostOptions } from './host.ts';
