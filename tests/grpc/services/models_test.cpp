// ModelService: models by number and alias, promoted only when they may be, rolled back, retired.
#include <clv/v1/model_service.pb.h>
#include <clv/v1/scoring_service.pb.h>

#include <thread>

#include "rows.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

const std::string models_of = "/clv.v1.ModelService/";

class models : public shop {
 protected:
  void SetUp() override { open(300, {"--drain-delay", "0"}); }

  v1::Model imported(const std::string& json) {
    v1::ImportModelRequest request;
    request.set_model_json(json);
    return ask<v1::ImportModelResponse>(models_of + "ImportModel", request).model();
  }
  std::string exported(const std::string& name) {
    v1::ExportModelRequest request;
    request.set_name(name);
    return ask<v1::ExportModelResponse>(models_of + "ExportModel", request).model_json();
  }
  // The stored model as a file with another word for how its fit ended.
  std::string ended_as(const std::string& status) {
    std::string json = exported("models/1");
    const std::string was = "\"converged\"";
    for (auto at = json.find(was); at != std::string::npos; at = json.find(was, at)) {
      json.replace(at, was.size(), "\"" + status + "\"");
    }
    EXPECT_NE(json, exported("models/1")) << json;
    return json;
  }
  static v1::PromoteModelRequest to_production(const std::string& model, const std::string& etag) {
    v1::PromoteModelRequest request;
    request.set_alias("aliases/production");
    request.set_model(model);
    request.set_etag(etag);
    return request;
  }
  v1::Alias promoted(const std::string& model, const std::string& etag) {
    return ask<v1::PromoteModelResponse>(models_of + "PromoteModel", to_production(model, etag))
        .alias();
  }
  static v1::RollbackModelRequest back(const std::string& etag) {
    v1::RollbackModelRequest request;
    request.set_alias("aliases/production");
    request.set_etag(etag);
    return request;
  }
  v1::ListModelsResponse page(int size, const std::string& token = "") {
    v1::ListModelsRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    return ask<v1::ListModelsResponse>(models_of + "ListModels", request);
  }
  static v1::GetModelRequest named(const std::string& name) {
    v1::GetModelRequest request;
    request.set_name(name);
    return request;
  }
  v1::Model got(const std::string& name) {
    return ask<v1::GetModelResponse>(models_of + "GetModel", named(name)).model();
  }
};

TEST_F(models, a_fit_is_kept_under_the_next_number_with_its_parameters) {
  v1::FitModelRequest request;
  const auto job = ask<v1::FitModelResponse>(models_of + "FitModel", request).job();
  const auto made = result_of<v1::FitModelResult>(job);
  EXPECT_EQ(made.model().name(), "models/2");
  EXPECT_EQ(made.model().kind(), "bg_nbd+gamma_gamma");
  EXPECT_EQ(made.model().status(), "converged");
  EXPECT_EQ(made.model().data_fingerprint().size(), 32U);
  EXPECT_FALSE(made.promoted());
  EXPECT_GT(made.model().parameters().row_count(), 0);
  // The same data, the same model: what libclv fitted when it made the store.
  EXPECT_EQ(made.model().parameters().SerializeAsString(),
            got("models/1").parameters().SerializeAsString());
  EXPECT_EQ(got("models/2").SerializeAsString(), made.model().SerializeAsString());
  EXPECT_EQ(page(0).models(0).name(), "models/2");
}

TEST_F(models, a_fit_is_promoted_when_asked_and_allowed) {
  v1::FitModelRequest request;
  request.set_promote_to("aliases/production");
  auto job = ask<v1::FitModelResponse>(models_of + "FitModel", request).job();
  EXPECT_TRUE(result_of<v1::FitModelResult>(job).promoted());
  EXPECT_EQ(got("aliases/production").name(), "models/2");
  request.set_promote_to("production");
  EXPECT_EQ(refusal(models_of + "FitModel", request), "3 INVALID_VALUE");
}

