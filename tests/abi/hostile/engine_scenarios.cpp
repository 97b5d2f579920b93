// The verbs of an engine, each on one that has come as far as it needs.
#include "scenario.hpp"

namespace clv_hostile {
namespace {

constexpr auto no = needs_memory::no;
constexpr auto yes = needs_memory::yes;

// A verb that makes a job: begin(engine, in, &job, diag).
template <typename Begin>
scenario verb(const char* function, stage at, Begin begin) {
  return {function, yes, [at, begin](inputs& in) {
            in.first = batch_of(small_market().log);
            in.ingest.source = "shop";
            return whole_job(
                [engine = engine_at(at), begin](inputs& with, clv_job** job, clv_diag* diag) {
                  return begin(engine.get(), with, job, diag);
                });
          }};
}

// One that answers at once: ask(engine, out, diag).
template <typename Ask>
scenario question(const char* function, stage at, Ask ask) {
  return {function, yes, [at, ask](inputs&) {
            return [engine = engine_at(at), ask](inputs&, outputs& out, clv_diag* diag) {
              return ask(engine.get(), out, diag);
            };
          }};
}

// A ticket and an agent who can claim it.
std::shared_ptr<clv_engine> desk() {
  std::shared_ptr<clv_engine> engine = engine_at(stage::opened);
  const text_column ticket("ticket", {"T1"}), customer("customer", {"ann"}),
      kind("kind", {"created"}), agent("agent", {"bob"});
  const std::vector<int64_t> hours{int64_t{10} * 3'600'000'000};
  const std::vector<clv_column> events{
      ticket.column(), customer.column(), integer_column("time", CLV_T_TIME, hours), kind.column()};
  const std::vector<clv_column> agents{agent.column()};
  for (const auto& [table, columns] : {std::pair{"ticket_events", events}, {"agents", agents}}) {
    const clv_batch rows = batch_of(columns, 1);
    clv_ingest_options from = CLV_SIZED(clv_ingest_options);
    from.source = "crm";
    answer_of([&, name = table](clv_job** job, clv_diag* diag) {
      return clv_engine_record_begin(engine.get(), &from, name, &rows, job, diag);
    });
  }
  return engine;
}

scenario apply() {
  return {"clv_engine_apply_begin", yes, [](inputs& in) {
            in.report.report = "desk_claim";
            in.report.options_json =
                R"({"ticket": "T1", "agent": "bob", "as_of": "1970-01-01T11:00Z"})";
            in.ingest.source = "desk";
            return whole_job([engine = desk()](inputs& with, clv_job** job, clv_diag* diag) {
              return clv_engine_apply_begin(engine.get(), &with.report, &with.ingest, job, diag);
            });
          }};
}

// One event of a ticket.
scenario record() {
  return {"clv_engine_record_begin", yes, [](inputs& in) {
            struct rows {
              text_column customer{"customer", {"ann"}}, ticket{"ticket", {"T1"}},
                  kind{"kind", {"created"}};
              std::vector<int64_t> time{5};
              std::vector<clv_column> columns;
            };
            const auto made = std::make_shared<rows>();
            made->columns = {made->customer.column(),
                             made->ticket.column(),
                             made->kind.column(),
                             integer_column("time", CLV_T_TIME, made->time)};
            in.first = batch_of(made->columns, 1);
            in.ingest.source = "crm";
            in.kept.push_back(made);
            const auto engine = engine_at(stage::opened);
            return whole_job([engine](inputs& with, clv_job** job, clv_diag* diag) {
              return clv_engine_record_begin(
                  engine.get(), &with.ingest, "ticket_events", &with.first, job, diag);
            });
          }};
}

std::string a_customer() {
  return clv_result_text(small_market().summary.get(),
                         clv_result_find(small_market().summary.get(), "customer"),
                         0,
                         nullptr);
}

std::vector<scenario> customer_scenarios() {
  const auto about = [](auto begin) {
    return [begin](clv_engine* engine, inputs& in, clv_job** job, clv_diag* diag) {
      static const std::string who = a_customer();
      return begin(engine, &in.run, who.c_str(), job, diag);
    };
  };
  return {verb("clv_engine_export_begin", stage::decided, about(clv_engine_export_begin)),
          verb("clv_engine_forget_begin", stage::decided, about(clv_engine_forget_begin))};
}

std::vector<scenario> verb_scenarios() {
  using E = clv_engine*;
  return {
      verb("clv_engine_read_begin",
           stage::ingested,
           [](E e, inputs& in, clv_job** job, clv_diag* diag) {
             in.table.table = "transactions";
             return clv_engine_read_begin(e, &in.table, job, diag);
           }),
      verb("clv_engine_ingest_begin",
           stage::opened,
           [](E e, inputs& in, clv_job** job, clv_diag* diag) {
             return clv_engine_ingest_begin(e, &in.ingest, &in.first, job, diag);
           }),
      verb("clv_engine_fit_begin",
           stage::ingested,
           [](E e, inputs& in, clv_job** job, clv_diag* diag) {
             return clv_engine_fit_begin(e, &in.summarize, &in.fit, job, diag);
           }),
      verb("clv_engine_score_begin",
           stage::fitted,
           [](E e, inputs& in, clv_job** job, clv_diag* diag) {
             return clv_engine_score_begin(e, &in.score, job, diag);
           }),
      verb("clv_engine_segment_begin",
           stage::scored,
           [](E e, inputs& in, clv_job** job, clv_diag* diag) {
             return clv_engine_segment_begin(e, &in.segment, job, diag);
           }),
      verb("clv_engine_report_begin",
           stage::scored,
           [](E e, inputs& in, clv_job** job, clv_diag* diag) {
             in.report.report = "equity";
             return clv_engine_report_begin(e, &in.report, job, diag);
           }),
      verb("clv_engine_replay_begin",
           stage::decided,
           [](E e, inputs&, clv_job** job, clv_diag* diag) {
             return clv_engine_replay_begin(e, nullptr, job, diag);
           }),
  };
}

// A source that gives the log in two batches, however often it is asked for.
class two_batches {
 public:
  explicit two_batches(const clv_batch& whole) : first_(whole), second_(whole) {}
  void start_again() { given_ = 0; }
  static clv_status next(void* self, clv_batch* out) {
    auto& from = *static_cast<two_batches*>(self);
    if (from.given_ == 2) return CLV_END;
    *out = from.given_++ == 0 ? from.first_ : from.second_;
    return CLV_OK;
  }

 private:
  clv_batch first_, second_;
  int given_ = 0;
};

scenario ingest_source() {
  return {"clv_engine_ingest_source_begin", yes, [](inputs& in) {
            const auto from = std::make_shared<two_batches>(batch_of(small_market().log));
            in.kept.push_back(from);
            in.source.ctx = from.get();
            in.source.next = two_batches::next;
            return whole_job([engine = engine_at(stage::opened), from](
                                 inputs& with, clv_job** job, clv_diag* diag) {
              from->start_again();
              return clv_engine_ingest_source_begin(
                  engine.get(), &with.ingest, &with.source, job, diag);
            });
          }};
}

scenario segment_by_plugin() {
  return {"clv_engine_plugin_segment_begin", yes, [](inputs&) {
            const auto engine = engine_at(stage::scored);
            const auto plugins = plugin_of("all_three");
            return whole_job([=](inputs&, clv_job** job, clv_diag* diag) {
              return clv_engine_plugin_segment_begin(
                  engine.get(), plugins.get(), nullptr, "org.example.all_three", job, diag);
            });
          }};
}

// The plugins are made while there is memory, as the engine is.
scenario with_plugins(
    const char* function,
    clv_status (*begin)(clv_engine*, clv_plugins*, inputs&, clv_job**, clv_diag*)) {
  return {function, yes, [begin](inputs&) {
            const auto engine = engine_at(stage::scored);
            const auto plugins = good_plugin();
            return whole_job([=](inputs& with, clv_job** job, clv_diag* diag) {
              return begin(engine.get(), plugins.get(), with, job, diag);
            });
          }};
}

std::vector<scenario> handle_scenarios() {
  return {
      {"clv_engine_open",
       yes,
       [](inputs&) {
         return [](inputs& in, outputs& out, clv_diag* diag) {
           return clv_engine_open(&in.engine, &out.v.engine, diag);
         };
       }},
      {"clv_engine_free",
       no,
       [](inputs&) {
         return [engine = engine_at(stage::ingested)](inputs&, outputs&, clv_diag*) mutable {
           engine.reset();
           return CLV_OK;
         };
       }},
      question("clv_engine_model",
               stage::fitted,
               [](clv_engine* e, outputs& out, clv_diag* diag) {
                 return clv_engine_model(e, nullptr, &out.v.model, diag);
               }),
  };
}

}  // namespace

std::vector<scenario> engine_scenarios() {
  std::vector<scenario> all = verb_scenarios();
  for (const auto& part : {customer_scenarios(), handle_scenarios()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  all.insert(all.end(), {apply(), record(), ingest_source(), segment_by_plugin()});
  all.push_back(with_plugins("clv_engine_propose_begin",
                             [](auto* e, auto* p, auto& in, auto** job, auto* diag) {
                               return clv_engine_propose_begin(e, p, &in.run, job, diag);
                             }));
  all.push_back(with_plugins("clv_engine_features_begin",
                             [](auto* e, auto* p, auto& in, auto** job, auto* diag) {
                               return clv_engine_features_begin(e, p, &in.run, job, diag);
                             }));
  all.push_back(with_plugins("clv_engine_decide_begin",
                             [](auto* e, auto* p, auto& in, auto** job, auto* diag) {
                               return clv_engine_decide_begin(e, p, &in.decide, job, diag);
                             }));
  return all;
}

}  // namespace clv_hostile
