/**
 * The only door to @peculiar/x509: its dependency injection requires the Reflect polyfill first (ARCHITECTURE.md, Libraries).
 *
 * It is loaded lazily, since only making certificates needs it; describing, matching and verifying do not.
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
