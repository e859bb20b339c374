/**
 * A umask for a while.
 *
 * @module
 */
import process from 'node:process';

/**
 * Sets the umask; the result puts back what it was. On Deno it does nothing: test files run side by side in one process there, and the umask is
 * the process's.
 */
export const withUmask = (mask: number): () => void => {
  if ('Deno' in globalThis) return () => {};
  const before = process.umask(mask);
  return () => void process.umask(before);
};
