/**
 * Conversations that are the same for both roles.
 *
 * @module
 */
import type { Step } from '../scenario/step.ts';
import { BOTH, type Cast, type Conversation, CSR_PAGE, SETTLE, type TestedRole } from './conversation.ts';
import { answered, endsWell, writesNothingAfter } from './judging.ts';

const endsOf = (
  { tested, endpoint, other }: Cast,
): ReadonlyArray<string> => [`${tested}:${endpoint}`, `${other}:certificates`];

/** The application that requests certificates. */
const asking = (role: TestedRole, { tested, other }: Cast): string => (role === 'requirer' ? tested : other);

/** Settles, does something, and settles again. */
const after = (step: (cast: Cast) => Step) => (cast: Cast): ReadonlyArray<Step> => [SETTLE, step(cast), SETTLE];

/** The conversations, for one role. */
export const common = (role: TestedRole): ReadonlyArray<Conversation> =>
  ([
    {
      name: 'first request',
      rule: 'Requests are made and answered, and an inspection finds no error.',
      source: `${CSR_PAGE}#databags; docs/from-python.md`,
      steps: () => [SETTLE],
      judge: answered,
    },
    {
      name: 'nothing new',
      rule: 'A hook writes nothing if nothing has changed: each write wakes the other side.',
      source: 'docs/from-python.md, D28',
      steps: () => [SETTLE, { is: 'advance', what: '1h' }, SETTLE],
      judge: writesNothingAfter(2),
    },
    {
      name: 'another unit asks',
      rule: 'A unit that is added later is answered like the first one.',
      source: `${CSR_PAGE}#the-provider`,
      steps: after((cast) => ({ is: 'add-unit', what: asking(role, cast) })),
      judge: answered,
    },
    {
      name: 'a unit that asks leaves',
      rule: 'When a unit leaves, the others keep their answers, and no hook fails.',
      source: `${CSR_PAGE}#the-provider; docs/from-python.md, D26`,
      world: role === 'requirer' ? { testedUnits: 2 } : { otherUnits: 2 },
      steps: after((cast) => ({ is: 'remove-unit', what: `${asking(role, cast)}/1` })),
      judge: answered,
    },
    {
      name: 'relation removed',
      rule: 'No hook fails when the relation is removed.',
      source: 'docs/from-python.md, D8',
      steps: after((cast) => ({ is: 'remove-relation', what: endsOf(cast) })),
      judge: endsWell,
    },
    {
      name: 'relation made again',
      rule: 'When the relation is removed and made again, requests are answered as before.',
      source: 'docs/from-python.md, D5',
      steps: (cast) => [
        SETTLE,
        { is: 'remove-relation', what: endsOf(cast) },
        SETTLE,
        { is: 'relate', what: endsOf(cast) },
        SETTLE,
      ],
      judge: answered,
    },
    {
      name: 'cross-model',
      rule: 'Requests are answered although Juju changes names between models.',
      source: 'docs/from-python.md, D29 and D30',
      world: { crossModel: true },
      steps: () => [SETTLE],
      judge: answered,
    },
    {
      name: 'leader changes',
      rule: 'A new leader goes on with what the old one began.',
      source: `${CSR_PAGE}#application-requests`,
      world: { testedUnits: 2 },
      steps: ({ tested, other }) => [
        SETTLE,
        { is: 'leader', what: `${tested}/1` },
        SETTLE,
        ...(role === 'provider' ? [{ is: 'add-unit', what: other }, SETTLE] as const : []),
      ],
      judge: answered,
    },
    {
      name: 'upgrade on live databags',
      rule: 'An upgrade to the same charm does not change what is published.',
      source: 'docs/from-python.md',
      steps: after(({ tested, charm }) => ({ is: 'upgrade', what: { [tested]: charm } })),
      judge: writesNothingAfter(2),
    },
    {
      name: 'killed at every tool call',
      rule: 'If a hook is killed at any of its tool calls, the next one completes its work.',
      source: 'ARCHITECTURE.md, Principles 3 and 4',
      steps: ({ tested, endpoint }) => [
        { is: 'kill', what: { unit: `${tested}/0`, at: 'every tool call', hook: `${endpoint}-relation-changed` } },
        SETTLE,
      ],
      judge: answered,
    },
    ...[1, 2].map((seed) => ({
      name: `another order of hooks (${seed})`,
      rule: 'The result does not depend on the order of hooks.',
      source: 'ARCHITECTURE.md, Principles 3',
      world: { seed },
      steps: () => [SETTLE],
      judge: answered,
    })),
    {
      name: 'Juju 4',
      rule: 'Requests are made and answered on Juju 4, whose databags have no private-address.',
      source: 'docs/charms.md',
      world: { juju: '4.0.15' },
      steps: () => [SETTLE],
      judge: answered,
    },
    {
      name: 'Juju 2.9',
      rule: 'Requests are made and answered on Juju 2.9: the reactive protocol needs no secrets.',
      source: 'docs/charms.md',
      world: { juju: '2.9.51' },
      steps: () => [SETTLE],
      judge: answered,
    },
  ] satisfies ReadonlyArray<Omit<Conversation, 'role' | 'protocols'>>).map((one): Conversation => ({
    ...one,
    role,
    protocols: one.name === 'Juju 2.9' ? ['reactive'] : BOTH,
  }));
