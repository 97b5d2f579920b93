#include "plugin_host.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <utility>

#include "clv/schema.hpp"
#include "guard.hpp"
#include "math/hash.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

constexpr std::size_t rows_at_once = 8192;
constexpr std::size_t most_logs = 1000;     // per call; more are dropped
constexpr std::size_t most_per_row = 100;   // proposals of one plugin, on average over a block
constexpr std::size_t longest_said = 1000;  // bytes of a plugin's sentence that are kept

// Runs one call into the plugin. Nothing it throws passes: a C++ plugin may throw types that do
// not derive from std::exception.
template <typename Call>
call_outcome contained(Call&& call) {
  const saved_float_environment environment;
  try {
    return {.status = call(), .threw = {}};
  } catch (const std::exception& e) {
    return {.status = CLV_E_PLUGIN, .threw = "threw '" + printable(e.what(), longest_said) + "'"};
  } catch (...) {
    return {.status = CLV_E_PLUGIN, .threw = "threw something that is no std::exception"};
  }
}

std::string bounded(const char* message) {
  if (message == nullptr) return {};
  return printable({message, ::strnlen(message, longest_said)}, longest_said);
}

// Bit 0 of the result is row `first`: a block may begin in the middle of a byte.
std::vector<std::uint8_t> validity_from(const column& c, std::size_t first, std::size_t last) {
  std::vector<std::uint8_t> bits((last - first + 7) / 8, 0);
  for (std::size_t row = first; row < last; ++row) {
    const std::size_t i = row - first;
    if (c.present(row)) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
  }
  return bits;
}

clv_column lend(const column& c, std::size_t first, const std::vector<std::uint8_t>& validity) {
  clv_column view{};
  view.name = c.name().c_str();
  view.unit = c.unit().empty() ? nullptr : c.unit().c_str();
  view.type = static_cast<clv_type>(c.kind());
  view.validity = validity.empty() ? nullptr : validity.data();
  if (c.kind() == type::utf8) {
    view.data = c.chars().data();
    view.offsets = c.offsets().data() + first;
  } else if (c.kind() == type::f64) {
    view.data = c.numbers().data() + first;
  } else {
    view.data = c.integers().data() + first;
  }
  return view;
}

// A column that is not there: no row has a value.
column blank(const std::string& name, std::size_t rows) {
  const field* known = field_to_read(name);
  column c(name, known == nullptr ? type::f64 : known->kind);
  for (std::size_t i = 0; i < rows; ++i) c.push_absent();
  return c;
}

// The granted columns of rows [first, last) as the plugin sees them.
class lent_batch {
 public:
  lent_batch(const table& t,
             const std::vector<std::string>& names,
             std::size_t first,
             std::size_t last) {
    validity_.reserve(names.size());  // views point into it
    for (const std::string& name : names) {
      const column* found = t.find(name);
      if (found == nullptr) {
        const column& c = blanks_.emplace_back(blank(name, last - first));
        validity_.push_back(validity_from(c, 0, last - first));
        columns_.push_back(lend(c, 0, validity_.back()));
        continue;
      }
      validity_.push_back(found->all_present() ? std::vector<std::uint8_t>()
                                               : validity_from(*found, first, last));
      columns_.push_back(lend(*found, first, validity_.back()));
    }
    batch_ = {.struct_size = static_cast<std::uint32_t>(sizeof(clv_batch)),
              .n_columns = static_cast<std::uint32_t>(columns_.size()),
              .n_rows = static_cast<std::int64_t>(last - first),
              .columns = columns_.data()};
  }
  lent_batch(const lent_batch&) = delete;
  lent_batch& operator=(const lent_batch&) = delete;
  const clv_batch* get() const { return &batch_; }

 private:
  std::deque<column> blanks_;  // views point into them, too
  std::vector<std::vector<std::uint8_t>> validity_;
  std::vector<clv_column> columns_;
  clv_batch batch_;
};

// What emit writes to. Refused proposals are counted; the first one is told.
struct proposal_desk {
  const manifest& says;
  std::int64_t rows;
  std::vector<kept_proposal>& kept;
  std::int64_t refused = 0;
  issue first_refusal;
  bool out_of_memory = false;
};

clv_status refuse(proposal_desk& desk, const issue& why) {
  if (desk.refused++ == 0) desk.first_refusal = why;
  return static_cast<clv_status>(why.code);
}

