// Models by number and alias: what is kept, who may be promoted, and which model a stage means.
#include "crm.hpp"

using namespace clv;
using clv::test::busy_shop;
using clv::test::crm_mailer;
using clv::test::crm_now;
using clv::test::error_of;
using clv::test::ingest;
using clv::test::log_of;
using clv::test::mentions;

namespace {

// "status": what a fit of it came to; "given" when it was not fitted.
fitted_model a_model(const std::string& status = "given", const std::string& unit = "week") {
  std::string fitted;
  if (status != "given") {
    fitted = R"(,"status":")" + status + R"(","reason":"because of a test","log_likelihood":-7,)" +
             R"("free_parameters":2,"gradient_norm":0,"condition":1,"iterations":3,)" +
             R"("customers":9,"tuples":4)";
  }
  return load_model(R"({"format":"clv.model/1","unit":")" + unit + R"(","currency":"EUR",)" +
                    R"("as_of":"1970-10-01T00:00:00Z","purchase":{"model":"nbd",)" +
                    R"("parameters":{"r":1.5,"alpha":9})" + fitted + "}}");
}

void fit(engine& e, const std::string& model = "bg_nbd+gamma_gamma", std::int64_t now_us = 0) {
  e.fit({}, {.model = model, .now_us = now_us}).run();
}

std::vector<std::string> texts(const table& t, const std::string& name) {
  const column& c = t.get(name, type::utf8);
  std::vector<std::string> all;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    all.emplace_back(c.present(i) ? std::string(c.text(i)) : "-");
  }
  return all;
}
using names = std::vector<std::string>;

std::string csv_of(const table& t) {
  std::string all = t.fingerprint();
  for (const column& c : t.columns()) {
    for (std::size_t i = 0; i < t.rows() && c.kind() == type::f64; ++i) {
      all += "," + (c.present(i) ? std::to_string(c.numbers()[i]) : "");
    }
  }
  return all;
}

std::string run_again(engine& e) {
  job j = e.replay();
  j.run();
  std::string told;
  for (const issue& i : j.result().notes) told += i.message;
  for (const std::int64_t m : j.result().tables.at("")->integers("matches", type::i64)) {
    EXPECT_EQ(m, 1);
  }
  return told;
}

}  // namespace

TEST(engine_models, each_fit_keeps_its_model_under_the_next_number) {
  engine e({});
  EXPECT_EQ(e.read("models")->rows(), 0U);
  EXPECT_EQ(error_of([&] { e.model(); }).code, status::state);
  ingest(e, log_of(busy_shop()));
  fit(e, "bg_nbd", 77);
  fit(e);
  const auto models = e.read("models");
  EXPECT_EQ(texts(*models, "name"), (names{"1", "2"}));
  EXPECT_EQ(texts(*models, "model"), (names{"bg_nbd", "bg_nbd+gamma_gamma"}));
  EXPECT_EQ(texts(*models, "status"), (names{"converged", "converged"}));
  EXPECT_EQ(models->integers("converged", type::i64)[1], 1);
  EXPECT_EQ(models->integers("created_us", type::time)[0], 77);
  EXPECT_FALSE(models->get("created_us", type::time).present(1));
  EXPECT_EQ(models->get("customers", type::f64).numbers()[0], 300);
  EXPECT_LT(models->get("log_likelihood", type::f64).numbers()[0], 0);
  EXPECT_EQ(models->integers("as_of_us", type::time)[0], e.model("1")->as_of_us);
  EXPECT_EQ(texts(*models, "data_fingerprint")[0], e.model("1")->data_fingerprint);
  EXPECT_EQ(e.model("1")->name(), "bg_nbd");
  EXPECT_EQ(e.model()->name(), "bg_nbd+gamma_gamma");
}

