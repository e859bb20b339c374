/**
 * Front door `./bridge`: connects requirers below to a provider above that speaks another protocol.
 *
 * It consists of pure functions: the hook of this package runs them for `side: bridge`, and another host can too. See docs/bridge.md.
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
export { type KeyLabel, labelOf, RequestId } from './request-id.ts';
export { type BridgedRequest, type BridgedState } from './bridged-request.ts';
export { type BridgeRow, BridgeTable, type BridgeTableDocument, emptyTable, type UnseenRelation } from './table.ts';
