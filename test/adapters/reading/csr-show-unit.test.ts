/**
 * What `juju show-unit` prints of relations in the CSR protocol, whose application data belongs to different sides in different versions of
 * Juju; and relations across models.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { decodeShowUnit, exchangesOfShowUnit } from '../../../adapters/reading/show-unit.ts';
import {
  answers,
  type Asker,
  asker,
  authorities,
  entry,
  errors,
  refusal,
  requests,
} from '../../core/examine/csr-world.ts';

const JUJUS_OWN = { 'ingress-address': '10.0.0.7' };

interface Shown {
  readonly unit: string;
  readonly endpoint?: string;
  readonly related?: string;
  readonly number?: number;
  readonly application?: object;
  readonly units?: Readonly<Record<string, object>>;
  readonly more?: object;
}

const shown = (
  { unit, endpoint = 'certificates', related = 'client', number = 7, application = {}, units = {}, more = {} }: Shown,
) => ({
  [unit]: {
    'relation-info': [{
      'relation-id': number,
      endpoint,
      'related-endpoint': related,
      'application-data': application,
      'related-units': Object.fromEntries(
        Object.entries(units).map(([name, data]) => [name, { 'in-scope': true, data }]),
      ),
      ...more,
    }],
  },
});

const exchanges = (values: ReadonlyArray<unknown>, requirer: string | null = null) => {
  const outputs = values.map((value) => {
    const output = decodeShowUnit(value);
    return output._tag === 'Right' ? output.right : assert.fail(output.left.message);
  });
  const result = exchangesOfShowUnit(outputs, requirer);
  return result._tag === 'Right' ? result.right : assert.fail(result.left.message);
};

const keysOf = (bag: object | null): number | null => (bag === null ? null : Object.keys(bag).length);

/** Who asks, in which databag, and what is known of the applications. */
const brief = (values: ReadonlyArray<unknown>, requirer: string | null = null) =>
  exchanges(values, requirer).map(({ relationId, requirer, asked, applications }) => [
    relationId,
    requirer,
    asked === null ? null : Object.keys(asked).filter((key) => key !== 'ingress-address').length,
    keysOf(applications?.published ?? null),
    applications?.isWhole,
    applications?.isAssumed,
  ]);

let web: Asker;
let asked: object;
let said: Readonly<Record<string, string>>;

/** Both entries as Juju 3 prints them: the application data is the other side's. */
const bothOf3 = () => [
  shown({ unit: 'web/0', application: said, units: { 'vault/0': JUJUS_OWN } }),
  shown({ unit: 'vault/0', endpoint: 'client', related: 'certificates', units: { 'web/0': asked } }),
];

