/**
 * The state of the requests by CSR: what a keyring and the actions of a charm need in addition to the view.
 *
 * @module
 */
import type { CsrRequiresIntent } from '../../csr/requires/intent.ts';
import type { RequestView } from '../../csr/requires/view.ts';
import type { Memory } from '../../model/memory.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { rememberedOf } from '../../side/remember.ts';
import { csrHalf } from './csr-half.ts';
import { relationToAsk, spokenRelations } from './relation.ts';

/**
 * The requests on the relation that is asked, in the intent's order, as the CSR protocol's requirer sees them. None if there is no relation
 * to ask on, or if its provider speaks the reactive protocol.
 */
export const requestsByCsr = (
  snapshot: Snapshot,
  intent: CsrRequiresIntent,
  memory: Memory,
): ReadonlyArray<RequestView> => {
  const remembered = rememberedOf(snapshot.endpoint, memory);
  const { present } = spokenRelations(snapshot, remembered);
  const target = relationToAsk(snapshot, present, intent.requests, remembered);
  return csrHalf(snapshot, present, target, intent).asked?.requests ?? [];
};
