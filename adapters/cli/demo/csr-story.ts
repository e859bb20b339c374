/**
 * The story by the CSR protocol: an application whose keys never leave it, a small CA, a name that is refused, renewal by time, revocation,
 * another leader, and a new CA.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { CsrRequest } from '../../../core/csr/requires/intent.ts';
import { csrProvides } from '../../../core/csr/provides.ts';
import { csrRequires } from '../../../core/csr/requires.ts';
import { revokeAll } from '../../../core/authority/mod.ts';
import { type Flag, flagOf } from '../../../core/model/flag.ts';
import { counted } from '../../../core/model/shape.ts';
import { allowIn, caOf, denyIn, memoryKeeper } from '../../authority/mod.ts';
import { orThrow } from '../../host.ts';
import { handler } from '../../memory/application.ts';
import { csrRequirer } from '../../memory/csr/requirer.ts';
import { model } from '../../memory/model.ts';
import { Changes, givenIn } from './csr-words.ts';
import type { Seen } from './documents.ts';
import { inspectionOfAnswering } from './ending.ts';
import { ANSWERING, ASKING, type Chapter, requestsOf, type Story, type StoryOptions } from './story.ts';

const DAY = 86_400;

/** A name that the CA does not certify. */
const REFUSED = 'admin.example';

/** The changes that the charm of `web` deals with. */
const CHANGED = ['ca', 'certs', 'server.certs', 'client.certs', 'application.certs', 'intermediate.certs']
  .map((topic) => flagOf(ASKING, `${topic}.changed`));