describe('exchangesOfShowUnit() of the CSR protocol', () => {
  before(async () => {
    const cas = await authorities();
    web = await asker();
    const certificate = await cas.certify(web);
    asked = { ...JUJUS_OWN, ...requests(web.csr) };
    said = answers(entry(web.csr, certificate, cas.middle, [certificate, cas.middle, cas.root]));
  });

  it('exchangesOfShowUnit() puts both sides together, in any order', () => {
    const whole = [
      ['certificates:7', 'web/0', 1, 1, true, false],
      ['certificates:7', 'web', 0, 1, true, false],
    ];
    assert.deepEqual(brief(bothOf3()), whole);
    assert.deepEqual(brief(bothOf3().toReversed()), whole);
  });

  it('exchangesOfShowUnit() takes the requirer alone for one whose requests were not seen, and says what it assumes', () => {
    assert.deepEqual(brief(bothOf3().slice(0, 1)), [
      ['certificates:7', 'web/0', null, 1, false, true],
      ['certificates:7', 'web', null, 1, false, true],
    ]);
    for (const provider of [errors(refusal(web.csr)), { capabilities: '{}' }]) {
      const alone = shown({ unit: 'web/0', application: provider, units: { 'vault/0': {} } });
      assert.deepEqual(brief([alone])[0], ['certificates:7', 'web/0', null, 1, false, true]);
    }
  });

  it('exchangesOfShowUnit() does not know what the provider alone answers', () => {
    assert.deepEqual(brief(bothOf3().slice(1)), [['certificates:7', 'web/0', 1, null, true, false]]);
  });

  it('exchangesOfShowUnit() reads Juju 4, which shows the own application, by the keys', () => {
    const provider = shown({
      unit: 'vault/0',
      endpoint: 'client',
      related: 'certificates',
      application: said,
      units: { 'web/0': asked },
    });
    assert.deepEqual(brief([provider])[0], ['certificates:7', 'web/0', 1, 1, false, false]);
    // Where nothing but application data tells, it has to be said who asks.
    const silent = shown({
      unit: 'vault/0',
      endpoint: 'client',
      related: 'certificates',
      application: said,
      units: { 'web/0': JUJUS_OWN },
    });
    assert.deepEqual(brief([silent], 'web').map(([, requirer]) => requirer), ['web/0', 'web']);
    assert.deepEqual(brief([silent]).map(([, requirer]) => requirer), ['vault/0', 'vault']);
  });

  it('exchangesOfShowUnit() finds requests of an application, whichever version shows them', () => {
    const [own, others] = [requests(web.csr), said];
    const of3 = [
      shown({ unit: 'web/0', application: others, units: { 'vault/0': {} } }),
      shown({
        unit: 'vault/0',
        endpoint: 'client',
        related: 'certificates',
        application: own,
        units: { 'web/0': JUJUS_OWN },
      }),
    ];
    const result = brief(of3);
    assert.deepEqual(result, [
      ['certificates:7', 'web/0', 0, 1, true, true],
      ['certificates:7', 'web', 1, 1, true, true],
    ]);
    const of4 = [
      shown({ unit: 'web/0', application: own, units: { 'vault/0': {} } }),
      shown({
        unit: 'vault/0',
        endpoint: 'client',
        related: 'certificates',
        application: others,
        units: { 'web/0': JUJUS_OWN },
      }),
    ];
    assert.deepEqual(brief(of4, 'web'), result.map((one) => [...one.slice(0, 5), false]));
  });

  it('exchangesOfShowUnit() leaves the applications out where nothing is of this protocol', () => {
    const reactive = shown({ unit: 'web/0', application: { other: 'x' }, units: { 'vault/0': { ca: 'CA' } } });
    assert.deepEqual(exchanges([reactive]).map((exchange) => Object.hasOwn(exchange, 'applications')), [false]);
  });

  it('exchangesOfShowUnit() joins the halves of a relation across models by the CSR, whatever numbers they have', () => {
    const remote = 'remote-0a1b2c3d4e5f60718293a4b5c6d7e8f9';
    const more = { 'cross-model': true };
    for (const [number, name] of [[7, 'vault'], [11, 'vault'], [11, 'pki']] as const) {
      const halves = [
        shown({ unit: 'web/0', application: said, units: { [`${name}/0`]: JUJUS_OWN }, more }),
        shown({
          unit: 'vault/0',
          endpoint: 'client',
          related: 'certificates',
          number,
          units: { [`${remote}/0`]: asked },
          more,
        }),
      ];
      for (const values of [halves, halves.toReversed()]) {
        const joined = brief(values);
        assert.deepEqual(joined, [
          ['certificates:7', 'web/0', 1, 1, true, false],
          ['certificates:7', 'web', 0, 1, true, false],
        ]);
      }
    }
  });

  it('exchangesOfShowUnit() joins the only two halves while nothing is answered, and leaves apart those that differ', async () => {
    const remote = 'remote-0a1b2c3d4e5f60718293a4b5c6d7e8f9';
    const more = { 'cross-model': true };
    const offer = (data: object) =>
      shown({
        unit: 'vault/0',
        endpoint: 'client',
        related: 'certificates',
        number: 11,
        units: { [`${remote}/0`]: data },
        more,
      });
    const consumer = (application: object) =>
      shown({ unit: 'web/0', application, units: { 'vault/0': JUJUS_OWN }, more });
    assert.deepEqual(brief([consumer({}), offer(asked)]).map(([, requirer]) => requirer), ['web/0']);
    const stranger = await asker('other.example');
    const apart = brief([consumer(said), offer(requests(stranger.csr))]).map(([, requirer]) => requirer);
    assert.deepEqual(apart, ['web/0', 'web', `${remote}/0`]);
  });

  it('exchangesOfShowUnit() keeps relations of two models apart that have one number', () => {
    const more = { 'cross-model': true };
    const remote = 'remote-0a1b2c3d4e5f60718293a4b5c6d7e8f9';
    const values = [
      shown({ unit: 'web/0', application: said, units: { 'vault/0': JUJUS_OWN }, more }),
      shown({ unit: 'vault/0', endpoint: 'client', related: 'certificates', units: { [`${remote}/0`]: asked }, more }),
      shown({ unit: 'vault/1', endpoint: 'db', related: 'db', units: { 'mysql/0': { host: 'x' } } }),
    ];
    assert.deepEqual(brief(values).map(([, requirer]) => requirer), ['web/0', 'web']);
  });
});
