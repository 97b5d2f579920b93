#include "plugin_harness.hpp"

#include <dlfcn.h>

#include <stdexcept>

namespace clv::test {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

struct person {
  double p_alive, x, t_x, T, clv, p10;
  const char* segment;
};

constexpr person people[] = {
    {.1, 10, 70, 91, 120, 30, "low"},         // weekly buyer, three weeks silent
    {.9, 3, 1095, 1116, 900, 400, "high"},    // yearly buyer, three weeks silent
    {.3, 3, 1095, 1481, 900, 400, "high"},    // yearly buyer, three weeks late
    {.02, 1, 2, 300, 15, 0, "low"},           // tried twice long ago
    {.4, 0, 0, 250, 8, 0, ""},                // never came back
    {.99, 80, 360, 361, 5400, 3100, "high"},  // buys all the time
    {.49,
     2,
     100,
     200,
     60,
     10,
     "m\xc3\xa9"
     "dium"},
    {0, 5, 50, 500, 0, 0, "low"},
    {1, 5, 50, 50, 70, 20, "low"},           // bought today
    {nan, nan, nan, nan, nan, nan, "high"},  // nothing is known
    {.1, inf, inf, inf, inf, inf, "high"},
    {-1, -3, -5, -9, -100, -200, "low"},
    {.1, 3, 20, 10, 50, 20, "low"},  // t_x after T
    {1e-300, 1e300, 1e-300, 1e300, 1e300, 1e300, "high"},
};

void add_number(sample& s, const char* name, double value, bool known, const char* unit = "") {
  s[name].numbers.push_back(value);
  s[name].known.push_back(known);
  s[name].unit = unit;
}

void add_text(sample& s, const char* name, const std::string& value, bool known) {
  s[name].texts.push_back(value);
  s[name].known.push_back(known);
}

// Everybody once as they are, and once for each column with that value absent.
void add_person(sample& s, const person& p, int absent) {
  const auto known = [&](int column) { return column != absent; };
  add_text(s, "customer", "c" + std::to_string(rows_of(s)), true);
  add_number(s, "x", p.x, known(0));
  add_number(s, "t_x", p.t_x, known(1), "day");
  add_number(s, "T", p.T, known(2), "day");
  add_number(s, "mean_spend", 40, known(3), "EUR");
  add_number(s, "log_likelihood", -10, true);
  add_number(s, "p_alive", p.p_alive, known(4));
  add_number(s, "expected_purchases", 2 * p.p_alive, true);
  add_number(s, "no_purchase", 1 - p.p_alive / 2, true);
  add_number(s, "expected_spend", 42, known(3), "EUR");
  add_number(s, "clv", p.clv, known(5), "EUR");
  add_number(s, "clv_p10", p.p10, known(6), "EUR");
  add_number(s, "clv_p50", p.clv, known(5), "EUR");
  add_number(s, "clv_p90", 2 * p.clv, known(5), "EUR");
  add_number(s, "clv_mu", 4, known(5));
  add_number(s, "clv_sigma", 1, known(5));
  add_text(s, "clv_status", "OK", true);
  add_text(s, "segment", p.segment, known(7));
}

// A sample as the memory a plugin reads. Where a value is absent the memory holds a trap: a number
// that would be taken for a good one.
class lent_batch {
 public:
  lent_batch(const sample& s, const layout& how) {
    const std::size_t n = rows_of(s);
    for (const auto& [name, c] : s) columns_.push_back(lend(name, c, n, how));
    if (how.reversed) columns_ = {columns_.rbegin(), columns_.rend()};
    batch_ = {.struct_size = static_cast<std::uint32_t>(sizeof(clv_batch)),
              .n_columns = static_cast<std::uint32_t>(columns_.size()),
              .n_rows = static_cast<std::int64_t>(n),
              .columns = columns_.data()};
  }
  const clv_batch* get() const { return &batch_; }

