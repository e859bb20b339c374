/**
 * The recordings of Python's provider, replayed step by step: databags byte for byte, flags and views equal. Where we decide
 * differently, the table says which decision of docs/reactive-protocol.md section 8 it is, and what is expected instead.
 *
 * @module
 */
import * as deprecated from '../../../core/reactive/python.ts';
import * as port from '../../../adapters/port.ts';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as api from '../../../mod.ts';
import { decodedProvides } from '../../world.ts';

interface PublishedAnswer {
  readonly relationId: string;
  readonly unit: string;
  readonly certType: string;
  readonly commonName: string;
  readonly cert: string;
  readonly key: string;
}

interface Step {
  readonly hook: string;
  readonly snapshot: unknown;
  readonly publish: {
    readonly ca?: string;
    readonly chain?: string;
    readonly globalClientCert?: { readonly cert: string; readonly key: string };
    readonly answers?: ReadonlyArray<PublishedAnswer>;
    readonly answerWhen?: 'requested' | 'available' | 'none';
    readonly setServerCert?: ReadonlyArray<{ readonly scope: string; readonly cert: string; readonly key: string }>;
  };
  readonly result: {
    readonly exit: number;
    readonly writes: ReadonlyArray<api.Write>;
    readonly flags: ReadonlyArray<string>;
    readonly view: Readonly<Record<string, ReadonlyArray<Readonly<Record<string, unknown>>>>> | null;
  };
}

interface Recording {
  readonly name: string;
  readonly endpoint: string;
  readonly steps: ReadonlyArray<Step>;
}

const FOLDER = new URL('../../vectors/reactive/', import.meta.url);

const load = (file: string): Recording => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));

const files = readdirSync(FOLDER).filter((file) => file.startsWith('provides-') && file.endsWith('.json')).sort();

/** One hook as the recorded charm ran it: it publishes once the endpoint is available, and answers what is new, or everything. */
const replay = (
  { endpoint }: Recording,
  { snapshot: raw, publish }: Step,
  memory: api.Memory,
): Promise<api.Outcome<api.ProvidesView>> => {
  const { snapshot } = decodedProvides({ side: 'reactive/provides', snapshot: raw });
  return port.decideAndReact({ snapshot, memory }, {
    side: api.provides,
    intent: api.nothingToPublish,
    react: ({ memory: { flags }, view }) => {
      if (!flags.includes(api.flagOf(endpoint, 'available'))) return api.nothingToPublish;
      const { ca, chain, globalClientCert, answers = [], answerWhen = 'requested', setServerCert = [] } = publish;
      const requests = { requested: view.newRequests, available: view.allRequests, none: [] }[answerWhen];
      const asked = (answer: PublishedAnswer): api.ProvidesRequest | undefined =>
        requests.find((r) =>
          r.relationId === answer.relationId && r.unit === answer.unit && r.certType === answer.certType &&
          r.commonName === answer.commonName
        );
      const key = (text: string) => text as api.PrivateKey;
      return api.publish(
        ...(ca === undefined ? [] : [api.setCa(ca)]),
        ...(chain === undefined ? [] : [api.setChain(chain)]),
        ...(globalClientCert === undefined
          ? []
          : [deprecated.setClientCert(globalClientCert.cert, key(globalClientCert.key))]),
        ...answers.flatMap((answer) => {
          const request = asked(answer);
          return request === undefined ? [] : [api.setCert(request, answer.cert, key(answer.key))];
        }),
        ...setServerCert.map((a) => deprecated.setServerCert(view, a.scope, a.cert, key(a.key))),
      );
    },
  });
};

/** How one step differs from the recording, and why. */
interface Divergence {
  readonly because: ReadonlyArray<string>;
  /** Keys set on `certificates:3` in place of those of the recording. */
  readonly set?: Readonly<Record<string, string>>;
  /** Keys deleted there; Python deletes none. */
  readonly gone?: ReadonlyArray<string>;
  /** The requests, each as {@link told}, where they are others than in the recording. */
  readonly requests?: ReadonlyArray<string>;
  readonly findings?: ReadonlyArray<string>;
}

