#include "plugin_harness.hpp"

#include <dlfcn.h>

#include <cmath>
#include <stdexcept>

namespace clv::test {
namespace {

// Whole units of what a column of integers can hold.
std::int64_t whole(double value) {
  if (std::isnan(value)) return 0;
  constexpr double most = 9e18;
  return static_cast<std::int64_t>(std::fmin(std::fmax(value, -most), most));
}

// A sample as the memory a plugin reads. Where a value is absent the memory holds a trap: a number
// that would be taken for a good one.
class lent_batch {
 public:
  lent_batch(const sample& s, const layout& how) {
    const std::size_t n = rows_of(s);
    for (const auto& [name, c] : s) {
      if (name != who) columns_.push_back(lend(name, c, n, how));
    }
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
    out.type = c.type;
    c.type == CLV_T_UTF8 ? lend_texts(out, c, how) : lend_numbers(out, c, how);
    return out;
  }
  void lend_numbers(clv_column& out, const sample_column& c, const layout& how) {
    out.stride = how.stride;
    const auto step = static_cast<std::size_t>(how.stride != 0 ? how.stride : sizeof(double));
    std::string memory(c.numbers.size() * step + sizeof(double), '\xEE');
    for (std::size_t i = 0; i < c.numbers.size(); ++i) {
      const double value = c.known[i] ? c.numbers[i] : how.other_trap ? 1e6 : .25;
      const std::int64_t integer = whole(c.known[i] ? value : 4 * value);
      const bool number = c.type == CLV_T_F64;
      static_assert(sizeof value == sizeof integer);
      std::memcpy(memory.data() + i * step,
                  number ? static_cast<const void*>(&value) : &integer,
                  sizeof value);
    }
    out.data = keep(std::move(memory));
  }
  void lend_texts(clv_column& out, const sample_column& c, const layout& how) {
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
  answers& caught;
  bool full() const { return caught.size() >= limit; }
};

std::string text_or_empty(const char* text) {
  return text != nullptr ? text : "";
}

clv_status CLV_CALL emit(void* ctx, const clv_proposal* p) {
  auto& c = *static_cast<catcher*>(ctx);
  if (c.full()) return CLV_E_LIMIT;
  c.caught.proposals.push_back({.row = p->row,
                                .flags = p->flags,
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
                                .expires_us = p->expires_us,
                                .category = text_or_empty(p->category),
                                .benefit_kind = text_or_empty(p->benefit_kind),
                                .resource = text_or_empty(p->resource),
                                .message = text_or_empty(p->message_json),
                                .discount_share = p->discount_share,
                                .pull_forward = p->pull_forward,
                                .unsubscribe_effect = p->unsubscribe_effect,
                                .resource_units = p->resource_units,
                                .response_p0 = p->response_p0,
                                .worst_case = p->worst_case_minor});
  return CLV_OK;
}

clv_status CLV_CALL set(void* ctx, std::int64_t row, const char* feature, double value) {
  auto& c = *static_cast<catcher*>(ctx);
  if (c.full()) return CLV_E_LIMIT;
  c.caught.features.push_back({row, feature, value});
  return CLV_OK;
}

clv_status CLV_CALL assign(void* ctx, std::int64_t row, const char* segment) {
  auto& c = *static_cast<catcher*>(ctx);
  if (c.full()) return CLV_E_LIMIT;
  c.caught.segments.push_back({row, segment, 0});
  return CLV_OK;
}

template <typename Table>
const Table* table_of(const clv_plugin_entry* entry, const char* id) {
  return static_cast<const Table*>(entry->get_capability(id));
}

}  // namespace

std::size_t rows_of(const sample& s) {
  return s.empty() ? 0 : s.begin()->second.known.size();
}

sample with_columns(const sample& s, const std::vector<std::string>& names) {
  sample kept;
  for (const std::string& name : names) kept[name] = s.at(name);
  if (const auto same = s.find(who); same != s.end()) kept.insert(*same);
  return kept;
}

sample with_rows(const sample& s, const std::vector<std::size_t>& order) {
  sample made;
  for (const auto& [name, c] : s) {
    sample_column& to = made[name];
    to.unit = c.unit;
    to.type = c.type;
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

std::uint64_t CLV_CALL plugin_instance::random(void* ctx, std::int64_t row, std::uint32_t stream) {
  const sample& of = *static_cast<plugin_instance*>(ctx)->asked_;
  const auto ids = of.find(who);
  const std::string id =
      ids == of.end() ? std::to_string(row) : ids->second.texts[static_cast<std::size_t>(row)];
  std::uint64_t hash = 0xCBF29CE484222325U + stream;  // FNV-1a, then mixed: its high bits are poor
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  hash ^= hash >> 33U;
  hash *= 0xFF51AFD7ED558CCDU;
  return hash ^ hash >> 33U;
}

plugin_instance::~plugin_instance() {
  if (created_ >= 0) entry_->destroy(instance_);
}

run_result plugin_instance::ask(const sample& s, const layout& how) {
  run_result result;
  catcher c{how.emit_limit, result};
  const lent_batch batch(s, how);
  const auto take = [&](clv_status status) {
    if (result.status >= 0) result.status = status;
  };
  said_.clear();
  asked_ = &s;
  if (const auto* does = table_of<clv_feature_v1>(entry_, CLV_CAP_FEATURE_1)) {
    const clv_feature_sink sink{sizeof(clv_feature_sink), 0, &c, set};
    take(does->compute(instance_, batch.get(), &sink));
  }
  if (const auto* does = table_of<clv_segmentation_v1>(entry_, CLV_CAP_SEGMENTATION_1)) {
    const clv_segment_sink sink{sizeof(clv_segment_sink), 0, &c, assign};
    take(does->segment(instance_, batch.get(), &sink));
  }
  if (const auto* does = table_of<clv_action_v1>(entry_, CLV_CAP_ACTION_1)) {
    const clv_proposal_sink sink{sizeof(clv_proposal_sink), 0, &c, emit};
    take(does->propose(instance_, batch.get(), &sink));
  }
  result.said = said_;
  return result;
}

}  // namespace clv::test
