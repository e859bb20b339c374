/**
 * The recordings of Python's requirer, replayed step by step: databags byte for byte, flags and views equal. Where we decide
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
import { decoded } from '../../world.ts';

interface Recording {
  readonly name: string;
  readonly endpoint: string;
  readonly steps: ReadonlyArray<Step>;
}

interface Step {
  readonly hook: string;
  readonly snapshot: unknown;
  readonly requests: ReadonlyArray<unknown>;
  readonly clearFlags: ReadonlyArray<string>;
  readonly result: {
    readonly exit: number;
    readonly writes: ReadonlyArray<api.Write>;
    readonly flags: ReadonlyArray<string>;
    readonly view: Readonly<Record<string, unknown>> | null;
  };
}

/** How one step differs from the recording, and why. */
interface Divergence {
  readonly because: ReadonlyArray<string>;
  /** Keys written to `certificates:3` beside those of the recording; null for a key that is not written. */
  readonly writes?: Readonly<Record<string, string | null>>;
  /** Flags, without the endpoint, that are set though they are not in the recording. */
  readonly plus?: ReadonlyArray<string>;
  /** Flags of the recording that are not set. */
  readonly minus?: ReadonlyArray<string>;
  /** Members of the view that differ. */
  readonly view?: Readonly<Record<string, unknown>>;
  /** Codes of all findings. */
  readonly findings?: ReadonlyArray<string>;
}

const UUID_OF_WEB_EXAMPLE = 'efdd80a3-7c17-5ff1-b2eb-c0342a86033e';

/** Where Python's hook crashed, this is what it would have written for the charm's requests. */
const REQUESTED = {
  certificate_name: 'cert',
  client_cert_requests: '{"c": {"sans": []}}',
  common_name: 'web.example',
  sans: '["w"]',
  unit_name: 'web_0',
};

const stays: Divergence = { because: ['D1'], plus: ['ca.changed'] };

const replaced = (times: number): Divergence => ({
  because: ['D9'],
  findings: Array.from({ length: times }, () => 'sans-replaced'),
});

const crashed = (because: string, findings: ReadonlyArray<string>, plus: ReadonlyArray<string> = []): Divergence => ({
  because: [because],
  writes: REQUESTED,
  plus: ['available', 'ca.available', 'ca.changed', ...plus],
  findings,
});

const CLIENT_FLAGS = ['client.certs.available', 'client.certs.changed', 'certs.available', 'certs.changed'];
const SERVER_FLAGS = [
  'server.certs.available',
  'server.certs.changed',
  'server.cert.available',
  'batch.cert.available',
  'certs.available',
  'certs.changed',
];
const NO_CLIENT_CERTS = { client_certs: [], client_certs_map: {} };

/** Python says nothing of names that no certificate can have. */
const NO_NAMES = ['not-a-name', 'not-a-name'];
const noNames = (times: number): Divergence => ({
  because: ['RFC 5280 section 4.2.1.6'],
  findings: Array.from({ length: times }, () => 'not-a-name'),
});

