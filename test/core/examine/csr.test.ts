/**
 * What an examination finds in the CSR protocol: each thing that goes wrong between real peers, in a world where all else is well.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { allFindings, examine, remedyOf } from '../../../core/examine/mod.ts';
import * as f from '../x509/forge.ts';
import {
  answers,
  type Asker,
  asker,
  type Authorities,
  authorities,
  codesOf,
  entry,
  errors,
  examined,
  keyText,
  type Published,
  refusal,
  requests,
  requestsOf,
  seenBy,
} from './csr-world.ts';

let cas: Authorities;
let web: Asker;
let certificate: string;

/** A good answer, with what a test changes. */
const answered = (change: object = {}): Published => ({
  unit: requests(web.csr),
  provider: answers({ ...entry(web.csr, certificate, cas.middle, [certificate, cas.middle, cas.root]), ...change }),
});

const codes = async (published: Published, role?: 'provides'): Promise<ReadonlyArray<string>> =>
  codesOf(await examined(published, role));

describe('examine() of the CSR protocol', () => {
  before(async () => {
    cas = await authorities();
    web = await asker();
    certificate = await cas.certify(web);
  });

  it('examine() has nothing to say of a good answer, whichever side is asked', async () => {
    for (const role of ['requires', 'provides'] as const) {
      const seen = await examined(answered(), role);
      assert.deepEqual(codesOf(seen), [], role);
      const [one] = seen.examinations;
      assert.deepEqual([one?.requirer, one?.asker, one?.protocol, one?.providers], ['web/0', 'unit', 'csr', [
        'vault/0',
      ]]);
      assert.deepEqual(one?.evidence.map(({ by, bag, key }) => `${by} ${bag} ${key}`), [
        'provider application certificates',
        'requirer unit certificate_signing_requests',
      ]);
      const [request] = requestsOf(seen);
      assert.deepEqual([request?.state, request?.answer?.verified, request?.sans], ['answered', true, ['web.example']]);
      assert.deepEqual(request?.csr?.publicKey, { kind: 'ec', bits: 256, curve: 'P-256' });
      assert.equal(seen.examinations.length, 1);
    }
  });

  it('examine() takes the root as ca, a chain without the root, and a certificate of the root itself', async () => {
    const direct = await cas.certify(web, { issuer: cas.signers.root });
    assert.deepEqual(await codes(answered({ ca: cas.root })), []);
    assert.deepEqual(await codes(answered({ certificate: direct, ca: cas.root, chain: [direct, cas.root] })), []);
    assert.deepEqual(await codes(answered({ certificate: direct, ca: cas.root, chain: [direct] })), []);
    const rootless = await examined(answered({ chain: [certificate, cas.middle] }));
    assert.deepEqual(codesOf(rootless), ['root-missing']);
    assert.equal(requestsOf(rootless)[0]?.answer?.verified, true);
  });

  it('examine() tells a refusal with code, name, message and reason, and a remedy for each code', async () => {
    const parties = { requirer: 'web', provider: 'vault' };
    const remedies = new Set<string | null>();
    for (const code of [101, 102, 103, 201, 999, 7]) {
      for (const role of ['requires', 'provides'] as const) {
        const seen = await examined(
          {
            unit: requests(web.csr),
            provider: errors(refusal(web.csr, code, { reason: 'because', provider: 'acme' })),
          },
          role,
        );
        const [request] = requestsOf(seen);
        assert.equal(request?.state, 'denied');
        assert.deepEqual(
          [request?.denied?.code, request?.denied?.message, request?.denied?.provider],
          [code, 'no names of that domain', 'acme'],
        );
        const [finding] = request?.findings ?? [];
        assert.equal(finding?.code, 'request-denied');
        assert.match(finding?.message ?? '', new RegExp(`code ${code}, .*"no names of that domain".*"because"`));
        remedies.add(remedyOf('request-denied', parties, request?.denied));
      }
    }
    // A code without a remedy of its own has that of `other`.
    assert.equal(remedies.size, 5);
    for (const remedy of remedies) assert.match(remedy ?? '', /juju \S+ .*(?:web|vault)/);
  });

  it('examine() reads refusals in the form of the description too, and the last of several counts', async () => {
    const { csr: _, ...rest } = refusal(web.csr, 101);
    const provider = errors({ certificate_signing_request: web.csr, ...rest }, refusal(web.csr, 201));
    const [request] = requestsOf(await examined({ unit: requests(web.csr), provider }));
    assert.equal(request?.denied?.code, 201);
  });

  it('examine() tells requests of the application as such', async () => {
    const seen = await examined({ ...answered(), unit: {}, application: requests(web.csr) });
    assert.deepEqual(seen.examinations.map(({ requirer, asker }) => [requirer, asker]), [['web', 'application']]);
    assert.deepEqual(requestsOf(seen).map(({ certType, state }) => [certType, state]), [['application', 'answered']]);
    const denied = await examined({ application: requests(web.csr), provider: errors(refusal(web.csr)) }, 'provides');
    assert.deepEqual(denied.examinations.map(({ requirer, asker }) => [requirer, asker]), [['web', 'application']]);
    assert.deepEqual(codesOf(denied), ['request-denied']);
  });

  it('examine() tells unit and application apart where both ask, and answers each its own', async () => {
    const shared = await asker('web.internal');
    const both = await examined({
      unit: requests(web.csr),
      application: requests(shared.csr),
      provider: {
        ...answers(entry(web.csr, certificate, cas.middle, [certificate, cas.middle, cas.root])),
        ...errors(refusal(shared.csr)),
      },
    });
    assert.deepEqual(
      both.examinations.map(({ requirer, requests }) => [requirer, requests.map(({ state }) => state)]),
      [['web/0', ['answered']], ['web', ['denied']]],
    );
  });

  it('examine() tells what is outstanding, and a renewal as one', async () => {
    assert.deepEqual(await codes({ unit: requests(web.csr), provider: { capabilities: '{}' } }), ['unanswered']);
    const renewed = await asker('web.example', ['web.example'], web.keys);
    const seen = await examined({ ...answered(), unit: requests(web.csr, renewed.csr) });
    assert.deepEqual(requestsOf(seen).map(({ state }) => state), ['answered', 'unanswered']);
    assert.match(allFindings(seen)[0]?.message ?? '', /serves until then/);
  });

  it('examine() does not call unanswered what it cannot know', async () => {
    const { exchanges } = seenBy('provides', { unit: requests(web.csr) });
    const blind = exchanges.map((exchange) => ({
      ...exchange,
      providers: null,
      ...(exchange.applications === undefined ? {} : { applications: { ...exchange.applications, published: null } }),
    }));
    const seen = await examine({ exchanges: blind, now: null })();
    assert.deepEqual(requestsOf(seen).map(({ state }) => state), ['unknown']);
    assert.deepEqual(codesOf(seen), []);
  });

  it('examine() tells a revoked certificate, and one that came after it', async () => {
    const revoked = await examined(answered({ revoked: true }));
    assert.deepEqual(codesOf(revoked), ['certificate-revoked']);
    assert.equal(requestsOf(revoked)[0]?.state, 'revoked');
    const again = await cas.certify(web);
    const chain = [again, cas.middle, cas.root];
    const both = answers(
      entry(web.csr, certificate, cas.middle, [certificate], { revoked: true }),
      entry(web.csr, again, cas.middle, chain),
    );
    assert.deepEqual(await codes({ unit: requests(web.csr), provider: both }), []);
  });

  it('examine() tells two certificates for one request, and a certificate beside a refusal', async () => {
    const again = await cas.certify(web);
    const chain = [again, cas.middle, cas.root];
    const two = answers(entry(web.csr, certificate, cas.middle, chain), entry(web.csr, again, cas.middle, chain));
    assert.deepEqual(await codes({ unit: requests(web.csr), provider: two }), ['several-answers']);
    const seen = await examined({ ...answered(), provider: { ...answered().provider, ...errors(refusal(web.csr)) } });
    assert.deepEqual(codesOf(seen), ['request-denied', 'answered-and-refused']);
    assert.equal(requestsOf(seen)[0]?.state, 'answered');
  });

  it('examine() judges the order of the chain, and that it begins with the certificate', async () => {
    const chain = [certificate, cas.middle, cas.root];
    assert.deepEqual(await codes(answered({ chain: chain.toReversed() })), ['leaf-missing', 'chain-disordered']);
    assert.deepEqual(await codes(answered({ chain: [cas.middle, cas.root] })), ['leaf-missing']);
    assert.deepEqual(await codes(answered({ chain: [certificate, cas.root, cas.middle] })), ['chain-disordered']);
  });

  it('examine() finds that a CA did not sign: by name, by key, and with the signing helper of the Python library', async () => {
    const { root, other } = cas.signers;
    assert.deepEqual(await codes(answered({ ca: cas.other, chain: [certificate] })), ['untrusted', 'issuer-differs']);
    const foreign = await cas.certify(web, { issuer: other });
    assert.deepEqual(await codes(answered({ certificate: foreign, ca: cas.root, chain: [foreign, cas.root] })), [
      'untrusted',
    ]);
    // It writes the issuer of the CA in place of the CA.
    const odd = await cas.certify(web, { issuerName: root.subject });
    const seen = await examined(answered({ certificate: odd, chain: [odd, cas.middle, cas.root] }));
    assert.ok(codesOf(seen).includes('untrusted'));
    assert.match(allFindings(seen).find(({ code }) => code === 'issuer-differs')?.message ?? '', /signing helper/);
  });

  it('examine() finds a certificate that is expired, not yet valid, or expired below a CA without its root', async () => {
    for (
      const [change, code] of [
        [{ to: '2026-12-01' }, 'expired'],
        [{ from: '2028-01-01' }, 'not-yet-valid'],
      ] as const
    ) {
      const bad = await cas.certify(web, change);
      assert.deepEqual(await codes(answered({ certificate: bad, chain: [bad, cas.middle, cas.root] })), [code]);
      assert.deepEqual(await codes(answered({ certificate: bad, chain: [bad, cas.middle] })), [code, 'root-missing']);
    }
  });

  it('examine() finds a certificate of another key, of a CA, and without names that were asked for', async () => {
    const stranger = await cas.certify({ keys: await f.newKeys() });
    assert.deepEqual(await codes(answered({ certificate: stranger, chain: [stranger, cas.middle, cas.root] })), [
      'key-mismatch',
    ]);
    const lacking = await cas.certify(web, {}, ['dns:other.example']);
    const seen = await examined(answered({ certificate: lacking, chain: [lacking, cas.middle, cas.root] }));
    assert.ok(codesOf(seen).includes('names-missing'));
    const ca = await cas.certify(web, { extensions: [f.basic(true), f.usage(0x06), f.sans('dns:web.example')] });
    assert.ok(
      (await codes(answered({ certificate: ca, chain: [ca, cas.middle, cas.root] }))).includes('wrong-purpose'),
    );
  });

  it('examine() knows a request without a common name, and one with an address', async () => {
    const nameless = await asker('', ['web.example', '10.0.0.7']);
    const good = await cas.certify(nameless, {}, ['dns:web.example', 'ip:0a000007']);
    const chain = [good, cas.middle, cas.root];
    const of = (one: string, links: ReadonlyArray<string>): Published => ({
      unit: requests(nameless.csr),
      provider: answers(entry(nameless.csr, one, cas.middle, links)),
    });
    assert.deepEqual(await codes(of(good, chain)), []);
    const [request] = requestsOf(await examined(of(good, chain)));
    assert.deepEqual([request?.commonName, request?.sans], ['web.example', ['10.0.0.7', 'web.example']]);
    const bad = await cas.certify(nameless, {}, ['dns:web.example']);
    assert.deepEqual(await codes(of(bad, [bad, cas.middle, cas.root])), ['names-missing']);
  });

  it('examine() tells an outstanding request that the provider says it cannot meet', async () => {
    const wanting = await asker('web.example', ['*.web.example', '10.0.0.7']);
    const capabilities = JSON.stringify({
      supports_ip_sans: false,
      supports_wildcard_dns: false,
      allowed_domains: ['other.example'],
    });
    const seen = await examined({ unit: requests(wanting.csr), provider: { capabilities } });
    assert.deepEqual(codesOf(seen), [
      'unanswered',
      'request-unsupported',
      'request-unsupported',
      'request-unsupported',
    ]);
    assert.equal(seen.examinations[0]?.capabilities?.supportsIpSans, false);
  });

  it('examine() tells a request that is not signed by its key, and an entry that does not say whether it is for a CA', async () => {
    // The last character before the padding and the last line belongs to the signature.
    const broken = web.csr.replace(
      /(.)(.{3})(\n-----END)/,
      (_, c, rest, end) => `${c === 'A' ? 'B' : 'A'}${rest}${end}`,
    );
    const found = await codes({ unit: requests(broken), provider: { capabilities: '{}' } });
    assert.ok(found.includes('request-signature-invalid') || found.includes('malformed-entry'), found.join());
    const silent = { certificate_signing_requests: JSON.stringify([{ certificate_signing_request: web.csr }]) };
    assert.deepEqual(await codes({ unit: silent, provider: { capabilities: '{}' } }), [
      'unanswered',
      'ca-flag-missing',
    ]);
    assert.deepEqual(await codes({ ...answered(), unit: silent }), []);
  });

  it('examine() goes on past what is malformed, and says where it stands', async () => {
    const good = entry(web.csr, certificate, cas.middle, [certificate, cas.middle, cas.root]);
    const seen = await examined({ unit: requests(web.csr), provider: answers({ certificate: 'no' }, null, good) });
    assert.deepEqual(requestsOf(seen).map(({ state }) => state), ['answered']);
    assert.deepEqual(
      allFindings(seen).map(({ code, place: { key, index } }) => [code, key, index]),
      [['malformed-entry', 'certificates', 0], ['malformed-entry', 'certificates', 1]],
    );
    for (const provider of [{ certificates: '{' }, { request_errors: '7' }, { capabilities: '[]' }]) {
      assert.deepEqual(
        await codes({ unit: requests(web.csr), provider }),
        ['unanswered', 'malformed-value'].toSorted(),
      );
    }
    assert.deepEqual(await codes({ unit: { certificate_signing_requests: '[7]' }, provider: {} }, 'provides'), [
      'malformed-entry',
    ]);
  });

  it('examine() tells what nobody asks for, where all is seen that is asked', async () => {
    const gone = await asker('gone.example');
    const provider = answers(entry(gone.csr, await cas.certify(gone), cas.middle, [certificate]));
    const whole = await examined({ provider, unit: requests(web.csr) }, 'provides');
    assert.ok(codesOf(whole).includes('unasked-answer'));
    // Seen by the requirer, it may be another unit's.
    const part = await examined({ provider, unit: requests(web.csr) });
    assert.ok(!codesOf(part).includes('unasked-answer'));
    assert.deepEqual(part.examinations.map(({ requirer, askedSeen }) => [requirer, askedSeen]), [['web/0', true], [
      'web',
      true,
    ]]);
  });

  it('examine() says plainly that the two sides speak different protocols, and does not tell anybody to wait', async () => {
    for (const role of ['requires', 'provides'] as const) {
      const reactive = { ca: cas.root, chain: cas.middle };
      const csrAsks = await examined({ unit: requests(web.csr), providerUnit: reactive }, role);
      assert.deepEqual(codesOf(csrAsks).filter((code) => code !== 'root-missing'), ['protocols-differ'], role);
      assert.match(
        allFindings(csrAsks)[0]?.message ?? '',
        /requirer speaks the CSR protocol and the provider the reactive one.*\bca, chain in the provider's unit databag/,
      );
      const asked = { unit_name: 'web_0', common_name: 'web.example', sans: '["web.example"]' };
      const reactiveAsks = await examined({ unit: asked, provider: { capabilities: '{}' } }, role);
      assert.deepEqual(codesOf(reactiveAsks), ['protocols-differ'], role);
      assert.match(allFindings(reactiveAsks)[0]?.message ?? '', /requirer speaks the reactive protocol/);
    }
    assert.match(remedyOf('protocols-differ', { requirer: null, provider: null }) ?? '', /juju remove-relation/);
  });

  it('examine() takes the protocol of the provider where the requirer speaks both, and tells nothing of the other', async () => {
    const both = { ...requests(web.csr), unit_name: 'web_0', common_name: 'web.example', sans: '["web.example"]' };
    const csr = await examined({ ...answered(), unit: both, providerUnit: { ca: cas.root } });
    assert.deepEqual(csr.examinations.map(({ protocol }) => protocol), ['csr']);
    assert.deepEqual(codesOf(csr), []);
    const reactive = await examined({ unit: both, providerUnit: { ca: cas.root } });
    assert.deepEqual(reactive.examinations.map(({ protocol }) => protocol), ['reactive']);
    assert.deepEqual(codesOf(reactive), ['unanswered']);
  });

  it('examine() tells a private key in a databag by its place, and never prints it', async () => {
    const key = await keyText(web.keys);
    const secret = key.split('\n')[1] ?? assert.fail();
    const places: ReadonlyArray<readonly [Published, string | undefined]> = [
      [{ ...answered(), unit: { ...requests(web.csr), note: key } }, 'note'],
      [{ ...answered(), application: { [key]: key } }, undefined],
      [answered({ certificate: `${key}\n${certificate}` }), 'certificates'],
      [{ unit: requests(`${web.csr}\n${key}`), provider: {} }, 'certificate_signing_requests'],
      [
        { unit: requests(web.csr), provider: errors(refusal(web.csr, 999, { message: key, reason: key, name: key })) },
        'request_errors',
      ],
      [{
        unit: requests(web.csr),
        provider: { capabilities: JSON.stringify({ provider_type: key, allowed_domains: [key] }) },
      }, 'capabilities'],
    ];
    for (const [published, place] of places) {
      const seen = await examined(published);
      assert.doesNotMatch(JSON.stringify(seen), new RegExp(secret.replaceAll(/[+/]/g, '.')));
      if (place === undefined) continue;
      const finding = allFindings(seen).find(({ code }) => code === 'private-key-published');
      assert.equal(finding?.place.key, place);
    }
  });

  it('examine() says when a CA of the answers is expired, once', async () => {
    const old = f.pem(
      await f.make({
        ...cas.signers.middle,
        issuer: cas.signers.root,
        to: '2026-12-01',
        extensions: [f.basic(true), f.usage(0x06)],
      }),
    ).trim();
    const seen = await examined(answered({ ca: old, chain: [certificate, old, cas.root] }));
    assert.ok(codesOf(seen).every((code) => code === 'expired'));
    assert.ok(codesOf(seen).length >= 1);
  });
});
