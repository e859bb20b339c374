/**
 * The story that the demonstration tells: an application that asks for certificates, a small CA that answers, and what happens to both,
 * on a Juju model in memory.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Moment } from '../../../core/authority/mod.ts';
import type { SideName } from '../../../core/csr/decide.ts';
import { type Flag, flagOf } from '../../../core/model/flag.ts';
import { counted } from '../../../core/model/shape.ts';
import { nothing, type Request, type RequiresIntent } from '../../../core/reactive/requires/intent.ts';
import { provides } from '../../../core/reactive/provides.ts';
import { requires } from '../../../core/reactive/requires.ts';
import { caOf } from '../../authority/charm.ts';
import { memoryKeeper } from '../../keeping/keeper.ts';
import { orThrow } from '../../host.ts';
import { handler, handlerOf } from '../../memory/application.ts';
import { type Model, model } from '../../memory/model.ts';
import type { HookRecord } from '../../memory/run.ts';
import type { Page } from '../terminal.ts';
import type { Seen } from './documents.ts';
import { type Ending, inspectionOfAsking } from './ending.ts';

/** How large the story is, and what it follows from. */
export interface StoryOptions {
  /** Units of the application that asks. */
  readonly units: number;
  /** Certificates that each unit asks for. */
  readonly requests: number;
  /** The order of hooks follows from it. */
  readonly seed: number;
  readonly random: Moment['random'];
  /** Called after each hook, with the changes that the charm dealt with in it, and what it came to, in words. */
  readonly onHook?: (record: HookRecord, handled: ReadonlyArray<Flag>, said: ReadonlyArray<string>) => void;
  /** Called after each request that the CA has looked at in a hook. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** A part of the story. */
export interface Chapter {
  readonly title: string;
  /** What happens, in a sentence or two. */
  readonly tells: string;
  /** Makes it happen, and lets everybody come to rest. */
  readonly happen: () => Promise<void>;
}

/** The story. */
export interface Story {
  readonly model: Model;
  readonly sides: { readonly asking: SideName; readonly answering: SideName };
  readonly chapters: ReadonlyArray<Chapter>;
  /** What units saw when they were first related, by unit. */
  readonly firstSeen: ReadonlyMap<string, Seen>;
  /** What units see at the end, by unit. */
  readonly lastSeen: ReadonlyMap<string, Seen>;
  /** What became of it all. */
  readonly ending: (page: Page) => Promise<Ending>;
}

/** The requirer's endpoint. */
export const ASKING = 'certificates';

/** The provider's. */
export const ANSWERING = 'clients';

/** The changes that the charm of `web` deals with. */
const CHANGED = ['ca', 'certs', 'server.certs', 'client.certs', 'application.certs', 'intermediate.certs']
  .map((topic) => flagOf(ASKING, `${topic}.changed`));

const number = (unit: string): number => Number(unit.split('/')[1]);

/** What each of the first requests is for. */
const PURPOSES = [
  'as a server',
  'as a client',
  'for one that all units share',
  'for one with which it can be a CA itself',
];

const inWords = (parts: ReadonlyArray<string>): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`;

/** What a unit asks for: one of each kind, and then more server certificates. */
export const requestsOf = (unit: string, network: string, count: number): ReadonlyArray<Request> => {
  const host = `${unit.replace('/', '-')}.example`;
  const n = number(unit) + 1;
  const address = `${network}.${n >> 8}.${n & 255}`;
  const kinds: ReadonlyArray<Request> = [
    { certType: 'server', commonName: host, sans: [host, address] },
    { certType: 'client', commonName: `client of ${unit}`, sans: [] },
    { certType: 'application', commonName: 'web.example', sans: ['web.example'] },
    { certType: 'intermediate', commonName: `CA of ${unit}`, sans: [] },
  ];
  const more = Array.from({ length: Math.max(0, count - kinds.length) }, (_, i): Request => ({
    certType: 'server',
    commonName: `service-${i + 1}.${host}`,
    sans: [address],
  }));
  return [...kinds.slice(0, count), ...more];
};

/** What the units of `web` want in each hook: what they ask for, and every change dealt with. */
const wanting = (requests: ReadonlyArray<Request>): RequiresIntent => ({ ...nothing, requests });

/** Tells the story of so many units; nothing happens before a chapter does. */
export const storyOf = ({ units, requests, seed, random, onHook, onProgress }: StoryOptions): Story => {
  const ca = caOf({
    keeper: memoryKeeper(),
    authority: { commonName: 'Demo CA' },
    random,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  let handled: ReadonlyArray<Flag> = [];
  const [firstSeen, lastSeen] = [new Map<string, Seen>(), new Map<string, Seen>()];

  const web = handlerOf(requires, ({ hook: { unit }, config, state }) => {
    const intent = wanting(requestsOf(unit, String(config['network']), requests));
    const seen: Seen = { side: requires.name, ...state, intent };
    if (!firstSeen.has(unit) && state.snapshot.relations.length > 0) firstSeen.set(unit, seen);
    lastSeen.set(unit, seen);
    return {
      intent,
      react: ({ memory }) => {
        handled = CHANGED.filter((flag) => memory.flags.includes(flag));
        return { ...intent, handled };
      },
    };
  });

  const authority = handler(async ({ hook: { unit }, now, state }) => {
    const charm = await orThrow(ca.charm(new Date(now), state.snapshot.isLeader));
    lastSeen.set(unit, { side: provides.name, ...state, intent: {} });
    return charm;
  });

  const juju = model({
    seed,
    applications: { web: { requires: { [ASKING]: web } }, ca: { provides: { [ANSWERING]: authority } } },
    onEntry: (entry) => {
      if (!('ran' in entry)) return;
      // It would be tried again for ever.
      if (entry.ran.failed !== null) throw new Error(`${entry.ran.hook.unit}: ${entry.ran.failed}`);
      onHook?.(entry.ran, handled, []);
      handled = [];
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
        `The application web is deployed with ${counted(units, 'unit')}, and the application ca, a small certificate ` +
        `authority, with one; the two are related. ${
          units === 1 ? 'web/0' : 'Each unit of web'
        } asks for certificates: ` +
        `${
          inWords(PURPOSES.slice(0, requests))
        }. It writes its requests into its databag, and ca writes the answers into its own.`,
      happen: async () => {
        await juju.deploy('web', units, { network: '10.0' });
        await juju.deploy('ca');
        await juju.integrate(`web:${ASKING}`, `ca:${ANSWERING}`);
        await rest();
      },
    },
    {
      title: 'Addresses change',
      tells:
        'web moves to another network, so its server certificates have to name other addresses. Only the certificates concerned are reissued.',
      happen: async () => {
        await juju.advance(86_400);
        await juju.configure('web', { network: '10.1' });
        await rest();
      },
    },
    ...(units < 2 ? [] : [{
      title: 'A unit leaves',
      tells:
        `${last} is removed. Its answers are withdrawn from the databag of ca, for there are private keys among them.`,
      happen: async () => {
        await juju.removeUnit(last);
        await rest();
        for (const seen of [firstSeen, lastSeen]) seen.delete(last);
      },
    }]),
    {
      title: 'The CA is replaced',
      tells:
        'ca gets a new key and a new certificate, and reissues everything. The former CA stays trusted for 30 days, and ' +
        'certifies the new one in the chain, so clients that trust only the former one still accept it.',
      happen: async () => {
        await juju.advance(86_400);
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
    sides: { asking: requires.name, answering: provides.name },
    chapters,
    firstSeen,
    lastSeen,
    ending: (page) => inspectionOfAsking(page, juju, lastSeen),
  };
};
