/**
 * Makes a certificate request for a CA's own key, so that another CA can sign it. It keeps the CA's name byte for byte, so everything that
 * the CA has issued stays valid under the new certificate.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { writeBlock } from './first-block.ts';
import type { IssueFault } from './issue-fault.ts';
import type { Issuer } from './issuer.ts';
import { algorithmsOf } from './private-key.ts';
import { copyOf } from './signature.ts';

/** Makes the request, in PEM. It asks for a CA's basic constraints and key usage. */
export const requestOfCa = ({ certificate, keys }: Issuer): TE.TaskEither<IssueFault, string> => async () => {
  try {
    const lib = await import('./lib.ts');
    const { KeyUsageFlags } = lib;
    const made = await lib.Pkcs10CertificateRequestGenerator.create({
      name: new lib.Name(copyOf(certificate.subjectDer)),
      keys,
      signingAlgorithm: algorithmsOf(keys.kind).signAs,
      extensions: [
        new lib.BasicConstraintsExtension(true, undefined, true),
        new lib.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return E.right(writeBlock('request', new Uint8Array(made.rawData)));
  } catch {
    return E.left({ code: 'signing-failed' });
  }
};
