/**
 * Private keys of a unit and its application in the model: kept in secrets, as a charm keeps them in Juju.
 *
 * A replaced key stays next to the new one, so that its certificate can be used until the next one arrives.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Keyring } from '../../../core/keyring/keyring.ts';
import type { PrivateKey } from '../../../core/model/certificate.ts';
import type { Bag } from '../../../core/model/outcome.ts';
import type { KeptKey, PublicKeyText } from '../../../core/model/snapshot.ts';
import { openKey } from '../../../core/x509/key.ts';
import { orThrow } from '../../host.ts';
import type { HookSecrets } from '../secrets.ts';

/** Makes a private key: P-256, P-384 or RSA. */
export type MakeKey = () => Promise<PrivateKey>;

/** The keys as opened in a hook. */
export interface OpenedKeys {
  /** The current keys. */
  readonly keys: Keyring['keys'];
  /** Public halves for the snapshot. For each owner, the current key comes first. */
  readonly kept: ReadonlyArray<KeptKey>;
}

/** The fields of a secret with keys. */
const [CURRENT, FORMER] = ['private-key', 'former-key'];

/** The label of the secret with an owner's keys for an endpoint. */
export const keyLabel = (endpoint: string): string => `private-key-${endpoint}`;

const publicHalf = async (key: PrivateKey): Promise<PublicKeyText> => {
  const { spki } = await orThrow(
    pipe(openKey(key), TE.mapLeft((fault) => ({ message: `a private key that is kept cannot be read (${fault})` }))),
  );
  // The type is defined as base64 of a SubjectPublicKeyInfo.
  return btoa(String.fromCharCode(...spki)) as PublicKeyText;
};

/** The keys of an endpoint, over the secrets of a hook. */
export interface ModelKeys {
  /** Opens the keys of these owners. A missing key is made if `make` is not null and the unit may keep it. */
  readonly open: (owners: ReadonlyArray<Bag>, leads: boolean, make: MakeKey | null) => Promise<OpenedKeys>;
  /**
   * Makes a new key the current one. Of the keys before it, the one that `serves` (its certificates are in use) is kept too. While both do,
   * nothing is replaced, since certificates would lose their key.
   */
  readonly replace: (owner: Bag, make: MakeKey, serves: (name: string) => boolean) => Promise<void>;
}

/** The keys that are kept for an endpoint. */
export const modelKeys = (secrets: HookSecrets, endpoint: string): ModelKeys => {
  const label = keyLabel(endpoint);
  const textsOf = (owner: Bag): ReadonlyArray<readonly [name: string, key: PrivateKey]> => {
    const content = secrets.get(owner, label) ?? {};
    return [[owner, CURRENT], [`${owner}-former`, FORMER]].flatMap(([name = '', field = '']) =>
      // What is kept there is a private key.
      content[field] === undefined ? [] : [[name, content[field] as PrivateKey] as const]
    );
  };
  return {
    open: async (owners, leads, make) => {
      const keys: { [B in Bag]: PrivateKey | null } = { unit: null, application: null };
      const kept: Array<KeptKey> = [];
      for (const owner of owners) {
        if (make !== null && (owner === 'unit' || leads) && textsOf(owner).length === 0) {
          secrets.set(owner, label, { [CURRENT]: await make() });
        }
        const texts = textsOf(owner);
        keys[owner] = texts[0]?.[1] ?? null;
        for (const [name, key] of texts) kept.push({ owner, name, publicKey: await publicHalf(key) });
      }
      return { keys, kept };
    },
    replace: async (owner, make, serves) => {
      const [serving, another] = textsOf(owner).filter(([name]) => serves(name));
      if (another !== undefined) return;
      secrets.set(owner, label, {
        [CURRENT]: await make(),
        ...(serving === undefined ? {} : { [FORMER]: serving[1] }),
      });
    },
  };
};
