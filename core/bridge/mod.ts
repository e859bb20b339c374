/**
 * Front door `./bridge`: lets requirers below and a provider above talk that do not speak the same protocol.
 *
 * It is made of pure functions for a host of one's own; the hook of this package does not run it yet. See docs/bridge.md.
 *
 * @module
 */
export {
  type AboveCsr,
  type AboveIntent,
  type AboveRequest,
  type AboveView,
  asPublished,
  decideAbove,
} from './above.ts';
export { type BelowIntent, type KeptAnswer, type KeptPair, nothingBelow, withPrivateKeys } from './below.ts';
export { bridge } from './bridge.ts';
export { type Bridged, type BridgeInput, type MissingCsr } from './decision.ts';
export { BRIDGE_FINDINGS, type BridgeFindingCode } from './findings.ts';
export { type BridgeKey } from './keys.ts';
export { type MadeCsrs, makeBridged, type Making } from './making.ts';
export { type KeyLabel, labelOf, type RequestId } from './request-id.ts';
export { type BridgeRow, BridgeTable, type BridgeTableDocument, emptyTable } from './table.ts';
