/**
 * Front door `./python`: the members of Python's `TlsRequires` and `TlsProvides` that are deprecated there, and its second names for others.
 *
 * They are there for charms that come from Python and do not want to change everything at once. What replaces each of them is in its
 * comment and in docs/from-python.md; the members that are not deprecated are at the front door.
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
