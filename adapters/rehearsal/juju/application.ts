/**
 * An application in the model: its code, its options, its units, and how a unit begins.
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
  /** Units that there ever were: their numbers are not used again. */
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

/** A unit that has run no hook yet; the first one leads. */
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

/** Gives an application other code; its units hear of it. */
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

/** A bag with values in it; an empty value deletes. */
export const bagWith = (
  data: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries({ ...data, ...values }).filter(([, value]) => value !== ''));