TEST(engine_models, keep_one_that_was_made_elsewhere) {
  engine e({});
  EXPECT_EQ(e.add_model(a_model(), 5), "1");
  EXPECT_EQ(save_model(*e.model("1")), save_model(a_model()));
  const auto models = e.read("models");
  EXPECT_EQ(texts(*models, "status"), (names{"given"}));
  EXPECT_FALSE(models->get("customers", type::f64).present(0));
  EXPECT_EQ(models->integers("created_us", type::time)[0], 5);
}

TEST(engine_models, are_added_promoted_and_retired_once_by_the_key_of_a_request) {
  engine e({});
  const auto keyed = [](const char* key) { return request_answer{.key = key, .bytes = "a"}; };
  e.add_model(a_model(), 0);
  EXPECT_EQ(e.add_model(a_model(), 0, keyed("add")), "2");
  EXPECT_EQ(e.answer("add")->made, 2);
  EXPECT_EQ(error_of([&] { e.add_model(a_model(), 0, keyed("add")); }).code, status::exists);
  EXPECT_EQ(e.read("models")->rows(), 2U);
  EXPECT_EQ(e.set_alias({.alias = "p", .model = "1"}, keyed("set")), 1);
  EXPECT_EQ(e.answer("set")->made, 1);
  // Before the etag is looked at, which is another one now.
  EXPECT_EQ(error_of([&] { e.set_alias({.alias = "p", .model = "1"}, keyed("set")); }).code,
            status::exists);
  e.retire_model("2", keyed("retire"));
  EXPECT_EQ(e.answer("retire")->made, 2);
  EXPECT_EQ(error_of([&] { e.retire_model("1", keyed("retire")); }).code, status::exists);
  EXPECT_EQ(error_of([&] { e.retire_model("1", keyed("other")); }).code, status::state);
  EXPECT_FALSE(e.answer("other"));
}

TEST(engine_models, names_that_mean_nothing_are_told_with_those_that_do) {
  engine e({});
  e.add_model(a_model(), 0);
  e.set_alias({.alias = "production", .model = "1"});
  for (const char* unknown : {"2", "0", "-1", "1x", "staging", "99999999999999999999", " 1"}) {
    const issue i = error_of([&] { e.model(unknown); });
    EXPECT_EQ(i.code, status::not_found) << unknown;
    EXPECT_TRUE(mentions(i.hint, "production")) << i.hint;
  }
}

TEST(engine_models, an_alias_is_set_by_compare_and_swap) {
  engine e({});
  e.add_model(a_model(), 0);
  e.add_model(a_model(), 0);
  EXPECT_EQ(e.set_alias({.alias = "production", .model = "1", .now_us = 70}), 1);
  EXPECT_EQ(error_of([&] { e.set_alias({.alias = "production", .model = "2"}); }).code,
            status::conflict);
  EXPECT_EQ(error_of([&] { e.set_alias({.alias = "other", .model = "2", .etag = 1}); }).code,
            status::conflict);
  EXPECT_EQ(e.set_alias({.alias = "production", .model = "2", .etag = 1, .now_us = 80}), 2);
  const issue late =
      error_of([&] { e.set_alias({.alias = "production", .model = "1", .etag = 1}); });
  EXPECT_EQ(late.code, status::conflict);
  EXPECT_TRUE(mentions(late.message, "etag is 2")) << late.message;
  const auto aliases = e.read("aliases");
  EXPECT_EQ(texts(*aliases, "alias"), (names{"production"}));
  EXPECT_EQ(texts(*aliases, "model"), (names{"2"}));
  EXPECT_EQ(texts(*aliases, "previous"), (names{"1"}));
  EXPECT_EQ(aliases->integers("etag", type::i64)[0], 2);
  EXPECT_EQ(aliases->integers("set_us", type::time)[0], 80);
}

