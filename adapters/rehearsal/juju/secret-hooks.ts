/**
 * The hooks of secrets: `secret-expired` and `secret-remove` for owners, `secret-changed` for readers.
 *
 * The leader owns the secrets of its application; the other units are readers. Nobody gets a hook for the same event twice.
 * Source: docs/hook-environment.md sections 1.2 and 2.11.
 *
 * @module
 */
import type { AgentUnit } from './context.ts';
import type { StoredSecret, Unit } from './model.ts';

/** The parts of an application that matter for its secrets. */
export interface SecretOwner {
  readonly units: ReadonlyArray<AgentUnit>;
  readonly secrets: ReadonlyArray<StoredSecret>;
}

const isOwner = ({ owner, madeBy }: StoredSecret, { name, isLeader }: AgentUnit): boolean =>
  owner === 'unit' ? name === madeBy : isLeader;

const tell = (unit: AgentUnit, secret: StoredSecret, hook: string, revision: number | null, note: string): void => {
  if (secret.told.has(note)) return;
  secret.told.add(note);
  unit.waiting.push({ hook, secret: { id: secret.id, label: secret.label, revision } });
};

const tellOwner = ({ units }: SecretOwner, secret: StoredSecret, hook: string, revision: number, when = ''): void => {
  const owner = units.find((unit) => isOwner(secret, unit));
  if (owner !== undefined) tell(owner, secret, hook, revision, `${hook} ${revision} ${when}`);
};

/** Queues hooks for the owners of secrets that have expired by then. */
export const tellOfExpiry = (owner: SecretOwner, by: Date): void => {
  for (const secret of owner.secrets) {
    const { expiry, revisions } = secret;
    if (expiry !== null && Date.parse(expiry) <= by.getTime()) {
      tellOwner(owner, secret, 'secret-expired', revisions.length, expiry);
    }
  }
};

/**
 * Queues hooks: `secret-remove` for owners of revisions that nobody reads any more, `secret-changed` for readers of old ones. The unit that
 * made the new revision gets no `secret-changed`.
 */
export const tellOfRevisions = (owner: SecretOwner, maker: Unit): void => {
  for (const secret of owner.secrets) {
    const { revisions, pins } = secret;
    const read = new Set(pins.values());
    for (const [i, content] of revisions.slice(0, -1).entries()) {
      if (content !== null && !read.has(i + 1)) tellOwner(owner, secret, 'secret-remove', i + 1);
    }
    for (const unit of owner.units) {
      const pin = pins.get(unit.name);
      if (pin === undefined || pin === revisions.length || unit.name === maker || isOwner(secret, unit)) continue;
      tell(unit, secret, 'secret-changed', null, `secret-changed ${unit.name} ${revisions.length}`);
    }
  }
};
