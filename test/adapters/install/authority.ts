/**
 * A CA for the tests of installing: certificates and keys as a provider would publish them.
 *
 * @module
 */
import type { Certificate, CertType, PrivateKey } from '../../../core/model/certificate.ts';
import type { Timestamp } from '../../../core/model/snapshot.ts';
import type { RequiresView } from '../../../core/reactive/requires/view.ts';
import { generateKey, issue, issueRoot, type Terms } from '../../../core/x509/mod.ts';

/** The present of these tests. */
export const NOW = '2026-11-25T09:00:00Z' as Timestamp;

const terms = (from: string, to: string): Terms => ({
  notBefore: new Date(from),
  notAfter: new Date(to),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
});

const TERMS = terms('2026-11-01', '2027-11-01');

const made = async <L, R>(work: () => Promise<{ _tag: 'Left'; left: L } | { _tag: 'Right'; right: R }>): Promise<R> => {
  const result = await work();
  if (result._tag === 'Left') throw new Error(JSON.stringify(result.left));
  return result.right;
};

/** A key of a kind that is made quickly. */
export const newKey = (): Promise<PrivateKey> => made(generateKey('P-256'));

/** A CA with an intermediate one below it. */
export interface TestAuthority {
  readonly root: string;
  readonly intermediate: string;
  readonly answer: (certType: CertType, commonName: string, sans?: ReadonlyArray<string>) => Promise<Certificate>;
  /** One that has expired. */
  readonly expired: (commonName: string) => Promise<Certificate>;
}

/** Makes a CA. */
export const testAuthority = async (name = 'test'): Promise<TestAuthority> => {
  const [rootKey, key] = [await newKey(), await newKey()];
  const root = await made(issueRoot({ commonName: `${name} root`, key: rootKey }, terms('2020-01-01', '2040-01-01')));
  const intermediate = await made(
    issue({ certType: 'intermediate', commonName: `${name} CA`, sans: [], holder: { key } }, {
      certificate: root,
      key: rootKey,
    }, terms('2020-01-01', '2039-01-01')),
  );
  const answer = async (certType: CertType, commonName: string, sans: ReadonlyArray<string>, when: Terms) => {
    const holder = await newKey();
    const cert = await made(
      issue({ certType, commonName, sans, holder: { key: holder } }, { certificate: intermediate, key }, when),
    );
    return { certType, commonName, cert, key: holder };
  };
  return {
    root,
    intermediate,
    answer: (certType, commonName, sans = [commonName]) => answer(certType, commonName, sans, TERMS),
    expired: (commonName) => answer('server', commonName, [commonName], terms('2025-01-01', '2026-01-01')),
  };
};

/** A view of nothing but what a test puts there. */
export const viewOf = (some: Partial<RequiresView> = {}): RequiresView => ({
  rootCaCert: null,
  rootCaChain: null,
  serverCerts: [],
  clientCerts: [],
  applicationCerts: [],
  intermediateCerts: [],
  globalClientCert: null,
  ...some,
});

/** What the requirer sees of an authority that answered. */
export const answered = (
  { root, intermediate }: TestAuthority,
  ...serverCerts: ReadonlyArray<Certificate>
): RequiresView => viewOf({ rootCaCert: root, rootCaChain: intermediate, serverCerts });
