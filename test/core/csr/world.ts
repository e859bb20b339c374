/**
 * Worlds of the CSR sides: a valid document to begin with, of which a test changes one thing.
 *
 * @module
 */
import { decideAndReact, snapshotAfter } from '../../../adapters/port.ts';
import type { Memory, Outcome } from '../../../mod.ts';
import {
  type CsrProvidesView,
  type CsrRequiresView,
  decodeInput,
  type InputOf,
  type RequestView,
} from '../../../core/csr/mod.ts';
import { base64, certificatePem, csrPem, ecKey, type Key, type NewCertificate, type NewCsr, ROOT } from './forge.ts';

export const NOW = '2026-06-01T00:00:00Z';
export const ID = 'certificates:3';

/** The unit's key and the application's. */
export const UNIT_KEY: Key = ecKey(1);
export const APP_KEY: Key = ecKey(2);

/** A kept key as the contract writes it. */
export const kept = (key: Key, name = 'unit', owner: 'unit' | 'application' = 'unit') => ({
  owner,
  name,
  publicKey: base64(key),
});

export const KEYS = [kept(UNIT_KEY), kept(APP_KEY, 'app', 'application')];

export interface WorldRelation {
  readonly id: string;
  readonly localUnitData: Readonly<Record<string, string>>;
  readonly localApplicationData: Readonly<Record<string, string>>;
  readonly remoteApplication: string;
  readonly remoteApplicationData: Readonly<Record<string, string>>;
  readonly remoteUnits: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A relation with one unit on the other side, and nothing published. */
export const relation = (change: Partial<WorldRelation> = {}): WorldRelation => ({
  id: ID,
  localUnitData: {},
  localApplicationData: {},
  remoteApplication: 'other',
  remoteApplicationData: {},
  remoteUnits: { 'other/0': {} },
  ...change,
});

/** What a test may change. */
export interface World {
  readonly isLeader?: boolean;
  readonly now?: string | null;
  readonly keys?: ReadonlyArray<unknown> | null;
  readonly departing?: unknown;
  readonly relations?: ReadonlyArray<WorldRelation>;
  readonly intent?: unknown;
  readonly memory?: unknown;
}

const documentOf = (side: string, localUnit: string, { intent, memory, now, keys, ...rest }: World) => ({
  side,
  snapshot: {
    localUnit,
    endpoint: 'certificates',
    relations: [relation()],
    now: now === undefined ? NOW : now,
    ...(keys === null ? {} : { keys: keys ?? KEYS }),
    ...rest,
  },
  ...(intent === undefined ? {} : { intent }),
  ...(memory === undefined ? {} : { memory }),
});

export const requiresDocument = (world: World = {}): unknown => documentOf('csr/requires', 'web/0', world);
export const providesDocument = (world: World = {}): unknown =>
  documentOf('csr/provides', 'ca/0', { isLeader: true, ...world });

/** A document of one side, decoded; a test that expects it to be valid fails with the complaint. */
const decodedAs = <Name extends 'csr/requires' | 'csr/provides'>(side: Name, document: unknown): InputOf<Name> => {
  const result = decodeInput(document);
  if (result._tag === 'Left') throw new Error(`not a valid document: ${result.left.message}`);
  if (result.right.side !== side) throw new Error(`not a document of ${side}`);
  // Its side was looked at.
  return result.right as InputOf<Name>;
};

export const requiresInput = (world: World = {}): InputOf<'csr/requires'> =>
  decodedAs('csr/requires', requiresDocument(world));
export const providesInput = (world: World = {}): InputOf<'csr/provides'> =>
  decodedAs('csr/provides', providesDocument(world));

export const decideRequires = (world: World = {}): Outcome<CsrRequiresView> => requiresInput(world).decided();
export const decideProvides = (world: World = {}): Outcome<CsrProvidesView> => providesInput(world).decided();

/** The complaint about a document that is not valid. */
export const complaintOf = (document: unknown): string => {
  const result = decodeInput(document);
  return result._tag === 'Left' ? result.left.message : 'valid';
};

/** The first request of a requirer's view. */
export const first = ({ view }: Outcome<CsrRequiresView>): RequestView => {
  const [request] = view.requests;
  if (request === undefined) throw new Error('there is no request in the view');
  return request;
};

export const codes = ({ findings }: Outcome): ReadonlyArray<string> => findings.map(({ code }) => code);

export const flagNames = ({ flags }: Memory): ReadonlyArray<string> =>
  flags.map((flag) => flag.replace('certificates.', ''));

/** An own databag of these CSRs. */
export const asking = (...csrs: ReadonlyArray<string | readonly [csr: string, ca: boolean]>) => ({
  certificate_signing_requests: `[${
    csrs.map((one) => (typeof one === 'string' ? [one, false] as const : one))
      .map(([csr, ca]) => `{"certificate_signing_request": ${JSON.stringify(csr)}, "ca": ${ca}}`).join(', ')
  }]`,
});

/** An entry of `certificates`. */
export const entry = (csr: string, certificate: string, more: Readonly<Record<string, unknown>> = {}) => ({
  ca: ROOT,
  certificate_signing_request: csr,
  certificate,
  chain: [certificate, ROOT],
  ...more,
});

/** A provider's databag. */
export const answering = (...entries: ReadonlyArray<unknown>) => ({ certificates: JSON.stringify(entries) });

export const refusing = (csr: string, more: Readonly<Record<string, unknown>> = {}) => ({
  csr,
  error: { code: 102, name: 'DOMAIN_NOT_ALLOWED', message: 'no', ...more },
});

export const unitCsr = (change: Partial<NewCsr> = {}): string => csrPem({ key: UNIT_KEY, ...change });
export const unitCertificate = (change: Partial<NewCertificate> = {}): string =>
  certificatePem({ key: UNIT_KEY, ...change });

/** The intent for one server certificate of `web.example`. */
export const WEB = { requests: [{ certType: 'server', commonName: 'web.example' }] };

/** The CSRs that a requirer's bag has. */
export const csrsIn = (data: Readonly<Record<string, string>> = {}): ReadonlyArray<string> => {
  const raw = data['certificate_signing_requests'];
  return raw === undefined
    ? []
    : JSON.parse(raw).map((one: Record<string, string>) => one['certificate_signing_request']);
};

/** The relations of a requirer's world once its decision is applied. */
export const afterRequires = (world: World) => {
  const input = requiresInput(world);
  return snapshotAfter(input.snapshot, input.decided().writes).relations;
};

export { decideAndReact };
