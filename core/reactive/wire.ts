/**
 * The keys of the reactive protocol's databags and what each is for, in one table that every other file of this folder reads.
 *
 * Source: docs/reactive-protocol.md sections 1 and 2.
 *
 * @module
 */
import { only } from '../databag/lookup.ts';
import type { CertType } from '../model/certificate.ts';
import type { MungedUnitName } from '../model/names.ts';
import type { Databag } from '../model/snapshot.ts';

/** The requirer's keys, in its own unit databag. */
export const REQUIRER_KEYS = {
  unitName: 'unit_name',
  commonName: 'common_name',
  sans: 'sans',
  certificateName: 'certificate_name',
} as const;

/** The provider's keys that address every requirer. */
export const PROVIDER_KEYS = {
  ca: 'ca',
  chain: 'chain',
  clientCert: 'client.cert',
  clientKey: 'client.key',
} as const;

/** Where requests of a kind are collected, and the suffix of the provider's key for their answers. */
export const COLLECTIONS: {
  readonly [K in CertType]: { readonly requests: string; readonly answers: string };
} = {
  server: { requests: 'cert_requests', answers: 'processed_requests' },
  client: { requests: 'client_cert_requests', answers: 'processed_client_requests' },
  application: { requests: 'application_cert_requests', answers: 'processed_application_requests' },
  intermediate: { requests: 'intermediate_cert_requests', answers: 'processed_intermediate_requests' },
};

/** The entry that holds the one answer to all application requests. */
export const APPLICATION_ENTRY = 'app_data';

/** The provider's key for the answers of one kind to one requirer unit. */
export const answersKey = (unit: MungedUnitName, certType: CertType): string =>
  `${unit}.${COLLECTIONS[certType].answers}`;

/** The provider's keys for the answer to the top-level server request of one requirer unit. */
export const topLevelKeys = (unit: MungedUnitName): { readonly cert: string; readonly key: string } => ({
  cert: `${unit}.server.cert`,
  key: `${unit}.server.key`,
});

/** The suffixes of a provider's keys that answer one requirer unit. */
const ANSWER_ENDINGS: ReadonlyArray<string> = [
  '.server.cert',
  '.server.key',
  ...Object.values(COLLECTIONS).map(({ answers }) => `.${answers}`),
];

/** The requirer unit that a provider's key answers; null for a key that is not an answer. */
export const answeredUnit = (key: string): MungedUnitName | null => {
  const ending = ANSWER_ENDINGS.find((e) => key.endsWith(e));
  // The part before the suffix is the unit's name for itself.
  return ending === undefined || key.length === ending.length ? null : key.slice(0, -ending.length) as MungedUnitName;
};

/** Whether a provider's key holds private keys: its own, or those in the answers to a unit. */
export const holdsPrivateKeys = (key: string): boolean =>
  key === PROVIDER_KEYS.clientKey || (answeredUnit(key) !== null && !key.endsWith('.server.cert'));

/** The keys that only a requirer publishes. */
const REQUEST_KEYS: ReadonlyArray<string> = [
  REQUIRER_KEYS.commonName,
  ...Object.values(COLLECTIONS).map(({ requests }) => requests),
];

/** The keys under which a requirer's databag asks for something. */
export const asksReactively = (bag: Databag): ReadonlyArray<string> =>
  REQUEST_KEYS.filter((key) => Object.hasOwn(bag, key) && bag[key] !== '');

/** The part of a requirer's databag that a provider reads. */
export const requirerPart: (bag: Databag) => Databag = only([
  ...Object.values(REQUIRER_KEYS),
  ...Object.values(COLLECTIONS).map(({ requests }) => requests),
]);

/** Which side publishes keys like those of a databag; null if they do not tell. A provider may publish `unit_name` too. */
export const speaksAs = (bag: Databag): 'requirer' | 'provider' | null => {
  const keys = Object.keys(bag);
  const provides = (key: string): boolean =>
    key === PROVIDER_KEYS.ca || key === PROVIDER_KEYS.clientCert ||
    ANSWER_ENDINGS.some((ending) => key.endsWith(ending));
  if (keys.some(provides)) return 'provider';
  return keys.some((key) => key === REQUIRER_KEYS.unitName || REQUEST_KEYS.includes(key)) ? 'requirer' : null;
};
