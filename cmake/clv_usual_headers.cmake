# Headers that nearly every file reads, compiled once per target. Files still include what they use:
# the sanitizer presets build without this and would tell.
set(CLV_USUAL_HEADERS
  <algorithm> <array> <cmath> <cstdint> <functional> <map> <memory> <optional> <set> <span> <string>
  <string_view> <unordered_map> <utility> <vector>)