TEST_F(models, a_fit_with_wrong_options_says_so) {
  v1::FitModelRequest request;
  request.mutable_as_of()->set_nanos(1);
  EXPECT_EQ(refusal(models_of + "FitModel", request), "3 INVALID_VALUE");
  request.Clear();
  request.set_model("no_such_model");
  const v1::Job job = ended(ask<v1::FitModelResponse>(models_of + "FitModel", request).job());
  EXPECT_EQ(job.state(), v1::JOB_STATE_FAILED);
  EXPECT_EQ(job.error().code(), 5);
  EXPECT_NE(job.error().message().find("no_such_model"), std::string::npos);
  EXPECT_EQ(page(0).models_size(), 1);
}

TEST_F(models, an_alias_is_set_by_compare_and_swap) {
  imported(exported("models/1"));
  const v1::Alias first = promoted("models/1", "");
  EXPECT_EQ(first.name(), "aliases/production");
  EXPECT_EQ(first.model(), "models/1");
  EXPECT_EQ(first.previous_model(), "");
  const v1::Alias second = promoted("models/2", first.etag());
  EXPECT_EQ(second.previous_model(), "models/1");
  EXPECT_NE(second.etag(), first.etag());
  EXPECT_EQ(refusal(models_of + "PromoteModel", to_production("models/1", first.etag())),
            "10 ETAG_MISMATCH");
  EXPECT_EQ(refusal(models_of + "PromoteModel", to_production("models/1", "")), "10 ETAG_MISMATCH");
  EXPECT_EQ(refusal(models_of + "PromoteModel", to_production("models/1", "x")), "3 INVALID_VALUE");
  EXPECT_EQ(refusal(models_of + "PromoteModel", to_production("models/9", second.etag())),
            "5 NAME_UNKNOWN");
  EXPECT_EQ(got("aliases/production").name(), "models/2");
  EXPECT_EQ(got("aliases/production").aliases(0), "aliases/production");
}

TEST_F(models, a_promotion_with_a_request_id_is_made_once) {
  auto request = to_production("models/1", "");
  request.set_request_id("p1");
  const auto first = ask<v1::PromoteModelResponse>(models_of + "PromoteModel", request);
  const auto again = ask<v1::PromoteModelResponse>(models_of + "PromoteModel", request);
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  request.set_model("models/2");
  EXPECT_EQ(refusal(models_of + "PromoteModel", request), "3 REQUEST_ID_REUSED");
}

TEST_F(models, a_promotion_made_once_is_answered_the_same_after_others) {
  imported(exported("models/1"));
  auto request = to_production("models/1", "");
  request.set_request_id("p1");
  const auto first = ask<v1::PromoteModelResponse>(models_of + "PromoteModel", request).alias();
  EXPECT_EQ(page(0).aliases(0).SerializeAsString(), first.SerializeAsString());
  const v1::Alias second = promoted("models/2", first.etag());
  EXPECT_EQ(page(0).aliases(0).SerializeAsString(), second.SerializeAsString());
  auto rolled_back = back(second.etag());
  rolled_back.set_request_id("r1");
  const auto third = ask<v1::RollbackModelResponse>(models_of + "RollbackModel", rolled_back);
  EXPECT_EQ(page(0).aliases(0).SerializeAsString(), third.alias().SerializeAsString());
  EXPECT_EQ(third.alias().previous_model(), "models/2");
  stop();
  start();
  EXPECT_EQ(ask<v1::PromoteModelResponse>(models_of + "PromoteModel", request)
                .alias()
                .SerializeAsString(),
            first.SerializeAsString());
  EXPECT_EQ(
      ask<v1::RollbackModelResponse>(models_of + "RollbackModel", rolled_back).SerializeAsString(),
      third.SerializeAsString());
}

