/**
 * The loop: read → decide → react → apply, on a host in memory.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { handled, intentOf, memoryHost, nothing, orThrow, requestClientCert, requires, run } from '../../mod.ts';
import type { MemoryHost } from '../../adapters/port.ts';
import { flagNames, input, relation } from '../world.ts';

const CA_CHANGED = 'certificates.ca.changed';

const hostWith = (ca: string): MemoryHost =>
  memoryHost(input({ relations: [relation({ remoteUnits: { 'easyrsa/0': { ca } } })] }));

const publish = (host: MemoryHost, ca: string): void =>
  host.setState(({ snapshot, memory }) => ({
    snapshot: {
      ...snapshot,
      relations: input({ relations: [relation({ remoteUnits: { 'easyrsa/0': { ca } } })] }).snapshot.relations,
    },
    memory,
  }));

describe('run()', () => {
  it('run() applies what was decided to the host', async () => {
    const host = hostWith('CA');
    const outcome = await orThrow(run(host)({ side: requires, intent: intentOf(requestClientCert('c')) }));
    assert.deepEqual(host.state().memory, outcome.memory);
    assert.equal(host.state().snapshot.relations[0]?.localUnitData['client_cert_requests'], '{"c": {"sans": []}}');
  });

  it('run() lets the charm react, and applies both decisions as one', async () => {
    const host = hostWith('CA');
    const seen: Array<string> = [];
    const outcome = await orThrow(
      run(host)({
        side: requires,
        intent: intentOf(requestClientCert('c')),
        react: ({ memory }) => {
          seen.push(...flagNames(memory));
          return intentOf(requestClientCert('c'), requestClientCert('d'), handled(CA_CHANGED));
        },
      }),
    );
    assert.ok(seen.includes('ca.changed'));
    assert.deepEqual(outcome.flags.set, ['certificates.available', 'certificates.ca.available']);
    assert.deepEqual(outcome.writes.map(({ set }) => set), [{
      client_cert_requests: '{"c": {"sans": []}, "d": {"sans": []}}',
      unit_name: 'web_0',
    }]);
  });

  it('run() does not let what was handled before clear a change that comes now', async () => {
    const host = hostWith('CA');
    await orThrow(run(host)({ side: requires, intent: nothing }));
    publish(host, 'another CA');
    const intent = intentOf(handled(CA_CHANGED));
    const outcome = await orThrow(run(host)({ side: requires, intent, react: () => intent }));
    assert.ok(flagNames(outcome.memory).includes('ca.changed'));
  });

  it('run() keeps what was noticed at first and put right', async () => {
    const host = hostWith('CA');
    await orThrow(run(host)({ side: requires, intent: intentOf(requestClientCert('c', ['x'])) }));
    const intent = intentOf(requestClientCert('c', ['y']));
    const outcome = await orThrow(run(host)({ side: requires, intent, react: () => intent }));
    assert.deepEqual(outcome.findings.map(({ code }) => code), ['sans-replaced']);
  });

  it('run() waits for the run before on the same host', async () => {
    const host = hostWith('CA');
    const ask = (name: string) => orThrow(run(host)({ side: requires, intent: intentOf(requestClientCert(name)) }));
    await Promise.all([ask('a'), ask('b'), ask('c')]);
    assert.equal(
      host.state().snapshot.relations[0]?.localUnitData['client_cert_requests'],
      '{"a": {"sans": []}, "b": {"sans": []}, "c": {"sans": []}}',
    );
  });

  it('orThrow() throws an error with the message of the problem, and the problem as its cause', async () => {
    const problem = { _tag: 'HostError', reason: 'busy', message: 'cannot: why' } as const;
    await assert.rejects(orThrow(TE.left(problem)), {
      message: 'cannot: why',
      cause: problem,
    });
  });
});
