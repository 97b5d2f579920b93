// How a server starts: what is opened in which order.
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <thread>
#include <utility>

#include "calls/wire.hpp"
#include "config/crash_check.hpp"
#include "config/or_start_error.hpp"
#include "config/storage_mark.hpp"
#include "doors/service.hpp"
#include "ops/gauges.hpp"
#include "ops/log.hpp"
#include "server.hpp"

namespace clvd {
namespace {

constexpr unsigned sender_count = 16;             // unary batches in one commit
constexpr std::chrono::seconds between_looks{1};  // of streams at their callers' credentials

unsigned worker_count(const options& o) {
  return o.workers != 0 ? o.workers : std::max(1u, std::thread::hardware_concurrency());
}

void set_limits(grpc::ServerBuilder& builder, const options& o) {
  grpc::ResourceQuota quota("clvd");
  quota.Resize(static_cast<std::size_t>(o.memory_mib) << 20u);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(max_message_bytes);
  // gRPC 1.51 unpacks a message before it looks at its size: 400 KB became 400 MiB, for anybody who
  // may connect (tests/faults/process/hostile_clients_test.py). Such calls are UNIMPLEMENTED.
  for (const auto packed : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder.SetCompressionAlgorithmSupportStatus(packed, false);
  }
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, static_cast<int>(o.streams));
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 8192);
  // With it on, two servers on one port would share the connections in silence.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
}

http_options http_of(const options& o, const std::string& where) {
  http_options h;
  h.address = where;
  h.peers = {o.allow_uids, o.allow_gid};
  return h;
}

credential_rules rules_of(const options& o, metrics& m) {
  credential_rules rules;
  rules.anonymous_loopback = o.anonymous_loopback;
  rules.on_refusal = [&m](std::string_view reason) {
    m.count("clv_auth_failures_total", "reason=\"" + std::string(reason) + "\"");
  };
  return rules;
}

grpc_ports::events events_of(metrics& m) {
  grpc_ports::events on;
  on.peer_refused = [&m] { m.count("clv_auth_failures_total", "reason=\"peer\""); };
  on.certificates.looked = [&m](double left) { m.set("clv_tls_cert_expiry_seconds", "", left); };
  on.certificates.failed = [&m] { m.count("clv_tls_reload_failures_total", ""); };
  return on;
}

void log_plugin(std::string_view event, std::string_view plugin, std::string_view why, int signal) {
  log_info(event, {{"plugin", plugin}, {"reason", why}, {"signal", std::int64_t{signal}}});
}

disk_rules disk_rules_of(const options& o) {
  disk_rules rules;
  rules.folder = o.data;
  if (o.data.empty()) rules.folder = std::filesystem::absolute(o.store).parent_path();
  rules.ballast_bytes = o.ballast_mib.value_or(o.data.empty() ? 0 : 16) << 20;
  return rules;
}

tenants::places places_of(const options& o) {
  tenants::places where{.folder = o.data, .store = o.store, .limits = {}, .elsewhere = nullptr};
  if (o.storage.empty()) return where;
  where.elsewhere = std::make_shared<const other_storage>(o.storage, o.storage_options);
  leave_storage_mark(o);
  return where;
}

std::string plugin_host_of(const options& o) {
  namespace fs = std::filesystem;
  if (!o.plugin_host.empty()) return fs::absolute(o.plugin_host);
  return fs::read_symlink("/proc/self/exe").parent_path() / "clv-plugin-host";
}

}  // namespace

plugins::supervisor_options plugins_of(const options& o) {
  plugins::supervisor_options s;
  s.plugins = o.plugins;
  s.trusted_sha256 = o.trusted_sha256;
  s.host_program = plugin_host_of(o);
  return s;
}

server::server(const options& o, std::function<options()> read_again)
    : options_(o),
      read_again_(std::move(read_again)),
      known_(o.tokens, rules_of(o, metrics_)),
      folder_(o.data.empty() ? nullptr : std::make_unique<data_folder>(o.data)),
      workers_(worker_count(o), o.queue),
      senders_(sender_count, o.queue),
      host_{services{}, workers_, door_, metrics_, known_, &senders_} {
  state_.max_model_age_us = o.max_model_days * 86'400'000'000;
  state_.wal_alarm_bytes = o.wal_alarm_mib << 20;
  plugins_ = std::make_unique<plugins::supervisor>(plugins_of(o), clock_, log_plugin);
  open_data(o);
  watch_state(metrics_, tenants_.get(), jobs_.get(), *plugins_);
  host_.with = {tenants_.get(), jobs_.get(), plugins_.get(), &state_};
  state_.reload = [this] { return reload(); };
  open_doors(o);
}

