/**
 * A charm of the CSR protocol that asks: `csr/requires`, with a keyring that uses keys in the model's secrets to make what is missing.
 *
 * It loads X.509 when its first hook runs, so models without it do not pay for it.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { CsrRequest, CsrRequiresIntent } from '../../../core/csr/requires/intent.ts';
import type { CsrRequiresView } from '../../../core/csr/requires/view.ts';
import type { PrivateKey } from '../../../core/model/certificate.ts';
import type { Flag } from '../../../core/model/flag.ts';
import type { Bag, Outcome } from '../../../core/model/outcome.ts';
import type { Timestamp } from '../../../core/model/snapshot.ts';
import { decideAndReact, type State } from '../../host.ts';
import type { Handler, HookContext } from '../application.ts';
import { earlier } from '../earlier.ts';
import type { MakeKey } from './keys.ts';

/** What a charm wants in a hook. */
export interface CsrAsking extends Partial<Pick<CsrRequiresIntent, 'renewAfter' | 'renew'>> {
  /** Everything that is wanted. */
  readonly requests: ReadonlyArray<CsrRequest>;
  /** The changes that the charm handles, once it has seen the decision. */
  readonly handle?: (outcome: Outcome<CsrRequiresView>) => ReadonlyArray<Flag>;
  /** The owners whose private key is replaced in this very hook. */
  readonly rotate?: ReadonlyArray<Bag>;
}

/** What was decided in a hook, and from what. */
export interface CsrDecided {
  /** The hook that it ran in. */
  readonly context: HookContext;
  /** With the public halves of the keys. */
  readonly state: State;
  /** Everything that the charm wanted in the end, with the CSRs that were made. */
  readonly intent: CsrRequiresIntent;
  /** What was decided. */
  readonly outcome: Outcome<CsrRequiresView>;
}

/** How a charm asks. */
export interface CsrRequirerOptions {
  /** What it asks for in a hook. */
  readonly wants: (context: HookContext) => CsrAsking;
  /** How to make a missing private key; P-256 by default. */
  readonly makeKey?: MakeKey;
  /** Random bytes for unique identifiers; the runtime's by default. */
  readonly random?: (length: number) => Uint8Array;
  /** Gets each hook's decision before it is published. */
  readonly onDecided?: (decided: CsrDecided) => void;
}

const loaded = async () => {
  const [{ csrRequires }, intent, keyring, keys, key] = await Promise.all([
    import('../../../core/csr/requires.ts'),
    import('../../../core/csr/requires/intent.ts'),
    import('../../../core/keyring/keyring.ts'),
    import('./keys.ts'),
    import('../../../core/x509/key.ts'),
  ]);
  return { csrRequires, nothing: intent.nothing, ...keyring, ...keys, ...key };
};

const runtimeRandom = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/**
 * A handler that asks by CSR. Each unit has a key, and the application has one that its leader makes; they are kept in secrets and go
 * nowhere else. The unit is woken when a renewal is due.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { caOf, memoryKeeper } from 'interface-tls-certificates/authority';
 * import { csrRequires } from 'interface-tls-certificates/csr';
 * import { csrRequirer, handler, model } from 'interface-tls-certificates/model';
 * import { orThrow } from 'interface-tls-certificates';
 *
 * const web = csrRequirer({
 *   wants: () => ({
 *     requests: [{ certType: 'server', commonName: 'web.example', sans: ['web.example'], uniqueIdentifier: true }],
 *   }),
 * });
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const authority = caOf({ keeper: memoryKeeper(), authority: { commonName: 'Our test CA' }, random });
 * const ca = handler(({ now, state }) => orThrow(authority.csrCharm(new Date(now), state.snapshot.isLeader)));
 *
 * const juju = model({ applications: { web: { requires: { certificates: web } }, ca: { provides: { certificates: ca } } } });
 * juju.deploy('web');
 * juju.deploy('ca');
 * juju.integrate('web:certificates', 'ca:certificates');
 * await juju.settleOrThrow();
 * assert.equal(juju.unit('web/0')?.outcome(csrRequires, 'certificates')?.view.requests[0]?.state, 'answered');
 *
 * await juju.advance(85 * 86_400); // nine tenths of its life
 * await juju.settleOrThrow();
 * assert.equal(juju.unit('web/0')?.outcome(csrRequires, 'certificates')?.view.requests[0]?.renewAt?.slice(0, 7), '2026-06');
 * ```
 */
export const csrRequirer =
  ({ wants, makeKey, random = runtimeRandom, onDecided }: CsrRequirerOptions): Handler => async (context) => {
    const { csrRequires, nothing, makeMissing, modelKeys, generateKey } = await loaded();
    const { endpoint, hook: { unit }, now, secrets, state } = context;
    const { isLeader, relations } = state.snapshot;
    const { requests, handle = () => [], rotate = [], renewAfter = nothing.renewAfter, renew = [] } = wants(context);

    const make: MakeKey = makeKey ?? (async (): Promise<PrivateKey> => {
      const made = await generateKey('P-256')();
      if (E.isLeft(made)) throw new Error('this runtime makes no P-256 keys');
      return made.right;
    });
    const keeper = modelKeys(secrets, endpoint);
    const owners: ReadonlyArray<Bag> = (['unit', 'application'] as const).filter((owner) =>
      requests.some(({ certType }) => (certType === 'application') === (owner === 'application'))
    );
    const intent: CsrRequiresIntent = { ...nothing, requests, renewAfter, renew };
    if (rotate.length > 0) {
      const { kept } = await keeper.open(owners, isLeader, null);
      const { view } = csrRequires.decide({ ...state.snapshot, keys: kept }, intent, state.memory);
      const serving = new Set(
        view.requests.flatMap(({ certificate, keyName }) => certificate === null ? [] : [keyName]),
      );
      for (const owner of rotate) {
        if (owner === 'unit' || isLeader) await keeper.replace(owner, make, (name) => serving.has(name));
      }
    }
    // Without a relation there is no provider to ask, and no key is needed.
    const { keys, kept } = await keeper.open(owners, isLeader, relations.length === 0 ? null : make);

    const seen: State = { ...state, snapshot: { ...state.snapshot, keys: kept } };
    let wanted = intent;
    let turn: Timestamp | null = null;
    const outcome = await decideAndReact(seen, {
      side: csrRequires,
      intent,
      react: async (first) => {
        const made = await makeMissing(first.view, { keys, random, spread: { unit, now } })();
        if (E.isLeft(made)) throw new Error(`no request could be made with the key that is kept: ${made.left}`);
        turn = made.right.until;
        const handled = handle(first);
        if (made.right.made.length + handled.length > 0) wanted = { ...intent, made: made.right.made, handled };
        return wanted;
      },
    });
    onDecided?.({ context, state: seen, intent: wanted, outcome });
    return { side: csrRequires.name, outcome, until: earlier(outcome.until, turn) };
  };
