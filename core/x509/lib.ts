/**
 * The one door to @peculiar/x509: its dependency injection wants the Reflect polyfill before it (ARCHITECTURE.md, Libraries).
 *
 * It is loaded lazily, since only making certificates needs it; describing, matching and verifying do without.
 *
 * @module
 */
import 'reflect-metadata';
export {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