void server::open_data(const options& o) {
  if (o.data.empty() && o.store.empty()) return;
  disk_ = std::make_unique<disk_guard>(disk_rules_of(o), state_, metrics_);
  check_storage_mark(o);
  for (const std::string& store : stores_of(o)) check_after_crash(store);
  tenants_ = std::make_unique<tenants>(places_of(o), metrics_, state_);
  jobs_ = std::make_unique<job_board>(std::max(1u, worker_count(o) / 2), metrics_);
  tenants_->on_open = [this](tenant& t) { jobs_->adopt(t); };
  // A database may be there in a moment, a folder not.
  or_start_error(
      [&] {
        tenants_->open_all();
        for (const std::string& name : o.tenants) tenants_->found(name);
      },
      o.storage.empty() ? usage : failed);
  disk_->watch([this] { return largest_log(); });
}

// A log that is too large would be emptied by the next commit; none may come for a while.
std::int64_t server::largest_log() {
  std::int64_t largest = 0;
  tenants_->for_each([&](tenant& of) {
    of.drop_old_proposals(std::chrono::steady_clock::now());
    try {
      const bool wanted = of.has_large_log() && !state_.disk_full;
      if (wanted && !of.checkpoint()) metrics_.count("clv_checkpoint_busy_total", "");
      if (wanted) checkpoint_failure_.clear();
    } catch (const call_error& e) {
      if (e.hidden != checkpoint_failure_) log_error("checkpoint_failed", {{"text", e.hidden}});
      checkpoint_failure_ = e.hidden;
    }
    const auto bytes = static_cast<std::int64_t>(of.disk().wal);
    const std::int64_t limit = options_.wal_limit_mib << 20;
    if (limit > 0 && bytes > limit) jobs_->cut_log_holders(of, bytes, limit);
    largest = std::max(largest, bytes);
  });
  return largest;
}

void server::open_doors(const options& o) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  set_limits(builder, o);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  ports_ = std::make_unique<grpc_ports>(builder, o, events_of(metrics_));
  services_ = make_services(host_);
  for (const auto& service : services_) builder.RegisterService(service.get());
  grpc_ = builder.BuildAndStart();
  if (grpc_ == nullptr) {
    throw start_error(failed, "cannot serve on '" + o.listen + "': is the address in use?");
  }
  report_health();
  if (!o.http.empty()) http_ = std::make_unique<http_door>(host_, http_of(o, o.http));
  if (!o.ops.empty()) ops_ = std::make_unique<ops_listener>(host_, state_, http_of(o, o.ops));
  ports_->start();
  state_.streams.watch(between_looks);
  state_.ready = true;
  log_info("serving",
           {{"socket", o.socket},
            {"port", std::int64_t{ports_->tcp_port()}},
            {"http_port", std::int64_t{http_ == nullptr ? 0 : http_->port()}},
            {"ops_port", std::int64_t{ops_ == nullptr ? 0 : ops_->port()}}});
}

// Each service is ready when its calls can work: most need a store.
void server::report_health() {
  state_.set_health = [this](const std::string& name, bool serving) {
    grpc_->GetHealthCheckService()->SetServingStatus(name, serving);
  };
  constexpr std::array without_store{"clv.v1.ScoringService",
                                     "clv.v1.ReportService",
                                     "clv.v1.PluginService",
                                     "clv.v1.AdminService"};
  for (const std::string& name : service_names()) {
    const bool needs_none =
        std::find(without_store.begin(), without_store.end(), name) != without_store.end();
    state_.set_health(name, needs_none || tenants_ != nullptr);
  }
  state_.set_health("", true);
  plugin_health_ = plugins_->watch([this](const std::string& name, bool ready) {
    state_.set_health("clv.v1.plugin/" + name, ready);
  });
}

}  // namespace clvd
