/**
 * A provider that goes by what it has seen, and beside it, in the same hook, the one that reads everything: what each decides has to be the same.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { environmentOf, hookTools, jujuHost, type JujuState, secretFileIn } from '../../../adapters/charm/mod.ts';
import type { JujuOutcome } from '../../../adapters/juju/host.ts';
import { readSight } from '../../../adapters/juju/snapshot.ts';
import { anyProvides } from '../../../core/any/provides.ts';
import type { CsrRefusal } from '../../../core/csr/provides/intent.ts';
import type { CsrProvidesView } from '../../../core/csr/provides/view.ts';
import { csrProvides } from '../../../core/csr/provides.ts';
import type { PrivateKey } from '../../../core/model/certificate.ts';
import type { Snapshot } from '../../../core/model/snapshot.ts';
import type { Answer } from '../../../core/reactive/provides/intent.ts';
import type { ProvidesView } from '../../../core/reactive/provides/view.ts';
import { provides } from '../../../core/reactive/provides.ts';
import type { Row } from '../../../core/side/row.ts';
import { type Host, run } from '../../../mod.ts';
import type { CharmFunction } from '../../juju/juju.ts';

/** CSRs that Python made. */
export const CSRS: ReadonlyArray<string> = [
  ...new Set(
    ['provides-issues', 'provides-issues-ecdsa', 'provides-reads-requests']
      .map((name) => readFileSync(new URL(`../../vectors/csr/${name}.json`, import.meta.url), 'utf8'))
      .flatMap((text) => text.match(/-----BEGIN CERTIFICATE REQUEST-----.*?-----END CERTIFICATE REQUEST-----/g) ?? [])
      .map((pem) => pem.replace(/\\+n/g, '\n')),
  ),
];

/** A text in which a private key would be found. */
export const KEY = '-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n';

const byName = ({ newRequests }: Pick<ProvidesView, 'newRequests'>): ReadonlyArray<Answer> =>
  newRequests.map(({ relationId, unit, certType, commonName }) => ({
    relationId,
    unit,
    certType,
    commonName,
    cert: `CERT ${commonName}`,
    // A stand-in for what it would be.
    key: KEY as PrivateKey,
  }));

const refused = ({ requests }: Pick<CsrProvidesView, 'requests'>): ReadonlyArray<CsrRefusal> =>
  requests.filter(({ state }) => state === 'new').map(({ relationId, csr }) => ({
    relationId,
    // A normal one is one.
    csr: csr as string as CsrRefusal['csr'],
    code: 101,
    name: 'REFUSED',
    message: 'no',
  }));

/** A provider's row, and what its charm wants once it has seen what is asked. */
export interface Provider<Intent extends object, View> {
  readonly row: Row<string, Intent, View>;
  readonly react: (view: View) => Intent;
}

/** A charm of each protocol, and of both, that answers everybody. */
export const PROVIDERS = {
  reactive: {
    row: provides,
    react: (view: ProvidesView) => ({ ...provides.nothing, ca: 'CA', answers: byName(view) }),
  },
  csr: {
    row: csrProvides,
    react: (view: CsrProvidesView) => ({ ...csrProvides.nothing, refusals: refused(view) }),
  },
  any: {
    row: anyProvides,
    react: (view: CsrProvidesView & ProvidesView) => ({
      ...anyProvides.nothing,
      ca: 'CA',
      answers: byName(view),
      refusals: refused(view),
    }),
  },
} as const;

/** What a hook of the charm found. */
export interface Compared {
  readonly hook: string;
  /** Tool calls of the host alone, by tool. */
  readonly calls: ReadonlyArray<string>;
  /** Whether anything was left to write. */
  readonly writes: number;
}

/** A snapshot with the application's databag as Juju told of it last: that has a hook of its own. */
const asTold = (whole: Snapshot, told: Snapshot, isAboutUnit: boolean): Snapshot =>
  isAboutUnit
    ? {
      ...whole,
      relations: whole.relations.map((relation) => ({
        ...relation,
        remoteApplicationData: told.relations.find(({ id }) => id === relation.id)?.remoteApplicationData ?? {},
      })),
    }
    : whole;

/** The charm; `compares` is told of each hook that ended well. `now` is the present. */
export const comparing = <Intent extends object, View>(
  { row, react }: Provider<Intent, View>,
  compares: (compared: Compared) => void,
  now: () => Date = () => new Date('2026-03-01T00:00:00Z'),
): CharmFunction =>
async (variables, runTool) => {
  const environment = environmentOf(variables);
  if (E.isLeft(environment)) return 3;
  const { relation, charmFolder, hook } = environment.right;
  const calls: Array<string> = [];
  let counts = true;
  const tools = hookTools((call) => {
    if (counts) calls.push(call.tool);
    return runTool(call);
  }, secretFileIn(charmFolder));
  const reading = { tools, environment: environment.right, endpoint: 'client', reads: row.reads, now };
  const host = jujuHost(reading);
  let writes = 0;
  const watched: Host<JujuState, JujuOutcome> = {
    transact: (work) =>
      host.transact((state) => async () => {
        counts = false;
        const whole = await readSight(reading, null)();
        if (E.isLeft(whole)) return whole;
        counts = true;
        const full = asTold(whole.right.snapshot, state.snapshot, (relation?.remoteUnit ?? null) !== null);
        const [one, other] = [full, state.snapshot].map((snapshot) => {
          const first = row.decide(snapshot, row.nothing, state.memory);
          return JSON.stringify([first, row.decide(snapshot, react(first.view), state.memory)]);
        });
        assert.equal(other, one);
        const result = await work(state)();
        if (E.isRight(result)) writes = result.right[0].writes.length;
        return result;
      }),
  };
  const result = await run(watched)({
    side: row,
    intent: row.nothing,
    react: ({ view }) => react(view),
  })();
  if (E.isLeft(result)) return 3;
  compares({ hook: hook ?? '', calls, writes });
  return 0;
};
