/**
 * What a requirer's view delivers: a certificate with its key for each answered request, and the CA and chain that the provider published
 * for everybody.
 *
 * @module
 */
import type { Delivery } from '../../side/row.ts';
import type { RequiresView } from './view.ts';

/** The deliveries of a view, in the order of its lists. */
export const deliveriesOf = (
  { rootCaCert, rootCaChain, serverCerts, clientCerts, applicationCerts, intermediateCerts }: RequiresView,
): ReadonlyArray<Delivery> =>
  ([
    ['server', serverCerts],
    ['client', clientCerts],
    // The view lists them among the server certificates, as Python does.
    ['application', applicationCerts],
    ['intermediate', intermediateCerts],
  ] as const).flatMap(([certType, certificates]) =>
    certificates.map(({ commonName, cert, key }) => ({
      request: { certType, commonName, sans: null },
      certificate: cert,
      ca: rootCaCert,
      chain: rootCaChain === null ? [cert] : [cert, rootCaChain],
      key: { sent: key },
    }))
  );
