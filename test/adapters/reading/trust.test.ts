/**
 * Relations of `certificate_transfer` in an inspection: from documents of either side, and from what Juju prints, in either version.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspectionLines } from '../../../adapters/cli/inspection.ts';
import { readObserved } from '../../../adapters/reading/observed.ts';
import { decide } from '../../../core/any/mod.ts';
import { allFindings, type Examinations, examine } from '../../../core/examine/mod.ts';
import type { Timestamp } from '../../../adapters/port.ts';
import { testAuthority } from '../install/authority.ts';

const CLOCK = '2026-11-25T00:00:00Z' as Timestamp;
const [ONE, TWO] = [(await testAuthority('one')).root, (await testAuthority('two')).root];
const KEY = '-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n';

const inspected = async (value: unknown, requirer: string | null = null): Promise<Examinations> => {
  const read = readObserved(
    [{ name: 'text', bytes: new TextEncoder().encode(JSON.stringify(value)) }],
    CLOCK,
    requirer,
  );
  if (read._tag === 'Left') assert.fail(read.left.message);
  return await examine(read.right)();
};

const shown = (unit: string, other: string, application: unknown, data: unknown = {}) => ({
  [unit]: {
    'relation-info': [{
      'relation-id': 7,
      endpoint: unit.startsWith('web') ? 'receive-ca' : 'send-ca',
      'related-endpoint': unit.startsWith('web') ? 'send-ca' : 'receive-ca',
      'application-data': application,
      'related-units': { [other]: { 'in-scope': true, data } },
    }],
  },
});

const listed = (...pems: ReadonlyArray<unknown>) => ({ certificates: JSON.stringify(pems), version: '1' });

const subjects = ({ trust }: Examinations): ReadonlyArray<string> =>
  trust.flatMap(({ certificates }) => certificates.map(({ subject }) => subject.text));

const codes = (examinations: Examinations): ReadonlyArray<string> =>
  allFindings(examinations).map(({ code, severity }) => `${severity} ${code}`);

const page = { width: 100, paint: (_: string, text: string) => text };

const document = (side: string, relation: object, now: string = CLOCK) => ({
  side,
  snapshot: { localUnit: 'web/0', endpoint: 'trust', isLeader: true, now, relations: [{ id: 'trust:4', ...relation }] },
});

describe('relations for trust in an inspection', () => {
  it('are told from a document of the side that trusts, with every certificate once', async () => {
    const relation = { localUnitData: {}, remoteUnits: { 'ca/0': {} }, remoteApplicationData: listed(ONE, TWO, ONE) };
    const examinations = await inspected(document('trust/requires', relation));
    assert.deepEqual(subjects(examinations), ['CN=one root', 'CN=two root']);
    const [{ requirer, provider, version, isSeen }] = examinations.trust as [Examinations['trust'][number]];
    assert.deepEqual([requirer, provider, version, isSeen], ['web', 'ca', 1, true]);
    assert.deepEqual(codes(examinations), []);
    const text = inspectionLines(page, examinations).join('\n');
    assert.match(text, /web on trust:4: 2 CA certificates to trust by ca \(certificate_transfer, version 1\)/);
    assert.match(text, /CA CN=two root\n +2020-01-01 .* left/);
  });

  it('are told from a document of the side that hands out', async () => {
    const relation = { localUnitData: {}, localApplicationData: listed(ONE), remoteUnits: { 'nginx/0': {} } };
    const { trust } = await inspected(document('trust/provides', relation));
    assert.deepEqual(trust.map(({ requirer, provider }) => [requirer, provider]), [['nginx', 'web']]);
  });

  it('say what has ended: an error where nothing can be trusted, a warning beside others', async () => {
    const relation = { localUnitData: {}, remoteUnits: {}, remoteApplicationData: listed(ONE) };
    const late = await inspected(document('trust/requires', relation, '2050-01-01T00:00:00Z'));
    assert.deepEqual(codes(late), ['error expired']);
    const text = inspectionLines(page, late).join('\n');
    assert.match(text, /→ have the provider hand out a correct certificate in its place, or remove it/);
    const { cert } = await (await testAuthority('three')).answer('server', 'web.example');
    const beside = await inspected(
      document('trust/requires', { ...relation, remoteApplicationData: listed(ONE, cert) }),
    );
    assert.deepEqual(codes(beside), ['warning path-invalid']);
  });

  it('are found in what juju show-unit prints, version 1 and version 0, from either side', async () => {
    for (
      const [value, requirer] of [
        [shown('web/0', 'ca/0', listed(ONE, TWO)), null],
        [shown('web/0', 'ca/0', {}, { ca: ONE, certificate: ONE, chain: JSON.stringify([ONE, TWO]) }), null],
        // Juju 4 shows the own application's databag.
        [shown('ca/0', 'web/0', listed(ONE, TWO)), 'web'],
      ] as const
    ) {
      const examinations = await inspected(value, requirer);
      assert.deepEqual(subjects(examinations), ['CN=one root', 'CN=two root']);
      assert.deepEqual(examinations.examinations, [], 'and nothing else');
      const [{ requirer: who, provider }] = examinations.trust as [Examinations['trust'][number]];
      assert.deepEqual([who, provider], ['web', 'ca']);
      assert.deepEqual(codes(examinations), []);
    }
  });

  it('are not taken for relations on which certificates are asked for, nor those for them', async () => {
    const answered = { certificates: JSON.stringify([{ certificate: ONE }]), version: '1' };
    assert.deepEqual((await inspected(shown('web/0', 'ca/0', answered))).trust, []);
    const reactive = { ca: ONE, chain: TWO };
    assert.deepEqual((await inspected(shown('web/0', 'ca/0', {}, reactive))).trust, []);
    // Any interface may have a version.
    assert.deepEqual((await inspected(shown('web/0', 'ca/0', { version: '1' }))).trust, []);
  });

  it('tell of a private key among certificates, and never show it', async () => {
    const examinations = await inspected(shown('web/0', 'ca/0', listed(ONE, KEY, 7)));
    assert.deepEqual(subjects(examinations), ['CN=one root']);
    assert.ok(codes(examinations).includes('error private-key-published'));
    assert.doesNotMatch(JSON.stringify(examinations) + inspectionLines(page, examinations).join(), /SECRET/);
  });
});

describe('an inspection of a requirer of both protocols', () => {
  const unanswered = (now: string, memory: unknown, more: object = {}) => ({
    side: 'any/requires',
    snapshot: {
      localUnit: 'web/0',
      endpoint: 'certificates',
      now,
      relations: [{
        id: 'certificates:3',
        localUnitData: { unit_name: 'web_0', ...more },
        remoteUnits: { 'ca/0': {} },
      }],
    },
    intent: { requests: [{ certType: 'server', commonName: 'web.example' }] },
    memory,
  });

  it('says since when nobody has answered, as the document remembers', async () => {
    const first = decide(unanswered('2026-01-01T00:00:00Z', { flags: [], digests: {} }));
    const memory = first._tag === 'Right' ? first.right.memory : assert.fail(first.left.message);
    const asked = { common_name: 'web.example', sans: '[]', certificate_signing_requests: '[{}]' };
    const examinations = await inspected(unanswered('2026-01-04T05:00:00Z', memory, asked));
    assert.equal(examinations.examinations[0]?.waitingSince, '2026-01-01T00:00:00Z');
    const text = inspectionLines(page, examinations).join('\n');
    assert.match(text, /waiting since 2026-01-01 00:00 UTC, for 3 days/);
    assert.match(
      text.replaceAll(/\s+/g, ' '),
      /asked in both protocols \(.*\), and the provider has answered in neither/,
    );
    const without = await inspected(unanswered('2026-01-04T05:00:00Z', undefined, asked));
    assert.equal(without.examinations[0]?.waitingSince, null);
  });
});
