// What a verb of the engine needs of memory, beside what engine/memory_need.cpp says it does. Each
// verb runs in a process of its own; its peak is the kernel's (VmHWM), less what was there before.
// SQLite's cache, up to 64 MiB of the store's own, is kept small meanwhile.
// memory_bench [CUSTOMERS...] fails when a verb took more than was said.
#include <malloc.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "clv/engine.hpp"
#include "clv/time.hpp"
#include "engine/memory_need.hpp"
#include "market.hpp"
#include "support/temp_folder.hpp"

namespace clv::bench {
namespace {

constexpr std::size_t id_size = 36;  // bytes, as a UUID's

std::string long_id(std::string_view text) {
  std::string id(text);
  if (id.size() < id_size) id.insert(0, id_size - id.size(), 'x');
  return id;
}

struct shop {
  std::int64_t customers = 0;
  std::int64_t busy = 1;  // so many days are made of each that was simulated
};

// The simulated log with ids as long as CRMs have them, and an event id for each row.
std::shared_ptr<const table> long_log(const shop& what) {
  const auto simulated = log_of(what.customers);
  auto log = std::make_shared<table>();
  column& customer = log->add("customer", type::utf8);
  column& event = log->add("event_id", type::utf8);
  column& time = log->add("time", type::time, "us");
  column& amount = log->add("amount", type::money, "EUR");
  const column& from = simulated->get("customer", type::utf8);
  const auto times = simulated->integers("time", type::time);
  const auto amounts = simulated->integers("amount", type::money);
  for (std::size_t row = 0; row < from.size(); ++row) {
    for (std::int64_t day = 0; day < what.busy; ++day) {
      customer.push(std::string_view(long_id(from.text(row))));
      event.push(std::string_view(long_id(std::to_string(log->rows()))));
      time.push(times[row] + day * us_per_day);
      amount.push(amounts[row]);
    }
  }
  log->seal("long");
  return log;
}

// A contact for every customer, as many rows as customers.
std::shared_ptr<const table> contacts_of(const shop& what) {
  auto facts = std::make_shared<table>();
  column& customer = facts->add("customer", type::utf8);
  column& time = facts->add("time", type::time, "us");
  column& channel = facts->add("channel", type::utf8);
  column& kind = facts->add("kind", type::utf8);
  column& event = facts->add("event_id", type::utf8);
  for (std::int64_t i = 0; i < what.customers; ++i) {
    customer.push(std::string_view(long_id(std::to_string(i + 1))));
    time.push(std::int64_t{1'000'000'000} * i);
    channel.push(std::string_view("email"));
    kind.push(std::string_view("sent"));
    event.push(std::string_view(long_id("c" + std::to_string(i))));
  }
  facts->seal("contacts");
  return facts;
}

// Proposes a mail to each customer.
class mailer final : public proposer {
 public:
  std::string_view id() const override { return "bench.mailer"; }
  void propose(const table&, std::size_t first, std::size_t last, table& out, issues&) override {
    for (std::size_t row = first; row < last; ++row) {
      for (column& c : out.columns()) fill(c, row);
    }
  }

 private:
  static void fill(column& to, std::size_t row) {
    const std::string& name = to.name();
    if (name == "row") return to.push(static_cast<std::int64_t>(row));
    if (name == "benefit" || name == "contact_cost") return to.push(std::int64_t{50});
    if (name == "effect_mean") return to.push(0.2);
    if (name == "effect_sd") return to.push(0.05);
    if (name == "response_value") return to.push(std::int64_t{5000});
    if (name == "plugin") return to.push(std::string_view("bench.mailer"));
    if (name == "action") return to.push(std::string_view("bench.mail"));
    if (name == "channel") return to.push(std::string_view("email"));
    if (name == "reads") return to.push(std::string_view("p_alive,expected_spend,recency"));
    if (name == "reason") {
      return to.push(std::string_view("has not been seen for 74 days and used to come every 21"));
    }
    to.push_absent();
  }
};

// Two features, and a segment by one of them, of each customer.
class sorter final : public segmenter, public feature_maker {
 public:
  std::string_view id() const override { return "bench.sorter"; }
  std::string settings() const override { return "{}"; }
  std::string reads() const override { return "p_alive,expected_spend,recency"; }
  std::span<const std::string> features() const override { return names_; }
  void make(const table& in, std::size_t first, std::size_t last, table& made, issues&) override {
    const auto x = in.numbers("x");
    for (std::size_t row = first; row < last; ++row) {
      for (column& c : made.columns()) c.push(2 * x[row]);
    }
  }
  void assign(const table& in, std::size_t first, std::size_t last, column& to, issues&) override {
    const auto twice = in.numbers("feature.twice");
    for (std::size_t row = first; row < last; ++row) {
      to.push(std::string_view(twice[row] > 4 ? "many purchases" : "few purchases"));
    }
  }

 private:
  std::vector<std::string> names_{"feature.twice", "feature.again"};
};

struct rows_of_shop {
  std::int64_t customers = 0, transactions = 0;
};

using given_rows = std::shared_ptr<const table>;

struct measured_verb {
  std::string name;
  std::function<detail::row_counts(const rows_of_shop&)> needs;
  std::function<void(engine&, given_rows)> run;
  std::function<given_rows(const shop&)> given = nullptr;
};

detail::row_counts by_customer(const rows_of_shop& n) {
  return {.customers = n.customers};
}
detail::row_counts by_log(const rows_of_shop& n) {
  return {.transactions = n.transactions, .customers = n.customers};
}
// One proposal and one contact a customer.
detail::row_counts by_proposal(const rows_of_shop& n) {
  return {.customers = n.customers, .proposals = n.customers, .rows = n.customers};
}

measured_verb read_of(const char* name,
                      std::function<detail::row_counts(const rows_of_shop&)> n,
                      const char* verb = "read") {
  return {verb, std::move(n), [name](engine& e, const given_rows&) {
            e.read(stored_rows{.table = name}).run();
          }};
}

// In the order in which a store is filled: each works on what those before it have stored.
std::vector<measured_verb> verbs() {
  static mailer mails;
  static sorter sorts;
  return {
      {"ingest",
       [](const rows_of_shop& n) { return detail::row_counts{.rows = n.transactions}; },
       [](engine& e, given_rows given) { e.ingest(std::move(given), {.source = "bench"}).run(); },
       long_log},
      {"record",
       [](const rows_of_shop& n) { return detail::row_counts{.rows = n.customers}; },
       [](engine& e, given_rows given) { e.record("contacts", std::move(given), {}).run(); },
       contacts_of},
      {"fit", by_log, [](engine& e, const given_rows&) { e.fit({}, {}).run(); }},
      {"score the log",
       by_log,
       [](engine& e, const given_rows&) { e.score({}, {.summarise = true}).run(); }},
      {"score", by_customer, [](engine& e, const given_rows&) { e.score({}).run(); }},
      {"segment", by_customer, [](engine& e, const given_rows&) { e.segment({}).run(); }},
      {"segment by a plugin",
       by_customer,
       [](engine& e, const given_rows&) { e.segment(sorts, {&sorts}).run(); }},
      {"propose", by_proposal, [](engine& e, const given_rows&) { e.propose({&mails}).run(); }},
      {"decide", by_proposal, [](engine& e, const given_rows&) { e.decide({&mails}, {}).run(); }},
      {"features",
       [](const rows_of_shop& n) {
         return detail::row_counts{.customers = n.customers, .rows = n.customers};
       },
       [](engine& e, const given_rows&) { e.features({&sorts}).run(); }},
      read_of(
          "transactions",
          [](const rows_of_shop& n) { return detail::row_counts{.transactions = n.transactions}; }),
      read_of("scores", by_customer),
      read_of(
          "candidates",
          [](const rows_of_shop& n) {
            return detail::row_counts{.customers = n.customers, .rows = n.customers};
          },
          "read as a whole"),
      read_of(
          "contacts",
          [](const rows_of_shop& n) { return detail::row_counts{.rows = n.customers}; },
          "read as a whole"),
      read_of(
          "decision_log",
          [](const rows_of_shop& n) { return detail::row_counts{.proposals = n.customers}; },
          "read as a whole"),
      read_of("decisions",
              [](const rows_of_shop& n) { return detail::row_counts{.proposals = n.customers}; }),
      {"replay", by_proposal, [](engine& e, const given_rows&) { e.replay().run(); }},
      {"report",
       [](const rows_of_shop& n) { return detail::row_counts{.rows = n.transactions}; },
       [](engine& e, const given_rows&) { e.report("cohorts", {}, "{}").run(); }},
      {"report",
       [](const rows_of_shop& n) { return detail::row_counts{.rows = n.transactions}; },
       [](engine& e, const given_rows&) { e.report("backtest", {}, "{}").run(); }},
      {"report",
       [](const rows_of_shop& n) { return detail::row_counts{.rows = n.transactions}; },
       [](engine& e, const given_rows&) { e.report("features", {}, "{}").run(); }},
  };
}

// Batches of new customers, made as they are asked for.
class endless_shop final : public row_source {
 public:
  static constexpr std::int64_t rows_a_batch = 10'000;
  explicit endless_shop(int batches) : left_(batches) {}
  given_rows next(const room&) override {
    if (left_-- == 0) return nullptr;
    auto batch = std::make_shared<table>();
    column& customer = batch->add("customer", type::utf8);
    column& time = batch->add("time", type::time, "us");
    column& amount = batch->add("amount", type::money, "EUR");
    for (std::int64_t i = 0; i < rows_a_batch; ++i, ++made_) {
      customer.push(std::string_view(long_id(std::to_string(made_ / 3))));
      time.push(std::int64_t{86'400'000'000} * (made_ % 300));
      amount.push(made_ % 5000);
    }
    batch->seal("batch");
    return batch;
  }

 private:
  int left_;
  std::int64_t made_ = 0;
};

// ---- measuring

std::int64_t bytes_of_status(const std::string& word) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(word + ":")) continue;
    const std::size_t digit = line.find_first_of("0123456789");
    std::int64_t kib = 0;
    std::from_chars(line.data() + digit, line.data() + line.size(), kib);
    return kib * 1024;
  }
  return 0;
}

std::int64_t bytes_of(const table& t) {
  std::size_t bytes = 0;
  for (const column& c : t.columns()) {
    bytes += c.chars().size() + 8 * (c.offsets().size() + c.integers().size() + c.numbers().size());
  }
  return static_cast<std::int64_t>(bytes);
}

// Runs in a process of its own, whose memory nobody else has used.
std::int64_t alone(const std::function<std::int64_t()>& measure) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  const pid_t child = fork();
  if (child < 0) std::abort();
  if (child == 0) {
    const std::int64_t bytes = measure();
    const bool told = write(ends[1], &bytes, sizeof bytes) == sizeof bytes;
    _exit(told ? 0 : 1);
  }
  close(ends[1]);  // else a child that died would be waited for
  std::int64_t bytes = -1;
  const bool told = read(ends[0], &bytes, sizeof bytes) == sizeof bytes;
  waitpid(child, nullptr, 0);
  close(ends[0]);
  return told ? bytes : -1;
}

template <typename Work>
std::int64_t peak_of(Work&& work) {
  malloc_trim(0);                                 // what making the rows has left is not used again
  std::ofstream("/proc/self/clear_refs") << "5";  // VmHWM begins again
  const std::int64_t before = bytes_of_status("VmRSS");
  work();
  return bytes_of_status("VmHWM") - before;
}

std::int64_t measure(const measured_verb& verb, const std::string& path, const shop& what) {
  return alone([&] {
    const given_rows given = verb.given ? verb.given(what) : nullptr;
    engine e({.path = path});
    const std::int64_t peak = peak_of([&] { verb.run(e, given); });
    return peak + (given ? bytes_of(*given) : 0);
  });
}

bool tell(const std::string& name, const std::string& rows, std::int64_t need, std::int64_t peak) {
  constexpr double mib = 1 << 20U;
  std::printf("%-14s %-30s %9.1f %9.1f %6.2f%s\n",
              name.c_str(),
              rows.c_str(),
              static_cast<double>(need) / mib,
              static_cast<double>(peak) / mib,
              static_cast<double>(peak) / static_cast<double>(need),
              peak > need || peak < 0 ? "  MORE THAN IS SAID" : "");
  return peak >= 0 && peak <= need;
}

bool tell_verbs(const shop& what) {
  const test::temp_folder folder;
  const std::string path = folder.file("shop.clv");
  bool all = true;
  rows_of_shop n{.customers = what.customers};
  n.transactions = alone([&] { return static_cast<std::int64_t>(long_log(what)->rows()); });
  for (const measured_verb& verb : verbs()) {
    const std::string of = std::to_string(n.customers) + " / " + std::to_string(n.transactions);
    const std::int64_t need = detail::memory_need(verb.name, verb.needs(n));
    all = tell(verb.name, of, need, measure(verb, path, what)) && all;
  }
  return all;
}

// The need of a source is that of one batch, however many come.
bool tell_source(int batches) {
  const test::temp_folder folder;
  const std::int64_t peak = alone([&] {
    engine e({.path = folder.file("shop.clv")});
    return peak_of([&] { e.ingest(std::make_shared<endless_shop>(batches), {}).run(); });
  });
  return tell("ingest source",
              std::to_string(batches) + " x 10000 rows",
              detail::memory_need("ingest", {.rows = endless_shop::rows_a_batch}),
              peak);
}

}  // namespace
}  // namespace clv::bench

int main(int count, char** words) {
  sqlite3_soft_heap_limit64(2 << 20U);
  std::vector<std::int64_t> sizes;
  for (int i = 1; i < count; ++i) sizes.push_back(std::atoll(words[i]));
  if (sizes.empty()) sizes = {10'000, 100'000};
  std::printf(
      "%-14s %-30s %9s %9s %6s\n", "verb", "customers / transactions", "said MiB", "peak", "ratio");
  bool all = true;
  for (const std::int64_t customers : sizes) {
    for (const std::int64_t busy : {1, 8}) all = clv::bench::tell_verbs({customers, busy}) && all;
  }
  for (const int batches : {10, 100}) all = clv::bench::tell_source(batches) && all;
  return all ? 0 : 1;
}
