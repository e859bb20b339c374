/**
 * Front door `./file`: an input document on disk as a host.
 *
 * @module
 */
export { type CarriedOut, type FileHost, fileHost, type FileHostOptions } from './host.ts';
