/**
 * A bridge as a charm in the model: both endpoints of it are read, decided and applied in one hook.
 *
 * What the leader keeps for all units, keys and table, is kept here: a secret of the application and a peer relation in Juju.
 *
 * @module
 */
import assert from 'node:assert/strict';
import type { Application, HookContext, ModelHandler } from '../../../adapters/memory/mod.ts';
import { anyProvides } from '../../../core/any/mod.ts';
import {
  asPublished,
  bridge,
  type Bridged,
  type BridgeInput,
  type BridgeKey,
  decideAbove,
  emptyTable,
  type KeyLabel,
  makeBridged,
  withPrivateKeys,
} from '../../../core/bridge/mod.ts';
import { keptKey } from '../../../core/keyring/mod.ts';
import { generateKey, type PrivateKey } from '../../../core/x509/mod.ts';
import { right } from '../authority/csr-world.ts';

const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

/** The endpoints; the model decides them in this order. */
const [ABOVE, BELOW] = ['certificates', 'clients'] as const;

interface Held extends BridgeKey {
  readonly key: PrivateKey;
}

/** A bridge for one model: requirers are related to its `clients`, a provider to its `certificates`. */
export const bridgeCharm = (): Application => {
  let keys: ReadonlyArray<Held> = [];
  let table = emptyTable;
  /** What a unit has decided in its present hook, for its second endpoint. */
  const decidedBy = new Map<string, Bridged>();

  const newKey = async ({ label, request }: Pick<BridgeKey, 'label' | 'request'>): Promise<void> => {
    const key = await right(generateKey('P-256'));
    const { publicKey } = await right(keptKey({ owner: 'application', name: 'x' }, key));
    keys = [...keys, { label, request, name: `key ${keys.length} of ${label}`, publicKey, key }];
  };

  const decided = async ({ state: { snapshot, memory }, snapshotOf }: HookContext): Promise<Bridged> => {
    const below = anyProvides.decide(snapshotOf(BELOW), anyProvides.nothing, memory);
    const above = decideAbove(snapshot, asPublished, memory).view;
    const decide = (made: BridgeInput['made']) =>
      bridge({
        snapshot: snapshotOf(BELOW),
        below,
        above,
        table,
        keys: keys.map(({ label, request, name, publicKey }) => ({ label, request, name, publicKey })),
        made,
        sharedClient: true,
      });
    const { missing } = decide([]);
    for (const one of missing) if (one.keyName === null) await newKey(one);
    const keyOf = (label: KeyLabel) => keys.find((one) => one.label === label)?.key ?? null;
    const { made, faults } = await makeBridged(missing, { keyOf, random })();
    assert.deepEqual(faults, []);
    return decide(made);
  };

  const above: ModelHandler = async (context) => {
    const both = await decided(context);
    decidedBy.set(context.hook.unit, both);
    const { snapshot, memory } = context.state;
    return { side: 'above', outcome: decideAbove(snapshot, both.above, memory), until: both.until };
  };

  const below: ModelHandler = ({ hook, state: { snapshot, memory } }) => {
    const both = decidedBy.get(hook.unit) ?? assert.fail('the other endpoint comes first');
    const keyOf = (name: string) => keys.find((one) => one.name === name)?.key ?? null;
    const outcome = anyProvides.decide(snapshot, withPrivateKeys(both.below, keyOf), memory);
    if (snapshot.isLeader) {
      table = both.table;
      const unused = new Set(both.unused.map(({ name }) => name));
      keys = keys.filter(({ name }) => !unused.has(name));
    }
    return Promise.resolve({
      side: anyProvides.name,
      outcome: { ...outcome, findings: [...outcome.findings, ...both.findings] },
    });
  };

  return { requires: { [ABOVE]: above }, provides: { [BELOW]: below } };
};
