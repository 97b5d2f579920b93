// SegmentService: definitions under names, changed by one at a time, evaluated on kept scores.
#include <clv/v1/admin_service.pb.h>
#include <clv/v1/segment_service.pb.h>

#include "equal_table.hpp"
#include "rows.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

const std::string service = "/clv.v1.SegmentService/";

class segments : public shop {
 protected:
  static v1::CreateSegmentRequest tiers(const std::string& name = "segments/tiers") {
    v1::CreateSegmentRequest request;
    request.mutable_segment()->set_name(name);
    request.mutable_segment()->set_scheme("value_tier");
    request.mutable_segment()->set_description("by value");
    return request;
  }
  v1::Segment create(const v1::CreateSegmentRequest& request = tiers()) {
    return ask<v1::CreateSegmentResponse>(service + "CreateSegment", request).segment();
  }
  v1::Segment get(const std::string& name = "segments/tiers") {
    v1::GetSegmentRequest request;
    request.set_name(name);
    return ask<v1::GetSegmentResponse>(service + "GetSegment", request).segment();
  }
  v1::EvaluateSegmentsResult evaluate() {
    v1::EvaluateSegmentsRequest request;
    request.set_name("segments/tiers");
    return result_of<v1::EvaluateSegmentsResult>(
        ask<v1::EvaluateSegmentsResponse>(service + "EvaluateSegments", request).job());
  }
};

TEST_F(segments, are_created_once_and_read_back) {
  open(30);
  auto request = tiers();
  request.set_request_id("r1");
  const v1::Segment made = create(request);
  EXPECT_EQ(made.scheme(), "value_tier");
  EXPECT_FALSE(made.etag().empty());
  EXPECT_TRUE(made.has_update_time());
  EXPECT_EQ(create(request).SerializeAsString(), made.SerializeAsString());
  EXPECT_EQ(refusal(service + "CreateSegment", tiers()), "6 NAME_TAKEN");
  request.mutable_segment()->set_description("other");
  EXPECT_EQ(refusal(service + "CreateSegment", request), "3 REQUEST_ID_REUSED");
  stop();
  start();
  EXPECT_EQ(get().SerializeAsString(), made.SerializeAsString());
}

TEST_F(segments, are_changed_and_deleted_once_by_request_id) {
  open(30);
  const v1::Segment made = create();
  v1::UpdateSegmentRequest change;
  change.set_request_id("u1");
  *change.mutable_segment() = made;
  change.mutable_segment()->set_description("other");
  const auto first = ask<v1::UpdateSegmentResponse>(service + "UpdateSegment", change);
  EXPECT_NE(first.segment().etag(), made.etag());
  // With the etag of before: the answer of then, no complaint.
  EXPECT_EQ(ask<v1::UpdateSegmentResponse>(service + "UpdateSegment", change).SerializeAsString(),
            first.SerializeAsString());
  EXPECT_EQ(get().SerializeAsString(), first.segment().SerializeAsString());
  v1::DeleteSegmentRequest gone;
  gone.set_request_id("x1");
  gone.set_name(made.name());
  gone.set_etag(first.segment().etag());
  ask<v1::DeleteSegmentResponse>(service + "DeleteSegment", gone);
  create();
  ask<v1::DeleteSegmentResponse>(service + "DeleteSegment", gone);
  EXPECT_EQ(get().description(), "by value");
  gone.set_etag("");
  EXPECT_EQ(refusal(service + "DeleteSegment", gone), "3 REQUEST_ID_REUSED");
}