TEST(engine_models, a_rollback_goes_back_and_a_second_one_forth) {
  engine e({});
  e.add_model(a_model(), 0);
  e.add_model(a_model(), 0);
  e.set_alias({.alias = "p", .model = "1"});
  const auto back = [&](std::int64_t etag) {
    return e.set_alias({.alias = "p", .etag = etag, .rollback = true});
  };
  EXPECT_EQ(error_of([&] { back(1); }).code, status::state);
  e.set_alias({.alias = "p", .model = "2", .etag = 1});
  e.set_alias({.alias = "p", .model = "2", .etag = 2});  // the same again keeps the way back
  EXPECT_EQ(back(3), 4);
  EXPECT_EQ(texts(*e.read("aliases"), "model"), (names{"1"}));
  EXPECT_EQ(back(4), 5);
  EXPECT_EQ(texts(*e.read("aliases"), "model"), (names{"2"}));
  EXPECT_EQ(error_of([&] {
              e.set_alias({.alias = "p", .model = "1", .etag = 5, .rollback = true});
            }).code,
            status::invalid);
}

TEST(engine_models, what_did_not_converge_is_promoted_only_when_told_so) {
  engine e({});
  for (const char* status_of_fit : {"not_converged", "at_boundary", "not_identified"}) {
    const std::string number = e.add_model(a_model(status_of_fit), 0);
    const issue i = error_of([&] { e.set_alias({.alias = "p", .model = number}); });
    EXPECT_EQ(i.code, status::state) << status_of_fit;
    EXPECT_TRUE(mentions(i.message, "because of a test")) << i.message;
  }
  EXPECT_EQ(e.set_alias({.alias = "p", .model = "1", .unchecked = true}), 1);
  const std::string good = e.add_model(a_model("converged"), 0);
  EXPECT_EQ(e.set_alias({.alias = "p", .model = good, .etag = 1}), 2);
  EXPECT_EQ(e.set_alias({.alias = "p", .etag = 2, .rollback = true}), 3)
      << "it was let through before";
  EXPECT_EQ(e.read("models")->integers("converged", type::i64)[0], 0);
}

TEST(engine_models, the_worse_part_of_a_model_is_its_status) {
  engine e({});
  fitted_model m = a_model("converged");
  m.spend = estimates{.which = &find_model("gamma_gamma"),
                      .parameters = {6.25, 3.74, 15.44},
                      .status = fit_status::at_boundary,
                      .reason = "q is at its bound"};
  e.add_model(m, 0);
  EXPECT_EQ(texts(*e.read("models"), "status"), (names{"at_boundary"}));
  EXPECT_TRUE(mentions(error_of([&] { e.set_alias({.alias = "p", .model = "1"}); }).message,
                       "q is at its bound"));
}

TEST(engine_models, one_whose_data_end_too_early_is_refused) {
  engine e({});
  e.add_model(a_model("converged"), 0);  // observed up to 1970-10-01, day 273
  const auto promote = [&](std::int64_t day, std::int64_t days) {
    return e.set_alias(
        {.alias = "p", .model = "1", .now_us = day * us_per_day, .max_age_us = days * us_per_day});
  };
  const issue i = error_of([&] { promote(284, 10); });
  EXPECT_EQ(i.code, status::state);
  EXPECT_TRUE(mentions(i.message, "11.0 days ago")) << i.message;
  EXPECT_EQ(promote(283, 10), 1);
  fitted_model unknown = a_model("converged");
  unknown.as_of_us = 0;
  e.add_model(unknown, 0);
  const alias_options of_unknown{.alias = "q", .model = "2", .now_us = 1, .max_age_us = 1};
  EXPECT_EQ(error_of([&] { e.set_alias(of_unknown); }).code, status::state);
}

