/**
 * One table of requests with what they have to end in, sent to every kind of server there is: the handler in this process, a server
 * on loopback, a worker in workerd.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { type HttpHandler, httpHandler, type HttpOptions } from '../../../adapters/http/mod.ts';
import { PATIENCE } from '../../patience.ts';
import { documentOf, relation } from '../../world.ts';

/** A handler that gives nothing up for the time it takes, unless the limits say so. */
export const unhurried = (options: HttpOptions = {}): HttpHandler =>
  httpHandler({ ...options, limits: { workTime: PATIENCE, bodyTime: PATIENCE, ...options.limits } });

/** What answers a request. */
export type Fetch = (request: Request) => Promise<Response>;

/** A request of the table. */
export interface Case {
  readonly name: string;
  readonly path: string;
  readonly init?: RequestInit;
  readonly status: number;
  /** The kind of problem; absent where there is none. */
  readonly problem?: string;
  /** What the text of the answer has to match. */
  readonly says?: RegExp;
}

const post = (body: string, type = 'application/json'): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': type },
});

const json = (value: unknown): RequestInit => post(JSON.stringify(value));

const world = documentOf({ intent: { requests: [{ certType: 'server', commonName: 'web.example' }] } });

const SHOW_UNIT = `web/0:
  relation-info:
  - relation-id: 3
    endpoint: certificates
    related-endpoint: client
    application-data: {}
    local-unit:
      in-scope: true
      data:
        common_name: web.example
        unit_name: web_0
    related-units:
      easyrsa/0:
        in-scope: true
        data:
          egress-subnets: 10.0.0.1/32
`;

