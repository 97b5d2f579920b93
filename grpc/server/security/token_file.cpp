#include "security/token_file.hpp"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/time_util.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <utility>

#include "config/start_error.hpp"
#include "ops/log.hpp"
#include "security/names.hpp"
#include "security/owned_file.hpp"
#include "security/sha256.hpp"

namespace clvd {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr std::array<std::pair<const char*, scope>, 7> scope_table{{
    {"ingest", scope::ingest},
    {"read", scope::read},
    {"score", scope::score},
    {"fit", scope::fit},
    {"decide", scope::decide},
    {"desk", scope::desk},
    {"admin", scope::admin},
}};

start_error wrong(const std::string& text) {
  return {usage, text};
}

std::string text_field(const Value& value, const std::string& key) {
  if (value.kind_case() != Value::kStringValue) throw wrong("'" + key + "' must be a text");
  return value.string_value();
}

std::vector<std::string> list_field(const Value& value, const std::string& key) {
  if (value.kind_case() != Value::kListValue) throw wrong("'" + key + "' must be a list of texts");
  std::vector<std::string> texts;
  for (const Value& v : value.list_value().values()) texts.push_back(text_field(v, key));
  return texts;
}

void set_field(credential_entry& e, const std::string& key, const Value& value) {
  if (key == "name") {
    e.name = text_field(value, key);
  } else if (key == "sha256") {
    e.sha256 = text_field(value, key);
  } else if (key == "certificate") {
    e.certificate = text_field(value, key);
  } else if (key == "tenant") {
    e.tenant = text_field(value, key);
  } else if (key == "scopes") {
    e.scopes = scopes_of(list_field(value, key));
  } else if (key == "expires") {
    e.expires = time_of(text_field(value, key));
  } else {
    throw wrong("unknown field '" + key + "'");
  }
}

void check_entry(const credential_entry& e) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (!is_plain_name(e.name)) throw wrong("'name' must be 1 to 64 of a-z, 0-9, '-', '_'");
  if (!is_plain_name(e.tenant)) throw wrong("'tenant' must be 1 to 64 of a-z, 0-9, '-', '_'");
  if (e.scopes == 0) throw wrong("'scopes' is missing");
  if (e.sha256.empty() == e.certificate.empty()) {
    throw wrong("give either 'sha256' or 'certificate'");
  }
  if (!e.sha256.empty() &&
      (e.sha256.size() != 64 || !std::all_of(e.sha256.begin(), e.sha256.end(), hex))) {
    throw wrong("'sha256' must be 64 lower-case hex digits");
  }
}

// protobuf's own words repeat the input, which may be a token pasted into the wrong place.
credential_entry entry_of(const std::string& line) {
  Struct fields;
  if (!google::protobuf::util::JsonStringToMessage(line, &fields).ok()) {
    throw wrong("this is no JSON object");
  }
  credential_entry e;
  for (const auto& [key, value] : fields.fields()) set_field(e, key, value);
  check_entry(e);
  return e;
}

std::string line_of(const credential_entry& e) {
  std::string line = R"({"name":")" + e.name + '"';
  if (!e.sha256.empty()) line += R"(,"sha256":")" + e.sha256 + '"';
  if (!e.certificate.empty()) line += R"(,"certificate":")" + json_escaped(e.certificate) + '"';
  std::string names;
  for (const std::string& name : scope_names(e.scopes)) {
    names += (names.empty() ? "\"" : ",\"") + name + '"';
  }
  line += ",\"scopes\":[" + names + R"(],"tenant":")" + e.tenant + '"';
  if (e.expires) line += R"(,"expires":")" + text_of_time(*e.expires) + '"';
  return line + "}\n";
}

}  // namespace

std::string sha256_hex(std::string_view text) {
  return sha256_hash().add(text).hex();
}

std::string make_token() {
  std::array<unsigned char, 32> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    throw start_error(failed, "the system gives no random numbers");
  }
  std::array<char, 48> text{};
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   random.data(),
                                   static_cast<int>(random.size()));
  std::string token(text.data(), static_cast<std::size_t>(size));
  std::replace(token.begin(), token.end(), '+', '-');
  std::replace(token.begin(), token.end(), '/', '_');
  return "clv_" + token.substr(0, token.find('='));
}

std::uint32_t scopes_of(const std::vector<std::string>& names) {
  std::uint32_t scopes = 0;
  for (const std::string& name : names) {
    const auto found = std::find_if(
        scope_table.begin(), scope_table.end(), [&](const auto& row) { return name == row.first; });
    if (found == scope_table.end()) {
      throw wrong("scope '" + name +
                  "' is unknown: ingest, read, score, fit, decide, desk or admin");
    }
    scopes |= static_cast<std::uint32_t>(found->second);
  }
  return scopes;
}

std::vector<std::string> scope_names(std::uint32_t scopes) {
  std::vector<std::string> names;
  for (const auto& [name, bit] : scope_table) {
    if ((scopes & static_cast<std::uint32_t>(bit)) != 0) names.emplace_back(name);
  }
  return names;
}

std::int64_t time_of(const std::string& text) {
  google::protobuf::Timestamp time;
  const std::string whole = text.size() == 10 ? text + "T00:00:00Z" : text;
  if (!google::protobuf::util::TimeUtil::FromString(whole, &time)) {
    throw wrong("time '" + text + "': write 2027-01-01 or 2027-01-01T00:00:00Z");
  }
  return time.seconds();
}

std::string text_of_time(std::int64_t seconds) {
  return google::protobuf::util::TimeUtil::ToString(
      google::protobuf::util::TimeUtil::SecondsToTimestamp(seconds));
}

std::vector<credential_entry> read_credentials(const std::string& path) {
  std::istringstream lines(read_owned_file(path, owned::secret));
  std::vector<credential_entry> entries;
  std::set<std::string> names;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty()) continue;
    try {
      entries.push_back(entry_of(line));
      if (!names.insert(entries.back().name).second) {
        throw wrong("the name '" + entries.back().name + "' is there twice");
      }
    } catch (const start_error& e) {
      throw wrong("'" + path + "', line " + std::to_string(number) + ": " + e.what());
    }
  }
  return entries;
}

void write_credentials(const std::string& path, const std::vector<credential_entry>& entries) {
  std::string text;
  for (const credential_entry& e : entries) text += line_of(e);
  replace_file(path, text);
}

}  // namespace clvd
