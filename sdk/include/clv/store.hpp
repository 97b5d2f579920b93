// A store's file without an engine on it: check it, restore it, upgrade it. SQLite files only.
#pragma once

#include <string>

#include "clv/job.hpp"

namespace clv {

// Reads every page, key and checksum beside a writer, and writes nothing. Main table: check, status
// ("ok" or "damaged"), detail. Throws error: io, busy, state (newer, or empty), corrupt (not a
// store at all).
job check_store(std::string path);

// Compares a backup with its manifest, reads it to the last byte and puts it at `path`, whole or
// not at all. Main table: path, bytes, sha256, schema_version. Throws error: exists, corrupt (what
// differs is named), state (written by a newer version), io, full.
job restore_store(std::string backup, std::string path);

// Upgrades an older file under its writer's lock, after a checked copy at `copy` ("":
// PATH.before-N, N the new version). A file of today's schema is left alone and no copy is made.
// Main table: step, status ("applied" or "there"). Throws as the others, and busy (another writer).
job migrate_store(std::string path, std::string copy = {});

}  // namespace clv
