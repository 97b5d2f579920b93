#include "store/backup_manifest.hpp"

#include <boost/json.hpp>

#include "clv/error.hpp"
#include "math/json.hpp"

namespace clv::store {
namespace {

constexpr std::string_view format = "clv.backup/1";

[[noreturn]] void fail(const std::string& path, const std::string& why) {
  throw error(status::corrupt,
              "'" + path + "' is not the manifest of a backup: " + why,
              "take the manifest that was written with the backup, or another backup");
}

class reader {
 public:
  reader(const boost::json::object& from, const std::string& path) : from_(&from), path_(&path) {}
  std::string text(std::string_view name) const {
    const boost::json::value* v = from_->if_contains(name);
    if (v == nullptr || !v->is_string()) fail(*path_, "no text '" + std::string(name) + "'");
    return std::string(v->as_string().data(), v->as_string().size());
  }
  std::int64_t count(std::string_view name) const { return count_in(*from_, name); }
  std::int64_t count_in(const boost::json::object& in, std::string_view name) const {
    const boost::json::value* v = in.if_contains(name);
    boost::json::error_code wrong;
    const auto n = v == nullptr ? -1 : v->to_number<std::int64_t>(wrong);
    if (n < 0 || wrong) fail(*path_, "no count '" + std::string(name) + "'");
    return n;
  }
  const boost::json::object& object(std::string_view name) const {
    const boost::json::value* v = from_->if_contains(name);
    if (v == nullptr || !v->is_object()) fail(*path_, "no object '" + std::string(name) + "'");
    return v->as_object();
  }

 private:
  const boost::json::object* from_;
  const std::string* path_;
};

boost::json::value parsed(std::string_view json, const std::string& path) {
  try {
    return math::parse_json(json);
  } catch (const error& e) {
    if (e.details().code == status::no_memory) throw;
    fail(path, e.what());
  }
}

}  // namespace

std::string manifest_path(const std::string& backup) {
  return backup + ".manifest.json";
}

std::string to_json(const backup_manifest& m) {
  boost::json::object tables;
  for (const auto& [name, rows] : m.tables) tables[name] = rows;
  boost::json::object all;
  all["format"] = format;
  all["file"] = m.file;
  all["bytes"] = m.bytes;
  all["sha256"] = m.sha256;
  all["schema_version"] = m.schema_version;
  all["tables"] = std::move(tables);
  return math::to_json(all) + "\n";
}

backup_manifest parse_manifest(std::string_view json, const std::string& path) {
  const boost::json::value value = parsed(json, path);
  if (!value.is_object()) fail(path, "it is no JSON object");
  const reader in(value.as_object(), path);
  if (in.text("format") != format) {
    fail(path, "its format is '" + in.text("format") + "', not '" + std::string(format) + "'");
  }
  backup_manifest m{.file = in.text("file"),
                    .bytes = in.count("bytes"),
                    .sha256 = in.text("sha256"),
                    .schema_version = in.count("schema_version"),
                    .tables = {}};
  const boost::json::object& tables = in.object("tables");
  for (const auto& member : tables) {
    m.tables.emplace_back(member.key(), in.count_in(tables, member.key()));
  }
  return m;
}

}  // namespace clv::store