/** Tells the story of so many units; nothing happens before a chapter does. */
export const csrStoryOf = ({ units, requests, seed, random, onHook, onProgress }: StoryOptions): Story => {
  const keeper = memoryKeeper();
  const ca = caOf({
    keeper,
    authority: { commonName: 'Demo CA' },
    random,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  let handled: ReadonlyArray<Flag> = [];
  let said: ReadonlyArray<string> = [];
  let isRevoking = false;
  const [firstSeen, lastSeen] = [new Map<string, Seen>(), new Map<string, Seen>()];
  const changes = new Changes();

  const web = csrRequirer({
    random,
    wants: ({ hook: { unit }, config }) => {
      const wished = requestsOf(unit, String(config['network']), requests)
        .map(({ certType, commonName, sans }): CsrRequest => ({ certType, commonName, sans, uniqueIdentifier: true }));
      const more: ReadonlyArray<CsrRequest> = config['admin'] === true && unit === 'web/0'
        ? [{ certType: 'server', commonName: REFUSED, sans: [REFUSED], uniqueIdentifier: true }]
        : [];
      return {
        requests: [...wished, ...more],
        handle: ({ memory }) => (handled = CHANGED.filter((flag) => memory.flags.includes(flag))),
      };
    },
    onDecided: ({ context: { hook: { unit } }, state, intent, outcome }) => {
      said = changes.of(unit, outcome.view);
      const seen: Seen = { side: csrRequires.name, ...state, intent };
      if (!firstSeen.has(unit) && outcome.writes.length > 0) firstSeen.set(unit, seen);
      lastSeen.set(unit, seen);
    },
  });

  const authority = handler(async ({ hook: { unit }, now, state }) => {
    const { react, ...charm } = await orThrow(ca.csrCharm(new Date(now), state.snapshot.isLeader));
    lastSeen.set(unit, { side: csrProvides.name, ...state, intent: {} });
    return {
      ...charm,
      wakeAt: charm.nextStep,
      react: async (outcome: Parameters<NonNullable<typeof react>>[0]) => {
        const given = react === undefined ? charm.intent : await react(outcome);
        const intent = isRevoking ? { ...given, revoked: revokeAll(outcome.view) } : given;
        isRevoking = false;
        said = givenIn(intent);
        return intent;
      },
    };
  });

  const juju = model({
    seed,
    applications: { web: { requires: { [ASKING]: web } }, ca: { provides: { [ANSWERING]: authority } } },
    onEntry: (entry) => {
      if (!('ran' in entry)) return;
      // It would be tried again for ever.
      if (entry.ran.failed !== null) throw new Error(`${entry.ran.hook.unit}: ${entry.ran.failed}`);
      onHook?.(entry.ran, handled, said);
      [handled, said] = [[], []];
    },
  });
  const rest = async (): Promise<void> => {
    const settled = await juju.settle(Infinity);
    if (E.isLeft(settled)) throw new Error(settled.left.message);
  };
  const last = `web/${units - 1}`;

  const chapters: ReadonlyArray<Chapter> = [
    {
      title: 'Everybody asks, and is answered',
      tells:
        `The application web is deployed with ${
          counted(units, 'unit')
        }, and the application ca with one; the two are ` +
        'related. Each unit of web makes a private key and keeps it in a secret of its own; the leader makes one for the ' +
        'application. What they publish are certificate requests (CSRs), and ca answers with certificates. No key crosses the relation.',
      happen: async () => {
        await juju.deploy('web', units, { network: '10.0' });
        await juju.deploy('ca');
        await juju.integrate(`web:${ASKING}`, `ca:${ANSWERING}`);
        await rest();
      },
    },
    {
      title: 'A name is refused',
      tells:
        `The operator of ca denies the name ${REFUSED}. web/0 asks for it, and is told why it gets no certificate; all else stays.`,
      happen: async () => {
        await juju.advance(DAY);
        await orThrow(denyIn(keeper, { commonName: REFUSED }, { requests: [] }));
        await juju.configure('web', { admin: true });
        await rest();
      },
    },
    {
      title: 'The operator allows it',
      tells:
        `The name is allowed after all. In its next hook, ca answers the same request, which has been there all along.`,
      happen: async () => {
        await orThrow(allowIn(keeper, { commonName: REFUSED }));
        await juju.wake('ca/0', 'config-changed');
        await rest();
      },
    },
    {
      title: 'Addresses change',
      tells:
        'web moves to another network, so its server certificates have to name other addresses. Those requests are replaced, and no other is.',
      happen: async () => {
        await juju.advance(DAY);
        await juju.configure('web', { network: '10.1' });
        await rest();
      },
    },
    {
      title: 'Certificates are renewed',
      tells:
        '82 days go by. Nobody does anything: each unit had itself woken for the moment when nine tenths of a life are over. ' +
        'The new CSR stands beside the old one, whose certificate serves until the new one is there.',
      happen: async () => {
        await juju.advance(82 * DAY);
        await rest();
      },
    },
    {
      title: 'Certificates are revoked',
      tells:
        'The operator of ca revokes every certificate. The units stop delivering them, and in its next hook ca reissues ' +
        'for the requests, which still stand.',
      happen: async () => {
        isRevoking = true;
        await juju.wake('ca/0', 'config-changed');
        await rest();
        await juju.wake('ca/0', 'update-status');
        await rest();
      },
    },
    ...(units < 2 ? [] : [{
      title: 'The leader leaves',
      tells:
        `${last} becomes the leader of web and is then removed. Its own certificates are withdrawn. The application's stays as it is, ` +
        'because its key is in a secret of the application. Nothing is reissued for the next leader.',
      happen: async () => {
        await juju.setLeader(last);
        await rest();
        await juju.removeUnit(last);
        await rest();
        for (const seen of [firstSeen, lastSeen]) seen.delete(last);
      },
    }]),
    {
      title: 'The CA is replaced',
      tells:
        'ca gets a new key and a new certificate, and answers every request again, with the same CSRs. The former CA stays trusted ' +
        'for 30 days, and certifies the new one in the chain.',
      happen: async () => {
        await juju.advance(DAY);
        await orThrow(ca.rotate(new Date(juju.state().now)));
        await juju.wake('ca/0', 'config-changed');
        await rest();
        // What everybody sees at the end, when nothing is left to do.
        for (const unit of Object.keys(juju.state().units)) await juju.wake(unit, 'update-status');
        await rest();
      },
    },
  ];
  return {
    model: juju,
    sides: { asking: csrRequires.name, answering: csrProvides.name },
    chapters,
    firstSeen,
    lastSeen,
    ending: (page) => inspectionOfAnswering(page, juju, lastSeen),
  };
};