clv_status keep(proposal_desk& desk, const clv_proposal* proposal) {
  if (desk.kept.size() >= most_per_row * static_cast<std::size_t>(desk.rows)) {
    return refuse(desk,
                  {.code = status::limit,
                   .message = "it made more than " + std::to_string(most_per_row) +
                              " proposals per customer"});
  }
  try {
    desk.kept.push_back(check_proposal(proposal, desk.says, desk.rows));
    return CLV_OK;
  } catch (const error& e) {
    return refuse(desk, e.details());
  }
}

clv_status CLV_CALL on_emit(void* ctx, const clv_proposal* proposal) {
  auto& desk = *static_cast<proposal_desk*>(ctx);
  const clv_status done = guard(nullptr, [&] { return keep(desk, proposal); });
  desk.out_of_memory = desk.out_of_memory || done == CLV_E_NO_MEMORY;
  return done;
}

}  // namespace

struct plugin::block {
  const table& customers;
  std::size_t first, last;
};

plugin::plugin(plugin_setup setup) : setup_(std::move(setup)), id_(setup_.entry->id) {
  for (const std::string& name : setup_.says.reads) reads_ += (reads_.empty() ? "" : ",") + name;
  host_ = {.struct_size = static_cast<std::uint32_t>(sizeof(clv_plugin_host)),
           .abi = CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR),
           .ctx = this,
           .log = on_log,
           .now_us = on_now,
           .random = on_random,
           .cancelled = on_cancelled,
           .fail = on_fail,
           .get_service = on_get_service};
  const call_outcome made =
      contained([&] { return setup_.entry->create(&host_, setup_.config.c_str(), &instance_); });
  if (made.status >= 0) return;
  throw error(issue{.code = status::plugin,
                    .message = "plugin " + id_ + " made no instance: " + failure_of(made, "create"),
                    .hint = "check its configuration",
                    .plugin = id_});
}

plugin::~plugin() {
  // Guarded once more: even keeping the words of what destroy throws may run out of memory.
  guard(nullptr, [&] {
    contained([&] {
      setup_.entry->destroy(instance_);
      return CLV_OK;
    });
  });
}

issues plugin::take_logs() {
  const std::scoped_lock held(log_lock_);
  return std::exchange(logs_, {});
}

std::string plugin::failure_of(const call_outcome& called, const char* function) const {
  if (!called.threw.empty()) return std::string(function) + " " + called.threw;
  if (!said_.empty()) return said_;
  return std::string(function) + " returned status " + std::to_string(called.status) +
         " without saying why";
}

void plugin::fail(const std::string& why, std::int64_t row, issues& notes) {
  notes.push_back({.code = status::plugin,
                   .row = row,
                   .message = "plugin " + id_ +
                              (row < 0 ? "" : ", row " + std::to_string(row + 1)) + ": " + why,
                   .hint = "its proposals of this run are dropped; the others go on",
                   .plugin = id_});
}

// Said once: a model without a spend part scores without `clv`, and a plugin may do without it.
void plugin::note_missing_columns(const table& customers, issues& notes) {
  for (const std::string& name : setup_.says.reads) {
    if (customers.find(name) != nullptr || !told_missing_.insert(name).second) continue;
    // Scores come from a model that may lack a part; what the host knows beside them is its choice.
    const bool own = find_schema("scores").fields.end() ==
                     std::ranges::find(find_schema("scores").fields, name, &field::name);
    notes.push_back({.code = status::ok,
                     .level = own ? log_level::info : log_level::warn,
                     .column = name,
                     .message = "plugin " + id_ + " reads column '" + name +
                                "', which the scores do not have: every row of it is absent",
                     .hint = {},
                     .plugin = id_});
  }
}

void plugin::propose(
    const table& customers, std::size_t first, std::size_t last, table& proposals, issues& notes) {
  if (!quarantined_.empty()) {
    return fail("it is not asked any more since it failed: " + quarantined_, -1, notes);
  }
  note_missing_columns(customers, notes);
  do {
    const std::size_t end = std::min(last, first + rows_at_once);
    propose_block({customers, first, end}, proposals, notes);
    first = end;
  } while (first < last && quarantined_.empty() && !interrupted_);
}