TEST(engine_models, options_of_an_alias_that_make_no_sense_are_refused) {
  engine e({});
  e.add_model(a_model(), 0);
  const std::vector<alias_options> wrong{
      {.alias = "", .model = "1"},
      {.alias = "1st", .model = "1"},
      {.alias = "with space", .model = "1"},
      {.alias = std::string(65, 'a'), .model = "1"},
      {.alias = "p", .model = "1", .etag = -1},
      {.alias = "p", .model = "1", .now_us = 1, .max_age_us = -1},
      {.alias = "p", .model = "1", .max_age_us = 1},
  };
  for (const alias_options& o : wrong) {
    EXPECT_EQ(error_of([&] { e.set_alias(o); }).code, status::invalid) << o.alias;
  }
  EXPECT_EQ(e.read("aliases")->rows(), 0U);
  EXPECT_EQ(e.set_alias({.alias = std::string(64, 'a'), .model = "1"}), 1);
}

TEST(engine_models, a_retired_one_is_named_by_nobody_and_scores_nothing) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  fit(e, "bg_nbd");
  fit(e);
  e.set_alias({.alias = "p", .model = "2"});
  EXPECT_EQ(error_of([&] { e.retire_model("2"); }).code, status::state);
  EXPECT_EQ(error_of([&] { e.retire_model("p"); }).code, status::state);
  EXPECT_EQ(error_of([&] { e.retire_model("3"); }).code, status::not_found);
  EXPECT_EQ(error_of([&] { e.retire_model(""); }).code, status::invalid);
  e.set_alias({.alias = "p", .model = "1", .etag = 1});
  e.retire_model("2");
  e.retire_model("2");
  EXPECT_EQ(e.read("models")->integers("retired", type::i64)[1], 1);
  EXPECT_EQ(error_of([&] { e.set_alias({.alias = "p", .model = "2", .etag = 2}); }).code,
            status::state);
  EXPECT_EQ(error_of([&] { e.set_alias({.alias = "p", .etag = 2, .rollback = true}); }).code,
            status::state);
  EXPECT_EQ(error_of([&] { e.score({}, {.model = "2"}); }).code, status::state);
  EXPECT_EQ(e.model()->name(), "bg_nbd") << "the latest that is not retired";
  EXPECT_EQ(e.model("2")->name(), "bg_nbd+gamma_gamma") << "it stays explainable";
}

TEST(engine_models, live_as_long_as_the_store) {
  const test::temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    engine e({.path = path});
    e.add_model(a_model(), 0);
    e.set_alias({.alias = "p", .model = "1"});
  }
  engine reader({.path = path, .read_only = true});
  EXPECT_EQ(save_model(*reader.model("p")), save_model(a_model()));
  EXPECT_EQ(error_of([&] { reader.set_alias({.alias = "p", .etag = 1}); }).code, status::state);
  EXPECT_EQ(error_of([&] { reader.add_model(a_model(), 0); }).code, status::state);
  EXPECT_EQ(error_of([&] { reader.retire_model("1"); }).code, status::state);
}

TEST(engine_models, are_swapped_for_those_who_only_read_with_the_next_call) {
  const test::temp_folder folder;
  const std::string path = folder.file("a.clv");
  engine writer({.path = path});
  writer.add_model(a_model(), 0);
  writer.add_model(a_model("converged"), 0);
  writer.set_alias({.alias = "p", .model = "1"});
  engine reader({.path = path, .read_only = true});
  EXPECT_EQ(reader.model("p")->purchase.status, fit_status::given);
  writer.set_alias({.alias = "p", .model = "2", .etag = 1});
  EXPECT_EQ(reader.model("p")->purchase.status, fit_status::converged);
}

// ---- scoring by name

TEST(score_by_name, is_the_score_of_that_model) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  fit(e, "bg_nbd+gamma_gamma");
  fit(e, "mbg_nbd+gamma_gamma");
  e.set_alias({.alias = "production", .model = "1"});
  e.score({}, {.model = "production"}).run();
  job apart = clv::score(e.model("1"), e.read("summary"), {});
  apart.run();
  EXPECT_EQ(csv_of(*e.read("scores")), csv_of(*apart.result().tables.at("")));
  const std::string by_one = csv_of(*e.read("scores"));
  e.score({}).run();
  EXPECT_NE(csv_of(*e.read("scores")), by_one) << "the latest is another model";
}