TEST_F(segments, are_refused_when_they_could_never_be_evaluated) {
  open(0);  // without scores too
  auto request = tiers("tiers");
  EXPECT_EQ(refusal(service + "CreateSegment", request), "3 INVALID_VALUE");
  request = tiers("segments/" + std::string(65, 'a'));
  EXPECT_EQ(refusal(service + "CreateSegment", request), "3 INVALID_VALUE");
  request = tiers("segments/a/b");
  EXPECT_EQ(refusal(service + "CreateSegment", request), "3 INVALID_VALUE");
  request = tiers();
  request.mutable_segment()->set_scheme("no_such_scheme");
  EXPECT_EQ(refusal(service + "CreateSegment", request), "5 NAME_UNKNOWN");
  request = tiers();
  request.mutable_segment()->set_options_json("{");
  EXPECT_EQ(refusal(service + "CreateSegment", request), "3 INVALID_VALUE");
  request.mutable_segment()->set_options_json(std::string("{}\0", 3));
  EXPECT_EQ(refusal(service + "CreateSegment", request), "3 INVALID_VALUE");
  EXPECT_EQ(create().name(), "segments/tiers");
  v1::GetSegmentRequest unknown;
  unknown.set_name("segments/none");
  EXPECT_EQ(refusal(service + "GetSegment", unknown), "5 SEGMENT_UNKNOWN");
  v1::EvaluateSegmentsRequest early;
  early.set_name("segments/tiers");
  EXPECT_EQ(refusal(service + "EvaluateSegments", early), "9 STAGE_NOT_READY");
}

TEST_F(segments, are_tried_on_the_scores_that_there_are) {
  open(30);
  auto request = tiers();
  request.mutable_segment()->set_options_json("{\"no_such_setting\": 1}");
  EXPECT_EQ(refusal(service + "CreateSegment", request), "3 INVALID_VALUE");
  request = tiers();
  request.mutable_segment()->set_scheme("no_such_scheme");
  EXPECT_EQ(refusal(service + "CreateSegment", request), "5 NAME_UNKNOWN");
}

TEST_F(segments, are_changed_by_mask_and_only_against_the_etag_that_was_read) {
  open(30);
  const v1::Segment made = create();
  v1::UpdateSegmentRequest request;
  request.mutable_segment()->set_name("segments/tiers");
  request.mutable_segment()->set_etag(made.etag());
  request.mutable_segment()->set_description("changed");
  request.mutable_segment()->set_scheme("no_such_scheme");
  request.add_update_mask("description");
  const auto changed = ask<v1::UpdateSegmentResponse>(service + "UpdateSegment", request).segment();
  EXPECT_EQ(changed.description(), "changed");
  EXPECT_EQ(changed.scheme(), "value_tier");
  EXPECT_NE(changed.etag(), made.etag());
  EXPECT_EQ(refusal(service + "UpdateSegment", request), "10 ETAG_MISMATCH");
  request.mutable_segment()->set_etag("x");
  EXPECT_EQ(refusal(service + "UpdateSegment", request), "3 INVALID_VALUE");
  request.mutable_segment()->set_etag("");
  request.add_update_mask("etag");
  EXPECT_EQ(refusal(service + "UpdateSegment", request), "3 INVALID_VALUE");
  request.clear_update_mask();  // all three
  EXPECT_NE(refusal(service + "UpdateSegment", request), "0 ");
  request.mutable_segment()->set_scheme("rfm");
  EXPECT_EQ(ask<v1::UpdateSegmentResponse>(service + "UpdateSegment", request).segment().scheme(),
            "rfm");

  v1::DeleteSegmentRequest gone;
  gone.set_name("segments/tiers");
  gone.set_etag(made.etag());
  EXPECT_EQ(refusal(service + "DeleteSegment", gone), "10 ETAG_MISMATCH");
  gone.set_etag(get().etag());
  ask<v1::DeleteSegmentResponse>(service + "DeleteSegment", gone);
  EXPECT_EQ(refusal(service + "DeleteSegment", gone), "5 SEGMENT_UNKNOWN");
  // A name made again is another definition.
  EXPECT_NE(create().etag(), made.etag());
}

