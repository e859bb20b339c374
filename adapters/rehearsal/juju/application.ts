/**
 * An application in the model: its code, its options, its units, and how a unit starts.
 *
 * @module
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import type { AgentUnit } from './context.ts';
import type { Unit } from './model.ts';
import type { CharmCode } from './seen.ts';

/** An application. */
export interface Application {
  readonly name: string;
  code: CharmCode;
  readonly config: Record<string, unknown>;
  readonly units: Array<AgentUnit>;
  readonly secrets: AgentUnit['secrets'];
  /** How many units it ever had: their numbers are not used again. */
  made: number;
}

/** A new application without units. */
export const newApplication = (name: string, code: CharmCode, config: Record<string, unknown>): Application => ({
  name,
  code,
  config,
  units: [],
  secrets: [],
  made: 0,
});

/** A unit that has run no hook yet. The first one is the leader. */
export const newUnit = (application: Application, name: Unit, folder: string, address: string): AgentUnit => {
  mkdirSync(folder, { recursive: true });
  if (typeof application.code === 'string') cpSync(application.code, folder, { recursive: true });
  const isLeader = application.units.length === 0;
  return {
    name,
    folder,
    address,
    config: application.config,
    isLeader,
    dying: false,
    relations: new Map(),
    state: {},
    secrets: application.secrets,
    waiting: ['install', ...(isLeader ? ['leader-elected'] : []), 'config-changed', 'start'].map((hook) => ({ hook })),
    status: { status: 'waiting', message: '' },
    log: [],
  };
};

/** Replaces the code of an application. Its units get the hooks of an upgrade. */
export const replaceCode = (application: Application, code: CharmCode): void => {
  application.code = code;
  for (const unit of application.units) {
    if (typeof code === 'string') {
      rmSync(unit.folder, { recursive: true, force: true });
      cpSync(code, unit.folder, { recursive: true });
    }
    unit.waiting.push({ hook: 'upgrade-charm' }, { hook: 'config-changed' });
  }
};

/** A databag with these values set. An empty value deletes a key. */
export const bagWith = (
  data: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries({ ...data, ...values }).filter(([, value]) => value !== ''));
