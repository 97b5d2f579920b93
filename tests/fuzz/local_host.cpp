#include "local_host.hpp"

#include <filesystem>

#include "calls/gate.hpp"
#include "jobs/job_board.hpp"
#include "ops/log.hpp"
#include "ops/metrics.hpp"
#include "ops/server_state.hpp"
#include "plugins/supervisor.hpp"
#include "promise.hpp"
#include "security/credentials.hpp"
#include "tenants/tenants.hpp"

namespace clv::fuzz {
namespace {

class scratch_folder {
 public:
  scratch_folder() {
    path_ =
        std::filesystem::exists("/dev/shm") ? "/dev/shm/clv_fuzz_XXXXXX" : "/tmp/clv_fuzz_XXXXXX";
    require(mkdtemp(path_.data()) != nullptr, "a scratch folder");
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

clvd::plugins::supervisor_options no_plugins() {
  clvd::plugins::supervisor_options none;
  none.host_program = "/nonexistent";
  none.housekeeping = false;
  return none;
}

void nothing(std::string_view, std::string_view, std::string_view, int) {}

// In the order of clvd::server.
struct everything {
  scratch_folder folder;
  clvd::metrics metrics;
  clvd::server_state state;
  clvd::credentials known{""};
  clvd::plugins::ticks clock;
  clvd::plugins::supervisor plugins{no_plugins(), clock, nothing};
  clvd::tenants tenants{{"", folder.file("shop.clv"), {}}, metrics, state};
  clvd::job_board jobs{1, metrics};
  clvd::gate door;
  clvd::pool workers{2, 64};
  clvd::host host{{&tenants, &jobs, &plugins, &state}, workers, door, metrics, known};

  everything() {
    clvd::start_log("error");
    state.reload = [] { return std::string("nothing"); };
    state.set_health = [](const std::string&, bool) {};
    tenants.on_open = [this](clvd::tenant& of) { jobs.adopt(of); };
    tenants.open_all();
    state.ready = true;
  }
  ~everything() { jobs.stop_all(); }
};

}  // namespace

clvd::host& local_host() {
  static everything all;
  return all.host;
}

clvd::caller operator_of_host() {
  clvd::caller who;
  who.may_operate = true;
  return who;
}

void check_refusal(const clvd::call_error& error, const std::string& of) {
  const std::string said = of + ": " + error.reason + ": " + error.message + " " + error.hidden;
  require(error.code != grpc::StatusCode::INTERNAL && error.code != grpc::StatusCode::UNKNOWN,
          "a request is never a bug",
          said);
  require(!error.reason.empty() && !error.message.empty(), "a refusal has a reason", said);
}

}  // namespace clv::fuzz
