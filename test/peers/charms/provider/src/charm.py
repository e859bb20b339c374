"""The smallest charm that gives certificates with charmlibs: a CA in a secret, and an answer to all that is outstanding."""

import datetime

import ops
from charmlibs.interfaces import tls_certificates as tls

CA = "ca"


class Provider(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        domain = str(self.config["allowed-domain"])
        # Versions before 1.10.0 know of no capabilities.
        told = (
            {"provider_capabilities": tls.ProviderCapabilities(allowed_domains=[domain] if domain else [])}
            if domain and hasattr(tls, "ProviderCapabilities")
            else {}
        )
        self.certificates = tls.TLSCertificatesProvidesV4(self, "certificates", **told)
        for event in (
            self.on["certificates"].relation_changed,
            self.on.config_changed,
            self.on.leader_elected,
            self.on.update_status,
        ):
            framework.observe(event, self._answer)
        framework.observe(self.on.revoke_all_action, self._on_revoke_all)

    def _authority(self) -> tuple[tls.PrivateKey, tls.Certificate]:
        """The CA, made where there is none of this name; what the one before has issued is revoked then."""
        name = str(self.config["ca"])
        try:
            secret = self.model.get_secret(label=CA)
            kept = secret.get_content(refresh=True)
            certificate = tls.Certificate.from_string(kept["certificate"])
            if certificate.common_name == name:
                return tls.PrivateKey.from_string(kept["private-key"]), certificate
        except ops.SecretNotFoundError:
            secret = None
        key = tls.generate_private_key()
        certificate = tls.generate_ca(
            private_key=key, common_name=name, validity=datetime.timedelta(days=365)
        )
        content = {"private-key": str(key), "certificate": str(certificate)}
        if secret is None:
            self.app.add_secret(content, label=CA)
        else:
            secret.set_content(content)
            secret.get_content(refresh=True)
            self.certificates.revoke_all_certificates()
        return key, certificate

    def _answer(self, _: ops.EventBase):
        if not self.unit.is_leader():
            return
        key, ca = self._authority()
        for request in self.certificates.get_outstanding_certificate_requests():
            csr = request.certificate_signing_request
            if str(self.config["deny"]) in csr.sans_dns:
                self._deny(request)
                continue
            certificate = tls.generate_certificate(
                csr=csr,
                ca=ca,
                ca_private_key=key,
                validity=datetime.timedelta(days=90),
                is_ca=request.is_ca,
            )
            self.certificates.set_relation_certificate(
                tls.ProviderCertificate(
                    relation_id=request.relation_id,
                    certificate=certificate,
                    certificate_signing_request=csr,
                    ca=ca,
                    chain=[certificate, ca],
                )
            )

    def _deny(self, request: tls.RequirerCertificateRequest):
        code = tls.CertificateRequestErrorCode.DOMAIN_NOT_ALLOWED
        self.certificates.set_relation_error(
            tls.ProviderCertificateError(
                relation_id=request.relation_id,
                certificate_signing_request=request.certificate_signing_request,
                error=tls.CertificateError(code=code, name="domain_not_allowed", message="not here"),
            )
        )

    def _on_revoke_all(self, _: ops.ActionEvent):
        self.certificates.revoke_all_certificates()


if __name__ == "__main__":
    ops.main(Provider)