TEST_F(models, a_rollback_names_the_model_before_and_a_second_one_goes_forth_again) {
  imported(exported("models/1"));
  const v1::Alias first = promoted("models/1", "");
  EXPECT_EQ(refusal(models_of + "RollbackModel", back(first.etag())), "9 NOTHING_TO_ROLL_BACK");
  const v1::Alias second = promoted("models/2", first.etag());
  const auto roll = [&](const std::string& etag) {
    return ask<v1::RollbackModelResponse>(models_of + "RollbackModel", back(etag)).alias();
  };
  const v1::Alias third = roll(second.etag());
  EXPECT_EQ(third.model(), "models/1");
  EXPECT_EQ(roll(third.etag()).model(), "models/2");
  EXPECT_EQ(refusal(models_of + "RollbackModel", back(third.etag())), "10 ETAG_MISMATCH");
}

TEST_F(models, a_model_that_did_not_converge_is_kept_and_not_promoted) {
  const v1::Model bad = imported(ended_as("not_converged"));
  EXPECT_EQ(bad.status(), "not_converged");
  EXPECT_EQ(refusal(models_of + "PromoteModel", to_production(bad.name(), "")), "9 NOT_CONVERGED");
  const v1::Model edge = imported(ended_as("at_boundary"));
  EXPECT_EQ(refusal(models_of + "PromoteModel", to_production(edge.name(), "")),
            "9 PARAM_AT_BOUND");
}

TEST_F(models, a_stale_model_is_not_promoted) {
  EXPECT_EQ(promoted("models/1", "").model(), "models/1");  // any age is good enough
  stop();
  more_ = {"--max-model-days", "30", "--drain-delay", "0"};
  start();
  const std::string etag = page(0).aliases(0).etag();
  EXPECT_EQ(refusal(models_of + "PromoteModel", to_production("models/1", etag)), "9 MODEL_STALE");
}

TEST_F(models, a_retired_model_scores_nobody_and_stays_readable) {
  imported(exported("models/1"));
  promoted("models/1", "");
  v1::RetireModelRequest request;
  request.set_name("models/1");
  EXPECT_EQ(refusal(models_of + "RetireModel", request), "9 MODEL_IN_USE");
  request.set_name("models/2");
  EXPECT_TRUE(ask<v1::RetireModelResponse>(models_of + "RetireModel", request).model().retired());
  EXPECT_TRUE(got("models/2").retired());
  EXPECT_EQ(exported("models/2"), exported("models/1"));
  auto score = scoring_request(3);
  score.set_model_name("models/2");
  EXPECT_EQ(refusal("/clv.v1.ScoringService/ScoreSummaries", score), "9 MODEL_RETIRED");
  const std::string etag = page(0).aliases(0).etag();
  EXPECT_EQ(refusal(models_of + "PromoteModel", to_production("models/2", etag)),
            "9 MODEL_RETIRED");
  request.set_name("models/7");
  EXPECT_EQ(refusal(models_of + "RetireModel", request), "5 NAME_UNKNOWN");
}

TEST_F(models, a_model_is_retired_once_by_request_id) {
  imported(exported("models/1"));
  v1::RetireModelRequest request;
  request.set_request_id("t1");
  request.set_name("models/2");
  const auto first = ask<v1::RetireModelResponse>(models_of + "RetireModel", request);
  EXPECT_TRUE(first.model().retired());
  EXPECT_EQ(ask<v1::RetireModelResponse>(models_of + "RetireModel", request).SerializeAsString(),
            first.SerializeAsString());
  request.set_name("models/1");
  EXPECT_EQ(refusal(models_of + "RetireModel", request), "3 REQUEST_ID_REUSED");
}

TEST_F(models, a_model_imported_by_many_at_once_with_one_id_gets_one_number) {
  v1::ImportModelRequest request;
  request.set_model_json(exported("models/1"));
  for (int round = 0; round < 5; ++round) {
    request.set_request_id("i" + std::to_string(round));
    std::vector<v1::ImportModelResponse> answers(4);
    std::vector<std::thread> clients;
    for (auto& answer : answers) {
      clients.emplace_back([&] {
        const auto status = call(*channel_, models_of + "ImportModel", request, answer);
        EXPECT_TRUE(status.ok()) << status.error_message();
      });
    }
    for (std::thread& t : clients) t.join();
    for (const auto& answer : answers) {
      EXPECT_EQ(answer.model().name(), "models/" + std::to_string(round + 2));
    }
  }
  EXPECT_EQ(page(0).models_size(), 6);
}

