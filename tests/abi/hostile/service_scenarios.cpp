// What a service calls: groups, adopting, answers, models by name, files.
#include <unistd.h>

#include <filesystem>

#include "scenario.hpp"

namespace clv_hostile {
namespace {

constexpr auto yes = needs_memory::yes;

// A folder of its own, which goes with everything in it.
class folder {
 public:
  folder() {
    static int number = 0;
    path_ = std::filesystem::path(testing::TempDir()) /
            ("hostile_" + std::to_string(getpid()) + "_" + std::to_string(number++));
    std::filesystem::create_directories(path_);
  }
  ~folder() { std::filesystem::remove_all(path_); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// A store in a file, with a writer and a reader. The folder goes last.
struct store {
  folder in;
  std::string path = in.file("store.clv");
  std::shared_ptr<clv_engine> writer, reader;
};

std::shared_ptr<store> store_at(stage reached) {
  auto made = std::make_shared<store>();
  made->writer = engine_at(reached, made->path);
  clv_engine_options options = CLV_SIZED(clv_engine_options);
  options.path = made->path.c_str();
  options.flags = CLV_OPEN_READ_ONLY;
  clv_engine* reader = nullptr;
  EXPECT_EQ(clv_engine_open(&options, &reader, nullptr), CLV_OK);
  made->reader.reset(reader, clv_engine_free);
  return made;
}

// A store nobody has open, backed up beside it.
std::shared_ptr<store> closed_store() {
  auto made = store_at(stage::ingested);
  const std::string copy = made->in.file("copy.clv");
  answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_engine_backup_begin(made->writer.get(), nullptr, copy.c_str(), job, diag);
  });
  made->reader.reset();
  made->writer.reset();
  return made;
}

void fill_answer(clv_answer& answer) {
  answer.key = "k";
  answer.body_hash = "h";
  answer.bytes = "done";
  answer.n_bytes = 4;
  answer.now_us = 5;
}

void keep_answer(inputs& in) {
  fill_answer(in.answer);
  in.run.answer = &in.answer;
}

scenario adopt() {
  return {"clv_engine_adopt_begin", yes, [](inputs& in) {
            fill_answer(in.answer);
            const auto files = store_at(stage::ingested);
            const auto fitted = finished_job([&](clv_job** job, clv_diag* diag) {
              return clv_engine_fit_begin(files->reader.get(), nullptr, nullptr, job, diag);
            });
            return whole_job([=](inputs& with, clv_job** job, clv_diag* diag) {
              return clv_engine_adopt_begin(
                  files->writer.get(), &with.run, fitted.get(), job, diag);
            });
          }};
}

scenario group() {
  return {"clv_engine_group_begin", yes, [](inputs& in) {
            in.first = batch_of(small_market().log);
            in.keyed.source = "shop";
            in.keyed.key = "k";
            in.keyed.rows = &in.first;
            return whole_job(
                [engine = engine_at(stage::opened)](inputs& with, clv_job** job, clv_diag* diag) {
                  const clv_keyed_batch* batches[] = {&with.keyed};
                  return clv_engine_group_begin(engine.get(), &with.run, batches, 1, job, diag);
                });
          }};
}

scenario summarize() {
  return {"clv_engine_summarize_begin", yes, [](inputs&) {
            return whole_job([engine = engine_at(stage::ingested)](
                                 inputs& with, clv_job** job, clv_diag* diag) {
              const char* who[] = {"1", "2", "nobody"};
              return clv_engine_summarize_begin(engine.get(), &with.summarize, who, 3, job, diag);
            });
          }};
}

std::vector<scenario> model_scenarios() {
  return {
      {"clv_engine_add_model",
       yes,
       [](inputs& in) {
         keep_answer(in);
         return [engine = engine_at(stage::opened)](inputs& with, outputs& out, clv_diag* diag) {
           return clv_engine_add_model(
               engine.get(), &with.run, small_market().model.get(), 5, &out.v.text, diag);
         };
       }},
      {"clv_engine_set_alias",
       yes,
       [](inputs& in) {
         in.alias.alias = "production";
         in.alias.model = "1";
         in.alias.flags = CLV_ALIAS_UNCHECKED;
         fill_answer(in.answer);
         in.alias.answer = &in.answer;
         return [engine = engine_at(stage::fitted)](inputs& with, outputs& out, clv_diag* diag) {
           return clv_engine_set_alias(engine.get(), &with.alias, &out.v.number, diag);
         };
       }},
      {"clv_engine_retire_model",
       yes,
       [](inputs& in) {
         keep_answer(in);
         return [engine = engine_at(stage::fitted)](inputs& with, outputs&, clv_diag* diag) {
           return clv_engine_retire_model(engine.get(), &with.run, "1", diag);
         };
       }},
      {"clv_engine_answer",
       yes,
       [](inputs&) {
         const auto engine = engine_at(stage::opened);
         clv_answer answer = CLV_SIZED(clv_answer);
         fill_answer(answer);
         const char* name = nullptr;
         const clv_model* model = small_market().model.get();
         clv_run_options keeping = CLV_SIZED(clv_run_options);
         keeping.answer = &answer;
         EXPECT_EQ(clv_engine_add_model(engine.get(), &keeping, model, 5, &name, nullptr), CLV_OK);
         return [engine](inputs&, outputs& out, clv_diag* diag) {
           return clv_engine_answer(engine.get(), "k", &out.v.answer, diag);
         };
       }},
      {"clv_engine_sequence",
       yes,
       [](inputs&) {
         return [engine = engine_at(stage::opened)](inputs&, outputs& out, clv_diag* diag) {
           return clv_engine_sequence(engine.get(), "stream", &out.v.number, diag);
         };
       }},
  };
}

std::vector<scenario> file_scenarios() {
  return {
      {"clv_engine_backup_begin",
       yes,
       [](inputs&) {
         const auto files = store_at(stage::ingested);
         return whole_job(
             [files, to = files->in.file("b")](inputs&, clv_job** job, clv_diag* diag) {
               return clv_engine_backup_begin(files->writer.get(), nullptr, to.c_str(), job, diag);
             });
       },
       false},
      {"clv_store_restore_begin",
       yes,
       [](inputs&) {
         const auto files = closed_store();
         return whole_job(
             [files, from = files->in.file("copy.clv"), to = files->in.file("again.clv")](
                 inputs&, clv_job** job, clv_diag* diag) {
               return clv_store_restore_begin(nullptr, from.c_str(), to.c_str(), job, diag);
             });
       },
       false},
      {"clv_store_check_begin",
       yes,
       [](inputs&) {
         return whole_job([files = closed_store()](inputs&, clv_job** job, clv_diag* diag) {
           return clv_store_check_begin(nullptr, files->path.c_str(), job, diag);
         });
       }},
      {"clv_store_migrate_begin",
       yes,
       [](inputs&) {
         return whole_job([files = closed_store()](inputs&, clv_job** job, clv_diag* diag) {
           return clv_store_migrate_begin(nullptr, files->path.c_str(), nullptr, job, diag);
         });
       }},
      {"clv_engine_prune_begin",
       yes,
       [](inputs&) {
         return whole_job(
             [engine = engine_at(stage::ingested)](inputs&, clv_job** job, clv_diag* diag) {
               const int64_t before_us = int64_t{8} * 86'400'000'000;
               return clv_engine_prune_begin(
                   engine.get(), nullptr, "transactions", before_us, job, diag);
             });
       }},
  };
}

}  // namespace

std::vector<scenario> service_scenarios() {
  std::vector<scenario> all{adopt(), group(), summarize()};
  for (const auto& part : {model_scenarios(), file_scenarios()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace clv_hostile