TEST(score_by_name, refuses_a_summary_in_another_unit) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  fit(e);
  e.add_model(a_model("converged", "day"), 0);
  EXPECT_EQ(error_of([&] { e.score({}, {.model = "2"}).run(); }).code, status::invalid);
  e.score({}, {.model = "2", .summarise = true}).run();
  EXPECT_EQ(e.read("summary")->get("T", type::f64).unit(), "day");
}

TEST(score_by_name, summarises_the_log_as_of_a_day_in_the_models_unit) {
  engine e({});
  const auto log = log_of(busy_shop());
  ingest(e, log);
  e.fit({.unit = "day"}, {}).run();
  const std::int64_t as_of = 200 * us_per_day;
  job scoring = e.score({}, {.summarise = true, .as_of_us = as_of});
  scoring.run();
  job summary = clv::summarize(log, {.unit = "day", .as_of_us = as_of, .currency = "EUR"});
  summary.run();
  job apart = clv::score(e.model(), summary.result().tables.at(""), {});
  apart.run();
  EXPECT_EQ(csv_of(*e.read("scores")), csv_of(*apart.result().tables.at("")));
  EXPECT_EQ(csv_of(*e.read("summary")), csv_of(*summary.result().tables.at("")));
  EXPECT_EQ(scoring.result().tables.at("summary")->fingerprint(), e.read("summary")->fingerprint());
}

TEST(score_by_name, needs_no_fit_newer_than_the_log) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  fit(e);
  ingest(e, log_of({{"new", 279, 900, "n1"}}));
  EXPECT_EQ(error_of([&] { e.score({}); }).code, status::state);
  e.score({}, {.summarise = true}).run();
  EXPECT_EQ(e.read("scores")->rows(), 301U);
  e.segment({}).run();
  crm_mailer m;
  e.decide({&m}, {.now_us = crm_now}).run();
  EXPECT_EQ(e.read("decisions")->rows(), 301U);
  e.score({}).run();  // the summary is newer than the log: it can be scored once more
  fit(e);
  EXPECT_EQ(error_of([&] { e.segment({}); }).code, status::state) << "scores of before the fit";
}

TEST(score_by_name, works_with_a_model_from_elsewhere_and_no_fit_at_all) {
  engine e({});
  EXPECT_EQ(error_of([&] { e.score({}, {.summarise = true}); }).code, status::state);
  ingest(e, log_of(busy_shop()));
  EXPECT_EQ(error_of([&] { e.score({}, {.summarise = true}); }).code, status::state);
  e.add_model(a_model(), 0);
  EXPECT_TRUE(mentions(error_of([&] { e.score({}); }).message, "no summary yet"));
  e.score({}, {.summarise = true}).run();
  EXPECT_EQ(e.read("scores")->rows(), 300U);
}

TEST(score_by_name, says_what_a_store_cannot_give) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  fit(e);
  fitted_model with_covariates = a_model();
  with_covariates.purchase.coefficients = {{.covariate = "Gender", .value = 0.5}};
  const std::string coloured = e.add_model(with_covariates, 0);
  EXPECT_TRUE(
      mentions(error_of([&] { e.score({}, {.model = coloured, .summarise = true}).run(); }).message,
               "Gender"));
  fitted_model of_contracts = load_model(
      R"({"format":"clv.model/1","unit":"period",
          "purchase":{"model":"bg_bb","parameters":{"alpha":1,"beta":1,"gamma":1,"delta":2}}})");
  const std::string discrete = e.add_model(of_contracts, 0);
  EXPECT_EQ(error_of([&] { e.score({}, {.model = discrete, .summarise = true}); }).code,
            status::invalid);
  EXPECT_EQ(error_of([&] { e.score({}, {.as_of_us = us_per_day}); }).code, status::invalid);
  EXPECT_EQ(error_of([&] { e.score({}, {.model = "7"}); }).code, status::not_found);
}

