/**
 * Front door `./python`: the members of Python's `TlsRequires` and `TlsProvides` that are deprecated there, and its aliases.
 *
 * They help charms that come from Python and do not want to change everything at once. The comment on each says what replaces it, as does
 * docs/from-python.md. Members that are not deprecated are at the front door.
 *
 * @module
 */
export {
  addServerCert,
  getServerRequests,
  setClientCert,
  setServerCert,
  setServerMulticerts,
} from './provides/python.ts';
export {
  addRequestServerCert,
  getBatchRequests,
  getCa,
  getChain,
  getClientCert,
  getServerCert,
  type MaybePair,
  requestServerCerts,
} from './requires/python.ts';
