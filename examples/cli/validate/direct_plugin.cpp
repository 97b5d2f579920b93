#include "direct_plugin.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>

#include "../failure.hpp"
#include "../text.hpp"
#include "lent_rows.hpp"

namespace cli {
namespace {

constexpr std::size_t most_said_per_row = 100;

std::string text_or_none(const char* text) {
  return text == nullptr ? std::string() : text;
}

// Everything in a proposal but its row, so that the same words stand for the same proposal.
std::string words_of(const clv_proposal& p) {
  std::string words = "propose";
  for (const char* text :
       {p.action, p.channel, p.reason, p.category, p.benefit_kind, p.resource, p.message_json}) {
    words += "\t" + text_or_none(text);
  }
  for (const double number : {p.effect_mean,
                              p.effect_sd,
                              p.effect_n,
                              p.agent_minutes,
                              p.discount_share,
                              p.pull_forward,
                              p.unsubscribe_effect,
                              p.resource_units,
                              p.response_p0}) {
    words += "\t" + exact(number);
  }
  for (const std::int64_t number : {p.response_value_minor,
                                    p.benefit_minor,
                                    p.contact_cost_minor,
                                    p.worst_case_minor,
                                    p.horizon_us,
                                    p.expires_us,
                                    std::int64_t{p.flags}}) {
    words += "\t" + std::to_string(number);
  }
  return words;
}

// No feature reads another, not even its own plugin's.
std::vector<std::string> without_features(std::vector<std::string> reads) {
  std::erase_if(reads, [](const std::string& name) { return name.starts_with("feature."); });
  return reads;
}

bool is_listed(const std::vector<std::string>& list, const char* name) {
  return name != nullptr && std::ranges::find(list, name) != list.end();
}

std::uint64_t mixed(std::uint64_t x) {  // splitmix64
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ x >> 27) * 0x94D049BB133111EBULL;
  return x ^ x >> 31;
}

// Runs a call into the plugin; "" or what it threw.
template <typename Call>
std::string thrown_by(Call&& call) {
  try {
    call();
    return "";
  } catch (const std::exception& e) {
    return std::string("threw '") + e.what() + "'";
  } catch (...) {
    return "threw something that is no std::exception";
  }
}

}  // namespace

clv_plugin_entry_fn find_plugin_entry(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) fail(text_or_none(dlerror()));
  void* symbol = dlsym(library, CLV_PLUGIN_ENTRY_SYMBOL);
  if (symbol == nullptr) fail("it exports no function " CLV_PLUGIN_ENTRY_SYMBOL);
  return reinterpret_cast<clv_plugin_entry_fn>(symbol);
}

const clv_plugin_entry* ask_plugin_entry(clv_plugin_entry_fn entry, std::uint32_t host_abi) {
  const clv_plugin_entry* found = nullptr;
  const std::string threw = thrown_by([&] { found = entry(host_abi); });
  if (!threw.empty()) fail(CLV_PLUGIN_ENTRY_SYMBOL " " + threw);
  return found;
}

const clv_plugin_entry& call_plugin_entry(clv_plugin_entry_fn entry, std::uint32_t host_abi) {
  const clv_plugin_entry* found = ask_plugin_entry(entry, host_abi);
  if (found == nullptr) fail("it says that it cannot run on this plugin ABI");
  return *found;
}

const void* find_capability(const clv_plugin_entry& entry, const char* id) {
  const void* found = nullptr;
  const std::string threw = thrown_by([&] { found = entry.get_capability(id); });
  if (!threw.empty()) fail("get_capability(\"" + std::string(id) + "\") " + threw);
  return found;
}

// One batch that the plugin is being asked about; what the sinks write to.
struct direct_instance::call {
  const plugin_facts& facts;
  spoken& answer;

  clv_status refuse(const std::string& why) const {
    if (answer.why.empty()) answer.why = why;
    return CLV_E_INVALID;
  }
  clv_status keep(std::int64_t row, const std::string& words) const {
    const auto rows = static_cast<std::int64_t>(answer.of_row.size());
    if (row < 0 || row >= rows) {
      return refuse("it speaks of row " + std::to_string(row) + " of a batch of " +
                    std::to_string(rows));
    }
    if (answer.count >=
        static_cast<std::int64_t>(most_said_per_row) * std::max<std::int64_t>(rows, 1)) {
      return refuse("it says more than " + std::to_string(most_said_per_row) +
                    " things per customer");
    }
    answer.of_row[static_cast<std::size_t>(row)] += words + "\n";
    ++answer.count;
    return CLV_OK;
  }
};

direct_instance::direct_instance(const clv_plugin_entry& entry,
                                 const plugin_facts& facts,
                                 const host_manner& manner,
                                 arena& memory)
    : entry_(entry), facts_(facts), manner_(manner), memory_(memory) {
  auto* host = static_cast<clv_plugin_host*>(
      memory.block(sizeof(clv_plugin_host), "the table clv_plugin_host"));
  *host = {.struct_size = static_cast<std::uint32_t>(sizeof(clv_plugin_host)),
           .abi = CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR),
           .ctx = this,
           .log = on_log,
           .now_us = on_now,
           .random = on_random,
           .cancelled = on_cancelled,
           .fail = on_fail,
           .get_service = on_get_service};
  const char* config = memory.text(manner.config, "the configuration");
  memory.seal();
  clv_status status = CLV_OK;
  const std::string threw = thrown_by([&] { status = entry.create(host, config, &instance_); });
  if (!threw.empty()) fail("create " + threw);
  if (status < 0) {
    fail("create failed with " + std::string(clv_status_name(status)) +
         (said_.empty() ? "" : ": " + said_));
  }
}

direct_instance::~direct_instance() {
  thrown_by([&] { entry_.destroy(instance_); });
}

