"""The smallest charm that asks for certificates with charmlibs.

Its status says what it has: a JSON object of the common names of the certificates by mode, and of the codes of refusals.
"""

import ipaddress
import json

import ops
from charmlibs.interfaces.tls_certificates import (
    CertificateRequestAttributes,
    Mode,
    TLSCertificatesRequiresV4,
)


class Requirer(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        mode = Mode[str(self.config["mode"])]
        host = self.unit.name.replace("/", "-")
        more = range(1, int(self.config["count"]))
        unit = [self._request(f"{name}.example") for name in (host, *(f"{host}-{i}" for i in more))]
        app = [self._request(f"{self.app.name}.example")]
        wanted = (
            {"certificate_requests_by_mode": {Mode.APP: app, Mode.UNIT: unit}}
            if mode == Mode.APP_AND_UNIT
            else {"certificate_requests": app if mode == Mode.APP else unit}
        )
        self.modes = [Mode.APP, Mode.UNIT] if mode == Mode.APP_AND_UNIT else [mode]
        self.denied: list[int] = []
        if algorithm := str(self.config["key-algorithm"]):
            wanted["key_algorithm"] = algorithm
        self.certificates = TLSCertificatesRequiresV4(
            self, "certificates", mode=mode, refresh_events=[self.on.config_changed], **wanted
        )
        framework.observe(self.certificates.on.certificate_denied, self._on_denied)
        framework.observe(self.on.renew_action, self._on_renew)
        framework.observe(self.on.rotate_action, self._on_rotate)
        framework.observe(self.on.collect_unit_status, self._on_collect_status)

    def _request(self, common_name: str) -> CertificateRequestAttributes:
        names = [name for name in str(self.config["sans"]).split(",") if name]
        ips = {name for name in names if self._is_ip(name)}
        return CertificateRequestAttributes(
            common_name=common_name,
            sans_dns={common_name, *names} - ips,
            sans_ip=ips,
            is_ca=bool(self.config["is-ca"]),
        )

    @staticmethod
    def _is_ip(name: str) -> bool:
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _on_denied(self, event: ops.EventBase):
        self.denied.append(int(event.error.code))

    def _on_renew(self, event: ops.ActionEvent):
        for mode in self.modes:
            for certificate in self.certificates.get_assigned_certificates(mode)[0]:
                self.certificates.renew_certificate(certificate)

    def _on_rotate(self, event: ops.ActionEvent):
        self.certificates.regenerate_private_key()

    def _on_collect_status(self, event: ops.CollectStatusEvent):
        got = {
            mode.name: sorted(
                one.certificate.common_name
                for one in self.certificates.get_assigned_certificates(mode)[0]
            )
            for mode in self.modes
            if self.model.get_relation("certificates")
        }
        event.add_status(ops.ActiveStatus(json.dumps({"certificates": got, "denied": self.denied})))


if __name__ == "__main__":
    ops.main(Requirer)
