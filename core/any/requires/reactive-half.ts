/**
 * The reactive half: what is requested and withdrawn in that form, and what providers have answered in it.
 *
 * An answer counts as long as the provider publishes it, even after the request is withdrawn in this form and made in the other: an
 * existing certificate stays until the other form brings one. The first server request has fields of its own, and the answer does not
 * repeat its name, so that name is remembered.
 *
 * @module
 */
import { written } from '../../databag/write.ts';
import { lookup } from '../../databag/lookup.ts';
import { digestOf } from '../../digest.ts';
import type { Finding } from '../../model/finding.ts';
import { emptyMemory, type Memory, type Remembered } from '../../model/memory.ts';
import type { RelationId } from '../../model/names.ts';
import type { Outcome, Write } from '../../model/outcome.ts';
import type { Databag, Relation, Snapshot } from '../../model/snapshot.ts';
import { requestKeyOf } from '../../reactive/asked.ts';
import { KIND as ANSWER_NOTES } from '../../reactive/requires/given.ts';
import { nothing, type RequiresIntent } from '../../reactive/requires/intent.ts';
import type { RequiresView } from '../../reactive/requires/view.ts';
import { requires } from '../../reactive/requires.ts';
import { REQUIRER_KEYS } from '../../reactive/wire.ts';
import type { CsrRequest } from '../../csr/requires/intent.ts';
import { inReactiveForm, unwantedIn } from './reactive-form.ts';
import type { SpokenRelation } from './relation.ts';

/** What one relation's provider has answered in the reactive form. */
export interface ReactiveAnswers {
  readonly relationId: RelationId;
  readonly view: RequiresView;
}

/** What the reactive half decides. */
export interface ReactiveHalf {
  readonly writes: ReadonlyArray<Write>;
  /** The relation that is asked comes first, then the others in the order of ids. */
  readonly answers: ReadonlyArray<ReactiveAnswers>;
  readonly findings: ReadonlyArray<Finding>;
  /** Notes to remember, by name after the endpoint. */
  readonly notes: ReadonlyArray<readonly [string, Remembered]>;
}

/** The input of the half. */
export interface ReactiveGiven {
  readonly snapshot: Snapshot;
  readonly present: ReadonlyArray<SpokenRelation>;
  readonly target: SpokenRelation | null;
  readonly requests: ReadonlyArray<CsrRequest>;
  readonly memory: Memory;
  readonly remembered: (name: string) => Remembered | undefined;
}

/** The name of the note that holds the common name of a relation's first server request, current or past. */
const topNote = (id: RelationId): string => `any.top/${id}`;

/** These report an answer without a request, but here the request is in the other form. */
const ONLY_HERE: ReadonlySet<string> = new Set(['unasked-answer', 'stale-answer', 'no-relation', 'sans-replaced']);

/** A unit publishes its name with its requests, and nothing about itself if it has none. */
const namelessly = (writes: ReadonlyArray<Write>): ReadonlyArray<Write> =>
  writes.flatMap((write) => {
    const set = Object.fromEntries(Object.entries(write.set).filter(([key]) => key !== REQUIRER_KEYS.unitName));
    return Object.keys(set).length + write.delete.length === 0 ? [] : [{ ...write, set }];
  });

const writtenOn = ({ id, localUnitData }: Relation, writes: ReadonlyArray<Write>): Databag =>
  writes.filter(({ relationId }) => relationId === id).reduce<Databag>(written, localUnitData);

/** Decides the reactive half. */
export const reactiveHalf = (
  { snapshot, present, target, requests, memory, remembered }: ReactiveGiven,
): ReactiveHalf => {
  const { endpoint } = snapshot;
  const before: Memory = { ...emptyMemory, digests: memory.digests };
  const on = (
    relations: ReadonlyArray<Relation>,
    intent: RequiresIntent,
    notes: Memory = before,
  ): Outcome<RequiresView> => requires.decide({ ...snapshot, relations }, intent, notes);
  const asking = target === null || target.spoken === 'csr' ? [] : inReactiveForm(requests);
  const others = present.filter((here) => here !== target);

  const wanted = new Set(asking.map(requestKeyOf));
  const asked = target === null ? null : on([target.relation], {
    ...nothing,
    requests: asking,
    withdraw: unwantedIn([target.asked], wanted),
  });
  const left = on(others.map(({ relation }) => relation), {
    ...nothing,
    withdraw: unwantedIn(others.map((here) => here.asked), new Set()),
  });
  const writes = [
    ...(asking.length === 0 ? namelessly(asked?.writes ?? []) : asked?.writes ?? []),
    ...namelessly(left.writes),
  ];

  const wantedServers = new Map<string, string>(
    requests.filter(({ certType }) => certType === 'server').map((
      { commonName },
    ) => [digestOf([commonName]), commonName]),
  );
  /** The common name of the first server request, even if it is withdrawn by now. */
  const topOf = ({ relation: { id, localUnitData } }: SpokenRelation): string | null =>
    lookup(localUnitData, REQUIRER_KEYS.commonName) ?? wantedServers.get(remembered(topNote(id)) ?? digestOf([])) ??
      null;
  /** What a relation's provider has answered to the requests there. */
  const read = (here: SpokenRelation, notes: Memory): Outcome<RequiresView> => {
    const top = topOf(here);
    const bag = top === null
      ? here.relation.localUnitData
      : { ...here.relation.localUnitData, [REQUIRER_KEYS.commonName]: top };
    return on([{ ...here.relation, localUnitData: bag }], nothing, notes);
  };
  const readTarget = target === null || asked === null || asking.length > 0 ? asked : read(target, asked.memory);
  const readOthers = others.map((here) => [here, read(here, left.memory)] as const);

  const notesOf = (outcome: Outcome | null): ReadonlyArray<readonly [string, Remembered]> =>
    Object.entries(outcome?.memory.digests ?? {}).flatMap(([name, note]) => {
      const own = name.slice(endpoint.length + 1);
      return name.startsWith(`${endpoint}.${ANSWER_NOTES}`) ? [[own, note] as const] : [];
    });
  const tops = present.flatMap((here): ReadonlyArray<readonly [string, Remembered]> => {
    const name = topNote(here.relation.id);
    const common = lookup(writtenOn(here.relation, writes), REQUIRER_KEYS.commonName) ?? topOf(here);
    return common === null || !wantedServers.has(digestOf([common])) ? [] : [[name, digestOf([common])]];
  });
  const findingsOf = (outcome: Outcome | null, asks: boolean): ReadonlyArray<Finding> =>
    (outcome?.findings ?? []).filter(({ code }) => asks ? code !== 'no-relation' : !ONLY_HERE.has(code));
  return {
    writes,
    answers: [
      ...(target === null || readTarget === null ? [] : [{ relationId: target.relation.id, view: readTarget.view }]),
      ...readOthers.map(([{ relation: { id } }, { view }]) => ({ relationId: id, view })),
    ],
    findings: [
      ...findingsOf(readTarget, asking.length > 0),
      ...readOthers.flatMap(([, outcome]) => findingsOf(outcome, false)),
    ],
    notes: [...notesOf(asked), ...notesOf(left), ...tops],
  };
};