const DIVERGENCES: Readonly<Record<string, Readonly<Record<number, Divergence>>>> = {
  'requires-changed-not-cleared': {
    1: { because: ['D1'], plus: ['ca.changed'] },
    2: { because: ['D1'], plus: ['ca.changed', 'certs.changed', 'server.certs.changed'] },
    3: { because: ['D1'], plus: ['ca.changed', 'certs.changed', 'server.certs.changed'] },
    4: { because: ['D1'], plus: ['ca.changed', 'server.certs.changed'] },
    5: { because: ['D1'], plus: ['ca.changed', 'certs.changed', 'server.certs.changed', 'client.certs.changed'] },
  },
  'requires-empty-strings': {
    0: { because: ['D13', 'D23'], writes: { certificate_name: UUID_OF_WEB_EXAMPLE }, findings: NO_NAMES },
    1: { because: ['D13', 'D23'], writes: { certificate_name: UUID_OF_WEB_EXAMPLE }, findings: NO_NAMES },
  },
  'requires-global-client-cert': {
    1: { because: ['D2', 'D17'], view: { get_client_cert: [null, null] }, findings: ['incomplete-answer'] },
  },
  'requires-answer-partial': {
    1: { because: ['D4'], findings: ['incomplete-answer'] },
    3: { because: ['D4'], findings: ['incomplete-answer'] },
  },
  'requires-large': { 1: stays },
  'requires-sans-null': {
    0: {
      because: ['D6'],
      writes: { application_cert_requests: '{"a": {"sans": []}}', client_cert_requests: '{"c": {"sans": []}}' },
    },
  },
  'requires-server-other-sans': {
    1: replaced(1),
    2: replaced(1),
  },
  'requires-application-requests': { 1: replaced(1) },
  'requires-client-requests': { 1: replaced(1) },
  'requires-prototype-names': { 1: replaced(5) },
  'requires-server-reordered': {
    1: { because: ['D9'], findings: [...replaced(2).findings ?? [], ...NO_NAMES] },
  },
  'requires-characters-in-sans': { 0: noNames(1) },
  'requires-key-order-code-points': { 0: noNames(1) },
  'requires-server-more': { 2: replaced(1) },
  'requires-two-relations': {
    0: {
      because: ['D22', 'D24'],
      minus: [...SERVER_FLAGS],
      view: { server_certs: [], server_certs_map: {}, get_batch_requests: {}, get_server_cert: [null, null] },
      findings: ['unasked-answer'],
    },
  },
  'requires-upgrade-keeps-requests': {
    0: { because: ['what is not canonical stays'], writes: { client_cert_requests: null } },
  },
  'requires-malformed-client-requests-empty-object': { 1: stays },
  'requires-malformed-client-requests-entry-empty': { 0: crashed('D4', ['incomplete-answer', 'incomplete-answer']) },
  'requires-malformed-client-requests-entry-empty-values': {
    0: {
      because: ['D4', 'D23'],
      minus: CLIENT_FLAGS,
      view: NO_CLIENT_CERTS,
      findings: ['incomplete-answer', 'incomplete-answer'],
    },
    1: stays,
  },
  'requires-malformed-client-requests-entry-list': { 0: crashed('D3', ['malformed-entry']) },
  'requires-malformed-client-requests-entry-more-members': { 1: stays },
  'requires-malformed-client-requests-entry-no-cert': { 0: crashed('D4', ['incomplete-answer']) },
  'requires-malformed-client-requests-entry-no-key': { 0: crashed('D4', ['incomplete-answer']) },
  'requires-malformed-client-requests-entry-null': { 0: crashed('D3', ['malformed-entry']) },
  'requires-malformed-client-requests-entry-null-values': {
    0: {
      because: ['D4'],
      minus: CLIENT_FLAGS,
      view: NO_CLIENT_CERTS,
      findings: ['incomplete-answer', 'incomplete-answer'],
    },
    1: stays,
  },
  'requires-malformed-client-requests-entry-number': { 0: crashed('D3', ['malformed-entry']) },
  'requires-malformed-client-requests-entry-number-values': {
    0: {
      because: ['D3'],
      minus: CLIENT_FLAGS,
      view: NO_CLIENT_CERTS,
      findings: ['malformed-entry', 'malformed-entry'],
    },
    1: stays,
  },
  'requires-malformed-client-requests-entry-string': { 0: crashed('D3', ['malformed-entry']) },
  'requires-malformed-client-requests-false': { 0: { because: ['D3'], findings: ['malformed-value'] }, 1: stays },
  'requires-malformed-client-requests-list': { 0: { because: ['D3'], findings: ['malformed-value'] }, 1: stays },
  'requires-malformed-client-requests-nan': { 0: crashed('D3', ['malformed-value']) },
  'requires-malformed-client-requests-not-json': { 0: crashed('D3', ['malformed-value']) },
  'requires-malformed-client-requests-null': { 0: { because: ['D3'], findings: ['malformed-value'] }, 1: stays },
  'requires-malformed-client-requests-number': { 0: crashed('D3', ['malformed-value']) },
  'requires-malformed-client-requests-one-good-one-bad': { 0: crashed('D4', ['incomplete-answer'], CLIENT_FLAGS) },
  'requires-malformed-client-requests-string': { 0: crashed('D3', ['malformed-value']) },
  'requires-malformed-client-requests-true': { 0: crashed('D3', ['malformed-value']) },
  'requires-malformed-requests-entry-no-key': { 0: crashed('D4', ['incomplete-answer']) },
  'requires-malformed-requests-not-json': { 0: crashed('D3', ['malformed-value']) },
  'requires-malformed-requests-null': { 0: { because: ['D3'], findings: ['malformed-value'] }, 1: stays },
  'requires-malformed-requests-one-good-one-bad': { 0: crashed('D4', ['incomplete-answer'], SERVER_FLAGS) },
  'requires-malformed-requests-truncated': { 0: crashed('D3', ['malformed-value']) },
};

const FOLDER = new URL('../../vectors/reactive/', import.meta.url);

const load = (file: string): Recording => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));

const files = readdirSync(FOLDER).filter((file) => file.startsWith('requires-') && file.endsWith('.json')).sort();

/** One hook as the recorded charm ran it: it asks once the endpoint is available, and clears the flags that it handles. */
const replay = ({ endpoint }: Recording, step: Step, memory: api.Memory): Promise<api.Outcome<api.RequiresView>> => {
  const at = (intent: unknown): port.RequiresInput =>
    decoded({ side: 'reactive/requires', snapshot: step.snapshot, intent, memory });
  const isAvailable = (m: api.Memory): boolean => m.flags.some((flag) => flag === `${endpoint}.available`);
  const idle = api.decideInput(at({}));
  const asks = isAvailable(memory) || isAvailable(idle.memory);
  const { snapshot, intent } = at({ requests: asks ? step.requests : [] });
  return port.decideAndReact({ snapshot, memory }, {
    side: api.requires,
    intent,
    react: (outcome) => ({
      ...intent,
      handled: outcome.memory.flags.filter((flag) => step.clearFlags.includes(flag)),
    }),
  });
};