call_outcome plugin::call_propose(const block& rows,
                                  std::vector<kept_proposal>& kept,
                                  issues& notes) {
  const lent_batch lent(rows.customers, setup_.says.reads, rows.first, rows.last);
  proposal_desk desk{setup_.says, lent.get()->n_rows, kept, 0, {}, false};
  const clv_proposal_sink sink{.struct_size = static_cast<std::uint32_t>(sizeof(clv_proposal_sink)),
                               .spare = 0,
                               .ctx = &desk,
                               .emit = on_emit};
  said_.clear();
  said_row_ = -1;
  now_reading_ = &rows;
  call_outcome called =
      contained([&] { return setup_.action->propose(instance_, lent.get(), &sink); });
  now_reading_ = nullptr;
  if (desk.out_of_memory) throw std::bad_alloc();
  if (desk.refused > 0) {
    const issue& why = desk.first_refusal;
    if (called.status < 0 || !called.threw.empty()) {  // then one sentence tells it all
      if (said_.empty()) said_ = why.message, said_row_ = why.row;
      return called;
    }
    const std::int64_t row = why.row < 0 ? -1 : why.row + static_cast<std::int64_t>(rows.first);
    notes.push_back(
        {.code = why.code,
         .level = log_level::warn,
         .row = row,
         .message = "plugin " + id_ + (row < 0 ? "" : ", row " + std::to_string(row + 1)) + ": " +
                    why.message + " (" + std::to_string(desk.refused) + " proposals refused)",
         .hint = "its other proposals are kept",
         .plugin = id_});
  }
  return called;
}

void plugin::propose_block(const block& rows, table& proposals, issues& notes) {
  std::vector<kept_proposal> kept;
  const call_outcome called = call_propose(rows, kept, notes);
  for (issue& log : take_logs()) notes.push_back(std::move(log));
  const std::atomic<bool>* cancelled = cancelled_;
  const bool asked_to_stop = cancelled != nullptr && cancelled->load(std::memory_order_relaxed);
  interrupted_ = called.status == CLV_E_CANCELLED && asked_to_stop;
  if (interrupted_) return;  // no fault of its own; the step ends with CLV_E_CANCELLED
  if (called.status < 0) {
    const auto rows_here = static_cast<std::int64_t>(rows.last - rows.first);
    const bool about_row = said_row_ >= 0 && said_row_ < rows_here;
    quarantined_ = failure_of(called, "propose");
    return fail(
        quarantined_, about_row ? said_row_ + static_cast<std::int64_t>(rows.first) : -1, notes);
  }
  for (const kept_proposal& p : kept) append_proposal(p, {id_, reads_}, rows.first, proposals);
}

// The same for the same (seed, plugin, customer, stream), wherever the customer stands in the
// table; without ids the row takes the customer's place.
std::uint64_t plugin::random(std::int64_t row, std::uint32_t stream) const {
  const block* rows = now_reading_;
  std::string key = std::to_string(setup_.seed) + '\n' + id_ + '\n' + std::to_string(stream) + '\n';
  if (rows != nullptr && row >= 0 && row < static_cast<std::int64_t>(rows->last - rows->first)) {
    const std::size_t at = rows->first + static_cast<std::size_t>(row);
    const column* ids = rows->customers.find("customer");
    if (ids != nullptr && ids->kind() == type::utf8 && ids->present(at)) {
      key += "id\n" + std::string(ids->text(at));
    } else {
      key += "row\n" + std::to_string(at);
    }
  }
  return math::hash64(key);
}

void plugin::on_log(void* ctx, clv_log_level level, const char* message) {
  auto& self = *static_cast<plugin*>(ctx);
  guard(nullptr, [&] {
    const auto known =
        std::clamp(level, clv_log_level{CLV_LOG_DEBUG}, clv_log_level{CLV_LOG_ERROR});
    issue said{.code = status::ok,
               .level = static_cast<log_level>(known),
               .message = bounded(message),
               .plugin = self.id_};
    const std::scoped_lock held(self.log_lock_);
    if (self.logs_.size() < most_logs) self.logs_.push_back(std::move(said));
  });
}

std::int64_t plugin::on_now(void* ctx) {
  return static_cast<plugin*>(ctx)->setup_.now_us;
}

std::uint64_t plugin::on_random(void* ctx, std::int64_t row, std::uint32_t stream) {
  return guard_or<std::uint64_t>(0, [&] { return static_cast<plugin*>(ctx)->random(row, stream); });
}

std::int32_t plugin::on_cancelled(void* ctx) {
  const std::atomic<bool>* cancelled = static_cast<plugin*>(ctx)->cancelled_;
  return cancelled != nullptr && cancelled->load(std::memory_order_relaxed) ? 1 : 0;
}

void plugin::on_fail(void* ctx, std::int64_t row, const char* message) {
  auto& self = *static_cast<plugin*>(ctx);
  guard(nullptr, [&] {
    self.said_ = bounded(message);
    self.said_row_ = row;
  });
}

// ABI 1.0 has no further tables.
const void* plugin::on_get_service(void*, const char*) {
  return nullptr;
}

}  // namespace clv::abi
