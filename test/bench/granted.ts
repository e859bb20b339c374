/**
 * A document for the benchmarks: many server certificates, asked for in this hook and granted in it.
 *
 * @module
 */
import { documentOf, relation } from '../world.ts';
import { pem } from './pem.ts';

const names = (n: number): ReadonlyArray<string> => Array.from({ length: n }, (_, i) => `unit-${i}.example`);

/** A unit that asks for n server certificates for the first time and finds all of them granted: the most work in one hook. */
export const granted = (n: number): Readonly<Record<string, unknown>> => {
  const answered = names(n).map((
    name,
  ) => [name, { cert: pem('CERTIFICATE', name, 18), key: pem('PRIVATE KEY', name, 26) }]);
  return documentOf({
    relations: [
      relation({
        remoteUnits: { 'easyrsa/0': { 'web_0.processed_requests': JSON.stringify(Object.fromEntries(answered)) } },
      }),
    ],
    intent: {
      requests: names(n).map((commonName) => ({ certType: 'server', commonName, sans: [commonName, '10.0.0.7'] })),
    },
  });
};
