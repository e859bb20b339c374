/**
 * Texts with the size of certificates and keys, for benchmarks in which nobody reads them.
 *
 * @module
 */

/** Base64 lines, of which an RSA-2048 certificate has 18 and its key 26, different for each name. */
export const pem = (label: string, name: string, lines: number): string => {
  const line = (i: number): string =>
    `${name}${i}`.padEnd(64, 'MIIDVDCCAjygAwIBAgIUf23CTXFrZQenVJ48T5zb+K8j6FcwDQYJKoZIhvcNAQEL').slice(0, 64);
  return `-----BEGIN ${label}-----\n${
    Array.from({ length: lines }, (_, i) => line(i)).join('\n')
  }\n-----END ${label}-----\n`;
};
