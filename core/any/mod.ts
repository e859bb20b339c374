/**
 * Both protocols of Juju's `tls-certificates` on one endpoint, on either side, and `decide` for all sides.
 *
 * Such a requirer works with a provider of either protocol, and such a provider with a requirer of either. It reads certificates and
 * certificate requests, so it has a door of its own; the front door loads no X.509 code. It runs on every runtime and is synchronous.
 *
 * @module
 */
export {
  decide,
  decodeInput,
  type DocumentOf,
  type Input,
  type InputDocument,
  type InputOf,
  type SideName,
  SIDES,
  type ViewOf,
} from './decide.ts';
export { type Protocol, type Spoken } from './protocol.ts';
export { anyProvides } from './provides.ts';
export { ANY_PROVIDES_FINDINGS, type AnyProvidesFindingCode } from './provides/findings.ts';
export { AnyProvidesIntent, type AnyProvidesIntentDocument } from './provides/intent.ts';
export { type AnyProvidedRequest, type AnyProvidesRequest, type AnyProvidesView } from './provides/view.ts';
export { anyRequires } from './requires.ts';
export { ANY_REQUIRES_FLAGS } from './requires/explain.ts';
export { ANY_REQUIRES_FINDINGS, type AnyRequiresFindingCode } from './requires/findings.ts';
export { type AnyRequiresFlagName } from './requires/flags.ts';
export { type AnyDelivery, type AnyRequiresView, type Waiting } from './requires/view.ts';