TEST_F(segments, are_listed_by_name_in_pages) {
  open(0);
  for (const char* name : {"c", "a", "e", "b", "d"}) create(tiers(std::string("segments/") + name));
  v1::ListSegmentsRequest request;
  request.set_page_size(2);
  std::string names;
  do {
    const auto page = ask<v1::ListSegmentsResponse>(service + "ListSegments", request);
    for (const v1::Segment& s : page.segments()) names += s.name().substr(9);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && !HasFailure());
  EXPECT_EQ(names, "abcde");
  request.set_page_token("segments/a");
  EXPECT_EQ(refusal(service + "ListSegments", request), "3 PAGE_TOKEN_INVALID");
  request.set_page_token("");
  request.set_page_size(-1);
  EXPECT_EQ(refusal(service + "ListSegments", request), "3 INVALID_VALUE");
}

TEST_F(segments, are_previewed_without_a_trace_and_evaluated_for_good) {
  open(90);
  v1::PreviewSegmentRequest preview;
  preview.set_scheme("value_tier");
  const auto profile =
      ask<v1::PreviewSegmentResponse>(service + "PreviewSegment", preview).profile();
  EXPECT_GT(profile.row_count(), 1);
  v1::ListSegmentMembersRequest members;
  EXPECT_EQ(refusal(service + "ListSegmentMembers", members), "9 STAGE_NOT_READY");
  create();
  const v1::EvaluateSegmentsResult result = evaluate();
  EXPECT_EQ(result.profile().SerializeAsString(), profile.SerializeAsString());

  const auto all = ask<v1::ListSegmentMembersResponse>(service + "ListSegmentMembers", members);
  EXPECT_EQ(all.total_rows(), 90);
  // Those of one segment, by pages: each page is full but the last.
  const std::string first = text_in(all.members(), "segment", 0);
  std::vector<std::string> expected, got;
  for (int row = 0; row < 90; ++row) {
    if (text_in(all.members(), "segment", row) == first) {
      expected.push_back(text_in(all.members(), "customer", row));
    }
  }
  members.set_segment(first);
  members.mutable_page()->set_page_size(3);
  std::string token;
  do {
    const auto page = ask<v1::ListSegmentMembersResponse>(service + "ListSegmentMembers", members);
    EXPECT_EQ(page.total_rows(), static_cast<std::int64_t>(expected.size()));
    token = page.next_page_token();
    if (!token.empty()) {
      EXPECT_EQ(page.members().row_count(), 3);
    }
    for (int row = 0; row < page.members().row_count(); ++row) {
      got.push_back(text_in(page.members(), "customer", row));
    }
    members.mutable_page()->set_page_token(token);
  } while (!token.empty() && !HasFailure());
  EXPECT_EQ(got, expected);
  members.mutable_page()->set_page_token(all.next_page_token() + "x");
  EXPECT_EQ(refusal(service + "ListSegmentMembers", members), "3 PAGE_TOKEN_INVALID");
  stop();
  expect_equal_table(all.members(), *stored(store_, "segments"));
}

TEST_F(segments, are_not_changed_while_the_server_is_read_only) {
  open(30);
  create();
  v1::SetModeRequest mode;
  mode.set_read_only(true);
  ask<v1::SetModeResponse>("/clv.v1.AdminService/SetMode", mode);
  EXPECT_EQ(refusal(service + "CreateSegment", tiers("segments/b")), "9 READ_ONLY");
  v1::UpdateSegmentRequest update;
  update.mutable_segment()->set_name("segments/tiers");
  EXPECT_EQ(refusal(service + "UpdateSegment", update), "9 READ_ONLY");
  v1::DeleteSegmentRequest gone;
  gone.set_name("segments/tiers");
  EXPECT_EQ(refusal(service + "DeleteSegment", gone), "9 READ_ONLY");
  v1::EvaluateSegmentsRequest evaluation;
  evaluation.set_name("segments/tiers");
  EXPECT_EQ(refusal(service + "EvaluateSegments", evaluation), "9 READ_ONLY");
  EXPECT_EQ(get().name(), "segments/tiers");
}

}  // namespace
}  // namespace clv::test
