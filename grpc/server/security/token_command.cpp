#include "security/token_command.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "config/start_error.hpp"
#include "security/names.hpp"
#include "security/token_file.hpp"

namespace clvd {
namespace {

struct wanted {
  std::string file, name, tenant = "default", certificate, expires;
  std::vector<std::string> scopes;
};

// Two commands at once must not lose one's change: they take turns.
class turn {
 public:
  explicit turn(const std::string& file) {
    const std::string path = file + ".lock";
    lock_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock_ < 0 || flock(lock_, LOCK_EX) != 0) {
      throw start_error(usage, "cannot lock '" + path + "': " + std::strerror(errno));
    }
  }
  ~turn() { close(lock_); }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;

 private:
  int lock_ = -1;
};

std::vector<credential_entry> entries_of(const std::string& file) {
  if (!std::filesystem::exists(file)) return {};
  return read_credentials(file);
}

auto find(std::vector<credential_entry>& entries, const std::string& name) {
  return std::find_if(
      entries.begin(), entries.end(), [&](const auto& e) { return e.name == name; });
}

void check_names(const wanted& w) {
  for (const auto& [option, name] : {std::pair{"--name", w.name}, {"--tenant", w.tenant}}) {
    if (is_plain_name(name)) continue;
    throw start_error(usage,
                      option + (" '" + name) +
                          "': 1 to 64 of a-z, 0-9, '-', '_', beginning with a letter or digit");
  }
}

void add(const wanted& w) {
  check_names(w);
  credential_entry e;
  e.name = w.name;
  e.tenant = w.tenant;
  e.scopes = scopes_of(w.scopes);
  e.certificate = w.certificate;
  if (!w.expires.empty()) e.expires = time_of(w.expires);
  if (e.expires && *e.expires <= std::time(nullptr)) {
    throw start_error(usage, "--expires '" + w.expires + "' is in the past");
  }
  const std::string token = w.certificate.empty() ? make_token() : "";
  if (!token.empty()) e.sha256 = sha256_hex(token);
  const turn mine(w.file);
  auto entries = entries_of(w.file);
  if (find(entries, w.name) != entries.end()) {
    throw start_error(usage, "--name '" + w.name + "' is there already: revoke it first");
  }
  entries.push_back(e);
  write_credentials(w.file, entries);
  if (!token.empty()) std::cout << token << "\n";
}

void list(const wanted& w) {
  for (const credential_entry& e : read_credentials(w.file)) {
    std::string scopes;
    for (const std::string& s : scope_names(e.scopes)) scopes += (scopes.empty() ? "" : ",") + s;
    std::cout << e.name << "\t" << (e.certificate.empty() ? "token" : "certificate") << "\t"
              << e.tenant << "\t" << scopes << "\t"
              << (e.expires ? text_of_time(*e.expires) : std::string("never")) << "\n";
  }
}

void revoke(const wanted& w) {
  const turn mine(w.file);
  auto entries = read_credentials(w.file);
  const auto found = find(entries, w.name);
  if (found == entries.end()) {
    throw start_error(usage, "--name '" + w.name + "': there is no such credential");
  }
  entries.erase(found);
  write_credentials(w.file, entries);
}

CLI::App* add_command(CLI::App& app, const char* name, const char* help, wanted& w) {
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option("--tokens", w.file, "File of tokens")->required()->envname("CLVD_TOKENS");
  return command;
}

}  // namespace

int token_command(int argc, char** argv) {
  wanted w;
  CLI::App app(
      "clvd token: who may call, in the file of --tokens. A running clvd takes changes at "
      "SIGHUP");
  app.name("clvd token");
  app.require_subcommand(1);
  CLI::App* adding = add_command(app, "add", "Add a credential; its token is printed this once", w);
  adding->add_option("--name", w.name, "Name of the credential, for the log")->required();
  adding->add_option("--scope", w.scopes, "ingest, read, score, fit, decide, desk or admin; repeat")
      ->required()
      ->allow_extra_args(false)
      ->delimiter(',');
  adding->add_option("--tenant", w.tenant, "Whose data it may reach")->capture_default_str();
  adding->add_option("--expires", w.expires, "2027-01-01 or 2027-01-01T00:00:00Z; else never");
  adding->add_option(
      "--certificate", w.certificate, "Common name of a client certificate, instead of a token");
  CLI::App* listing = add_command(app, "list", "Print name, kind, tenant, scopes and expiry", w);
  CLI::App* revoking = add_command(app, "revoke", "Remove a credential", w);
  revoking->add_option("--name", w.name, "Name of the credential")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::exit(app.exit(e) == 0 ? ok : usage);
  }
  if (adding->parsed()) add(w);
  if (listing->parsed()) list(w);
  if (revoking->parsed()) revoke(w);
  return ok;
}

}  // namespace clvd