TEST(score_by_name, that_is_dropped_halfway_leaves_summary_and_scores) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  fit(e);
  e.score({}).run();
  const std::string before = csv_of(*e.read("scores")) + csv_of(*e.read("summary"));
  int dropped = 0;
  for (int steps = 1; steps < 1000; ++steps) {
    {
      job j = e.score({}, {.summarise = true, .as_of_us = 100 * us_per_day});
      for (int i = 0; i < steps && !j.finished(); ++i) j.step(std::chrono::milliseconds(1));
      if (j.finished()) break;
    }
    ++dropped;
    ASSERT_EQ(csv_of(*e.read("scores")) + csv_of(*e.read("summary")), before) << steps;
  }
  EXPECT_GT(dropped, 0);
  EXPECT_NE(csv_of(*e.read("scores")) + csv_of(*e.read("summary")), before);
}

// ---- which model a decision was made with

TEST(decide_by_model, takes_the_one_that_made_the_scores) {
  engine promoted({}), alone({});
  for (engine* e : {&promoted, &alone}) {
    ingest(*e, log_of(busy_shop()));
    fit(*e, "bg_nbd+gamma_gamma");
  }
  promoted.add_model(a_model("converged"), 0);  // the latest, and not the one that scores
  crm_mailer m;
  promoted.score({}, {.model = "1"}).run();
  promoted.decide({&m}, {.now_us = crm_now}).run();
  alone.score({}).run();
  alone.decide({&m}, {.now_us = crm_now}).run();
  EXPECT_EQ(csv_of(*promoted.read("decisions")), csv_of(*alone.read("decisions")));
}

TEST(decide_by_model, replays_byte_for_byte_after_promotions_and_fits) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  fit(e, "bg_nbd+gamma_gamma");
  fit(e, "mbg_nbd+gamma_gamma");
  e.set_alias({.alias = "production", .model = "1"});
  e.score({}, {.model = "production"}).run();
  crm_mailer m;
  e.decide({&m}, {.now_us = crm_now}).run();
  EXPECT_TRUE(mentions(run_again(e), "byte for byte"));
  e.set_alias({.alias = "production", .model = "2", .etag = 1, .unchecked = true});
  e.retire_model("1");
  e.add_model(a_model("converged"), 0);
  EXPECT_TRUE(mentions(run_again(e), "byte for byte"));
}

TEST(decide_by_model, may_name_another_one_and_replays_with_it) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  fit(e, "bg_nbd+gamma_gamma");
  fit(e, "mbg_nbd+gamma_gamma");
  e.score({}).run();
  crm_mailer m;
  decide_options by_one{.now_us = crm_now};
  by_one.model_name = "1";
  e.decide({&m}, by_one).run();
  const std::string first = csv_of(*e.read("decisions"));
  EXPECT_TRUE(mentions(run_again(e), "byte for byte"));
  e.decide({&m}, {.now_us = crm_now}).run();
  EXPECT_TRUE(mentions(run_again(e), "byte for byte"));
  by_one.model_name = "nobody";
  EXPECT_EQ(error_of([&] { e.decide({&m}, by_one); }).code, status::not_found);
  EXPECT_NE(csv_of(*e.read("decisions")), first);
}

TEST(engine_models, reports_on_the_summary_take_the_model_that_it_was_used_with) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  fit(e, "bg_nbd+gamma_gamma");
  e.score({}).run();
  const auto reasons = [&] {
    job j = e.report("customer_reasons", {}, "");
    j.run();
    return csv_of(*j.result().tables.at(""));
  };
  const std::string before = reasons();
  fitted_model other = *e.model();
  other.purchase.parameters[0] *= 5;
  e.add_model(other, 0);
  EXPECT_EQ(reasons(), before);
  e.score({}, {.model = "2"}).run();
  EXPECT_NE(reasons(), before);
}
