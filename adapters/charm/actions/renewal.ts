/**
 * The actions of a requirer that change something: which certificates are renewed now, and whose key is replaced. Both are decided before
 * anything is written, so a refusal leaves nothing behind.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { CsrRequiresIntent, Named } from '../../../core/csr/requires/intent.ts';
import type { RequestView } from '../../../core/csr/requires/view.ts';
import type { Bag } from '../../../core/model/outcome.ts';
import type { Hook } from '../../juju/hook.ts';
import { keyNameOf, type PrivateKeys } from '../../juju/keys.ts';
import { isMeant } from './certificates.ts';
import type { CertificateParameters, RotateParameters } from './declared.ts';
import { leaderOnly } from './requested.ts';

/** What the hook sees, and what is wanted. */
export interface Seen {
  readonly hook: Hook;
  readonly isLeader: boolean;
  /** The state of the requests by CSR, with what must be renewed; none if the provider takes no CSRs. */
  readonly byCsr: (renew: CsrRequiresIntent['renew']) => ReadonlyArray<RequestView>;
  readonly intent: CsrRequiresIntent;
}

const named = ({ request: { certType, commonName } }: RequestView): Named => ({ certType, commonName });

/** The reactive protocol has no way to ask for it, and without a relation there is no provider to ask. */
const NOT_BY_CSR =
  'there is no provider that takes certificate requests: one of the reactive protocol renews certificates by itself';

/** Which certificates are renewed; `Left` if none is. */
export const renewalOf = (
  { hook, isLeader, byCsr, intent }: Seen,
  parameters: CertificateParameters,
): E.Either<string, ReadonlyArray<Named>> => {
  if (!intent.requests.some((request) => isMeant(parameters, request))) {
    return E.left('no certificate is asked for that has this name and kind');
  }
  const meant = byCsr([]).filter(({ request }) => isMeant(parameters, request));
  if (meant.length === 0) return E.left(NOT_BY_CSR);
  const mine = meant.filter(({ bag }) => bag === 'unit' || isLeader);
  if (mine.length === 0) return E.left(leaderOnly(hook, 'renew-certificate'));
  const there = mine.filter(({ certificate }) => certificate !== null);
  if (there.length === 0) return E.left('there is no certificate to renew: the unit’s status says what it waits for');
  const renew = there.map(named);
  const isRenewed = byCsr(renew).some((one) =>
    ['missing', 'renewing'].includes(one.state) && there.some(({ request }) => request === one.request)
  );
  return isRenewed
    ? E.right(renew)
    : E.left('a renewed request would be the same: give it its unique identifier (uniqueIdentifier: true)');
};

/** A key to replace; `keepsFormer` says that certificates of the current key serve until the new one has its own. */
export interface Rotation {
  readonly owner: Bag;
  readonly keepsFormer: 'present' | 'former' | 'none';
}

const rotationOf = (requests: ReadonlyArray<RequestView>, owner: Bag): E.Either<string, Rotation> => {
  const serves = (which: 'key' | 'former'): boolean =>
    requests.some(({ bag, certificate, keyName }) =>
      bag === owner && certificate !== null && keyName === keyNameOf(owner, which)
    );
  if (!serves('key')) return E.right({ owner, keepsFormer: serves('former') ? 'former' : 'none' });
  return serves('former')
    ? E.left(`the ${owner}'s key is being replaced already: some certificates of the new one are not there yet`)
    : E.right({ owner, keepsFormer: 'present' });
};

/** Whose keys are replaced; `Left` if none can be. `keys` are the current ones. */
export const rotationsOf = (
  { hook, isLeader, byCsr, intent }: Seen,
  keys: PrivateKeys,
  { owner }: RotateParameters,
): E.Either<string, ReadonlyArray<Rotation>> => {
  if (owner === 'application' && !isLeader) return E.left(leaderOnly(hook, 'rotate-private-key'));
  const wanted: ReadonlyArray<Bag> = owner === undefined ? (isLeader ? ['unit', 'application'] : ['unit']) : [owner];
  const owners = wanted.filter((one) => keys[one] !== null);
  if (owners.length === 0) return E.left('there is no private key yet: it is made when a certificate is asked for');
  const requests = byCsr(intent.renew);
  const rotations: Array<Rotation> = [];
  for (const one of owners) {
    const rotation = rotationOf(requests, one);
    if (E.isLeft(rotation)) return rotation;
    rotations.push(rotation.right);
  }
  return E.right(rotations);
};
