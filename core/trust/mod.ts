/**
 * Both sides of the interface `certificate_transfer`: charms that hand out CA certificates, and charms that trust them.
 *
 * It reads certificates, so it has a door of its own, like `./csr`. It runs on every runtime and is synchronous.
 *
 * @module
 */
export { trustProvides } from './provides.ts';
export { TRUST_PROVIDES_FLAGS, type TrustProvidesFlagName } from './provides/explain.ts';
export { TRUST_PROVIDES_FINDINGS, type TrustProvidesFindingCode } from './provides/findings.ts';
export { CertificatesPem, TrustProvidesIntent, type TrustProvidesIntentDocument } from './provides/intent.ts';
export { type HandedTo, type TrustProvidesView } from './provides/view.ts';
export { type TrustVersion } from './published.ts';
export { trustRequires } from './requires.ts';
export { TRUST_REQUIRES_FLAGS } from './requires/explain.ts';
export { TRUST_REQUIRES_FINDINGS, type TrustRequiresFindingCode } from './requires/findings.ts';
export { type TrustRequiresFlagName } from './requires/flags.ts';
export { TrustRequiresIntent, type TrustRequiresIntentDocument } from './requires/intent.ts';
export { type HandedOut, type TrustRequiresView } from './requires/view.ts';
export { type TrustedCertificate } from './texts.ts';
