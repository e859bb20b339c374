/**
 * Conversations with a provider: ours on the other side is a requirer, and others that publish what nobody can read.
 *
 * @module
 */
import type { ExamineFindingCode } from '../../../core/examine/findings.ts';
import type { ProtocolName } from '../../provider/protocol.ts';
import { common } from './both-roles.ts';
import { BOTH, type Conversation, CSR_PAGE, SETTLE } from './conversation.ts';
import { answered, endsWell, without, writesAfter, writesNothingAfter } from './judging.ts';

const of = (
  conversation: Omit<Conversation, 'role' | 'protocols'>,
  protocols: ReadonlyArray<ProtocolName> = BOTH,
): Conversation => ({
  ...conversation,
  role: 'provider',
  protocols,
});

/** What the first answer has to be, by the findings that it must not have. */
const answer = (
  name: string,
  rule: string,
  source: string,
  ...codes: ReadonlyArray<ExamineFindingCode>
): Conversation => of({ name: `the answer: ${name}`, rule, source, steps: () => [SETTLE], judge: without(...codes) });

/** The conversations. */
export const PROVIDER_CONVERSATIONS: ReadonlyArray<Conversation> = [
  ...common('provider'),
  answer(
    'names',
    'The certificate has every name that was asked for.',
    'RFC 5280 section 4.2.1.6',
    'names-missing',
    'name-in-subject-only',
  ),
  answer('purpose', 'A server certificate is good for servers.', 'RFC 5280 section 4.2.1.12', 'wrong-purpose'),
  answer('key', 'Certificate and key belong together.', 'RFC 5280 section 4.1.2.7', 'key-mismatch', 'key-unusable'),
  answer('CA', 'The CA that signed is published.', `${CSR_PAGE}#ca-and-chain`, 'no-ca', 'issuer-differs', 'untrusted'),
  answer(
    'chain',
    'The chain begins with the certificate, and each is signed by the next.',
    'RFC 8446 section 4.4.2',
    'chain-disordered',
    'wrong-order',
    'leaf-missing',
  ),
  answer('dates', 'The certificate is valid now.', 'RFC 5280 section 4.1.2.5', 'expired', 'not-yet-valid'),
  of({
    name: 'names changed',
    rule: 'A request with other names gets another certificate.',
    source: `${CSR_PAGE}#which-csr-fits-a-request; docs/from-python.md, D9`,
    steps: ({ other }) => [SETTLE, { is: 'config', what: { [other]: { 'extra-sans': 'other.example' } } }, SETTLE],
    judge: (rehearsal, cast) => answered(rehearsal) ?? writesAfter(2)(rehearsal, cast),
  }),
  of({
    name: 'request withdrawn',
    rule: 'The answer to a request that is gone is withdrawn.',
    source: `${CSR_PAGE}#the-provider; docs/from-python.md, D26`,
    world: { otherUnits: 2 },
    steps: ({ other }) => [SETTLE, { is: 'remove-unit', what: `${other}/1` }, SETTLE],
    judge: writesAfter(2),
  }),
  of({
    name: 'two requirers',
    rule: 'Each application is answered on its own relation.',
    source: 'docs/from-charmlibs.md, C16',
    world: { beside: 'requirer' },
    steps: () => [SETTLE],
    judge: answered,
  }),
  of({
    name: 'malformed neighbour',
    rule: 'A requirer that publishes what nobody can read fails no hook, and the others are answered.',
    source: `${CSR_PAGE}#malformed-data; docs/from-python.md, D27`,
    world: { beside: 'malformed' },
    steps: () => [SETTLE],
    judge: endsWell,
  }),
  of({
    name: 'units that do not lead',
    rule: 'Units that do not lead write nothing that only a leader may write, and fail no hook.',
    source: `${CSR_PAGE}#the-provider`,
    world: { testedUnits: 3 },
    steps: () => [SETTLE],
    judge: answered,
  }),
  of({
    name: 'requirer changes its leader',
    rule: 'Another leader of the requirer changes no answer.',
    source: `${CSR_PAGE}#application-requests`,
    world: { otherUnits: 2 },
    steps: ({ other }) => [SETTLE, { is: 'leader', what: `${other}/1` }, SETTLE],
    judge: writesNothingAfter(2),
  }),
];
