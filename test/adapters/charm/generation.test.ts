/**
 * The operator's number for a CA, on a Juju with real hook tools: a higher one announces a new CA, the status tells how far it is, and the number
 * that is put back takes it back.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { generationIn } from '../../../adapters/charm/config/authority.ts';
import { hookCommand } from '../../../adapters/charm/command.ts';
import type { UnitName } from '../../../core/model/names.ts';
import { describe as describeBundle } from '../../../core/x509/mod.ts';
import { type CharmFunction, type Juju, withJuju } from '../../juju/juju.ts';
import type { ModelRelation } from '../../juju/model.ts';

const UNIT = 'ca/0' as UnitName;

const CA = `side: reactive/provides
endpoint: client
authority: { commonName: Test CA, generation: "{config.ca-generation}" }
policy: { announceDays: 2, overlapDays: 5 }
status: true
`;
const WEB = 'endpoint: certificates\nrequests:\n- { certType: server, commonName: web.example }\n';

const DAY = 86_400_000;

/** A CA and somebody who asks it, on a clock that the test moves. */
class World {
  readonly juju: Juju;
  readonly relation: ModelRelation;
  #now = new Date('2026-11-25T09:00:00Z');

  constructor(juju: Juju) {
    this.juju = juju;
    juju.deploy('ca', this.#charm(CA), { config: { 'ca-generation': null } });
    juju.deploy('web', this.#charm(WEB));
    this.relation = juju.relate('ca:client', 'web:certificates');
  }

  #charm(configuration: string): CharmFunction {
    return (variables, runTool) => {
      const path = join(variables['JUJU_CHARM_DIR'] ?? '', 'tls-certificates.yaml');
      writeFileSync(path, configuration);
      return hookCommand(path, { variables, runTool, now: () => this.#now, complain: assert.fail });
    };
  }

  /** Sets the option, lets days pass, and runs the hooks that follow; what is published then, and what the unit says. */
  async after(generation: unknown, days = 0) {
    this.#now = new Date(this.#now.getTime() + days * DAY);
    Object.assign(this.juju.unit('ca/0').config, { 'ca-generation': generation });
    this.juju.fire('ca/0', 'config-changed');
    await this.juju.settle();
    const bag = this.juju.published(this.relation, 'ca/0');
    const subjects = (pem = ''): ReadonlyArray<string> =>
      describeBundle(pem).certificates.map(({ subject }) => subject.text.replace('CN=', ''));
    const [signer] = describeBundle(bag['web_0.server.cert'] ?? '').certificates;
    const { status, message } = this.juju.unit('ca/0').status;
    return {
      trusted: subjects(bag['ca']),
      chain: subjects(bag['chain']),
      signer: signer?.issuer.text,
      status,
      message,
      bag,
    };
  }
}

describe('the generation of a CA', () => {
  it('generationIn() reads the number or the option, and says what is wrong with the option', () => {
    const from = (value: unknown) => generationIn({ option: 'ca-generation' }, { 'ca-generation': value }, UNIT);
    for (const value of [3, '3', ' 3\n']) assert.deepEqual(from(value), { _tag: 'Right', right: 3 });
    for (const value of [null, '', undefined]) assert.deepEqual(from(value), { _tag: 'Right', right: 1 });
    assert.deepEqual(generationIn(7, {}, UNIT), { _tag: 'Right', right: 7 });
    assert.deepEqual(generationIn(undefined, {}, UNIT), { _tag: 'Right', right: null });
    for (const value of ['two', '0', '-1', 1.5, true, {}, 'SECRET']) {
      const wrong = from(value);
      assert.ok(wrong._tag === 'Left');
      assert.match(wrong.left.message, /config\.ca-generation.*\(juju config ca ca-generation=…\)/);
      assert.doesNotMatch(wrong.left.message, /SECRET/);
    }
  });

  it('hookCommand() announces, signs after the time, and ends the overlap, and the status says so', () =>
    withJuju({}, async (juju) => {
      const world = new World(juju);
      const steady = await world.after(null);
      assert.deepEqual([steady.trusted, steady.message], [['Test CA'], '']);
      const announced = await world.after(2);
      assert.deepEqual([announced.trusted, announced.chain, announced.signer], [
        ['Test CA', 'Test CA G2'],
        [],
        'CN=Test CA',
      ]);
      assert.deepEqual([announced.status, announced.bag['web_0.server.cert']], [
        'active',
        steady.bag['web_0.server.cert'],
      ]);
      assert.match(announced.message, /trusted beside the present one; it signs at 2026-11-27T09:00:00/);
      const signing = await world.after(2, 2);
      assert.deepEqual([signing.trusted, signing.chain, signing.signer], [
        ['Test CA', 'Test CA G2'],
        ['Test CA G2'],
        'CN=Test CA G2',
      ]);
      assert.match(signing.message, /former one is trusted until 2026-12-02/);
      const after = await world.after(2, 6);
      assert.deepEqual([after.trusted, after.message], [['Test CA G2'], '']);
      assert.notEqual(after.bag['client.cert'], steady.bag['client.cert']);
    }));

  it('hookCommand() takes an announced CA back when the number is put back, and leaves the CA alone for what is no number', () =>
    withJuju({}, async (juju) => {
      const world = new World(juju);
      const steady = await world.after(1);
      await world.after('2');
      const back = await world.after(null);
      assert.deepEqual([back.bag, back.message], [steady.bag, '']);
      const wrong = await world.after('two');
      assert.deepEqual([wrong.bag, wrong.status], [steady.bag, 'blocked']);
      assert.match(wrong.message, /juju config ca ca-generation=…/);
      await world.after('2');
      const signing = await world.after(1, 3);
      assert.deepEqual(signing.trusted, ['Test CA'], 'before it signs');
    }));

  it('hookCommand() needs to wait for nobody where nobody is related', () =>
    withJuju({}, async (juju) => {
      const world = new World(juju);
      await world.after(null);
      juju.unit('web/0').dying = true;
      await juju.settle();
      await world.after(2);
      const [secret] = juju.unit('ca/0').secrets;
      const kept = JSON.parse(secret?.revisions.at(-1)?.['authority'] ?? '{}');
      assert.deepEqual([kept.generation, kept.next], [2, null]);
    }));
});
