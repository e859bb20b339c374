/**
 * Keys that a bridge no longer needs: those of requests that are gone, and older ones without a certificate.
 *
 * @module
 */
import type { Texts } from '../csr/texts.ts';
import type { AskedBelow } from './asked.ts';
import type { Decided } from './decided.ts';
import type { BridgeKey } from './keys.ts';
import type { KeyLabel } from './request-id.ts';

/** The public keys that a request needs: the one in force, and those of what is published above and below. Null: all that it has. */
const neededBy = ({ one: { request }, state, csrs }: Decided, texts: Texts): ReadonlySet<string> | null => {
  if (state === null) return null;
  const served = request?.cert ?? null;
  const needed = [
    state.key?.publicKey,
    state.serving?.certificate.publicKey,
    served === null ? undefined : texts.certificate(served)?.publicKey,
    ...csrs.map(({ csr }) => texts.csr(csr)?.publicKey),
  ];
  return new Set(needed.filter((key) => key !== undefined));
};

/** The keys that nothing needs. Those of a request that is unreadable at the moment stay. */
export const unusedKeys = (
  keys: ReadonlyArray<BridgeKey>,
  { isHeld }: AskedBelow,
  decided: ReadonlyArray<Decided>,
  texts: Texts,
): ReadonlyArray<BridgeKey> => {
  const needed = new Map<KeyLabel, ReadonlySet<string> | null>();
  for (const one of decided) needed.set(one.one.label, neededBy(one, texts));
  return keys.filter(({ label, request, publicKey }) => {
    const here = needed.get(label);
    if (here === undefined) return !isHeld(request);
    return here !== null && !here.has(publicKey);
  });
};
