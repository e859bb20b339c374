"""Lists what the Python library offers, as JSON: each public name with its arguments and members. Run with a version to say which it is."""

import dataclasses
import enum
import inspect
import json
import sys

import ops
import pydantic
from charmlibs.interfaces import tls_certificates

# What these have is the framework's, whoever overrides it.
FRAMEWORK = (ops.EventBase, ops.CharmEvents, ops.Object, pydantic.BaseModel, Exception)
PLUMBING = {"self", "args", "kwargs", "data", "handle", "parent", "key"}


def arguments(function) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name not in PLUMBING]


def members(cls: type) -> list[str]:
    if issubclass(cls, enum.Enum):
        return [member.name for member in cls]
    if issubclass(cls, pydantic.BaseModel):
        return list(cls.model_fields)
    own = [
        name
        for name in vars(cls)
        if not name.startswith("_") and not any(hasattr(base, name) for base in FRAMEWORK if issubclass(cls, base))
    ]
    if dataclasses.is_dataclass(cls):
        own = [field.name for field in dataclasses.fields(cls)] + own
    elif not issubclass(cls, Exception):
        own = arguments(cls.__init__) + own
    return own


names = {}
for name in sorted(tls_certificates.__all__):
    value = getattr(tls_certificates, name)
    names[name] = sorted(set(members(value) if inspect.isclass(value) else []))

json.dump({"version": sys.argv[1], "names": names}, sys.stdout, indent=2)
print()