/** Where Python's hook crashed for all: the one request cannot be served. */
const setAside = (code: string): Divergence => ({ because: ['D27'], set: {}, requests: [], findings: [code] });

/** Where Python goes on and treats the value as if there were none. */
const ignoredByPython = (code: string): Divergence => ({ because: ['D27'], findings: [code] });

const unansweredA = (kind: string): Divergence => ({
  because: ['D6'],
  set: {},
  requests: [`web/0 ${kind} a [] new -`],
});

const answeredA = (kind: string, key: string, sans = ''): Divergence => ({
  because: ['D6'],
  set: { [`web_0.${key}`]: kind === 'application' ? APPLICATION_ANSWER : '{"a": {"cert": "C", "key": "K"}}' },
  requests: [`web/0 ${kind} a [${sans}] handled C`],
});

const APPLICATION_ANSWER = '{"app_data": {"cert": "C", "key": "K"}}';

const twice = (divergence: Divergence): Readonly<Record<number, Divergence>> => ({ 0: divergence, 1: divergence });

const withdrawn = (times: number, ...gone: ReadonlyArray<string>): Divergence => ({
  because: ['D26'],
  gone,
  findings: Array.from({ length: times }, () => 'answer-withdrawn'),
});

const PROTOTYPE_NAMES = ['__proto__', 'constructor', 'hasOwnProperty', 'toString'];
const answersTo = (names: ReadonlyArray<string>, prefix: string): string =>
  `{${names.map((name) => `"${name}": {"cert": "${prefix}${name}", "key": "k"}`).join(', ')}}`;

const DIVERGENCES: Readonly<Record<string, Readonly<Record<number, Divergence>>>> = {
  'provides-malformed-application-cert-requests-sans-null': {
    0: { ...unansweredA('application'), requests: ['web/0 application a [a] new -'] },
    1: answeredA('application', 'processed_application_requests', 'a'),
  },
  'provides-malformed-cert-requests-entry-without-sans': {
    0: unansweredA('server'),
    1: answeredA('server', 'processed_requests'),
  },
  'provides-malformed-client-cert-requests-entry-without-sans': {
    0: unansweredA('client'),
    1: answeredA('client', 'processed_client_requests'),
  },
  'provides-malformed-cert-requests-not-json': twice(setAside('malformed-value')),
  'provides-malformed-client-cert-requests-entry-list': twice(setAside('malformed-entry')),
  'provides-malformed-client-cert-requests-entry-null': twice(setAside('malformed-entry')),
  'provides-malformed-client-cert-requests-entry-string': twice(setAside('malformed-entry')),
  'provides-malformed-client-cert-requests-false': twice(ignoredByPython('malformed-value')),
  'provides-malformed-client-cert-requests-list': twice(ignoredByPython('malformed-value')),
  'provides-malformed-client-cert-requests-list-full': twice(setAside('malformed-value')),
  'provides-malformed-client-cert-requests-not-json': twice(setAside('malformed-value')),
  'provides-malformed-client-cert-requests-null': twice(ignoredByPython('malformed-value')),
  'provides-malformed-client-cert-requests-number': twice(setAside('malformed-value')),
  'provides-malformed-client-cert-requests-sans-mixed': twice(setAside('malformed-entry')),
  'provides-malformed-client-cert-requests-sans-nested': twice(setAside('malformed-entry')),
  'provides-malformed-client-cert-requests-sans-null-inside': twice(setAside('malformed-entry')),
  'provides-malformed-client-cert-requests-sans-numbers': twice(setAside('malformed-entry')),
  'provides-malformed-client-cert-requests-sans-object': twice(setAside('malformed-entry')),
  'provides-malformed-client-cert-requests-sans-string': twice(setAside('malformed-entry')),
  'provides-malformed-client-cert-requests-string': twice(setAside('malformed-value')),
  'provides-prototype-names': {
    0: {
      because: ['D14'],
      set: {
        'web_0.processed_client_requests': answersTo(PROTOTYPE_NAMES, 'C'),
        'web_0.processed_requests': answersTo(PROTOTYPE_NAMES, 'S'),
        'web_0.server.cert': 'S__proto__',
        'web_0.server.key': 'k',
      },
      requests: [
        'web/0 server __proto__ [__proto__] handled S__proto__',
        ...PROTOTYPE_NAMES.map((name) => `web/0 server ${name} [${name}] handled S${name}`),
        ...PROTOTYPE_NAMES.map((name) => `web/0 client ${name} [] handled C${name}`),
      ],
    },
    // Python did not publish the second answer to the same name: the databag of this step has none.
    1: {
      because: ['D14'],
      requests: [
        'web/0 server __proto__ [__proto__] handled S__proto__',
        'web/0 server __proto__ [__proto__] new -',
        ...PROTOTYPE_NAMES.slice(1).map((name) => `web/0 server ${name} [${name}] handled S${name}`),
        ...PROTOTYPE_NAMES.map((name) => `web/0 client ${name} [] handled C${name}`),
      ],
    },
  },
  'provides-rejoined': {
    1: withdrawn(2, 'web_0.server.cert', 'web_0.server.key'),
    // The databag of this step is again the one that Python left.
    2: withdrawn(2, 'web_0.server.cert', 'web_0.server.key'),
  },
  'provides-request-withdrawn': {
    1: withdrawn(2, 'web_0.processed_requests', 'web_0.server.cert', 'web_0.server.key'),
  },
  'provides-same-name-two-kinds': {
    0: sameName(),
    1: sameName(),
    // Nothing is new but the intermediate CA, so the charm has no call to answer the others again.
    2: { ...sameName(), set: {} },
  },
  // In Python the call raises KeyError: that request is no longer new.
  'provides-set-server-cert': {
    2: {
      because: ['deprecated calls are made for new requests'],
      set: {},
      requests: ['web/0 server web.example [10.0.0.7,web] handled C', 'web/0 server b [b] handled D'],
    },
  },
};

