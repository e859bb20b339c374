/**
 * The CSR half: what is requested and withdrawn in that form, and the results.
 *
 * On a relation that is not asked in this form, every CSR is withdrawn. A unit that does not lead still looks there for the application's
 * certificate, which its leader requests.
 *
 * @module
 */
import { type CsrRequiresIntent, nothing } from '../../csr/requires/intent.ts';
import { finding } from '../../csr/requires/findings.ts';
import type { CsrRequiresView, RequestView } from '../../csr/requires/view.ts';
import { csrRequires } from '../../csr/requires.ts';
import type { Finding } from '../../model/finding.ts';
import { emptyMemory } from '../../model/memory.ts';
import type { Outcome, Write } from '../../model/outcome.ts';
import type { Snapshot, Timestamp } from '../../model/snapshot.ts';
import type { SpokenRelation } from './relation.ts';

/** What the CSR half decides. */
export interface CsrHalf {
  readonly writes: ReadonlyArray<Write>;
  /** The state of each request on the relation that is asked, in the intent's order; null: it is not asked in this form. */
  readonly asked: CsrRequiresView | null;
  /** What a unit that does not lead finds on other relations. */
  readonly followed: ReadonlyArray<RequestView>;
  readonly untils: ReadonlyArray<Timestamp>;
  readonly findings: ReadonlyArray<Finding>;
}

/** These are reported once, for the relation that is asked. */
const SAID_ONCE: ReadonlySet<string> = new Set(['several-relations', 'request-impossible', 'no-relation']);

/** Decides the CSR half. */
export const csrHalf = (
  snapshot: Snapshot,
  present: ReadonlyArray<SpokenRelation>,
  target: SpokenRelation | null,
  intent: CsrRequiresIntent,
): CsrHalf => {
  const on = (relations: ReadonlyArray<SpokenRelation>, wanted: CsrRequiresIntent): Outcome<CsrRequiresView> | null =>
    relations.length === 0 ? null : csrRequires.decide(
      { ...snapshot, relations: relations.map(({ relation }) => relation) },
      wanted,
      emptyMemory,
    );
  const isAsked = target !== null && target.spoken !== 'reactive';
  const here = on(target === null ? [] : [target], isAsked ? { ...intent, handled: [] } : nothing);
  const elsewhere = on(present.filter((one) => one !== target), {
    ...nothing,
    renewAfter: intent.renewAfter,
    requests: snapshot.isLeader ? [] : intent.requests.filter(({ certType }) => certType === 'application'),
  });
  return {
    writes: [...here?.writes ?? [], ...elsewhere?.writes ?? []],
    asked: isAsked ? here?.view ?? null : null,
    followed: elsewhere?.view.requests ?? [],
    untils: [here?.until ?? null, elsewhere?.until ?? null].filter((until) => until !== null),
    findings: [
      ...here?.findings ?? [],
      ...(elsewhere?.findings ?? []).filter(({ code }) => !SAID_ONCE.has(code)),
      ...(target !== null && !isAsked
        ? intent.renew.map((_, i) =>
          finding(
            'nothing-to-renew',
            { relationId: target.relation.id },
            `intent.renew[${i}] cannot be asked for: the provider speaks the reactive protocol and renews by itself`,
          )
        )
        : []),
    ],
  };
};
