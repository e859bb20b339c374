"""The smallest charm that hands out CA certificates, and trusts them, with charmlibs.

Its status says what it trusts: a sorted JSON list.
"""

import json

import ops
from charmlibs.interfaces.certificate_transfer import (
    CertificateTransferProvides,
    CertificateTransferRequires,
)


class Trust(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.sending = CertificateTransferProvides(self, "send-ca")
        self.receiving = CertificateTransferRequires(self, "receive-ca")
        framework.observe(self.on.config_changed, self._on_change)
        framework.observe(self.on["send-ca"].relation_changed, self._on_change)
        framework.observe(self.on["send-ca"].relation_joined, self._on_change)
        framework.observe(self.on.collect_unit_status, self._on_collect_status)

    def _on_change(self, _: ops.EventBase) -> None:
        wanted = set(json.loads(str(self.config["certificates"])))
        self.sending.remove_all_certificates()
        if wanted:
            self.sending.add_certificates(wanted)

    def _on_collect_status(self, event: ops.CollectStatusEvent) -> None:
        event.add_status(ops.ActiveStatus(json.dumps(sorted(self.receiving.get_all_certificates()))))


if __name__ == "__main__":
    ops.main(Trust)
