/**
 * What means the same is no change: names in another order or form (D28), PEM in another text form (D31), and what an earlier version of this
 * project remembered of either.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf } from '../../../core/digest.ts';
import { decideInput, type Memory, type Outcome, type ProvidesView, type RequiresView } from '../../../mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import { decoded, decodedProvides } from '../../world.ts';

type Bag = Readonly<Record<string, string>>;

const pem = (label: string, body: string): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const CERT = pem('CERTIFICATE', 'QUJDREVGR0g=');
const KEY = pem('PRIVATE KEY', 'U0VDUkVU');
const CA = pem('CERTIFICATE', 'Q0FDQUNB');

/** Other forms of the same PEM. */
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  'CRLF': (text) => text.replaceAll('\n', '\r\n'),
  'no last line break': (text) => text.trimEnd(),
  'text before': (text) => `Certificate:\n    Data: …\n${text}`,
  'shorter lines': (text) => text.replace(/^\w.*$/gm, (line) => line.replace(/.{4}(?=.)/g, '$&\n')),
};

const EMPTY: Memory = { flags: [], digests: {} };

const REQUESTS = [{ certType: 'server', commonName: 'web.example', sans: ['web.example'] }];
const ASKED: Bag = {
  unit_name: 'web_0',
  common_name: 'web.example',
  sans: '["web.example"]',
  certificate_name: 'c',
};

const requirer = (
  published: Bag,
  memory: Memory,
  intent: object = {},
  local: Bag = ASKED,
): Outcome<RequiresView> =>
  decideInput(decoded({
    side: 'reactive/requires',
    snapshot: {
      localUnit: 'web/0',
      endpoint: 'certificates',
      relations: [{ id: 'certificates:3', localUnitData: local, remoteUnits: { 'easyrsa/0': published } }],
    },
    intent,
    memory,
  }));

const answers = (form: (text: string) => string): Bag => ({
  'ca': form(CA),
  'chain': form(CERT),
  'web_0.server.cert': form(CERT),
  'web_0.server.key': form(KEY),
  'web_0.processed_client_requests': JSON.stringify({ c: { cert: form(CERT), key: form(KEY) } }),
});

const CHANGED = ['ca', 'certs', 'server.certs', 'client.certs', 'intermediate.certs', 'application.certs']
  .map((topic) => `certificates.${topic}.changed`);

const changedIn = ({ memory: { flags } }: Outcome): ReadonlyArray<string> =>
  flags.filter((flag) => flag.endsWith('.changed'));

/** A memory as the version before kept it, with every change handled: digests of texts as they came. */
const earlier = (published: Bag): Memory => {
  const { memory } = requirer(published, requirer(published, EMPTY).memory, { handled: CHANGED });
  const [cert = '', key = ''] = [published['web_0.server.cert'], published['web_0.server.key']];
  const client = JSON.parse(published['web_0.processed_client_requests'] ?? '{}').c;
  const pair = digestOf([cert, key]);
  return {
    flags: memory.flags,
    digests: {
      'certificates.ca': digestOf([published['ca'] ?? '', published['chain'] ?? '']),
      'certificates.server.certs': digestOf(['server', 'web.example', cert, key]),
      'certificates.client.certs': digestOf(['client', 'c', client.cert, client.key]),
      'certificates.answer/["certificates:3","easyrsa/0"]': `${pair}:${
        digestOf(['web.example', cert, key])
      }` as typeof pair,
    },
  };
};

