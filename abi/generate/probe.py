"""A library with a function per public struct and a pointer per public function: what abidiff compares.
Tables that no exported function mentions (a plugin's) are silent otherwise."""
from headers import Surface

def text(s: Surface) -> str:
    lines = [
        '#include "clv.h"',
        '#include "clv_plugin.h"',
        '#include "clv_storage.h"',
    ]
    for t in s.structs:
        lines += [f"CLV_API void probe_{t.name}(const {t.name}* it);"]
        lines += [f"void probe_{t.name}(const {t.name}* it) {{ (void)it; }}"]
    # By __typeof__: spelled out, a const between stars would be lost.
    lines += [f"CLV_API __typeof__({f.name})* call_{f.name};" for f in s.functions]
    # A handle must be complete for a pointer to it to be told from another's.
    lines += [f"struct {name} {{ char opaque; }};" for name in s.handles]
    return "\n".join(lines) + "\n"
