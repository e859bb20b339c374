/**
 * Conversations with a requirer. The other side is a builtin provider, on its good days and on its bad ones.
 *
 * @module
 */
import { type FaultName, FAULTS, FAULTS_OF } from '../../provider/fault.ts';
import type { ProtocolName } from '../../provider/protocol.ts';
import { BOTH, type Cast, type Conversation, CSR_PAGE, SETTLE } from './conversation.ts';
import { common } from './both-roles.ts';
import { answered, writesAfter, writesNothingAfter } from './judging.ts';

/** Where the rule for each fault comes from. */
const FAULT_SOURCES: Readonly<Record<FaultName, string>> = {
  'never': `${CSR_PAGE}#states`,
  'late': `${CSR_PAGE}#states`,
  'half': 'docs/from-python.md, D4',
  'half-answered': `${CSR_PAGE}#states`,
  'malformed': `${CSR_PAGE}#malformed-data; docs/from-python.md, D3`,
  'malformed-entry': `${CSR_PAGE}#malformed-data`,
  'expired': 'RFC 5280 section 4.1.2.5',
  'ends-soon': 'RFC 5280 section 4.1.2.5',
  'wrong-names': 'RFC 9525 section 6',
  'wrong-key': 'RFC 5280 section 4.1.2.7',
  'wrong-ca': 'RFC 5280 section 6.1',
  'reversed-chain': `${CSR_PAGE}#ca-and-chain; RFC 8446 section 4.4.2`,
  'leaf-missing': `${CSR_PAGE}#ca-and-chain`,
  'empty-chain': 'docs/from-charmlibs.md, C10',
  'revoked': 'docs/from-charmlibs.md, C13',
  'denied': `${CSR_PAGE}#error-codes`,
  'no-leader': `${CSR_PAGE}#the-provider`,
};

/** A fault of the provider, and its end: no hook fails, and at the end every request is answered. */
const badDay = (answer: FaultName): Conversation => ({
  name: `provider's bad day: ${answer}`,
  rule: `No hook fails while ${FAULTS[answer]}; afterwards every request is answered.`,
  source: FAULT_SOURCES[answer],
  role: 'requirer',
  protocols: BOTH.filter((protocol) => FAULTS_OF[protocol].includes(answer)),
  steps: ({ other }) => [
    { is: 'fault', what: { provider: other, answer } },
    SETTLE,
    { is: 'advance', what: '1h' },
    SETTLE,
    { is: 'fault', what: { provider: other, answer: 'well' } },
    SETTLE,
  ],
  judge: answered,
});

/** All faults except `late`, which needs a number. */
const BAD_DAYS: ReadonlyArray<FaultName> =
  // The table is constant: its keys are exactly the names.
  (Object.keys(FAULTS) as ReadonlyArray<FaultName>).filter((name) => name !== 'late');

const of = (
  conversation: Omit<Conversation, 'role' | 'protocols'>,
  protocols: ReadonlyArray<ProtocolName> = BOTH,
): Conversation => ({
  ...conversation,
  role: 'requirer',
  protocols,
});

const hasChange = ({ change }: Cast): string | null =>
  change === null ? 'the scenario has no config step for this application that would change its request' : null;

/** The conversations with a requirer. */
export const REQUIRER_CONVERSATIONS: ReadonlyArray<Conversation> = [
  ...common('requirer'),
  ...BAD_DAYS.map(badDay),
  of({
    name: 'CA replaced',
    rule: 'After the provider replaces its CA, every request is answered again, and no hook fails.',
    source: 'docs/authority.md',
    steps: ({ other }) => [SETTLE, { is: 'replace-ca', what: other }, SETTLE],
    judge: answered,
  }),
  of({
    name: 'request changed',
    rule: 'When the configuration changes, a new request replaces the old one, and it is answered.',
    source: `${CSR_PAGE}#which-csr-fits-a-request; docs/from-python.md, D9`,
    steps: ({ tested, change }) => [SETTLE, { is: 'config', what: { [tested]: change ?? {} } }, SETTLE],
    needs: hasChange,
    judge: (rehearsal, cast) => answered(rehearsal) ?? writesAfter(2)(rehearsal, cast),
  }),
  of({
    name: "provider's units",
    rule: 'Another unit of the provider does not change the requests.',
    source: 'docs/from-python.md, D24',
    steps: ({ other }) => [SETTLE, { is: 'add-unit', what: other }, SETTLE],
    judge: writesNothingAfter(2),
  }),
  of({
    name: "provider's leader changes",
    rule: 'A new leader of the provider does not change the requests.',
    source: `${CSR_PAGE}#the-provider`,
    world: { otherUnits: 2 },
    steps: ({ other }) => [SETTLE, { is: 'leader', what: `${other}/1` }, SETTLE],
    judge: writesNothingAfter(2),
  }, ['csr']),
  of({
    name: 'malformed neighbour',
    rule: 'A malformed answer to another unit fails no hook, and this unit keeps its own answer.',
    source: `${CSR_PAGE}#malformed-data`,
    world: { testedUnits: 2 },
    steps: ({ tested, other, protocol }) => [
      SETTLE,
      {
        is: 'fault',
        what: { provider: other, unit: `${tested}/1`, answer: protocol === 'csr' ? 'malformed-entry' : 'malformed' },
      },
      SETTLE,
      { is: 'fault', what: { provider: other, answer: 'well' } },
      SETTLE,
    ],
    judge: answered,
  }),
  of({
    name: 'provider that speaks both protocols',
    rule: 'If the provider speaks both protocols, the charm uses the one that it speaks.',
    source: 'docs/any-protocol.md#the-provider',
    world: { spoken: 'any' },
    steps: () => [SETTLE],
    judge: answered,
  }),
];
