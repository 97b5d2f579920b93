// A backlog ranked anew, as a host does it: the report on the whole log of events (reading, clocks,
// handle times, order, sentences), with all rows or the first fifty, and its parts. Making the log
// is not timed. As many tickets are done, with minutes, as are open.
#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "clv/schema.hpp"
#include "data/settings.hpp"
#include "desk/desk_view.hpp"
#include "desk/priority/index.hpp"
#include "desk/reports.hpp"
#include "math/random.hpp"

namespace clv::bench {
namespace {

constexpr std::string_view rules = R"({
  "calendars": {"office": {"time_zone": "Europe/Berlin",
    "week": {"mon": ["09:00-13:00", "14:00-18:00"], "tue": ["09:00-18:00"],
             "wed": ["09:00-18:00"], "thu": ["09:00-18:00"], "fri": ["09:00-16:00"]}}},
  "calendar": "office", "severities": ["low", "normal", "high"],
  "policies": [{"name": "urgent", "when": {"severity": ["high"]}, "first_response": 60,
                "next_response": 120, "resolution": 480},
               {"name": "standard", "first_response": 240, "next_response": 480,
                "resolution": 2400, "tiers": {"vip": {"first_response": 60}}}],
  "priority": {"delay_cost": {"low": 1, "normal": 2, "high": 6},
               "words": {"cancel": 5, "lawyer": 10, "down": 8, "not working": 4},
               "churn_per_hour": 0.0005, "ageing": 0.05, "max_wait": 4800}})";

constexpr std::int64_t minute = 60 * us_per_second;
constexpr std::int64_t begin = 20'458LL * us_per_day;  // 2026-01-05
constexpr std::int64_t now = begin + 14 * us_per_day + 15 * 60 * minute;

// The columns that are written, by name.
struct log_writer {
  std::shared_ptr<table> rows = std::make_shared<table>();
  column &ticket, &customer, &time, &kind, &agent, &category, &severity, &subject, &length,
      &minutes;

  log_writer()
      : ticket(rows->add("ticket", type::utf8)),
        customer(rows->add("customer", type::utf8)),
        time(rows->add("time", type::time, "us")),
        kind(rows->add("kind", type::utf8)),
        agent(rows->add("agent", type::utf8)),
        category(rows->add("category", type::utf8)),
        severity(rows->add("severity", type::utf8)),
        subject(rows->add("subject", type::utf8)),
        length(rows->add("length", type::f64)),
        minutes(rows->add("minutes", type::f64)) {}

  void row(const std::string& id, const std::string& who, std::int64_t at, std::string_view what) {
    ticket.push(std::string_view(id));
    customer.push(std::string_view(who));
    time.push(at);
    kind.push(what);
  }
  void no_words() {
    for (column* c : {&category, &severity, &subject, &length}) c->push_absent();
  }
};

// Created, perhaps answered and asked again; of every second one worked on and resolved.
std::shared_ptr<const table> log_of(std::int64_t open) {
  constexpr std::array<std::string_view, 4> categories{"billing", "network", "account", "other"};
  constexpr std::array<std::string_view, 3> severities{"low", "normal", "high"};
  constexpr std::array<std::string_view, 4> subjects{"Question about my invoice",
                                                     "The line is down again",
                                                     "Please cancel my contract",
                                                     "Printer not working since the update"};
  log_writer to;
  for (std::int64_t i = 0; i < 2 * open; ++i) {
    random_source random(9, static_cast<std::uint64_t>(i));
    const std::string id = "T" + std::to_string(1'000'000 + i);
    const std::string who = "c" + std::to_string(random.bits() % 50'000);
    std::int64_t at = begin + static_cast<std::int64_t>(14 * random.uniform() * us_per_day);
    to.row(id, who, at, "created");
    to.agent.push_absent();
    to.category.push(categories[random.bits() % 4]);
    to.severity.push(severities[random.bits() % 3]);
    to.subject.push(subjects[random.bits() % 4]);
    to.length.push(std::floor(300 * random.exponential()));
    to.minutes.push_absent();
    const auto add = [&](std::string_view what, double minutes) {
      at += static_cast<std::int64_t>(30 * random.exponential() * static_cast<double>(minute));
      to.row(id, who, at, what);
      to.agent.push(std::string_view("kim"));
      to.no_words();
      minutes > 0 ? to.minutes.push(minutes) : to.minutes.push_absent();
    };
    if (random.bits() % 2 == 0) add("message_out", 0);
    if (random.bits() % 2 == 0) add("message_in", 0);
    if (i % 2 == 0) add("resolved", 5 + 20 * random.exponential());
  }
  to.rows->seal("desk_bench");
  return to.rows;
}

std::shared_ptr<const table> scores() {
  auto t = std::make_shared<table>();
  column& customer = t->add("customer", type::utf8);
  column& risk = t->add("clv_at_risk", type::f64, "EUR");
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    customer.push(std::string_view("c" + std::to_string(i)));
    risk.push(100 * random_source(10, i).exponential());
  }
  return t;
}

