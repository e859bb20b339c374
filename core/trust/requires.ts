/**
 * The side that trusts the certificates of others. It does what the Python library's `CertificateTransferRequires` does, as one pure
 * function.
 *
 * It makes no requests. Its leader announces that it reads version 1; everything else is reading.
 *
 * @module
 */
import { difference } from '../databag/write.ts';
import type { Memory } from '../model/memory.ts';
import { byCodePoint } from '../model/order.ts';
import type { Outcome, Write } from '../model/outcome.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { unhandledOf } from '../side/changed.ts';
import { remember, rememberedOf } from '../side/remember.ts';
import { noSecret, type Row, wordIn } from '../side/row.ts';
import { readPublished } from './published.ts';
import { applicationOf, type TrustRelation, trustRelations } from './relations.ts';
import { TRUST_REQUIRES_FLAGS, TRUST_REQUIRES_KEYS } from './requires/explain.ts';
import { finding } from './requires/findings.ts';
import { flagsOf, TRUST_REQUIRES_FLAG_NAMES } from './requires/flags.ts';
import { nothing, TrustRequiresIntent, type TrustRequiresIntentDocument } from './requires/intent.ts';
import type { TrustRequiresView } from './requires/view.ts';
import { distinct, textsOnce, type TrustedCertificate } from './texts.ts';
import { APPLICATION_KEYS, VERSION_1 } from './wire.ts';

const sorted = (certificates: Iterable<TrustedCertificate>): ReadonlyArray<TrustedCertificate> =>
  [...distinct(certificates)].sort((a, b) => byCodePoint(a.pem, b.pem));

/** The leader announces in its application databag which version it reads. */
const writeOn = ({ relation }: TrustRelation): Write | null =>
  difference(relation.id, 'application', relation.localApplicationData, {
    ...relation.localApplicationData,
    [APPLICATION_KEYS.version]: VERSION_1,
  });

const decide = (
  snapshot: Snapshot,
  { handled }: TrustRequiresIntent,
  memory: Memory,
): Outcome<TrustRequiresView> => {
  const { endpoint, isLeader } = snapshot;
  const read = textsOnce();
  const relations = trustRelations(snapshot).map((on) => {
    const { relation: { id, remoteApplicationData }, units } = on;
    return { on, ...readPublished({ relationId: id, application: remoteApplicationData, units }, read) };
  });
  const view: TrustRequiresView = {
    certificates: sorted(relations.flatMap(({ certificates }) => certificates)),
    relations: relations.map(({ on, version, certificates }) => ({
      relationId: on.relation.id,
      application: applicationOf(on),
      version,
      certificates: sorted(certificates).map(({ pem }) => pem),
    })),
  };
  const unhandled = unhandledOf(endpoint, TRUST_REQUIRES_FLAG_NAMES, memory, handled);
  const isJoined = relations.some(({ on: { units } }) => units.length > 0);
  const kept = remember(
    endpoint,
    TRUST_REQUIRES_FLAG_NAMES,
    memory,
    flagsOf(view, isJoined, unhandled.flags, rememberedOf(endpoint, memory)),
  );
  return {
    writes: isLeader ? relations.map(({ on }) => writeOn(on)).filter((write) => write !== null) : [],
    flags: kept.delta,
    memory: kept.memory,
    until: null,
    view,
    findings: [
      ...relations.flatMap(({ findings }) => findings),
      ...unhandled.unknown.map((i) =>
        finding(
          'unknown-flag',
          {},
          `intent.handled[${i}] is not one of this endpoint's .changed flags: nothing was cleared`,
        )
      ),
    ],
  };
};

/**
 * The side that trusts the certificates of others: `trust/requires` of the interface `certificate_transfer`.
 *
 * Findings: see {@link TRUST_REQUIRES_FINDINGS}. Source: docs/certificate-transfer.md.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { emptyMemory, Snapshot } from 'interface-tls-certificates';
 * import { trustRequires } from 'interface-tls-certificates/trust';
 * const relation = { id: 'trust:4', localUnitData: {}, remoteUnits: {}, remoteApplicationData: { certificates: '[]', version: '1' } };
 * const read = Snapshot.decode({ localUnit: 'web/0', endpoint: 'trust', isLeader: true, relations: [relation] });
 * if (read._tag === 'Left') throw new Error('not a snapshot');
 * const { view, writes } = trustRequires.decide(read.right, trustRequires.nothing, emptyMemory);
 * assert.deepEqual([view.relations[0]?.version, view.certificates], [1, []]);
 * assert.deepEqual(writes[0]?.set, { version: '1' });
 * ```
 */
export const trustRequires: Row<
  'trust/requires',
  TrustRequiresIntent,
  TrustRequiresView,
  TrustRequiresIntentDocument
> = {
  name: 'trust/requires',
  role: 'requirer',
  intent: TrustRequiresIntent,
  nothing,
  reads: { applicationData: true, keys: false },
  decide,
  deliveries: () => [],
  common: ({ certificates }) => ({
    ca: certificates.length === 0 ? null : certificates.map(({ pem }) => pem).join('\n'),
    chain: null,
    client: null,
  }),
  asked: () => [],
  explain: { flag: wordIn(TRUST_REQUIRES_FLAGS), key: wordIn(TRUST_REQUIRES_KEYS), isSecret: noSecret },
};
