/**
 * The rules of the CSR protocol's provider, sentence by sentence (docs/csr-protocol.md).
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { snapshotAfter } from '../../../adapters/port.ts';
import { about } from './about.ts';
import { base64, certificatePem, csrPem, ecKey, ROOT } from './forge.ts';
import {
  answering,
  asking,
  codes,
  complaintOf,
  decideProvides,
  entry,
  flagNames,
  ID,
  NOW,
  providesDocument,
  providesInput,
  refusing,
  relation,
  UNIT_KEY,
  unitCertificate,
  unitCsr,
  type World,
  type WorldRelation,
} from './world.ts';

describe('csr/provides', () => {
  const csr = unitCsr();
  const certificate = unitCertificate();
  const answer = { relationId: ID, csr, certificate, ca: ROOT, chain: [certificate, ROOT] };
  const refusal = { relationId: ID, csr, code: 102, name: 'domain_not_allowed', message: 'no' };

  /** A world in which `web/0` asks with these CSRs, and this is published. */
  const asked = (
    csrs: ReadonlyArray<string> = [csr],
    localApplicationData: Readonly<Record<string, string>> = {},
    more: World = {},
    other: Partial<WorldRelation> = {},
  ): World => ({
    relations: [relation({ localApplicationData, remoteUnits: { 'web/0': asking(...csrs) }, ...other })],
    ...more,
  });

  const bag = (world: World): Readonly<Record<string, string>> => {
    const input = providesInput(world);
    return { ...snapshotAfter(input.snapshot, input.decided().writes).relations[0]?.localApplicationData };
  };
  const states = (world: World) => decideProvides(world).view.requests.map(({ state }) => state);

  const written = `[{"ca": ${JSON.stringify(ROOT)}, "certificate_signing_request": ${
    JSON.stringify(csr)
  }, "certificate": ${JSON.stringify(certificate)}, "chain": [${JSON.stringify(certificate)}, ${
    JSON.stringify(ROOT)
  }]}]`;

  about('requests', (it) => {
    it('come by relation, the application’s first, then those of units by name', () => {
      const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((commonName) => unitCsr({ commonName }));
      const world: World = {
        relations: [
          relation({ id: 'certificates:9', remoteUnits: { 'x/0': asking(d ?? '') } }),
          relation({
            remoteApplication: 'web',
            remoteApplicationData: asking(c ?? ''),
            remoteUnits: { 'web/1': asking(a ?? ''), 'web/0': asking(a ?? '', [b ?? '', true]) },
          }),
        ],
      };
      const { requests } = decideProvides(world).view;
      assert.deepEqual(
        requests.map((r) => [r.relationId, r.application, r.unit, r.bag, r.commonName, r.isCa]),
        [
          [ID, 'web', null, 'application', 'c', false],
          [ID, 'web', 'web/0', 'unit', 'a', false],
          [ID, 'web', 'web/0', 'unit', 'b', true],
          [ID, 'web', 'web/1', 'unit', 'a', false],
          ['certificates:9', 'other', 'x/0', 'unit', 'd', false],
        ],
      );
    });

    it('are shown whole', () => {
      const odd = unitCsr({
        sans: ['dns:b', `ip:20010db8${'0'.repeat(22)}07`, 'dns:a', 'id:1.2.3.4', 'dns:10.0.0.1', 'email:x@y'],
      });
      const [request] = decideProvides(asked([odd.replaceAll('\n', '\r\n')])).view.requests;
      assert.deepEqual(request, {
        relationId: ID,
        application: 'other',
        unit: 'web/0',
        bag: 'unit',
        csr: odd,
        isCa: false,
        commonName: 'web.example',
        sans: ['oid:1.2.3.4', '2001:db8::7', 'dns:10.0.0.1', 'a', 'b', 'email:x@y'],
        publicKey: base64(UNIT_KEY),
        state: 'new',
        certificate: null,
        ca: null,
        chain: [],
        refusal: null,
      });
    });

    it('are one where the same CSR stands twice in a bag', () => {
      assert.deepEqual(states(asked([csr, `${csr}\n`])), ['new']);
    });

    it('do not count of a departing unit', () => {
      const outcome = decideProvides(
        asked([csr], { certificates: written }, { departing: { relationId: ID, unit: 'web/0' } }),
      );
      assert.deepEqual([outcome.view.requests, outcome.writes[0]?.delete], [[], ['certificates']]);
    });

    it('are new while nothing that counts answers them', () => {
      const of = (published: Readonly<Record<string, string>>) => states(asked([csr], published));
      assert.deepEqual(of({}), ['new']);
      assert.deepEqual(of(answering(entry(csr, certificate))), ['answered']);
      assert.deepEqual(of(answering(entry(csr, certificate, { revoked: true }))), ['new']);
      assert.deepEqual(of(answering(entry(csr, certificatePem({ key: ecKey(8) })))), ['new'], 'another key');
      assert.deepEqual(of({ request_errors: JSON.stringify([refusing(csr)]) }), ['refused']);
    });
  });

  about('answers', (it) => {
    it('are written as the Python library writes them, and once', () => {
      const world = asked([csr], {}, { intent: { answers: [answer] } });
      const outcome = decideProvides(world);
      assert.deepEqual(outcome.writes, [{
        relationId: ID,
        bag: 'application',
        set: { certificates: written },
        delete: [],
      }]);
      assert.deepEqual(states(world), ['answered']);
      assert.deepEqual(
        decideProvides(asked([csr], { certificates: written }, { intent: { answers: [answer] } })).writes,
        [],
      );
    });

    it('are written in the normal form, an empty chain as the certificate (C10)', () => {
      const crlf = (pem: string): string => `text\r\n${pem.replaceAll('\n', '\r\n')}\r\n`;
      const odd = {
        relationId: ID,
        csr: crlf(csr),
        certificate: crlf(certificate),
        ca: crlf(ROOT),
        chain: [crlf(certificate), crlf(ROOT)],
      };
      assert.equal(bag(asked([csr], {}, { intent: { answers: [odd] } }))['certificates'], written);
      const bare = JSON.parse(
        bag(asked([csr], {}, { intent: { answers: [{ ...answer, chain: [] }] } }))['certificates'] ?? '',
      );
      assert.deepEqual(bare[0].chain, [certificate]);
    });

    it('that mean the same change nothing, whatever their form', () => {
      const loose = JSON.stringify([{
        chain: [certificate, `${ROOT}\n`],
        ca: ROOT,
        certificate: `\n${certificate}`,
        certificate_signing_request: csr,
      }]);
      assert.deepEqual(
        decideProvides(asked([csr], { certificates: loose }, { intent: { answers: [answer] } })).writes,
        [],
      );
    });

    it('replace those to the same CSR and go to the end; others keep order and text', () => {
      const other = unitCsr({ commonName: 'b' });
      const kept = `{"x": 1.50,"certificate_signing_request": ${JSON.stringify(other)}, "certificate": ${
        JSON.stringify(unitCertificate({ commonName: 'b' }))
      }, "ca": ""}`;
      const before = `[${JSON.stringify(entry(csr, unitCertificate()))}, ${kept}]`;
      const world = asked([csr, other], { certificates: before }, { intent: { answers: [answer] } });
      assert.equal(bag(world)['certificates'], `[${kept}, ${written.slice(1)}`);
    });

    it('take the place of all that stand for the CSR, of the error too', () => {
      const published = {
        ...answering(entry(csr, unitCertificate()), entry(csr, unitCertificate())),
        request_errors: JSON.stringify([refusing(csr), refusing(csr)]),
      };
      assert.deepEqual(bag(asked([csr], published, { intent: { answers: [answer] } })), { certificates: written });
      const twice = answering(entry(csr, unitCertificate()), entry(csr, certificate));
      assert.equal(
        JSON.parse(bag(asked([csr], twice, { intent: { answers: [answer] } }))['certificates'] ?? '').length,
        1,
      );
    });

    it('count last where a list has several for one CSR, and are appended in the intent’s order', () => {
      const other = unitCsr({ commonName: 'b' });
      const otherAnswer = { ...answer, csr: other, certificate: unitCertificate({ commonName: 'b' }), chain: [] };
      const answers = [{ ...answer, certificate: unitCertificate() }, otherAnswer, answer];
      const list = JSON.parse(bag(asked([csr, other], {}, { intent: { answers } }))['certificates'] ?? '');
      assert.deepEqual(list.map((one: Record<string, string>) => one['certificate_signing_request']), [other, csr]);
      assert.equal(list[1].certificate, certificate);
    });

    it('for a CSR that no bag of that relation has are found and not published', () => {
      const stray = { ...answer, csr: unitCsr() };
      const outcome = decideProvides(asked([csr], {}, {
        intent: {
          answers: [stray, { ...answer, relationId: 'certificates:77' }],
          refusals: [{ ...refusal, csr: unitCsr() }],
        },
      }));
      assert.deepEqual([outcome.writes, codes(outcome)], [[], ['unasked-answer', 'unasked-answer', 'unasked-answer']]);
    });

    it('stay in their relation: each by itself (C16)', () => {
      const relations = [
        relation({ remoteUnits: { 'web/0': asking(csr) }, localApplicationData: { certificates: written } }),
        relation({ id: 'certificates:9', remoteUnits: { 'x/0': asking(csr) } }),
      ];
      assert.deepEqual(states({ relations }), ['answered', 'new']);
      const gone = [{ ...relations[0], remoteUnits: { 'web/0': {} } } as WorldRelation, relations[1] as WorldRelation];
      assert.deepEqual(decideProvides({ relations: gone }).writes.map(({ relationId }) => relationId), [ID]);
    });

    it('are judged by key and chain, and published all the same', () => {
      const given = (change: Readonly<Record<string, unknown>>) =>
        codes(decideProvides(asked([csr], {}, { intent: { answers: [{ ...answer, ...change }] } })));
      const foreign = certificatePem({ key: ecKey(8) });
      assert.deepEqual(given({ certificate: foreign, chain: [] }), ['key-mismatch']);
      assert.deepEqual(given({ chain: [ROOT, certificate] }), ['leaf-missing', 'chain-disordered']);
      assert.deepEqual(
        states(asked([csr], {}, { intent: { answers: [{ ...answer, certificate: foreign, chain: [] }] } })),
        ['new'],
      );
    });

    it('that are not readable are an input error with their path', () => {
      const complain = (change: Readonly<Record<string, unknown>>): string =>
        complaintOf(providesDocument(asked([csr], {}, { intent: { answers: [{ ...answer, ...change }] } })));
      assert.match(
        complain({ csr: certificate }),
        /^intent.answers\[0\].csr: expected a certificate request in PEM, got a string/,
      );
      assert.match(complain({ certificate: csr }), /^intent.answers\[0\].certificate: expected a certificate in PEM/);
      assert.match(complain({ ca: '' }), /^intent.answers\[0\].ca: /);
      assert.match(complain({ chain: [certificate, 'x'] }), /^intent.answers\[0\].chain\[1\]: /);
      assert.match(complain({ key: 'x' }), /^intent.answers\[0\].key: no such field/);
    });
  });

  about('refusals', (it) => {
    it('take the certificate’s place, with an empty reason written and an absent one not', () => {
      const world = asked([csr], { certificates: written }, {
        intent: { refusals: [{ ...refusal, reason: '', endpoint: 'e' }] },
      });
      assert.deepEqual(bag(world), {
        request_errors: `[{"csr": ${
          JSON.stringify(csr)
        }, "error": {"code": 102, "name": "domain_not_allowed", "message": "no", "reason": "", "endpoint": "e"}}]`,
      });
      assert.deepEqual(states(world), ['refused']);
      assert.deepEqual(decideProvides(world).view.requests[0]?.refusal, {
        code: 102,
        name: 'domain_not_allowed',
        message: 'no',
        reason: '',
        provider: null,
        endpoint: 'e',
      });
    });

    it('that say the same change nothing', () => {
      const published = {
        request_errors: JSON.stringify([{ error: { message: 'no', code: '102', name: 'domain_not_allowed' }, csr }]),
      };
      assert.deepEqual(decideProvides(asked([csr], published, { intent: { refusals: [refusal] } })).writes, []);
      assert.equal(
        decideProvides(asked([csr], published, { intent: { refusals: [{ ...refusal, message: 'x' }] } })).writes.length,
        1,
      );
    });

    it('and answers for the same CSR of a relation are an input error, in whatever form', () => {
      const document = (other: Readonly<Record<string, unknown>>) =>
        complaintOf(providesDocument({ intent: { answers: [answer], refusals: [{ ...refusal, ...other }] } }));
      assert.match(
        document({ csr: csr.replaceAll('\n', '\r\n') }),
        /^intent.refusals\[0\].csr: expected a CSR that is not answered too/,
      );
      assert.equal(document({ relationId: 'certificates:9' }), 'valid');
    });

    it('need a whole number as code', () => {
      assert.match(
        complaintOf(providesDocument({ intent: { refusals: [{ ...refusal, code: 1.5 }] } })),
        /^intent.refusals\[0\].code: expected a whole number/,
      );
    });
  });

  about('revocation', (it) => {
    const revoked = [{ relationId: ID, csr }];

    it('marks what is published now, at its place and in its text', () => {
      const outcome = bag(asked([csr], { certificates: written }, { intent: { revoked } }));
      assert.equal(outcome['certificates'], `${written.slice(0, -2)}, "revoked": true}]`);
      const false_ = JSON.stringify([entry(csr, certificate, { revoked: false, x: 1 })]);
      assert.equal(
        bag(asked([csr], { certificates: false_ }, { intent: { revoked } }))['certificates'],
        false_.replace('"revoked":false', '"revoked": true'),
      );
      assert.deepEqual(states(asked([csr], { certificates: written }, { intent: { revoked } })), ['new']);
    });

    it('once more changes nothing, and of nothing is found', () => {
      const done = bag(asked([csr], { certificates: written }, { intent: { revoked } }));
      assert.deepEqual(decideProvides(asked([csr], done, { intent: { revoked } })).writes, []);
      assert.deepEqual(codes(decideProvides(asked([csr], {}, { intent: { revoked } }))), ['nothing-to-revoke']);
    });

    it('gives way to an answer in the same intent', () => {
      const fresh = { ...answer, certificate: unitCertificate(), chain: [] };
      const world = asked([csr], { certificates: written }, { intent: { revoked, answers: [fresh] } });
      assert.deepEqual(states(world), ['answered']);
      const same = asked([csr], { certificates: written }, { intent: { revoked, answers: [answer] } });
      assert.deepEqual([states(same), bag(same)['certificates']], [['answered'], written]);
    });
  });

  about('withdrawal', (it) => {
    it('takes certificates and errors away whose CSR is gone (C11), all of them', () => {
      const gone = unitCsr();
      const published = {
        certificates: JSON.stringify([entry(gone, certificate), JSON.parse(written)[0], entry(gone, certificate)]),
        request_errors: JSON.stringify([refusing(gone)]),
      };
      const world = asked([csr], published);
      assert.deepEqual(JSON.parse(bag(world)['certificates'] ?? ''), JSON.parse(written));
      assert.deepEqual([decideProvides(world).writes[0]?.delete, codes(decideProvides(world))], [['request_errors'], [
        'answer-withdrawn',
      ]]);
      assert.deepEqual(decideProvides({ ...world, intent: { onWithdrawal: 'keep' } }).writes, []);
    });

    it('takes nothing away in a relation with anything malformed, but in others (C3)', () => {
      const gone = { certificates: written, request_errors: JSON.stringify([refusing(unitCsr())]) };
      for (
        const value of ['x', 'null', '{}', '[1]', JSON.stringify([{ certificate_signing_request: 'x', ca: false }])]
      ) {
        const relations = [
          relation({
            localApplicationData: gone,
            remoteUnits: { 'web/0': {}, 'web/1': { certificate_signing_requests: value } },
          }),
          relation({ id: 'certificates:9', localApplicationData: gone }),
        ];
        const outcome = decideProvides({ relations });
        assert.deepEqual(outcome.writes.map(({ relationId }) => relationId), ['certificates:9'], value);
        const [fault] = outcome.findings;
        assert.deepEqual([fault?.place.unit, fault?.place.key], ['web/1', 'certificate_signing_requests']);
      }
      const application = asked([], gone, {}, { remoteApplicationData: { certificate_signing_requests: '7' } });
      assert.deepEqual(decideProvides(application).writes, []);
    });

    it('reads an entry without its flag (C4), and serves the others beside a malformed one (C2)', () => {
      const list = JSON.stringify([{ certificate_signing_request: csr }, { certificate_signing_request: 7 }]);
      const world = asked([], {}, { intent: { answers: [answer] } }, {
        remoteUnits: { 'web/0': { certificate_signing_requests: list } },
      });
      assert.deepEqual([states(world), codes(decideProvides(world))], [['answered'], ['malformed-entry']]);
    });
  });

  about('the own bag', (it) => {
    it('loses what cannot be read in it, and keeps the text of the rest', () => {
      const value = `[7, ${written.slice(1)}`;
      const outcome = decideProvides(asked([csr], { certificates: value }));
      assert.deepEqual([outcome.writes[0]?.set['certificates'], codes(outcome)], [written, ['malformed-entry']]);
    });

    it('is overwritten where its value is no list and there is something to write', () => {
      const broken = { certificates: '{', request_errors: JSON.stringify([refusing(unitCsr())]) };
      assert.deepEqual(decideProvides(asked([csr], broken)).writes, [], 'nothing is withdrawn beside it');
      assert.equal(bag(asked([csr], broken, { intent: { answers: [answer] } }))['certificates'], written);
    });

    it('keeps keys that are none of the protocol’s (C1)', () => {
      const world = asked([csr], { stranger: 'x' }, { intent: { answers: [answer] } });
      assert.deepEqual(bag(world), { stranger: 'x', certificates: written });
    });
  });

  about('capabilities', (it) => {
    const published = { capabilities: '{"allowed_domains":[], "supports_ip_sans": "yes", "x": 1}' };
    const capabilities = { supportsIpSans: true, allowedDomains: [] };

    it('are published on every relation, in order, without what is null', () => {
      const all = {
        supportsIpSans: false,
        supportsWildcardDns: true,
        supportsSubdomain: null,
        supportsCaCertificates: true,
        allowedDomains: ['ä'],
        providerType: '',
      };
      const outcome = decideProvides({
        relations: [relation(), relation({ id: 'certificates:9' })],
        intent: { capabilities: all },
      });
      const text =
        '{"supports_ip_sans": false, "supports_wildcard_dns": true, "supports_ca_certificates": true, "allowed_domains": ["\\u00e4"], "provider_type": ""}';
      assert.deepEqual(outcome.writes.map(({ set }) => set), [{ capabilities: text }, { capabilities: text }]);
      assert.equal(bag({ intent: { capabilities: {} } })['capabilities'], '{}');
    });

    it('stay where they are absent or mean the same, and go where they are null', () => {
      const relations = [relation({ localApplicationData: published })];
      assert.deepEqual(decideProvides({ relations }).writes, []);
      assert.deepEqual(decideProvides({ relations, intent: { capabilities } }).writes, []);
      assert.deepEqual(decideProvides({ relations, intent: { capabilities: null } }).writes[0]?.delete, [
        'capabilities',
      ]);
      assert.equal(decideProvides({ relations, intent: { capabilities: {} } }).writes[0]?.set['capabilities'], '{}');
    });

    it('are refused where a field is not known', () => {
      assert.match(
        complaintOf(providesDocument({ intent: { capabilities: { supportIpSans: true } } })),
        /^intent.capabilities.supportIpSans: no such field/,
      );
    });
  });

  it('writes nothing on a unit that does not lead, and says so', () => {
    const wants = [{ answers: [answer] }, { refusals: [refusal] }, { revoked: [{ relationId: ID, csr }] }, {
      capabilities: null,
    }];
    for (const intent of wants) {
      const outcome = decideProvides(
        asked([csr], answering(entry(unitCsr(), certificate)), { isLeader: false, intent }),
      );
      assert.deepEqual([outcome.writes, codes(outcome)], [[], ['not-leader']]);
    }
  });

  it('sets `available` while a unit is joined, and `certs.requested` while a request is new', () => {
    const flags = (world: World) => flagNames(decideProvides(world).memory);
    assert.deepEqual(flags(asked()), ['available', 'certs.requested']);
    assert.deepEqual(flags(asked([csr], { certificates: written })), ['available']);
    assert.deepEqual(flags(asked([csr], { request_errors: JSON.stringify([refusing(csr)]) })), ['available']);
    assert.deepEqual(flags({ relations: [relation({ remoteUnits: {} })] }), []);
  });

  it('holds until the earliest certificate ends', () => {
    const other = unitCsr();
    const long = unitCertificate({ to: '2029-01-01T00:00:00Z' });
    const world = asked([csr, other], answering(entry(other, long), entry(csr, certificate)));
    assert.equal(decideProvides(world).until, '2027-01-01T00:00:00Z');
    assert.equal(decideProvides({ ...world, now: '2028-01-01T00:00:00Z' }).until, '2029-01-01T00:00:00Z');
    assert.equal(decideProvides({ ...world, now: null }).until, null);
    assert.equal(decideProvides(asked([csr], {}, { now: NOW })).until, null);
  });

  it('lets a CSR with any key and any signature through: whoever issues examines it', () => {
    assert.deepEqual(states(asked([csrPem({ key: ecKey(1234) })])), ['new']);
  });
});
