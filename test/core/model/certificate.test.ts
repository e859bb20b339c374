import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { format, inspect } from 'node:util';
import { decideInput } from '../../../mod.ts';
import { answers, input, relation, topAnswer } from '../../world.ts';

/** Every kind of certificate, each with a key that must not be printed. */
const outcome = () =>
  decideInput(input({
    relations: [relation({
      localUnitData: { common_name: 'a' },
      remoteUnits: {
        'easyrsa/0': {
          ...topAnswer('C', 'SECRET'),
          ...answers({ b: { cert: 'C', key: 'SECRET' } }),
          ...answers({ c: { cert: 'C', key: 'SECRET' } }, 'processed_client_requests'),
          ...answers({ app_data: { cert: 'C', key: 'SECRET' } }, 'processed_application_requests'),
          ...answers({ d: { cert: 'C', key: 'SECRET' } }, 'processed_intermediate_requests'),
          'client.cert': 'C',
          'client.key': 'SECRET',
        },
      },
    })],
  }));

describe('a certificate', () => {
  it('does not show its key when an outcome is printed', () => {
    for (
      const printed of [inspect(outcome(), { depth: 9 }), format('%o', outcome()), format(outcome().view.serverCerts)]
    ) {
      assert.match(printed, /<private key>/);
      assert.doesNotMatch(printed, /SECRET/);
    }
  });

  it('does not show its key on the console of this runtime', () => {
    const runtime = Reflect.get(globalThis, 'Deno') ?? Reflect.get(globalThis, 'Bun');
    const inspectOf: (value: unknown, options?: unknown) => string = runtime?.inspect ?? inspect;
    assert.match(inspectOf(outcome(), { depth: 9 }), /<private key>/);
    assert.doesNotMatch(inspectOf(outcome(), { depth: 9 }), /SECRET/);
  });

  it('keeps its key for programs', () => {
    const [certificate] = outcome().view.serverCerts;
    assert.equal(certificate?.key, 'SECRET');
    assert.equal(JSON.parse(JSON.stringify(outcome())).view.globalClientCert.key, 'SECRET');
    assert.deepEqual(JSON.parse(JSON.stringify(certificate)), {
      certType: 'server',
      commonName: 'a',
      cert: 'C',
      key: 'SECRET',
    });
  });
});
