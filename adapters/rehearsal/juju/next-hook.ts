/**
 * Which hook a unit runs next, and what its agent remembers after a hook that succeeded.
 *
 * Source: docs/hook-environment.md section 3.4.
 *
 * @module
 */
import type { RelationEvent } from '../../juju/environment.ts';
import type { AgentUnit, HookKind, KnownRelation } from './context.ts';
import { applicationOf, type ModelRelation, type Unit } from './model.ts';

/** The state of a relation that is new to an agent. */
export const newlyKnown = (): KnownRelation => ({
  broken: false,
  members: new Map(),
  mustChange: null,
  applicationVersion: 0,
  cache: new Map(),
});

/** The hook that a unit runs next. Null if none is left. */
export const nextHook = (unit: AgentUnit, all: ReadonlyArray<ModelRelation>): HookKind | null => {
  const application = applicationOf(unit.name);
  if (unit.waiting[0]?.hook === 'install') return unit.waiting[0];
  const about = (relation: ModelRelation, event: RelationEvent, remoteUnit?: Unit): HookKind => ({
    hook: `${relation.seenBy(application).near.endpoint}-relation-${event}`,
    relation,
    event,
    ...(remoteUnit === undefined ? {} : { remoteUnit }),
  });
  const relations = all.filter((relation) => relation.has(application) && !relation.gone);
  for (const relation of relations) {
    if (unit.relations.get(relation) === undefined && !relation.dying && !unit.dying) return about(relation, 'created');
  }
  // A secret that is gone needs no more hooks.
  const isAboutNothing = ({ secret }: HookKind) =>
    secret !== undefined && !unit.secrets.some(({ id }) => id === secret.id);
  while (unit.waiting[0] !== undefined && isAboutNothing(unit.waiting[0])) unit.waiting.shift();
  if (unit.waiting[0] !== undefined) return unit.waiting[0];
  const present = relations.flatMap((relation) => {
    const known = unit.relations.get(relation);
    if (known === undefined || known.broken) return [];
    const far = relation.seenBy(application).far.application;
    const isEnding = relation.dying || unit.dying;
    const others = [...relation.inScope].filter((name) => applicationOf(name) === far && !isEnding).sort();
    return [{ relation, known, far, isEnding, others }];
  });
  for (const { relation, known } of present) {
    if (known.mustChange !== null) return about(relation, 'changed', known.mustChange);
  }
  for (const { relation, known, others } of present) {
    const leaving = [...known.members.keys()].find((name) => !others.includes(name));
    if (leaving !== undefined) return about(relation, 'departed', leaving);
  }
  for (const { relation, isEnding } of present) if (isEnding) return about(relation, 'broken');
  for (const { relation, known, far } of present) {
    if (relation.bag('applications', far).version !== known.applicationVersion) return about(relation, 'changed');
  }
  for (const { relation, known, others } of present) {
    const coming = others.find((name) => !known.members.has(name));
    if (coming !== undefined) return about(relation, 'joined', coming);
  }
  for (const { relation, known } of present) {
    const changed = [...known.members].find(([name, seen]) => relation.bag('units', name).version !== seen);
    if (changed !== undefined) return about(relation, 'changed', changed[0]);
  }
  return null;
};

/** The versions of databags when a hook starts. */
export interface BagVersions {
  readonly unit: number;
  readonly application: number;
}

/** Reads the versions of the databags that a hook is about. */
export const versionsFor = ({ name }: AgentUnit, { relation, remoteUnit }: HookKind): BagVersions => ({
  unit: remoteUnit === undefined ? 0 : relation?.bag('units', remoteUnit).version ?? 0,
  application: relation === undefined
    ? 0
    : relation.bag('applications', relation.seenBy(applicationOf(name)).far.application).version,
});

/** Updates what the agent remembers after a hook that succeeded. The versions are those from the hook's start. */
export const hookDone = (unit: AgentUnit, kind: HookKind, versions: BagVersions): void => {
  const { relation, event, remoteUnit } = kind;
  const known = relation === undefined ? undefined : unit.relations.get(relation);
  if (relation === undefined || known === undefined) {
    unit.waiting.shift();
    return;
  }
  if (event === 'joined' && remoteUnit !== undefined) {
    known.members.set(remoteUnit, -1);
    known.mustChange = remoteUnit;
  } else if (event === 'changed' && remoteUnit !== undefined) {
    known.members.set(remoteUnit, versions.unit);
    known.mustChange = null;
  } else if (event === 'changed') known.applicationVersion = versions.application;
  else if (event === 'departed' && remoteUnit !== undefined) known.members.delete(remoteUnit);
  else if (event === 'broken') {
    known.broken = true;
    relation.inScope.delete(unit.name);
  }
};
