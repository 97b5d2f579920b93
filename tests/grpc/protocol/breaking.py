"""What a change of the protocol would break for clients that are out there: the rules of
`buf breaking` in its category FILE that clv.v1 needs, on descriptor sets of protoc, offline.

A client keeps the names (JSON, generated code), the numbers and the types (the wire) that it was
built with, so none of them may change or vanish. What is added breaks nobody.
"""
from google.protobuf import descriptor_pb2

FIELD_TYPE = descriptor_pb2.FieldDescriptorProto.Type.Name
FIELD_LABEL = descriptor_pb2.FieldDescriptorProto.Label.Name


def facts_of_field(field, message):
    """All of a field that is on the wire, in JSON or in generated code."""
    in_oneof = field.HasField("oneof_index") and not field.proto3_optional
    return {
        "name": field.name,
        "type": f"{FIELD_TYPE(field.type)} {field.type_name}".strip(),
        "label": FIELD_LABEL(field.label),
        "presence": "optional" if field.proto3_optional else "implicit",
        "oneof": message.oneof_decl[field.oneof_index].name if in_oneof else "",
        "JSON name": field.json_name,
    }


def add_message(message, where, to):
    to[where] = {"kind": "message"}
    for field in message.field:
        to[f"{where} field {field.number}"] = facts_of_field(field, message)
    for kept in message.reserved_range:
        to[f"{where} reserved {kept.start} to {kept.end - 1}"] = {}
    for name in message.reserved_name:
        to[f"{where} reserved {name}"] = {}
    for nested in message.nested_type:
        add_message(nested, f"{where}.{nested.name}", to)
    for enum in message.enum_type:
        add_enum(enum, f"{where}.{enum.name}", to)


def add_enum(enum, where, to):
    to[where] = {"kind": "enum"}
    for value in enum.value:
        to[f"{where} value {value.number}"] = {"name": value.name}


def add_service(service, where, to):
    to[where] = {"kind": "service"}
    for method in service.method:
        to[f"{where}/{method.name}"] = {
            "request": method.input_type,
            "response": method.output_type,
            "streams": f"{method.client_streaming} {method.server_streaming}",
        }


def facts_of(files):
    """Every promise of a FileDescriptorSet, by place; imports of others are not ours to keep."""
    facts = {}
    for file in files.file:
        if file.name.startswith("google/protobuf/"):
            continue
        facts[file.name] = {"package": file.package, "syntax": file.syntax}
        inside = f"{file.name}: {file.package}"
        for message in file.message_type:
            add_message(message, f"{inside}.{message.name}", facts)
        for enum in file.enum_type:
            add_enum(enum, f"{inside}.{enum.name}", facts)
        for service in file.service:
            add_service(service, f"{inside}.{service.name}", facts)
    return facts


def breaking(old, new):
    """One sentence per promise of `old` that `new` does not keep."""
    now = facts_of(new)
    for place, facts in facts_of(old).items():
        if place not in now:
            yield f"{place} is gone"
            continue
        for what, before in facts.items():
            after = now[place][what] if what in now[place] else "nothing"
            if after != before:
                yield f"{place}: {what} was '{before}' and is '{after}'"