/** A session from its beginning to its end, in this order. */
const SESSION: ReadonlyArray<Case> = [
  {
    name: 'a session with a fake provider',
    path: '/provider',
    init: json({ id: 'table', now: '2026-11-25T10:00:00Z', policy: { allowedNames: ['.example', '10.0.0.0/8'] } }),
    status: 201,
    says: /"id":"table".*"requests":\[\],"log":\[\{"at":"2026-11-25T10:00:0.*"did":"created"/,
  },
  {
    name: 'a session of a name that is taken',
    path: '/provider',
    init: json({ id: 'table' }),
    status: 409,
    problem: 'session-exists',
  },
  {
    name: 'a session of an impossible CA',
    path: '/provider',
    init: json({ ca: { commonName: 'SECRET'.repeat(20) } }),
    status: 422,
    problem: 'malformed-input',
    says: /"path":"ca\.commonName"/,
  },
  {
    name: 'the databag of a unit',
    path: '/provider/table/databag',
    init: json({ unit: 'web/0', databag: { unit_name: 'web_0', common_name: 'web.example', sans: '["10.0.0.1"]' } }),
    status: 200,
    says: /"ca":"-----BEGIN CERTIFICATE.*"web_0\.server\.cert":"-----BEGIN CERTIFICATE.*"web_0\.server\.key":/,
  },
  {
    name: 'the databag of a unit that may not have its name',
    path: '/provider/table/databag',
    init: json({ unit: 'web/1', databag: { unit_name: 'web_1', common_name: 'web.test', sans: '[]' } }),
    status: 200,
    says: /"code":"request-refused"/,
  },
  {
    name: 'a databag with something else than strings',
    path: '/provider/table/databag',
    init: json({ unit: 'web/0', databag: { sans: ['SECRET'] } }),
    status: 422,
    problem: 'malformed-input',
    says: /"path":"databag\.sans"/,
  },
  {
    name: 'bad days',
    path: '/provider/table/faults',
    init: { ...json({ faults: [{ fault: 'wrong-ca', certType: 'server' }] }), method: 'PUT' },
    status: 200,
    says: /"commonName":"web\.example","state":"answered","fault":"wrong-ca"/,
  },
  {
    name: 'bad days that there are not',
    path: '/provider/table/faults',
    init: { ...json({ faults: [{ fault: 'SECRET' }] }), method: 'PUT' },
    status: 422,
    problem: 'malformed-input',
    says: /"path":"faults\[0\]\.fault"/,
  },
  {
    name: 'a new CA',
    path: '/provider/table/rotate',
    init: { method: 'POST' },
    status: 200,
    says: /"did":"rotate"/,
  },
  {
    name: 'a clock that is put forward',
    path: '/provider/table/advance',
    init: json({ seconds: 86_400 }),
    status: 200,
    says: /"now":"2026-11-26T10:00:/,
  },
  {
    name: 'a unit that leaves',
    path: '/provider/table/depart',
    init: json({ unit: 'web/0' }),
    status: 200,
    says: /"databag":\{("ca"|"chain")/,
  },
  {
    name: 'a unit that is not there',
    path: '/provider/table/depart',
    init: json({ unit: 'web/0' }),
    status: 422,
    problem: 'malformed-input',
  },
  {
    name: 'a look at a session',
    path: '/provider/table',
    status: 200,
    says: /"did":"depart"/,
  },
  {
    name: 'a wrong method for a session',
    path: '/provider/table/databag',
    status: 405,
    problem: 'method-not-allowed',
    says: /use POST/,
  },
  { name: 'the end of a session', path: '/provider/table', init: { method: 'DELETE' }, status: 204, says: /^$/ },
  { name: 'a session that has ended', path: '/provider/table', status: 404, problem: 'no-session' },
  {
    name: 'a call to a session that has ended',
    path: '/provider/table/rotate',
    init: { method: 'POST' },
    status: 404,
    problem: 'no-session',
  },
  { name: 'a session without a name', path: '/provider/', status: 404, problem: 'not-found' },
  { name: 'something that no session has', path: '/provider/table/SECRET', status: 404, problem: 'not-found' },
];

/** A CSR that the Python library made (test/vectors/csr/requires-ecdsa-first-request.json), as its unit publishes it. */
const CSR_ASKED = JSON.parse(
  readFileSync(new URL('../../vectors/csr/requires-ecdsa-first-request.json', import.meta.url), 'utf8'),
).steps.at(-1).result.localUnitData['certificates:1'];

/** A session of the CSR protocol from its beginning to its end, in this order. */
const CSR_SESSION: ReadonlyArray<Case> = [
  {
    name: 'a session of the CSR protocol',
    path: '/provider',
    init: json({ id: 'csr-table', protocol: 'csr', now: '2026-11-25T10:00:00Z' }),
    status: 201,
    says: /"protocol":"csr"/,
  },
  {
    name: 'a session with a fault of the other protocol',
    path: '/provider',
    init: json({ protocol: 'csr', faults: [{ fault: 'half' }] }),
    status: 422,
    problem: 'malformed-input',
    says: /"path":"faults\[0\]\.fault"/,
  },
  {
    name: 'the databags of a unit and its application',
    path: '/provider/csr-table/databag',
    init: json({ unit: 'web/0', databag: CSR_ASKED, applicationDatabag: {} }),
    status: 200,
    says: /"databag":\{\},"applicationDatabag":\{.*"capabilities":.*\\"certificate\\": \\"-----BEGIN CERTIFICATE/,
  },
  {
    name: 'a denial',
    path: '/provider/csr-table/faults',
    init: { ...json({ faults: [{ fault: 'denied', code: 201 }] }), method: 'PUT' },
    status: 200,
    says: /"unit":"web\/0","certType":"server","commonName":"[^"]*","state":"refused","fault":"denied"/,
  },
  {
    name: 'a look at a denial',
    path: '/provider/csr-table/databag',
    init: json({ unit: 'web/0', databag: CSR_ASKED }),
    status: 200,
    says: /"request_errors":.*\\"code\\": 201, \\"name\\": \\"server_not_available\\"/,
  },
  {
    name: 'the end of a session of the CSR protocol',
    path: '/provider/csr-table',
    init: { method: 'DELETE' },
    status: 204,
    says: /^$/,
  },
];

const csrDocument = (side: string, snapshot: object, intent: object) => ({
  side,
  snapshot: { localUnit: 'web/0', endpoint: 'certificates', ...snapshot },
  intent,
});

/** Decisions of the CSR sides. */
const CSR_DECISIONS: ReadonlyArray<Case> = [
  {
    name: 'a decision of a requirer of the CSR protocol',
    path: '/decide',
    init: json(csrDocument(
      'csr/requires',
      { relations: [{ id: 'certificates:1', localUnitData: {}, remoteUnits: { 'ca/0': {} } }] },
      { requests: [{ certType: 'server', commonName: 'web.example' }] },
    )),
    status: 200,
    says: /"state":"missing","why":"new"/,
  },
  {
    name: 'a decision of a provider of the CSR protocol',
    path: '/decide',
    init: json(csrDocument(
      'csr/provides',
      { isLeader: true, relations: [{ id: 'certificates:1', localUnitData: {}, remoteUnits: { 'web/0': CSR_ASKED } }] },
      { capabilities: { supportsIpSans: true } },
    )),
    status: 200,
    says: /"capabilities":"\{\\"supports_ip_sans\\": true\}".*"state":"new"/,
  },
  {
    name: 'a certificate that is none in an answer',
    path: '/decide',
    init: json(csrDocument('csr/provides', { relations: [] }, {
      answers: [{ relationId: 'certificates:1', csr: 'SECRET', certificate: 'SECRET', ca: 'SECRET' }],
    })),
    status: 422,
    problem: 'malformed-input',
    says: /"path":"intent\.answers\[0\]\.csr"/,
  },
];

/** The table. */
export const REQUESTS: ReadonlyArray<Case> = [
  { name: 'a health check', path: '/health', status: 200, says: /"status":"ok"/ },
  { name: 'a health check without a body', path: '/health', init: { method: 'HEAD' }, status: 200, says: /^$/ },
  { name: 'the OpenAPI document', path: '/openapi.json', status: 200, says: /"openapi":"3\.1\.0"/ },
  { name: 'the documentation', path: '/docs', status: 200, says: /<h2>.*POST.*\/decide/ },
  { name: 'a decision', path: '/decide', init: json(world), status: 200, says: /"common_name":"web\.example"/ },
  {
    name: 'a decision in another case',
    path: '/decide',
    init: post(JSON.stringify(world), 'Application/JSON; charset=utf-8'),
    status: 200,
  },
  {
    name: 'an inspection of a document',
    path: '/inspect',
    init: json(documentOf()),
    status: 200,
    says: /nothing-asked/,
  },
  {
    name: 'an inspection of YAML',
    path: '/inspect',
    init: post(SHOW_UNIT, 'text/plain'),
    status: 200,
    says: /"state":"unanswered"/,
  },
  {
    name: 'an inspection of several outputs',
    path: '/inspect?requirer=web&endsWithin=10',
    init: json({ documents: [SHOW_UNIT, { 'web/1': { 'relation-info': [] } }] }),
    status: 200,
    says: /"commonName":"web\.example"/,
  },
  {
    name: 'an inspection of what does not go together',
    path: '/inspect',
    init: json({ documents: [SHOW_UNIT, world] }),
    status: 422,
    problem: 'malformed-input',
    says: /"path":"documents\[1\]"/,
  },
  {
    name: 'an inspection of a wrong output among others',
    path: '/inspect',
    init: json({ documents: [SHOW_UNIT, { 'web/1': { 'relation-info': 7 } }] }),
    status: 422,
    problem: 'malformed-input',
    says: /"path":"documents\[1\]\[\\"web\/1\\"\]\[\\"relation-info\\"\]"/,
  },
  {
    name: 'an inspection of text that is nothing',
    path: '/inspect',
    init: post('- a\n- b\n', 'text/yaml'),
    status: 422,
    problem: 'malformed-input',
  },
  {
    name: 'an inspection with a wrong number of days',
    path: '/inspect?endsWithin=soon',
    init: json(documentOf()),
    status: 422,
    problem: 'malformed-input',
    says: /"path":"query\.endsWithin"/,
  },
  {
    name: 'a misspelt request',
    path: '/decide',
    init: json({ ...world, intent: { requests: [{ certType: 'server', commonname: 'SECRET' }] } }),
    status: 422,
    problem: 'malformed-input',
    says: /"path":"intent\.requests\[0\]\.commonName"/,
  },
  {
    name: 'a databag that is none',
    path: '/decide',
    init: json(documentOf({ relations: [{ ...relation(), localUnitData: ['SECRET'] as never }] })),
    status: 422,
    problem: 'malformed-input',
    says: /"path":"snapshot\.relations\[0\]\.localUnitData","message":"expected an object, got a list of 1 element"/,
  },
  {
    name: 'broken JSON',
    path: '/decide',
    init: post('{"side": "SECRET",\n  SECRET}'),
    status: 400,
    problem: 'not-json',
    says: /not valid JSON \(line 2, column 3\)/,
  },
  { name: 'no body at all', path: '/decide', init: post(''), status: 400, problem: 'not-json', says: /got nothing/ },
  { name: 'JSON that is too deep', path: '/decide', init: post('['.repeat(65)), status: 422, problem: 'too-deep' },
  {
    name: 'JSON that is as deep as it may be',
    path: '/decide',
    init: post('['.repeat(64)),
    status: 400,
    problem: 'not-json',
  },
  {
    name: 'an escaped backslash before the end of a string',
    path: '/decide',
    init: post(`["\\\\", ${'['.repeat(64)}`),
    status: 422,
    problem: 'too-deep',
  },
  {
    name: 'brackets in a string',
    path: '/decide',
    init: post(`"\\"${'['.repeat(99)}"`),
    status: 422,
    problem: 'malformed-input',
  },
  { name: 'another content type', path: '/decide', init: post('{}', 'text/plain'), status: 415, problem: 'media-type' },
  {
    name: 'a form',
    path: '/inspect',
    init: post('a=b', 'application/x-www-form-urlencoded'),
    status: 415,
    problem: 'media-type',
  },
  {
    name: 'a compressed body',
    path: '/inspect',
    init: { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' } },
    status: 415,
    problem: 'media-type',
  },
  { name: 'a path that is not there', path: '/decide/SECRET', status: 404, problem: 'not-found' },
  { name: 'a member of every object as a path', path: '/__proto__', status: 404, problem: 'not-found' },
  { name: 'a wrong method', path: '/decide', status: 405, problem: 'method-not-allowed', says: /use POST/ },
  {
    name: 'a wrong method for a page',
    path: '/docs',
    init: { method: 'DELETE' },
    status: 405,
    problem: 'method-not-allowed',
  },
  {
    name: 'a preflight without an agreement',
    path: '/decide',
    init: { method: 'OPTIONS' },
    status: 405,
    problem: 'method-not-allowed',
  },
  ...CSR_DECISIONS,
  ...SESSION,
  ...CSR_SESSION,
];

/** What an answer came to, in the form in which two are compared. */
export interface Answered {
  readonly name: string;
  readonly status: number;
  readonly problem: string | null;
  readonly type: string | null;
  readonly text: string;
}

/** Sends a request of the table. */
export const send = async (fetch: Fetch, address: string, { name, path, init }: Case): Promise<Answered> => {
  const response = await fetch(new Request(`${address}${path}`, init));
  const type = response.headers.get('content-type')?.replaceAll(' ', '').toLowerCase() ?? null;
  const text = await response.text();
  const isProblem = type === 'application/problem+json';
  const problem = isProblem ? String(JSON.parse(text).type).replace('/docs#', '') : null;
  return { name, status: response.status, problem, type, text };
};

/** What is wrong with an answer; nothing where it is as the table has it. */
export const faultsOf = ({ name, status, problem, says }: Case, answered: Answered): ReadonlyArray<string> => [
  ...(answered.status === status ? [] : [`${name}: ${answered.status}, not ${status}: ${answered.text}`]),
  ...(answered.problem === (problem ?? null) ? [] : [`${name}: the problem ${answered.problem}, not ${problem}`]),
  ...(says === undefined || says.test(answered.text) ? [] : [`${name}: ${answered.text.slice(0, 500)}`]),
  ...(answered.text.includes('SECRET') ? [`${name}: shows what was sent: ${answered.text}`] : []),
];