TEST_F(models, without_an_alias_the_latest_that_is_not_retired_is_used) {
  imported(exported("models/1"));
  v1::RetireModelRequest request;
  request.set_name("models/2");
  ask<v1::RetireModelResponse>(models_of + "RetireModel", request);
  v1::StartBatchScoreRequest score;
  const auto job =
      ask<v1::StartBatchScoreResponse>("/clv.v1.ScoringService/StartBatchScore", score).job();
  EXPECT_EQ(result_of<v1::BatchScoreResult>(job).model(), "models/1");
}

TEST_F(models, a_model_goes_out_and_in_byte_for_byte) {
  const std::string json = exported("models/1");
  v1::ImportModelRequest request;
  request.set_model_json(json);
  request.set_request_id("i1");
  const auto first = ask<v1::ImportModelResponse>(models_of + "ImportModel", request).model();
  const auto again = ask<v1::ImportModelResponse>(models_of + "ImportModel", request).model();
  EXPECT_EQ(first.name(), "models/2");
  EXPECT_EQ(again.name(), "models/2");
  EXPECT_EQ(exported("models/2"), json);
  EXPECT_EQ(page(0).models_size(), 2);
}

TEST_F(models, a_model_file_is_validated_without_keeping_it) {
  v1::ValidateModelRequest request;
  request.set_model_json(exported("models/1"));
  const auto model = ask<v1::ValidateModelResponse>(models_of + "ValidateModel", request).model();
  EXPECT_EQ(model.name(), "");
  EXPECT_EQ(model.status(), "converged");
  EXPECT_GT(model.parameters().row_count(), 0);
  EXPECT_EQ(page(0).models_size(), 1);
  request.set_model_json(
      R"({"format":"clv.model/1","purchase":{"model":"bg_nbd","parameters":{}}})");
  const raw_answer answer =
      call_raw(*channel_, models_of + "ValidateModel", request.SerializeAsString());
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(answer.status.error_message().find("purchase"), std::string::npos)
      << answer.status.error_message();
  request.clear_model_json();
  EXPECT_EQ(refusal(models_of + "ValidateModel", request), "3 FIELD_REQUIRED");
  request.set_model_json("{");
  EXPECT_EQ(refusal(models_of + "ValidateModel", request).substr(0, 2), "3 ");
}

TEST_F(models, lists_by_pages_newest_first_and_all_aliases_on_each) {
  for (int i = 0; i < 4; ++i) imported(exported("models/1"));
  promoted("models/3", "");
  std::vector<std::string> names;
  std::string token;
  do {
    const auto some = page(2, token);
    for (const auto& m : some.models()) names.push_back(m.name());
    EXPECT_EQ(some.aliases_size(), 1);
    token = some.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(names,
            (std::vector<std::string>{"models/5", "models/4", "models/3", "models/2", "models/1"}));
  v1::ListModelsRequest request;
  request.set_page_size(-1);
  EXPECT_EQ(refusal(models_of + "ListModels", request), "3 INVALID_VALUE");
  request.set_page_size(2);
  request.set_page_token("1.0.0.0");
  EXPECT_EQ(refusal(models_of + "ListModels", request), "3 PAGE_TOKEN_INVALID");
  request.set_page_token(page(2).next_page_token());
  imported(exported("models/1"));
  EXPECT_EQ(refusal(models_of + "ListModels", request), "10 PAGE_TOKEN_STALE");
}

TEST_F(models, names_that_are_none_are_told_apart) {
  EXPECT_EQ(refusal(models_of + "GetModel", named("")), "3 FIELD_REQUIRED");
  EXPECT_EQ(refusal(models_of + "GetModel", named("3")), "3 INVALID_VALUE");
  EXPECT_EQ(refusal(models_of + "GetModel", named("models/3")), "5 NAME_UNKNOWN");
  EXPECT_EQ(refusal(models_of + "GetModel", named("aliases/none")), "5 NAME_UNKNOWN");
}

}  // namespace
}  // namespace clv::test