function sameName(): Divergence {
  return {
    because: ['D14'],
    requests: [
      'web/0 server x [server] handled S',
      'web/0 client x [client] handled C',
      'web/0 intermediate x [i] new -',
    ],
  };
}

/** A request as one line: who asks for what, whether it is handled, and with which certificate. */
const told = (
  { unit, certType, commonName, sans, isHandled, cert }: Pick<
    api.ProvidesRequest,
    'unit' | 'certType' | 'commonName' | 'sans' | 'isHandled' | 'cert'
  >,
): string => `${unit} ${certType} ${commonName} [${sans.join(',')}] ${isHandled ? 'handled' : 'new'} ${cert ?? '-'}`;

const snake = ({ certType, commonName, cert, key }: api.Certificate) => ({
  cert_type: certType,
  common_name: commonName,
  cert,
  key,
});

/** Our request in the form of the recording, but for the scope and the application's name (D15). */
const asRecorded = ({ applicationName: _, cert, key, ...request }: api.ProvidesRequest) => ({
  ...request,
  published: cert === null || key === null ? null : snake({ ...request, cert, key }),
});

/** A recorded request without the scope and the application's name; SANs of null are none (D6). */
const recorded = ({ applicationName: _, key: __, sans, ...request }: Readonly<Record<string, unknown>>) => ({
  ...request,
  sans: sans ?? [],
});

const FLAGS_OF_KINDS: Readonly<Record<string, ReadonlyArray<string>>> = {
  server: ['server.certs.requested', 'server.cert.requested'],
  client: ['client.certs.requested', 'client.cert.requested'],
  application: ['application.certs.requested'],
  intermediate: ['intermediate.certs.requested'],
};

