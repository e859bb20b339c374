/**
 * The machine to install on, as ports: tests have machines of their own.
 *
 * @module
 */
import { type Disk, nodeDisk } from '../file/disk.ts';
import { type Accounts, nodeAccounts } from './accounts.ts';
import { type Commands, nodeCommands } from './command.ts';
import { DEBIAN_TRUST_STORE, type TrustStore } from './trust-store.ts';

/** What an installation needs of its machine. */
export interface Machine {
  readonly disk: Disk;
  readonly accounts: Accounts;
  readonly commands: Commands;
  readonly trustStore: TrustStore;
}

/** The machine that this runs on. */
export const nodeMachine: Machine = {
  disk: nodeDisk,
  accounts: nodeAccounts,
  commands: nodeCommands,
  trustStore: DEBIAN_TRUST_STORE,
};
