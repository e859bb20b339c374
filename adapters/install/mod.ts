/**
 * Front door of installing: puts a requirer's certificates on disk.
 *
 * @module
 */
export { type AccountKind, type Accounts, nodeAccounts } from './accounts.ts';
export { type Commands, type Hearing, nodeCommands } from './command.ts';
export {
  type Argv,
  CONTENTS,
  type FileContent,
  type Installation,
  KEY_MODE,
  TIMEOUT,
  type WantedCertificate,
} from './entry.ts';
export { type Circumstances, install, type InstallOutcome } from './install.ts';
export { type Machine, nodeMachine } from './machine.ts';
export { type Installed, type InstallState } from './progress.ts';
export { emptyRecord, InstallRecord, type Known } from './record.ts';
export { DEBIAN_TRUST_STORE, type TrustStore } from './trust-store.ts';