std::int64_t direct_instance::on_now(void* ctx) {
  return static_cast<const direct_instance*>(ctx)->manner_.now_us;
}

// By the customer's name, as libclv's: where the row stands in the batch does not matter.
std::uint64_t direct_instance::on_random(void* ctx, std::int64_t row, std::uint32_t stream) {
  const auto& self = *static_cast<const direct_instance*>(ctx);
  std::uint64_t bits = mixed(self.manner_.seed ^ std::uint64_t{stream} << 32);
  const customer_column* who = self.asked_ == nullptr ? nullptr : self.asked_->find("customer");
  if (who == nullptr || row < 0 || row >= static_cast<std::int64_t>(who->texts.size())) return bits;
  for (const char c : who->texts[static_cast<std::size_t>(row)]) {
    bits = mixed(bits ^ static_cast<unsigned char>(c));
  }
  return bits;
}

std::int32_t direct_instance::on_cancelled(void* ctx) {
  return static_cast<const direct_instance*>(ctx)->manner_.cancelled ? 1 : 0;
}

void direct_instance::on_fail(void* ctx, std::int64_t row, const char* message) {
  static_cast<direct_instance*>(ctx)->said_ =
      (row < 0 ? "" : "row " + std::to_string(row + 1) + ": ") + text_or_none(message);
}

clv_status direct_instance::on_emit(void* ctx, const clv_proposal* proposal) {
  const call& of = *static_cast<const call*>(ctx);
  if (proposal == nullptr || proposal->struct_size < offsetof(clv_proposal, category)) {
    return of.refuse("it proposes a struct that is too short");
  }
  clv_proposal whole = CLV_SIZED(clv_proposal);
  std::memcpy(&whole, proposal, std::min<std::size_t>(proposal->struct_size, sizeof whole));
  if (!is_listed(of.facts.actions, whole.action)) {
    return of.refuse("it proposes the action '" + text_or_none(whole.action) +
                     "', which its manifest does not list");
  }
  return of.keep(whole.row, words_of(whole));
}

clv_status direct_instance::on_set(void* ctx, std::int64_t row, const char* name, double value) {
  const call& of = *static_cast<const call*>(ctx);
  if (!is_listed(of.facts.features, name)) {
    return of.refuse("it sets the feature '" + text_or_none(name) +
                     "', which its manifest does not list");
  }
  if (!std::isfinite(value)) {
    return of.refuse("it sets the feature '" + std::string(name) + "' of row " +
                     std::to_string(row + 1) + " to a number that is not finite");
  }
  return of.keep(row, "feature\t" + std::string(name) + "\t" + exact(value));
}

clv_status direct_instance::on_assign(void* ctx, std::int64_t row, const char* segment) {
  const call& of = *static_cast<const call*>(ctx);
  if (!is_listed(of.facts.segments, segment)) {
    return of.refuse("it assigns the segment '" + text_or_none(segment) +
                     "', which its manifest does not list");
  }
  return of.keep(row, "segment\t" + std::string(segment));
}

spoken direct_instance::ask(const customer_table& customers) {
  plain_arena rows_memory;
  return ask(customers, rows_memory);
}

namespace {

// A sink's three members are the same for every capability: size, context, function.
template <typename Sink, typename Function>
const Sink* lend_sink(arena& memory, void* ctx, Function Sink::*member, Function function) {
  auto* sink = static_cast<Sink*>(memory.block(sizeof(Sink), "the sink"));
  sink->struct_size = static_cast<std::uint32_t>(sizeof(Sink));
  sink->ctx = ctx;
  sink->*member = function;
  return sink;
}

}  // namespace

spoken direct_instance::ask(const customer_table& customers, arena& rows_memory) {
  spoken answer;
  answer.of_row.resize(customers.rows());
  call to{facts_, answer};
  asked_ = &customers;
  said_.clear();
  const clv_batch* rows = lend_rows(customers.granted(facts_.reads), rows_memory);
  const std::vector<std::string> plain = without_features(facts_.reads);
  const clv_batch* plain_rows =
      plain.size() == facts_.reads.size() ? rows : lend_rows(customers.granted(plain), rows_memory);
  const auto* proposals = lend_sink(rows_memory, &to, &clv_proposal_sink::emit, &on_emit);
  const auto* features = lend_sink(rows_memory, &to, &clv_feature_sink::set, &on_set);
  const auto* segments = lend_sink(rows_memory, &to, &clv_segment_sink::assign, &on_assign);
  rows_memory.seal();
  const auto run = [&](const char* name, auto&& function) {
    if (answer.status < 0) return;
    const std::string threw = thrown_by([&] { answer.status = function(); });
    if (!threw.empty()) answer.status = CLV_E_PLUGIN;
    if (answer.status >= 0) return;
    const std::string status = clv_status_name(answer.status);
    const std::string fault = !threw.empty() ? threw : said_.empty() ? "returned " + status : said_;
    answer.why = std::string(name) + ": " + fault;
  };
  const auto* feature =
      static_cast<const clv_feature_v1*>(find_capability(entry_, CLV_CAP_FEATURE_1));
  if (feature != nullptr)
    run("compute", [&] { return feature->compute(instance_, plain_rows, features); });
  const auto* segmentation =
      static_cast<const clv_segmentation_v1*>(find_capability(entry_, CLV_CAP_SEGMENTATION_1));
  if (segmentation != nullptr) {
    run("segment", [&] { return segmentation->segment(instance_, rows, segments); });
  }
  const auto* action = static_cast<const clv_action_v1*>(find_capability(entry_, CLV_CAP_ACTION_1));
  if (action != nullptr)
    run("propose", [&] { return action->propose(instance_, rows, proposals); });
  asked_ = nullptr;
  return answer;
}

}  // namespace cli
