// The columns of the one-row table that `start` is given.
#pragma once

namespace clv::worker::setup_column {

constexpr const char* path = "path";  // absolute
constexpr const char* config = "config_json";
constexpr const char* grant = "grant";                // absent: all it reads
constexpr const char* memory_bytes = "memory_bytes";  // integers; 0 = no limit
constexpr const char* cpu_seconds = "cpu_seconds";

}  // namespace clv::worker::setup_column
