/**
 * Conversations with a provider. The other side is a builtin requirer, in some of them beside one that publishes malformed data.
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

/** A rule for the first answer: an inspection must not have these findings about it. */
const answer = (
  name: string,
  rule: string,
  source: string,
  ...codes: ReadonlyArray<ExamineFindingCode>
): Conversation => of({ name: `the answer: ${name}`, rule, source, steps: () => [SETTLE], judge: without(...codes) });

/** The conversations with a provider. */
export const PROVIDER_CONVERSATIONS: ReadonlyArray<Conversation> = [
  ...common('provider'),
  answer(
    'names',
    'The certificate has every name that was requested.',
    'RFC 5280 section 4.2.1.6',
    'names-missing',
    'name-in-subject-only',
  ),
  answer('purpose', 'A server certificate is good for servers.', 'RFC 5280 section 4.2.1.12', 'wrong-purpose'),
  answer(
    'key',
    'The certificate and the key belong together.',
    'RFC 5280 section 4.1.2.7',
    'key-mismatch',
    'key-unusable',
  ),
  answer(
    'CA',
    'The provider publishes the CA that signed the certificate.',
    `${CSR_PAGE}#ca-and-chain`,
    'no-ca',
    'issuer-differs',
    'untrusted',
  ),
  answer(
    'chain',
    'The chain begins with the certificate, and each one is signed by the next.',
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
    rule: 'The provider withdraws the answer to a request that is gone.',
    source: `${CSR_PAGE}#the-provider; docs/from-python.md, D26`,
    world: { otherUnits: 2 },
    steps: ({ other }) => [SETTLE, { is: 'remove-unit', what: `${other}/1` }, SETTLE],
    judge: writesAfter(2),
  }),
  of({
    name: 'two requirers',
    rule: 'Each application gets its answer on its own relation.',
    source: 'docs/from-charmlibs.md, C16',
    world: { beside: 'requirer' },
    steps: () => [SETTLE],
    judge: answered,
  }),
  of({
    name: 'malformed neighbour',
    rule: 'Malformed data from one requirer fails no hook, and the others still get their answers.',
    source: `${CSR_PAGE}#malformed-data; docs/from-python.md, D27`,
    world: { beside: 'malformed' },
    steps: () => [SETTLE],
    judge: endsWell,
  }),
  of({
    name: 'units that do not lead',
    rule: 'A unit that is not the leader writes nothing that only the leader may write, and none of its hooks fails.',
    source: `${CSR_PAGE}#the-provider`,
    world: { testedUnits: 3 },
    steps: () => [SETTLE],
    judge: answered,
  }),
  of({
    name: 'requirer changes its leader',
    rule: 'A new leader of the requirer changes no answer.',
    source: `${CSR_PAGE}#application-requests`,
    world: { otherUnits: 2 },
    steps: ({ other }) => [SETTLE, { is: 'leader', what: `${other}/1` }, SETTLE],
    judge: writesNothingAfter(2),
  }),
];
