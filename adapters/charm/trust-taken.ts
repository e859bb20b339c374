/**
 * CA certificates that others publish, trusted on this machine: in a file, in the system's trust store, and with a command that follows.
 *
 * One that cannot be trusted does not stop the others: it is left out, and the log says why. This room loads X.509; it is imported only for
 * a configuration with such an endpoint.
 *
 * @module
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { hidingKeys } from '../../core/model/certificate.ts';
import type { Finding } from '../../core/model/finding.ts';
import { flagOf } from '../../core/model/flag.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { trustRequires } from '../../core/trust/requires.ts';
import { nothing, type TrustRequiresIntent } from '../../core/trust/requires/intent.ts';
import type { TrustRequiresView } from '../../core/trust/requires/view.ts';
import type { TellingCharm } from '../host.ts';
import { checkCa } from '../install/check.ts';
import { install, type Installation, KEY_MODE, type Machine } from '../install/mod.ts';
import type { Hook } from '../juju/hook.ts';
import type { JujuState } from '../juju/host.ts';
import { besideOn } from './beside.ts';
import type { TrustTaken } from './config/trust.ts';
import { INSTALLED, recordIn } from './configured.ts';
import type { Beside } from './hook.ts';

type TakingCharm = TellingCharm<TrustRequiresIntent, TrustRequiresView>;

/** How an endpoint is handled. */
export interface TakenSettings {
  /** As messages show it, e.g. `trust[0]`. */
  readonly name: string;
  readonly status: boolean;
  readonly machine: Machine;
}

const installationOf = (taken: TrustTaken, name: string): Installation => ({
  name,
  wanted: null,
  files: taken.file === undefined ? {} : { ca: taken.file },
  trustStore: taken.trustStore,
  removesCa: true,
  owner: taken.owner ?? null,
  group: taken.group ?? null,
  keyMode: KEY_MODE,
  makeFolders: taken.makeFolders,
  run: taken.run ?? null,
  timeout: taken.timeout,
});

/** Which published certificates can be trusted, and why the rest cannot. */
const trustworthy = (
  { certificates }: TrustRequiresView,
  now: Date,
): { readonly pems: ReadonlyArray<string>; readonly leftOut: ReadonlyArray<Finding> } => {
  const judged = certificates.map(({ pem, subject }) => ({ pem, subject, ...checkCa(pem, now) }));
  const good = judged.filter(({ pems }) => pems !== null);
  // If nothing can be trusted, the installation refuses all of it: the installed files stay, and the unit says why.
  if (good.length === 0) return { pems: certificates.map(({ pem }) => pem), leftOut: [] };
  return {
    pems: good.map(({ pem }) => pem),
    leftOut: judged.filter(({ pems }) => pems === null).flatMap(({ subject, findings }) =>
      findings.filter(({ severity }) => severity === 'error').map((finding): Finding => ({
        ...finding,
        // The others are still trusted.
        severity: 'warning',
        place: { ...finding.place, commonName: hidingKeys(subject) },
        message: `it is not trusted here: ${finding.message}`,
      }))
    ),
  };
};

const charmOf = (
  taken: TrustTaken,
  { name, status, machine }: TakenSettings,
  { environment: { unit }, now }: Hook,
  { notes }: JujuState,
): TakingCharm => ({
  side: trustRequires,
  intent: nothing,
  react: async ({ view, memory }) => {
    const { endpoint } = taken;
    const { pems, leftOut } = trustworthy(view, now);
    const ca = pems.length === 0 ? null : pems.join('\n');
    const { installed, record, isHandled } = await install(
      [installationOf(taken, name)],
      { deliveries: [], common: { ca, chain: null, client: null } },
      { unit, endpoint, now: now.toISOString() as Timestamp, record: recordIn(notes) },
      machine,
    )();
    const failures = installed.flatMap(({ state, message }) =>
      (state === 'failed' || state === 'refused') && message !== null ? [message] : []
    );
    const changed = flagOf(endpoint, 'certificates.changed');
    const kept = JSON.stringify(record);
    const [failure] = failures;
    return {
      intent: isHandled && memory.flags.includes(changed) ? { handled: [changed] } : nothing,
      status: !status ? null : failure === undefined ? { status: 'active', message: '' } : {
        status: 'blocked',
        message: failure,
      },
      failures: [...failures, ...installed.flatMap(({ log }) => log)],
      warnings: [],
      findings: [...leftOut, ...installed.flatMap(({ findings }) => findings)],
      notes: kept === '{}' ? {} : { [INSTALLED]: kept },
    };
  },
});

/** An endpoint on which CA certificates come in. */
export const takenOn = (taken: TrustTaken, settings: TakenSettings): Beside =>
  besideOn(taken.endpoint, trustRequires, (hook, state) => TE.right(charmOf(taken, settings, hook, state)));
