/**
 * What `juju show-unit` prints becomes exchanges, as far as it tells.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeShowUnit, exchangesOfShowUnit, isShowUnit } from '../../../adapters/reading/show-unit.ts';

/** One side's entry, as Juju 3 prints it: the related units' databags, never the own. */
const entry = (
  unit: string,
  endpoint: string,
  related: string,
  relatedUnits: Readonly<Record<string, unknown>>,
  more = {},
) => ({
  [unit]: {
    machine: '0',
    'opened-ports': null,
    'relation-info': [
      {
        'relation-id': 1,
        endpoint: 'peers',
        'related-endpoint': 'peers',
        'application-data': {},
        'local-unit': { 'in-scope': true, data: { 'private-address': '10.0.0.7' } },
      },
      {
        'relation-id': 3,
        endpoint,
        'related-endpoint': related,
        'application-data': {},
        'local-unit': { 'in-scope': false, data: null },
        'related-units': relatedUnits,
        ...more,
      },
    ],
  },
});

const PROVIDED = { ca: 'CA', 'web_0.server.cert': 'C' };
const ASKED = { unit_name: 'web_0', common_name: 'web.example' };
const ofRequirer = entry('web/0', 'certificates', 'client', { 'easyrsa/0': { 'in-scope': true, data: PROVIDED } });
const ofProvider = entry('easyrsa/0', 'client', 'certificates', { 'web/0': { 'in-scope': true, data: ASKED } });

const exchanges = (...values: ReadonlyArray<unknown>) => {
  const outputs = values.map((value) => {
    const result = decodeShowUnit(value);
    if (result._tag === 'Left') throw new Error(result.left.message);
    return result.right;
  });
  const result = exchangesOfShowUnit(outputs);
  return result._tag === 'Left' ? result.left.message : JSON.parse(JSON.stringify(result.right));
};

const BOTH = [{ relationId: 'certificates:3', requirer: 'web/0', asked: ASKED, providers: { 'easyrsa/0': PROVIDED } }];

describe('exchangesOfShowUnit()', () => {
  it('leaves out what one side does not show', () => {
    assert.deepEqual(exchanges(ofRequirer), [{ ...BOTH[0], asked: null }]);
    assert.deepEqual(exchanges(ofProvider), [{ ...BOTH[0], providers: null }]);
  });

  it('puts both sides together, from one document or two', () => {
    assert.deepEqual(exchanges(ofRequirer, ofProvider), BOTH);
    assert.deepEqual(exchanges({ ...ofProvider, ...ofRequirer }), BOTH);
  });

  it('takes endpoints that are called the same on both sides for two applications', () => {
    const vault = entry('web/0', 'certificates', 'certificates', { 'vault/0': { 'in-scope': true, data: PROVIDED } });
    assert.deepEqual(exchanges(vault), [{
      relationId: 'certificates:3',
      requirer: 'web/0',
      asked: null,
      providers: { 'vault/0': PROVIDED },
    }]);
  });

  it('passes over relations that have nothing to do with certificates', () => {
    assert.deepEqual(
      exchanges(entry('web/0', 'db', 'db', { 'mysql/0': { 'in-scope': true, data: { host: 'x' } } })),
      [],
    );
  });

  it('shows every requirer unit, also one whose databag was not seen', () => {
    const scaled = entry('easyrsa/0', 'client', 'certificates', {
      'web/1': { 'in-scope': true, data: ASKED },
      'web/10': { 'in-scope': false, data: {} },
      'web/2': { data: null },
    });
    assert.deepEqual(
      exchanges(scaled).map((exchange: { requirer: string; asked: unknown }) => [exchange.requirer, exchange.asked]),
      [['web/1', ASKED], ['web/10', {}], ['web/2', null]],
    );
  });

  it('takes the stated application for the one that asks, where nothing shows it', () => {
    const silent = entry('web/0', 'certificates', 'certificates', {
      'vault/0': { 'in-scope': true, data: { x: '1' } },
    });
    const output = decodeShowUnit(silent);
    assert.ok(output._tag === 'Right');
    const stated = (requirer: string | null) => {
      const result = exchangesOfShowUnit([output.right], requirer);
      return result._tag === 'Right' ? result.right.map((exchange) => exchange.requirer) : result.left.message;
    };
    assert.deepEqual([stated(null), stated('web'), stated('vault'), stated('other')], [[], ['web/0'], ['vault/0'], []]);
  });

  it('refuses the output of Juju 4.0 that shows the own units as related ones', () => {
    const defect = entry('web/0', 'certificates', 'client', { 'web/0': { 'in-scope': true, data: ASKED } });
    assert.match(exchanges(defect), /^web\/0: relation 3 shows units of the own application .* upgrade/);
  });

  it('refuses outputs of different models', () => {
    const other = entry('api/0', 'certificates', 'client', { 'vault/0': { data: PROVIDED } });
    assert.match(
      exchanges(ofRequirer, other),
      /relation 3 has units of api, easyrsa, vault, web: these outputs are not of one model/,
    );
  });

  it('says where an output is not as it should be, without its content', () => {
    const result = decodeShowUnit(
      entry('web/0', 'certificates', 'client', { 'easyrsa/0': { data: { ca: { x: 'SECRET' } } } }),
    );
    assert.ok(result._tag === 'Left');
    assert.equal(
      result.left.message,
      '["web/0"]["relation-info"][1]["related-units"]["easyrsa/0"].data.ca: expected a string, got an object of 1 field',
    );
  });

  it('knows an output when it sees one', () => {
    assert.ok(isShowUnit(ofRequirer));
    for (const value of [{}, [], null, { side: 'x', snapshot: {} }, { web: {} }]) assert.ok(!isShowUnit(value));
  });
});
