/**
 * The status of a bridge's unit: what is asked for and for which applications, what is awaited from above, and what people must do.
 *
 * @module
 */
import type { AboveView, BridgedRequest } from '../../core/bridge/mod.ts';
import type { Snapshot } from '../../core/model/snapshot.ts';
import type { Status } from '../reaction.ts';
import type { BridgeConfiguration } from './config/bridge.ts';

/** What a status is made from. */
export interface BridgeStanding {
  readonly requests: ReadonlyArray<BridgedRequest>;
  readonly view: AboveView;
  /** Both endpoints as the hook sees them. */
  readonly below: Snapshot;
  readonly above: Snapshot;
}

/** How many applications a status names; the rest are counted. */
const MAX_NAMED = 4;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const nameOn = ({ relations }: Snapshot, id: string | null): string =>
  relations.find((relation) => relation.id === id)?.remoteApplication ?? id ?? 'all';

/** The applications that ask. */
const askersOf = (requests: ReadonlyArray<BridgedRequest>, below: Snapshot): string => {
  const names = [...new Set(requests.flatMap(({ relationId: id }) => (id === null ? [] : [nameOn(below, id)])))].sort();
  const more = names.length - MAX_NAMED;
  return more > 0 ? `${names.slice(0, MAX_NAMED).join(', ')} and ${more} more` : names.join(', ');
};

/** A request as shown to people. */
const titleOf = ({ relationId, unit, commonName }: BridgedRequest, below: Snapshot): string =>
  [unit ?? nameOn(below, relationId), commonName].filter((part) => part !== '').join(' ');

/** The status of the leader after its decision. */
export const bridgeStatusOf = (
  { below: lower, above: upper }: Pick<BridgeConfiguration, 'below' | 'above'>,
  { requests, view, below, above }: BridgeStanding,
): Status => {
  const say = (status: Status['status'], endpoint: string, message: string): Status => ({
    status,
    message: `${endpoint}: ${message}`,
  });
  if (above.relations.length === 0) {
    return say('blocked', upper, 'not related to a provider of certificates (juju integrate)');
  }
  if (view.relationId === null) return say('waiting', upper, 'waiting for a unit of the provider');
  const provider = nameOn(above, view.relationId);
  if (requests.length === 0) return say('active', lower, 'nobody asks for a certificate');
  if (view.spoken === 'reactive') {
    return say('blocked', upper, `${provider} speaks the reactive protocol, to which a bridge passes nothing on`);
  }
  const [refused] = requests.filter(({ state, notAfter }) => state === 'refused' && notAfter === null);
  if (refused !== undefined) {
    return say('blocked', lower, `${titleOf(refused, below)} is refused: ${refused.why ?? ''}`);
  }
  const awaited = requests.filter(({ state }) => state !== 'answered');
  const [first] = awaited;
  if (first !== undefined) {
    const what = requests.length === 1 ? 'the certificate' : `${awaited.length} of ${requests.length} certificates`;
    const whom = awaited.length === 1 ? titleOf(first, below) : askersOf(awaited, below);
    return say('waiting', upper, `waiting for ${what} from ${provider}, for ${whom}`);
  }
  return say(
    'active',
    upper,
    `${counted(requests.length, 'certificate')} from ${provider}, for ${askersOf(requests, below)}`,
  );
};

/** The status of a unit that does not lead. */
export const standingBy = ({ above }: Pick<BridgeConfiguration, 'above'>): Status => ({
  status: 'active',
  message: `${above}: stands by, the leader asks and answers`,
});
