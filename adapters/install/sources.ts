/**
 * What a view has for an installation, and what of it is missing.
 *
 * @module
 */
import { digestOf } from '../../core/digest.ts';
import { type Certificate, hidingKeys } from '../../core/model/certificate.ts';
import type { Digest } from '../../core/model/memory.ts';
import type { RequiresView } from '../../core/reactive/requires/view.ts';
import { type Installation, pathsOf } from './entry.ts';

/** What an installation is made of, as it stands in the view. */
export interface Sources {
  readonly certificate: Certificate | null;
  readonly ca: string | null;
  readonly chain: string | null;
}

/** Whether something of a certificate is installed, and not the CA alone. */
const hasOwn = (files: Installation['files']): boolean => pathsOf(files).some(([content]) => content !== 'ca');

/** What the view has for an installation; no certificate where nothing but the CA is installed. */
export const sourcesOf = (view: RequiresView, { wanted, files }: Installation): Sources => {
  const named = (certificates: ReadonlyArray<Certificate>): Certificate | null =>
    certificates.find(({ commonName }) => commonName === wanted?.commonName) ?? null;
  const certificateOf = (): Certificate | null => {
    switch (wanted?.certType) {
      case undefined:
        return null;
      case 'server':
        return named(view.serverCerts);
      case 'client':
        return named(view.clientCerts);
      case 'intermediate':
        return named(view.intermediateCerts);
      case 'application':
        // All units share the one there is, whatever names they asked for.
        return view.applicationCerts[0] ?? null;
    }
  };
  return { certificate: hasOwn(files) ? certificateOf() : null, ca: view.rootCaCert, chain: view.rootCaChain };
};

/** All private keys that a view has: a command that is run may come across any of them. */
export const keysIn = (view: RequiresView): ReadonlyArray<string> => {
  const { serverCerts, clientCerts, applicationCerts, intermediateCerts, globalClientCert } = view;
  const pairs = [...serverCerts, ...clientCerts, ...applicationCerts, ...intermediateCerts];
  return [...pairs, ...(globalClientCert === null ? [] : [globalClientCert])].map(({ key }) => key);
};

/** Everything that files are made of. */
export const sourceDigest = ({ certificate, ca, chain }: Sources, ...parts: ReadonlyArray<unknown>): Digest =>
  digestOf([JSON.stringify([certificate?.cert, certificate?.key, ca, chain]), JSON.stringify(parts)]);

/** Why an installation has to wait for the other side; null where it need not. */
export const whatIsMissing = ({ wanted, files }: Installation, { certificate, ca }: Sources): string | null => {
  if (hasOwn(files) && certificate === null) {
    return wanted === null
      ? 'it does not say which certificate is installed'
      : `the ${wanted.certType} certificate for ${JSON.stringify(hidingKeys(wanted.commonName))} has not come yet`;
  }
  return files.ca !== undefined && ca === null ? 'the CA has not been published yet' : null;
};