describe('the same', () => {
  for (const [name, form] of Object.entries(FORMS)) {
    it(`requires: certificates, keys, CA and chain that are published anew in another form are no change: ${name}`, () => {
      const first = requirer(answers((text) => text), EMPTY);
      assert.ok(changedIn(first).length > 0);
      const handled = requirer(answers((text) => text), first.memory, { handled: CHANGED });
      const again = requirer(answers(form), handled.memory);
      assert.deepEqual([changedIn(again), again.findings, again.writes], [[], [], []]);
      assert.deepEqual(again.memory.digests, handled.memory.digests);
      assert.equal(again.view.serverCerts[0]?.cert, form(CERT), 'what is shown is what is published');
    });

    it(`requires: what the version before remembered is no change after an upgrade: ${name}`, () => {
      const after = requirer(answers(form), earlier(answers(form)));
      assert.deepEqual([changedIn(after), after.findings], [[], []]);
      assert.equal(after.view.serverCerts.length, 1);
      const later = requirer(answers((text) => text), after.memory);
      assert.deepEqual([changedIn(later), later.findings], [[], []]);
    });

    it(`requires: an old answer stays an old one in another form: ${name}`, () => {
      const rename = {
        requests: [{ certType: 'server', commonName: 'new.example', sans: [] }],
        withdraw: [{ certType: 'server', commonName: 'web.example' }],
      };
      for (const memory of [requirer(answers((text) => text), EMPTY).memory, earlier(answers(form))]) {
        const renamed = requirer(answers(form), memory, rename);
        assert.deepEqual(renamed.view.serverCerts, []);
        assert.deepEqual(renamed.findings.map(({ code }) => code), ['stale-answer']);
      }
    });
  }

  it('requires: another certificate, another key and another CA are a change', () => {
    const { memory } = requirer(answers((text) => text), EMPTY, {});
    const handled = requirer(answers((text) => text), memory, { handled: CHANGED }).memory;
    const other = (key: string, value: string) => changedIn(requirer({ ...answers((t) => t), [key]: value }, handled));
    assert.deepEqual(other('ca', pem('CERTIFICATE', 'T1RIRVJP')), ['certificates.ca.changed']);
    assert.deepEqual(other('ca', `${CA}${CERT}`), ['certificates.ca.changed']);
    assert.deepEqual(other('web_0.server.key', pem('PRIVATE KEY', 'T1RIRVJP')), [
      'certificates.certs.changed',
      'certificates.server.certs.changed',
    ]);
  });

  it('requires: SANs in another order, form and number are not written anew', () => {
    const sans = ['10.0.0.7', 'web.example', '2001:0db8:0:0:0:0:0:1'];
    const local = {
      ...ASKED,
      sans: JSON.stringify(sans),
      client_cert_requests: JSON.stringify({ c: { sans } }),
      application_cert_requests: JSON.stringify({ a: { sans } }),
    };
    const again = ['2001:db8::1', 'Web.Example', '10.0.0.7', 'web.example.', ' 10.0.0.7 '];
    const requests = [
      { certType: 'server', commonName: 'web.example', sans: again },
      { certType: 'client', commonName: 'c', sans: again },
      { certType: 'application', commonName: 'a', sans: again },
    ];
    for (const onRepeat of ['replace', 'ignore']) {
      const outcome = requirer({}, EMPTY, { requests, onRepeat }, local);
      assert.deepEqual([outcome.writes, outcome.findings], [[], []]);
    }
    const more = requirer({}, EMPTY, { requests: [{ ...requests[1], sans: [...again, 'more.example'] }] }, local);
    assert.deepEqual(more.findings.map(({ code }) => code), ['sans-replaced']);
    assert.deepEqual(Object.keys(more.writes[0]?.set ?? {}), ['client_cert_requests']);
  });

  it('requires: a request with other names writes them as they are asked for', () => {
    const outcome = requirer({}, EMPTY, { requests: REQUESTS.map((r) => ({ ...r, sans: ['B', 'a', 'B'] })) }, ASKED);
    assert.equal(outcome.writes[0]?.set['sans'], '["B", "a", "B"]');
  });

  const provider = (local: Bag, remote: Bag, memory: Memory, intent: object = {}) => {
    const input = decodedProvides({
      side: 'reactive/provides',
      snapshot: {
        localUnit: 'easyrsa/0',
        endpoint: 'certificates',
        relations: [{ id: 'certificates:3', localUnitData: local, remoteUnits: { 'web/0': remote } }],
      },
      intent,
      memory,
    });
    const outcome: Outcome<ProvidesView> = decideInput(input);
    const after = snapshotAfter(input.snapshot, outcome.writes).relations[0]?.localUnitData ?? {};
    return { outcome, after };
  };

  const publishing = (form: (text: string) => string) => ({
    ca: form(CA),
    chain: form(CERT),
    globalClientCert: { cert: form(CERT), key: form(KEY) },
    answers: ['server', 'client'].map((certType) => ({
      relationId: 'certificates:3',
      unit: 'web/0',
      certType,
      commonName: 'web.example',
      cert: form(CERT),
      key: form(KEY),
    })),
  });

  const WANTING: Bag = { ...ASKED, client_cert_requests: '{"web.example": {"sans": ["10.0.0.7", "a"]}}' };

  for (const [name, form] of Object.entries(FORMS)) {
    it(`provides: publishing the same in another form writes nothing: ${name}`, () => {
      const { outcome, after } = provider({}, WANTING, EMPTY, publishing((text) => text));
      assert.ok(outcome.writes.length > 0);
      const again = provider(after, WANTING, outcome.memory, publishing(form));
      assert.deepEqual(again.outcome.writes, []);
      assert.deepEqual(again.outcome.view, outcome.view);
    });
  }

  it('provides: a shared pair of which one half is another is written whole, whatever its form', () => {
    const { outcome, after } = provider({}, {}, EMPTY, publishing((text) => text));
    const globalClientCert = { cert: `text\n${CERT}`, key: pem('PRIVATE KEY', 'T1RIRVJP') };
    const again = provider(after, {}, outcome.memory, { globalClientCert });
    assert.deepEqual(again.outcome.writes[0]?.set, {
      'client.cert': globalClientCert.cert,
      'client.key': globalClientCert.key,
    });
    const gone = provider(after, {}, outcome.memory, { globalClientCert: { cert: '', key: '' } });
    assert.deepEqual(gone.outcome.writes[0]?.delete, ['client.cert', 'client.key']);
  });

  it('provides: SANs in another order and form are answered already', () => {
    const { outcome, after } = provider({}, WANTING, EMPTY, publishing((text) => text));
    assert.deepEqual(outcome.view.newRequests, []);
    const reformed = { ...WANTING, client_cert_requests: '{"web.example": {"sans": ["A", "10.0.0.7", "a.", "a"]}}' };
    assert.deepEqual(provider(after, reformed, outcome.memory).outcome.view.newRequests, []);
    const grown = { ...WANTING, client_cert_requests: '{"web.example": {"sans": ["a"]}}' };
    assert.equal(provider(after, grown, outcome.memory).outcome.view.newRequests.length, 1);
  });

  it('provides: what the version before remembered of SANs is answered already after an upgrade', () => {
    const wanting = { client_cert_requests: '{"web.example": {"sans": ["WEB.example.", "2001:DB8::1"]}}' };
    const { after } = provider({}, wanting, EMPTY, publishing((text) => text));
    const name = digestOf(['web.example']).slice(0, 16);
    // As it was: the texts, sorted by code point.
    const sans = digestOf(['web.example', '2001:DB8::1', 'WEB.example.']).slice(0, 24);
    const unit = digestOf(['web_0']).slice(0, 16);
    const place = `certificates.answered/${JSON.stringify(['certificates:3', unit, 'client'])}`;
    const memory = { flags: [], digests: { [place]: `${name}:${sans}` } };
    const { outcome } = provider(after, wanting, decoded({ ...DOCUMENT, memory }).memory);
    assert.deepEqual(outcome.view.newRequests, []);
    const reformed = { client_cert_requests: '{"web.example": {"sans": ["web.example", "2001:db8::1"]}}' };
    assert.deepEqual(provider(after, reformed, outcome.memory).outcome.view.newRequests, []);
  });

  it('requires: names that no certificate can have are told, by kind and by place, and asked for all the same', () => {
    const requests = [
      { certType: 'server', commonName: '', sans: ['a'] },
      { certType: 'client', commonName: 'c', sans: ['ok.example', 'web.example:8443', ''] },
      { certType: 'application', commonName: 'a', sans: ['1', '2', '3', '4', '5'].map((n) => `SECRET${n} x`) },
    ];
    const { findings, writes } = requirer({}, EMPTY, { requests }, {});
    assert.deepEqual(findings.map(({ code, place: { key }, message }) => [code, key, message]), [
      ['not-a-name', 'cert_requests', 'no certificate can have this: the common name is empty'],
      ['not-a-name', 'client_cert_requests', 'no certificate can have this: SAN 2 has a port, SAN 3 is empty'],
      [
        'not-a-name',
        'application_cert_requests',
        'no certificate can have this: SAN 1 has a blank or a comma in it, SAN 2 has a blank or a comma in it, SAN 3 has a blank or a comma in it, and so on for 2 more',
      ],
    ]);
    assert.equal(Object.keys(writes[0]?.set ?? {}).length, 4);
  });
});

const DOCUMENT = {
  side: 'reactive/requires',
  snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations: [] },
};