/** The set keys of a relation's write, empty where there is none. */
const setOn = (writes: ReadonlyArray<api.Write>, relationId: string): Readonly<Record<string, string>> =>
  writes.find((write) => write.relationId === relationId)?.set ?? {};

const expectedWrites = (step: Step, { writes = {} }: Partial<Divergence>): ReadonlyArray<unknown> => {
  const changed = { ...setOn(step.result.writes, 'certificates:3'), ...writes };
  const set = Object.fromEntries(
    Object.entries(changed)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, value === '<uuid>' ? UUID_OF_WEB_EXAMPLE : value]),
  );
  const others = step.result.writes.filter(({ relationId }) => relationId !== 'certificates:3');
  const own = Object.keys(set).length > 0 ? [{ relationId: 'certificates:3', bag: 'unit', set, delete: [] }] : [];
  return [...own, ...others];
};

const snake = ({ certType, commonName, cert, key }: api.Certificate) => ({
  cert_type: certType,
  common_name: commonName,
  cert,
  key,
});

const snakeMap = (map: api.CertificateMap) => Object.fromEntries([...map].map(([name, c]) => [name, snake(c)]));

/** Our view with the names of the Python members. */
const asPython = (view: api.RequiresView): Readonly<Record<string, unknown>> => ({
  root_ca_cert: api.rootCaCert(view),
  root_ca_chain: api.rootCaChain(view),
  server_certs: api.serverCerts(view).map(snake),
  server_certs_map: snakeMap(api.serverCertsMap(view)),
  client_certs: api.clientCerts(view).map(snake),
  client_certs_map: snakeMap(api.clientCertsMap(view)),
  application_certs: api.applicationCerts(view).map(snake),
  intermediate_certs: api.intermediateCerts(view).map(snake),
  intermediate_certs_map: snakeMap(api.intermediateCertsMap(view)),
  get_ca: deprecated.getCa(view),
  get_chain: deprecated.getChain(view),
  get_batch_requests: snakeMap(deprecated.getBatchRequests(view)),
  get_client_cert: deprecated.getClientCert(view),
  get_server_cert: deprecated.getServerCert(view),
});

const expectedFlags = (
  recording: Recording,
  step: Step,
  outcome: api.Outcome<api.RequiresView>,
  d: Partial<Divergence>,
) => {
  const own = (names: ReadonlyArray<string> = []) => names.map((name) => `${recording.endpoint}.${name}`);
  const gone = new Set(own(d.minus));
  // D2: this one is set in nearly every recording, whether or not there is a pair.
  if (outcome.view.globalClientCert === null) gone.add(`${recording.endpoint}.client.cert.available`);
  // D11: application certificates have flags here.
  const application = outcome.view.applicationCerts.length > 0
    ? outcome.memory.flags.filter((flag) => flag.startsWith(`${recording.endpoint}.application.certs.`))
    : [];
  return [...new Set([...step.result.flags.filter((flag) => !gone.has(flag)), ...own(d.plus), ...application])].sort();
};

describe('the recordings of Python', () => {
  it('are all here', () => {
    assert.equal(files.length, 72);
    const known = new Set(files.map((file) => file.replace('.json', '')));
    assert.deepEqual(Object.keys(DIVERGENCES).filter((name) => !known.has(name)), []);
  });

  for (const file of files) {
    it(`${file.replace('.json', '')} gives the same databags, flags and views`, async () => {
      const recording = load(file);
      let memory: api.Memory = api.emptyMemory;
      for (const [i, step] of recording.steps.entries()) {
        const outcome = await replay(recording, step, memory);
        memory = outcome.memory;
        const divergence: Partial<Divergence> = DIVERGENCES[recording.name]?.[i] ?? {};
        const where = `step ${i} (${step.hook}), decided by ${divergence.because?.join(', ') ?? 'the recording'}`;
        assert.deepEqual(outcome.writes, expectedWrites(step, divergence), `writes in ${where}`);
        assert.deepEqual(memory.flags, expectedFlags(recording, step, outcome, divergence), `flags in ${where}`);
        const python = step.result.view;
        if (python !== null) {
          assert.deepEqual(asPython(outcome.view), { ...python, ...divergence.view }, `view in ${where}`);
        }
        assert.deepEqual(outcome.findings.map(({ code }) => code), divergence.findings ?? [], `findings in ${where}`);
        assert.equal(
          step.result.exit !== 0,
          divergence.writes === REQUESTED,
          `a crash that the table does not know in ${where}`,
        );
      }
    });
  }
});
