/**
 * What compiles and what does not: `decide` takes what the decoders take. Nothing here runs; the types are checked.
 *
 * @module
 */
import { decide, decideInput, decodeInput, type InputDocument, requires } from '../../mod.ts';
import type { RequiresIntentDocument } from '../../adapters/port.ts';

const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [] };

/** Fields that have a default may be left out or null; the outcome is the side's own. */
export const minimal = () => {
  const asked = decide({ side: 'reactive/requires', snapshot });
  const answered = decide({ side: 'reactive/provides', snapshot: { ...snapshot, now: null }, intent: null });
  return [
    asked._tag === 'Right' ? asked.right.view.serverCerts : [],
    answered._tag === 'Right' ? answered.right.view.newRequests : [],
  ];
};

/** What is not known to the compiler is decoded: it may be anything. */
export const unknowns = (anything: ReturnType<typeof JSON.parse>, unknown: unknown, document: InputDocument) => [
  decide(anything),
  decide(unknown),
  decide(document),
  decide(JSON.parse('{}')),
];

/** What was decoded can be decided on again. */
export const decoded = (unknown: unknown) => {
  const input = decodeInput(unknown);
  return input._tag === 'Right' ? [decide(input.right), decideInput(input.right)] : [];
};

/** A misspelt field, wherever it is. */
export const misspelt = () => [
  // @ts-expect-error: certTyp
  decide({ side: 'reactive/requires', snapshot, intent: { requests: [{ certTyp: 'server', commonName: 'web' }] } }),
  decide({
    side: 'reactive/requires',
    snapshot,
    // @ts-expect-error: sanz
    intent: { requests: [{ certType: 'server', commonName: 'web', sanz: [] }] },
  }),
  // @ts-expect-error: withdrawal
  decide({ side: 'reactive/requires', snapshot, intent: { withdrawal: [] } }),
  // @ts-expect-error: the intent of the other side
  decide({ side: 'reactive/requires', snapshot, intent: { answers: [] } }),
  decide({
    side: 'reactive/requires',
    snapshot,
    // @ts-expect-error: certificateName is for server certificates
    intent: { requests: [{ certType: 'client', commonName: 'a', certificateName: 'b' }] },
  }),
  // @ts-expect-error: relation
  decide({ side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 'certificates', relation: [] } }),
  // @ts-expect-error: no such side
  decide({ side: 'reactive/require', snapshot }),
  // @ts-expect-error: no snapshot
  decide({ side: 'reactive/provides' }),
  // @ts-expect-error: nothing that could be a document
  decide(7),
];

/** Each side's decoder takes the documents that the type tells of. */
export const takes: ((intent: RequiresIntentDocument) => void) | undefined = requires.intent.takes;