 private:
  clv_column lend(const std::string& name,
                  const sample_column& c,
                  std::size_t n,
                  const layout& how) {
    clv_column out{};
    out.name = name.c_str();
    out.unit = c.unit.empty() ? nullptr : c.unit.c_str();
    bool all_known = true;
    std::vector<std::uint8_t> bits((n + 7) / 8 + 1, 0);
    for (std::size_t i = 0; i < n; ++i) {
      all_known = all_known && c.known[i];
      if (c.known[i]) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
    }
    if (!all_known) out.validity = keep(std::string(bits.begin(), bits.end()));
    c.texts.empty() ? lend_numbers(out, c, how) : lend_texts(out, c, how);
    return out;
  }
  void lend_numbers(clv_column& out, const sample_column& c, const layout& how) {
    out.type = CLV_T_F64;
    out.stride = how.stride;
    const auto step = static_cast<std::size_t>(how.stride != 0 ? how.stride : sizeof(double));
    std::string memory(c.numbers.size() * step + sizeof(double), '\xEE');
    for (std::size_t i = 0; i < c.numbers.size(); ++i) {
      const double value = c.known[i] ? c.numbers[i] : how.other_trap ? 1e6 : .25;
      std::memcpy(memory.data() + i * step, &value, sizeof value);
    }
    out.data = keep(std::move(memory));
  }
  void lend_texts(clv_column& out, const sample_column& c, const layout& how) {
    out.type = CLV_T_UTF8;
    std::string chars;
    std::vector<std::int64_t> offsets{0};
    for (std::size_t i = 0; i < c.texts.size(); ++i) {
      chars += c.known[i] ? c.texts[i] : how.other_trap ? "" : "high";
      offsets.push_back(static_cast<std::int64_t>(chars.size()));
    }
    out.data = keep(std::move(chars));
    offsets_.push_back(std::make_unique<std::vector<std::int64_t>>(std::move(offsets)));
    out.offsets = offsets_.back()->data();
  }
  const std::uint8_t* keep(std::string memory) {
    memory_.push_back(std::make_unique<std::string>(std::move(memory)));
    return reinterpret_cast<const std::uint8_t*>(memory_.back()->data());
  }

  std::vector<std::unique_ptr<std::string>> memory_;
  std::vector<std::unique_ptr<std::vector<std::int64_t>>> offsets_;
  std::vector<clv_column> columns_;
  clv_batch batch_{};
};

struct catcher {
  std::size_t limit;
  std::vector<proposed>& caught;
};

std::string text_or_empty(const char* text) {
  return text != nullptr ? text : "";
}

clv_status CLV_CALL emit(void* ctx, const clv_proposal* p) {
  auto& c = *static_cast<catcher*>(ctx);
  if (c.caught.size() >= c.limit) return CLV_E_LIMIT;
  c.caught.push_back({.row = p->row,
                      .action = text_or_empty(p->action),
                      .channel = text_or_empty(p->channel),
                      .reason = text_or_empty(p->reason),
                      .effect_mean = p->effect_mean,
                      .effect_sd = p->effect_sd,
                      .effect_n = p->effect_n,
                      .agent_minutes = p->agent_minutes,
                      .response_value = p->response_value_minor,
                      .benefit = p->benefit_minor,
                      .contact_cost = p->contact_cost_minor,
                      .horizon_us = p->horizon_us,
                      .expires_us = p->expires_us});
  return CLV_OK;
}

}  // namespace

sample sample_market() {
  sample s;
  for (int absent = -1; absent < 8; ++absent) {
    for (const person& p : people) add_person(s, p, absent);
  }
  return s;
}

std::size_t rows_of(const sample& s) {
  return s.empty() ? 0 : s.begin()->second.known.size();
}

sample with_columns(const sample& s, const std::vector<std::string>& names) {
  sample kept;
  for (const std::string& name : names) kept[name] = s.at(name);
  return kept;
}

sample with_rows(const sample& s, const std::vector<std::size_t>& order) {
  sample made;
  for (const auto& [name, c] : s) {
    sample_column& to = made[name];
    to.unit = c.unit;
    for (const std::size_t row : order) {
      to.known.push_back(c.known[row]);
      if (c.texts.empty()) {
        to.numbers.push_back(c.numbers[row]);
      } else {
        to.texts.push_back(c.texts[row]);
      }
    }
  }
  return made;
}

const clv_plugin_entry* load_entry(const std::string& path, std::uint32_t host_abi) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(::dlerror());
  void* symbol = ::dlsym(library, CLV_PLUGIN_ENTRY_SYMBOL);
  if (symbol == nullptr) throw std::runtime_error(path + " exports no entry");
  return reinterpret_cast<clv_plugin_entry_fn>(symbol)(host_abi);
}

plugin_instance::plugin_instance(const clv_plugin_entry* entry, const std::string& config)
    : entry_(entry),
      host_{.struct_size = static_cast<std::uint32_t>(sizeof(clv_plugin_host)),
            .abi = CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR),
            .ctx = this,
            .log = log,
            .now_us = now_us,
            .random = random,
            .cancelled = cancelled,
            .fail = fail,
            .get_service = get_service} {
  created_ = entry_->create(&host_, config.c_str(), &instance_);
}

plugin_instance::~plugin_instance() {
  if (created_ >= 0) entry_->destroy(instance_);
}

run_result plugin_instance::propose(const sample& s, const layout& how) {
  const auto* action = static_cast<const clv_action_v1*>(entry_->get_capability(CLV_CAP_ACTION_1));
  run_result result;
  catcher c{how.emit_limit, result.proposals};
  const lent_batch batch(s, how);
  const clv_proposal_sink sink{.struct_size = static_cast<std::uint32_t>(sizeof(clv_proposal_sink)),
                               .ctx = &c,
                               .emit = emit};
  said_.clear();
  result.status = action->propose(instance_, batch.get(), &sink);
  result.said = said_;
  return result;
}

}  // namespace clv::test
