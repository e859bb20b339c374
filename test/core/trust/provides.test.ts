/**
 * trust/provides: what is published in which version, by whom, and when it is taken back.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TrustProvidesIntent } from '../../../core/trust/mod.ts';
import { encodeDatabagJson } from '../../../adapters/port.ts';
import { A, afterProviding, B, codes, ID, providing, published, relation } from './world.ts';

const VERSION_1 = { remoteApplicationData: { version: '1' } };
const sorted = [A, B].sort();
const LIST = { certificates: encodeDatabagJson(sorted), version: '1' };
const VERSION_0 = { ca: B, certificate: B, chain: encodeDatabagJson([B, A]), version: '0' };

const giving = (change: Parameters<typeof relation>[0], certificates: ReadonlyArray<string> | null = [B, A]) => ({
  relations: [relation(change)],
  intent: certificates === null ? {} : { certificates },
});

describe('trust/provides', () => {
  it('decide() publishes a sorted list without doubles for a requirer of version 1, and nothing else', () => {
    const certificates = [`${B}\n`, A, B.replaceAll('\n', '\r\n'), `${A}\n${B}`];
    assert.deepEqual(providing(giving(VERSION_1, certificates)).writes, [
      { relationId: ID, bag: 'application', set: LIST, delete: [] },
    ]);
    const { view } = providing(giving(VERSION_1));
    assert.deepEqual(view.relations, [{ relationId: ID, application: 'other', version: 1 }]);
  });

  it('decide() publishes both versions for whoever does not say that it reads version 1', () => {
    for (const said of [{}, { version: '0' }, { version: '2' }, { version: '"one"' }]) {
      assert.deepEqual(providing(giving({ remoteApplicationData: said })).writes, [
        { relationId: ID, bag: 'unit', set: VERSION_0, delete: [] },
        { relationId: ID, bag: 'application', set: LIST, delete: [] },
      ]);
    }
  });

  it('decide() waits with version 0 for a unit of the other side', () => {
    const { writes } = providing(giving({ remoteUnits: {} }));
    assert.deepEqual(writes.map(({ bag }) => bag), ['application']);
    const departing = { relationId: ID, unit: 'other/0' };
    assert.deepEqual(providing({ ...giving({}), departing }).writes.map(({ bag }) => bag), ['application']);
  });

  it('decide() has every unit publish version 0, and the leader alone version 1', () => {
    const { writes } = providing({ ...giving({}), isLeader: false });
    assert.deepEqual(writes, [{ relationId: ID, bag: 'unit', set: VERSION_0, delete: [] }]);
    assert.deepEqual(providing({ ...giving(VERSION_1), isLeader: false }).writes, []);
  });

  it('decide() takes version 0 back once the requirer reads version 1, and keeps other keys', () => {
    const before = { localUnitData: { ...VERSION_0, other: 'stays' }, localApplicationData: LIST };
    assert.deepEqual(providing(giving({ ...before, ...VERSION_1 })).writes, [
      { relationId: ID, bag: 'unit', set: {}, delete: ['ca', 'certificate', 'chain', 'version'] },
    ]);
  });

  it('decide() leaves what means the same as it is, whatever its text and order', () => {
    const theirs = { certificates: JSON.stringify([...sorted].reverse().map((pem) => `${pem}\n`)), version: '1' };
    assert.deepEqual(providing(giving({ ...VERSION_1, localApplicationData: theirs })).writes, []);
    const more = { ...LIST, certificates: JSON.stringify([...sorted, 'x']) };
    assert.equal(providing(giving({ ...VERSION_1, localApplicationData: more })).writes.length, 1);
  });

  it('decide() takes everything back where there is nothing any more, and says so in version 1', () => {
    const before = { localUnitData: VERSION_0, localApplicationData: LIST };
    assert.deepEqual(providing(giving(before, [])).writes, [
      { relationId: ID, bag: 'unit', set: {}, delete: ['ca', 'certificate', 'chain', 'version'] },
      { relationId: ID, bag: 'application', set: { certificates: '[]' }, delete: [] },
    ]);
    assert.deepEqual(providing(giving({}, [])).writes, [], 'nothing was published');
    assert.deepEqual(providing(giving({ localApplicationData: { certificates: '[]', version: '1' } }, [])).writes, []);
  });

  it('decide() leaves what is published where nobody knows what there is', () => {
    const before = { localUnitData: VERSION_0, localApplicationData: LIST };
    assert.deepEqual(providing(giving(before, null)).writes, []);
    assert.deepEqual(
      providing({ ...giving(before, null), isLeader: false }).writes.map(({ bag, delete: gone }) => [bag, gone]),
      [['unit', ['ca', 'certificate', 'chain', 'version']]],
      'a unit that neither leads nor knows cannot keep it true',
    );
  });

  it('decide() has nothing left to do once it is done', () => {
    for (const certificates of [[B, A], [A], []]) {
      for (const said of [{}, { version: '1' }, { version: '7' }]) {
        const world = giving({ remoteApplicationData: said, localApplicationData: published('x') }, certificates);
        assert.deepEqual(
          providing({ relations: [afterProviding(world)], intent: world.intent }).writes,
          [],
        );
      }
    }
  });

  it('decide() publishes the certificates of a text and never a key beside them', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nU0VDUkVU\n-----END PRIVATE KEY-----\n';
    const outcome = providing(giving({}, [`${key}${A}`]));
    assert.equal(outcome.writes.length, 2);
    assert.doesNotMatch(JSON.stringify(outcome), /U0VDUkVU|PRIVATE/);
  });

  it('TrustProvidesIntent refuses what has no certificate, and fields that it does not know', () => {
    for (const intent of [{ certificates: ['SECRET'] }, { certificates: A }, { certificate: [A] }]) {
      assert.equal(TrustProvidesIntent.decode(intent)._tag, 'Left');
    }
  });

  it('findings tell of a version that is none, and no content', () => {
    const outcome = providing(giving({ remoteApplicationData: { version: '["SECRET"]' } }));
    assert.deepEqual(codes(outcome), ['malformed-value']);
    assert.doesNotMatch(JSON.stringify(outcome.findings), /SECRET/);
  });

  it('flags tell whether a unit is joined', () => {
    assert.deepEqual(providing().flags.set, ['trust.available']);
    assert.deepEqual(providing({ relations: [relation({ remoteUnits: {} })] }).flags.set, []);
  });
});