report_inputs inputs(std::int64_t open) {
  report_inputs in;
  in.tables["ticket_events"] = log_of(open);
  in.tables["scores"] = scores();
  return in;
}

std::string options(std::string_view more) {
  return R"({"as_of": ")" + format_time(now) + R"(", "desk": )" + std::string(rules) +
         std::string(more) + "}";
}

void run(benchmark::State& state, std::string_view more) {
  const report_inputs in = inputs(state.range(0));
  for (auto _ : state) {
    job triage = desk_triage_report.begin(in, options(more));
    triage.run();
    benchmark::DoNotOptimize(triage.result().tables.at("")->rows());
  }
  state.counters["events"] = static_cast<double>(in.of("ticket_events").rows());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void triage_all(benchmark::State& state) {
  run(state, "");
}

void triage_top_50(benchmark::State& state) {
  run(state, R"(, "top": 50)");
}

constexpr std::array<report_option, 2> option_rows{{desk::desk_option, desk::as_of_option}};

// Part: the log as tickets, with what customers are worth.
void triage_part_read(benchmark::State& state) {
  const report_inputs in = inputs(state.range(0));
  const settings given("desk_bench", options(""), option_rows);
  for (auto _ : state) {
    const desk::desk_view view = desk::read_desk(in, given, "desk_bench");
    benchmark::DoNotOptimize(view.book.tickets.size());
  }
}

// Part: handle times learnt, clocks and numbers of each open ticket, and the order.
void triage_part_rank(benchmark::State& state) {
  const report_inputs in = inputs(state.range(0));
  const settings given("desk_bench", options(""), option_rows);
  const desk::desk_view view = desk::read_desk(in, given, "desk_bench");
  std::size_t open = 0;
  for (auto _ : state) open = desk::rank_tickets(view).size();
  state.counters["ranked"] = static_cast<double>(open);
}

// Part of that: the clocks alone.
void triage_part_clocks(benchmark::State& state) {
  const report_inputs in = inputs(state.range(0));
  const settings given("desk_bench", options(""), option_rows);
  const desk::desk_view view = desk::read_desk(in, given, "desk_bench");
  for (auto _ : state) {
    for (const desk::ticket& t : view.book.tickets) {
      if (!desk::is_active(t.status)) continue;
      benchmark::DoNotOptimize(desk::clocks_of(t, view.policy, "", nullptr, view.now).due());
    }
  }
}

void sizes(benchmark::internal::Benchmark* b) {
  b->RangeMultiplier(10)->Range(10'000, 100'000)->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK(triage_all)->Apply(sizes);
BENCHMARK(triage_top_50)->Apply(sizes);
BENCHMARK(triage_part_read)->Apply(sizes);
BENCHMARK(triage_part_rank)->Apply(sizes);
BENCHMARK(triage_part_clocks)->Apply(sizes);

}  // namespace
}  // namespace clv::bench
