/**
 * A whole conversation for tests: an application `web` that asks, an application `ca` that is a small CA, and what may happen to both.
 *
 * @module
 */
import * as model from '../../../adapters/memory/mod.ts';
import { createHash } from 'node:crypto';
import { caOf, memoryKeeper, openPolicy } from '../../../adapters/authority/mod.ts';
import * as api from '../../../mod.ts';

/** What every unit of `web` asks for, as its configuration says it. */
export interface Wanted {
  readonly certType: api.CertType;
  readonly name: string;
  readonly sans: ReadonlyArray<string>;
}

/** A common name of a unit's own, but for what the application shares. */
export const commonNameOf = (unit: string, { certType, name }: Wanted): string =>
  certType === 'application' ? name : `${unit.replace('/', '-')}.${name}`;

/** What `web` is configured to ask for. */
export const wantedIn = (config: model.Config): ReadonlyArray<Wanted> => JSON.parse(String(config['wanted'] ?? '[]'));

/** What changes of its own. `certs` speaks of changes to three of them. */
const TOPICS = ['ca', 'server.certs', 'client.certs', 'application.certs', 'intermediate.certs'] as const;

/** What a `.changed` flag speaks of, as a digest. */
export const contentOf = (topic: string, view: api.RequiresView): string => {
  const { rootCaCert, rootCaChain, serverCerts, clientCerts, applicationCerts, intermediateCerts } = view;
  const content: Readonly<Record<string, unknown>> = {
    'ca': [rootCaCert, rootCaChain],
    'server.certs': serverCerts,
    'client.certs': clientCerts,
    'application.certs': applicationCerts,
    'intermediate.certs': intermediateCerts,
  };
  // A digest, so that no failing test prints keys.
  return createHash('sha256').update(JSON.stringify(content[topic])).digest('hex');
};

/** A change that a charm dealt with: of which topic, and what it was; null for a topic that is gone. */
export interface Delivery {
  readonly unit: string;
  readonly topic: string;
  readonly content: string | null;
}

const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

/** The model with its two applications, and what the units of `web` dealt with in hooks that did not fail. */
export const conversation = (seed: number) => {
  const keeper = memoryKeeper();
  const ca = caOf({ keeper, authority: { commonName: 'Test CA' }, policy: { ...openPolicy, overlapDays: 5 }, random });
  const delivered: Array<Delivery> = [];
  let seen: ReadonlyArray<Delivery> = [];

  const web = model.handler(({ hook: { unit }, config }): api.Charm<api.RequiresIntent, api.RequiresView> => {
    const asked = (one: Wanted) => ({ certType: one.certType, commonName: commonNameOf(unit, one), sans: one.sans });
    const wanted = wantedIn(config);
    const isWanted = (other: Wanted): boolean =>
      wanted.some(({ certType, name }) => certType === other.certType && name === other.name);
    const intent: api.RequiresIntent = {
      ...api.nothing,
      requests: wanted.map(asked),
      // What was asked for under an earlier configuration.
      withdraw: EVERYTHING.filter((one) => !isWanted(one)).map(asked),
    };
    return {
      side: api.requires,
      intent,
      react: ({ memory, view }) => {
        const isSet = (name: string): boolean => memory.flags.includes(api.flagOf('certificates', name));
        seen = TOPICS.flatMap((topic): ReadonlyArray<Delivery> =>
          isSet(`${topic}.changed`)
            ? [{ unit, topic, content: contentOf(topic, view) }]
            : isSet(`${topic}.available`)
            ? []
            : [{ unit, topic, content: null }]
        );
        const changed = [...TOPICS, 'certs'].map((topic) => api.flagOf('certificates', `${topic}.changed`));
        return { ...intent, handled: changed.filter((flag) => memory.flags.includes(flag)) };
      },
    };
  });

  const provider: model.ModelHandler = async (context) => {
    const charm = await api.orThrow(ca.charm(new Date(context.now), context.state.snapshot.isLeader));
    return model.handler(() => charm)(context);
  };

  const juju = model.model({
    seed,
    applications: { web: { requires: { certificates: web } }, ca: { provides: { clients: provider } } },
    onEntry: (entry) => {
      if (!('ran' in entry)) return;
      if (entry.ran.failed === null) delivered.push(...seen);
      seen = [];
    },
  });
  return { juju, delivered, keeper, rotate: () => api.orThrow(ca.rotate(new Date(juju.state().now))) };
};

/** All that may ever be asked for, so that withdrawing knows what to look for. */
export const EVERYTHING: ReadonlyArray<Wanted> = api.CERT_TYPES.flatMap((certType) =>
  ['a.example', 'b.example', '__proto__'].map((name) => ({ certType, name, sans: [] }))
);