/** The flags that speak of the state after the hook: Python's are those of its beginning (D16), and some survive (D8). */
const flagsAfter = (endpoint: string, isJoined: boolean, newKinds: ReadonlyArray<unknown>): ReadonlyArray<string> =>
  [
    ...new Set([
      ...(isJoined ? ['available'] : []),
      ...(newKinds.length > 0 ? ['certs.requested'] : []),
      ...newKinds.flatMap((kind) => FLAGS_OF_KINDS[String(kind)] ?? []),
    ]),
  ].map((name) => `${endpoint}.${name}`).sort();

const expectedWrites = ({ result }: Step, { set, gone }: Partial<Divergence>): ReadonlyArray<unknown> => {
  const python = result.writes.find(({ relationId }) => relationId === 'certificates:3');
  const others = result.writes.filter(({ relationId }) => relationId !== 'certificates:3');
  const own = { relationId: 'certificates:3', bag: 'unit', set: set ?? python?.set ?? {}, delete: gone ?? [] };
  const isEmpty = Object.keys(own.set).length === 0 && own.delete.length === 0;
  return [...(isEmpty ? [] : [own]), ...others].sort((a, b) => port.byCodePoint(a.relationId, b.relationId));
};

describe('the recordings of Python, provider', () => {
  it('are all here', () => {
    assert.equal(files.length, 51);
    const known = new Set(files.map((file) => file.replace('.json', '')));
    assert.deepEqual(Object.keys(DIVERGENCES).filter((name) => !known.has(name)), []);
  });

  for (const file of files) {
    it(`${file.replace('.json', '')} gives the same databags, flags and views`, async () => {
      const recording = load(file);
      let memory: api.Memory = api.emptyMemory;
      for (const [i, step] of recording.steps.entries()) {
        const { view, writes, findings, ...outcome } = await replay(recording, step, memory);
        memory = outcome.memory;
        const divergence: Partial<Divergence> = DIVERGENCES[recording.name]?.[i] ?? {};
        const where = `step ${i} (${step.hook}), decided by ${divergence.because?.join(', ') ?? 'the recording'}`;
        assert.deepEqual(writes, expectedWrites(step, divergence), `writes in ${where}`);
        assert.deepEqual(findings.map(({ code }) => code), divergence.findings ?? [], `findings in ${where}`);
        const isJoined = view.allRequests.length > 0 || step.result.flags.includes(`${recording.endpoint}.available`) ||
          step.result.exit !== 0;
        const newKinds = view.newRequests.map(({ certType }) => certType);
        assert.deepEqual(memory.flags, flagsAfter(recording.endpoint, isJoined, newKinds), `flags in ${where}`);
        const python = step.result.view;
        if (divergence.requests !== undefined) {
          assert.deepEqual(view.allRequests.map(told), divergence.requests, `requests in ${where}`);
        } else {
          assert.ok(python !== null, `a crash that the table does not know in ${where}`);
          assert.deepEqual(view.allRequests.map(asRecorded), python['all_requests']?.map(recorded), `all in ${where}`);
          assert.deepEqual(view.newRequests.map(asRecorded), python['new_requests']?.map(recorded), `new in ${where}`);
          assert.deepEqual(view.publishedCerts.map(snake), python['all_published_certs'], `published in ${where}`);
          assert.deepEqual(
            [...deprecated.getServerRequests(view).keys()].sort(port.byCodePoint),
            python['get_server_requests'],
            `scopes in ${where}`,
          );
        }
        assert.deepEqual(view.newRequests, view.allRequests.filter(({ isHandled }) => !isHandled), `new in ${where}`);
      }
    });
  }

  it('show of which flags Python tells late: those of the beginning of the hook', () => {
    const late = files.flatMap((file) => {
      const { steps, endpoint } = load(file);
      return steps.filter(({ result: { view, flags } }) =>
        view !== null &&
        JSON.stringify(flags) !== JSON.stringify(
            flagsAfter(
              endpoint,
              flags.includes(`${endpoint}.available`),
              (view['new_requests'] ?? []).map(({ certType }) => certType),
            ),
          )
      );
    });
    assert.equal(late.length, 18, 'D16 and D8 are what the table of flags stands for');
  });
});
