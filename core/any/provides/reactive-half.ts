/**
 * The reactive half of a provider: requests by name, and what is published in the unit's databag.
 *
 * Every unit publishes the CA. The leader answers. Another unit publishes only the answers that its charm passes in, which are the
 * leader's, so that no two units answer differently. Source: docs/any-protocol.md, The provider.
 *
 * @module
 */
import { lookup } from '../../databag/lookup.ts';
import { byRelation, difference, written } from '../../databag/write.ts';
import type { KeyPair } from '../../model/certificate.ts';
import { emptyMap } from '../../model/codec.ts';
import type { Memory } from '../../model/memory.ts';
import type { Outcome } from '../../model/outcome.ts';
import { samePem } from '../../model/pem-text.ts';
import type { Databag, Relation, Snapshot } from '../../model/snapshot.ts';
import { nothingToPublish } from '../../reactive/provides/intent.ts';
import type { ProvidesView } from '../../reactive/provides/view.ts';
import { provides } from '../../reactive/provides.ts';
import { answeredUnit, PROVIDER_KEYS } from '../../reactive/wire.ts';
import type { Texts } from '../../csr/texts.ts';
import type { Spoken } from '../protocol.ts';
import { inOneForm } from './both-forms.ts';
import { finding } from './findings.ts';
import { type AnyProvidesIntent, reactivePartOf } from './intent.ts';

/** Whether only one half of a pair is there. */
const isHalf = ({ cert, key }: KeyPair): boolean => (cert === '') !== (key === '');

const HALF_SHARED = finding(
  'incomplete-answer',
  { key: PROVIDER_KEYS.clientCert },
  'the shared client certificate has no certificate or no key: it is left as it was',
);

/** The starting point of a unit that does not lead: only what is published to all requirers. */
const withoutAnswers = (bag: Databag): Databag =>
  Object.assign(
    emptyMap<string>(),
    Object.fromEntries(Object.entries(bag).filter(([key]) => answeredUnit(key) === null)),
  );

/** A relation's databag with the shared client certificate that belongs there. */
const withShared = (bag: Databag, spoken: Spoken, wanted: KeyPair | undefined): Databag => {
  const { clientCert, clientKey } = PROVIDER_KEYS;
  const pair = (cert: string, key: string): Databag => ({ ...bag, [clientCert]: cert, [clientKey]: key });
  // A requirer that keeps its own key gets none, and no requirer gets one before it says who it is.
  if (spoken === 'csr') return pair('', '');
  if (wanted === undefined || isHalf(wanted) || (spoken === 'unknown' && wanted.cert !== '')) return bag;
  const isSame = samePem(lookup(bag, clientCert) ?? '', wanted.cert) &&
    samePem(lookup(bag, clientKey) ?? '', wanted.key);
  return isSame ? bag : pair(wanted.cert, wanted.key);
};

/** Decides the reactive half. */
export const reactiveHalf = (
  snapshot: Snapshot,
  spokenOn: (relation: Relation) => Spoken,
  intent: AnyProvidesIntent,
  memory: Memory,
  texts: Texts,
): Outcome<ProvidesView> => {
  const { isLeader, departing } = snapshot;
  const begun = snapshot.relations.map((relation) => ({
    ...inOneForm(relation, texts),
    localUnitData: isLeader ? relation.localUnitData : withoutAnswers(relation.localUnitData),
  }));
  const outcome = provides.decide(
    { ...snapshot, relations: begun },
    { ...nothingToPublish, ...reactivePartOf(intent) },
    {
      flags: [],
      digests: memory.digests,
    },
  );
  const writes = byRelation(outcome.writes);
  const isGone = ({ id, remoteUnits }: Relation): boolean =>
    departing?.relationId === id && Object.keys(remoteUnits).every((unit) => unit === departing.unit);
  return {
    ...outcome,
    writes: snapshot.relations.flatMap((relation, i) => {
      const { id, localUnitData } = relation;
      const after = (writes.get(id) ?? []).reduce<Databag>(written, begun[i]?.localUnitData ?? {});
      const all = isGone(relation) ? after : withShared(after, spokenOn(relation), intent.globalClientCert);
      const write = difference(id, 'unit', localUnitData, all);
      return write === null ? [] : [write];
    }),
    findings: [
      ...outcome.findings,
      ...(intent.globalClientCert !== undefined && isHalf(intent.globalClientCert) ? [HALF_SHARED] : []),
    ],
  };
};
