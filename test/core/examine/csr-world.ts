/**
 * A relation in the CSR protocol with keys, CSRs and certificates that are really signed, of which a test changes one thing.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { decodeInput } from '../../../core/csr/mod.ts';
import {
  allFindings,
  type Examinations,
  examine,
  type ExaminedRequest,
  type Exchanges,
  exchangesOfProvider,
  exchangesOfRequirer,
} from '../../../core/examine/mod.ts';
import { makeCsr } from '../../../core/keyring/csr.ts';
import { contentOf } from '../../../core/csr/content.ts';
import type { PrivateKey } from '../../../core/x509/mod.ts';
import { writePem } from '../../../core/x509/pem.ts';
import * as f from '../x509/forge.ts';

export const NOW = '2027-01-01T00:00:00Z';
const CA = [f.basic(true), f.usage(0x06)];

export interface Asker {
  readonly csr: string;
  readonly keys: CryptoKeyPair;
}

/** The private key in PEM. */
export const keyText = async ({ privateKey }: CryptoKeyPair): Promise<PrivateKey> =>
  writePem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))) as PrivateKey;

let drawn = 0;

/** A CSR under a new key, or the one that is given. */
export const asker = async (
  commonName = 'web.example',
  sans: ReadonlyArray<string> = [commonName],
  keys?: CryptoKeyPair,
): Promise<Asker> => {
  const own = keys ?? await f.newKeys();
  const content = contentOf({ commonName, sans, uniqueIdentifier: true });
  if (content._tag === 'Left') return assert.fail(content.left.join());
  const key = await keyText(own);
  drawn += 1;
  const made = await makeCsr({ content: content.right, certType: 'server', key, identifier: `id-${drawn}` })();
  return made._tag === 'Right' ? { csr: made.right, keys: own } : assert.fail(made.left);
};

/** A root, an issuing CA below it, and another root that nobody knows. */
export const authorities = async () => {
  const root = { subject: f.name('Root'), keys: await f.newKeys() };
  const middle = { subject: f.name('Issuing CA'), keys: await f.newKeys() };
  const other = { subject: f.name('Root'), keys: await f.newKeys() };
  const certify = async (
    { keys }: Pick<Asker, 'keys'>,
    change: Partial<f.Make> = {},
    names: ReadonlyArray<string> = ['dns:web.example'],
  ): Promise<string> =>
    f.pem(
      await f.make({
        subject: f.name('web.example'),
        keys,
        issuer: middle,
        extensions: [f.extended(f.SERVER), f.usage(0x80), f.sans(...names)],
        ...change,
      }),
    ).trim();
  return {
    signers: { root, middle, other },
    root: f.pem(await f.make({ ...root, issuer: root, extensions: CA })).trim(),
    middle: f.pem(await f.make({ ...middle, issuer: root, extensions: CA })).trim(),
    other: f.pem(await f.make({ ...other, issuer: other, extensions: CA })).trim(),
    certify,
  };
};

export type Authorities = Awaited<ReturnType<typeof authorities>>;

export const requests = (...csrs: ReadonlyArray<string>) => ({
  certificate_signing_requests: JSON.stringify(csrs.map((csr) => ({ certificate_signing_request: csr, ca: false }))),
});

export const entry = (csr: string, certificate: string, ca: string, chain: ReadonlyArray<string>, more = {}) => ({
  ca,
  certificate_signing_request: csr,
  certificate,
  chain,
  ...more,
});

export const answers = (...entries: ReadonlyArray<unknown>) => ({ certificates: JSON.stringify(entries) });

export const refusal = (csr: string, code = 102, more = {}) => ({
  csr,
  error: { code, name: 'domain_not_allowed', message: 'no names of that domain', ...more },
});

export const errors = (...entries: ReadonlyArray<unknown>) => ({ request_errors: JSON.stringify(entries) });

type Bag = Readonly<Record<string, string>>;

/** What is published on the relation. */
export interface Published {
  readonly unit?: Bag;
  readonly application?: Bag;
  readonly provider?: Bag;
  readonly providerUnit?: Bag;
}

const snapshotOf = (localUnit: string, relation: object): object => ({
  localUnit,
  endpoint: 'certificates',
  isLeader: true,
  now: NOW,
  relations: [{ id: 'certificates:3', ...relation }],
});

/** The relation as a requirer sees it, or a provider. */
export const seenBy = (
  role: 'requires' | 'provides',
  { unit = {}, application = {}, provider = {}, providerUnit = {} }: Published,
): Exchanges => {
  const snapshot = role === 'requires'
    ? snapshotOf('web/0', {
      localUnitData: unit,
      localApplicationData: application,
      remoteApplicationData: provider,
      remoteUnits: { 'vault/0': providerUnit },
    })
    : snapshotOf('vault/0', {
      localUnitData: providerUnit,
      localApplicationData: provider,
      remoteApplicationData: application,
      remoteUnits: { 'web/0': unit },
    });
  const input = decodeInput({ side: `csr/${role}`, snapshot });
  if (input._tag === 'Left') throw new Error(input.left.message);
  return (role === 'requires' ? exchangesOfRequirer : exchangesOfProvider)(input.right.snapshot);
};

/** The examination by either side: both see the same in this world. */
export const examined = async (
  published: Published,
  role: 'requires' | 'provides' = 'requires',
): Promise<Examinations> => await examine(seenBy(role, published))();

export const codesOf = (examinations: Examinations): ReadonlyArray<string> =>
  allFindings(examinations).map(({ code }) => code);

/** All requests, in order. */
export const requestsOf = ({ examinations }: Examinations): ReadonlyArray<ExaminedRequest> =>
  examinations.flatMap(({ requests }) => requests);
