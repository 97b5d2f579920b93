#include "requests.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/util/json_util.h>

#include <limits>
#include <stdexcept>

namespace clv::test {
namespace {

namespace pb = google::protobuf;
using message_ptr = std::unique_ptr<pb::Message>;
using field = const pb::FieldDescriptor*;
using path = std::vector<field>;

#define DESK(more) R"({"query":{"desk_json":"{}","as_of_us":"1773651600000000")" more "}"
constexpr auto table_of_customers =
    R"({"source":"crm","request_id":"k1","customers":{"row_count":1,"columns":[
      {"name":"customer","texts":{"values":["c1"]}},{"name":"attr.city","texts":{"values":["x"]}}]}})";

void add_paths(const pb::Descriptor& type, path& at, std::vector<path>& to, bool messages) {
  constexpr std::size_t deepest = 6;
  for (int i = 0; i < type.field_count(); ++i) {
    field f = type.field(i);
    if (f->is_map()) continue;
    at.push_back(f);
    const bool is_message = f->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE;
    if (is_message == messages) to.push_back(at);
    if (is_message && at.size() < deepest) add_paths(*f->message_type(), at, to, messages);
    at.pop_back();
  }
}

std::vector<path> paths_of(const pb::Message& m, bool messages) {
  std::vector<path> all;
  path at;
  add_paths(*m.GetDescriptor(), at, all, messages);
  return all;
}

std::string text_of(const path& p) {
  std::string text;
  for (field f : p) text += (text.empty() ? "" : ".") + f->name();
  return text;
}

pb::Message& inside(pb::Message& m, field f) {
  const pb::Reflection& r = *m.GetReflection();
  if (!f->is_repeated()) return *r.MutableMessage(&m, f);
  return r.FieldSize(m, f) > 0 ? *r.MutableRepeatedMessage(&m, f, 0) : *r.AddMessage(&m, f);
}

message_ptr copy_of(const pb::Message& m) {
  message_ptr copy(m.New());
  copy->CopyFrom(m);
  return copy;
}

// The message that holds the last field of the path, in a copy.
struct place {
  message_ptr root;
  pb::Message* holder;
};
place find(const pb::Message& good, const path& p) {
  place found{copy_of(good), nullptr};
  found.holder = found.root.get();
  for (std::size_t i = 0; i + 1 < p.size(); ++i) found.holder = &inside(*found.holder, p[i]);
  return found;
}

void set_text(pb::Message& m, field f, const std::string& text) {
  const pb::Reflection& r = *m.GetReflection();
  if (!f->is_repeated()) return r.SetString(&m, f, text);
  if (r.FieldSize(m, f) > 0) return r.SetRepeatedString(&m, f, 0, text);
  r.AddString(&m, f, text);
}
void set_number(pb::Message& m, field f, double number) {
  const pb::Reflection& r = *m.GetReflection();
  if (!f->is_repeated()) return r.SetDouble(&m, f, number);
  if (r.FieldSize(m, f) > 0) return r.SetRepeatedDouble(&m, f, 0, number);
  r.AddDouble(&m, f, number);
}
void set_integer(pb::Message& m, field f, std::int64_t number) {
  const pb::Reflection& r = *m.GetReflection();
  switch (f->cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return r.SetInt32(&m, f, static_cast<std::int32_t>(number));
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return r.SetUInt64(&m, f, static_cast<std::uint64_t>(number));
    case pb::FieldDescriptor::CPPTYPE_INT64:
      break;
    default:
      throw std::logic_error("set_integer: " + f->full_name());
  }
  if (!f->is_repeated()) return r.SetInt64(&m, f, number);
  if (r.FieldSize(m, f) > 0) return r.SetRepeatedInt64(&m, f, 0, number);
  r.AddInt64(&m, f, number);
}

using setter = std::function<void(pb::Message&, field)>;
struct bad_value {
  std::string name;
  setter set;
};

const std::vector<bad_value>& bad_texts() {
  static const std::vector<bad_value> all = [] {
    std::vector<bad_value> made;
    const auto add = [&](const char* name, const std::string& text) {
      made.push_back({name, [text](pb::Message& m, field f) { set_text(m, f, text); }});
    };
    add("empty", "");
    add("NUL", std::string("a\0b", 3));
    add("long", std::string(100'000, 'x'));
    add("zero width", "\xe2\x80\x8b\xe2\x80\xae");
    add("a path", "../../etc/passwd");
    add("deep JSON", std::string(5000, '['));
    add("SQL", "'; DROP TABLE customers; --");
    return made;
  }();
  return all;
}
const std::vector<bad_value>& bad_numbers() {
  static const std::vector<bad_value> all = [] {
    using limit = std::numeric_limits<double>;
    std::vector<bad_value> made;
    for (const double x : {limit::quiet_NaN(),
                           limit::infinity(),
                           -limit::infinity(),
                           -0.0,
                           -1.0,
                           limit::max(),
                           limit::lowest(),
                           limit::denorm_min()}) {
      made.push_back({std::to_string(x), [x](pb::Message& m, field f) { set_number(m, f, x); }});
    }
    return made;
  }();
  return all;
}
const std::vector<bad_value>& bad_integers() {
  static const std::vector<bad_value> all = [] {
    using limit = std::numeric_limits<std::int64_t>;
    std::vector<bad_value> made;
    constexpr std::int64_t year_10000 = 253'402'300'800;
    for (const std::int64_t n : {limit::min(),
                                 limit::max(),
                                 std::int64_t{-1},
                                 year_10000,
                                 year_10000 * 1'000'000,
                                 std::int64_t{1} << 31}) {
      made.push_back({std::to_string(n), [n](pb::Message& m, field f) { set_integer(m, f, n); }});
    }
    return made;
  }();
  return all;
}

const std::vector<bad_value>& bad_values(field f) {
  static const std::vector<bad_value> none;
  switch (f->cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING:
      return bad_texts();
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      return bad_numbers();
    case pb::FieldDescriptor::CPPTYPE_INT32:
    case pb::FieldDescriptor::CPPTYPE_INT64:
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return bad_integers();
    default:
      return none;
  }
}

}  // namespace

const std::vector<sample>& samples() {
  using enum repeat;
  static const std::vector<sample> all{
      {"/clv.v1.AdminService/GetServerInfo", "{}"},
      {"/clv.v1.ReportService/ListReports", "{}"},
      {"/clv.v1.PluginService/ListPlugins", "{}", other},
      {"/clv.v1.PluginService/GetPlugin", R"({"name":"plugins/none"})"},
      {"/clv.v1.PluginService/EnablePlugin", R"({"name":"plugins/none"})"},
      {"/clv.v1.PluginService/DisablePlugin", R"({"name":"plugins/none"})"},
      {"/clv.v1.PluginService/ReloadPlugin", R"({"name":"plugins/none"})"},
      {"/clv.v1.IngestService/IngestBatch",
       R"({"source":"crm","request_id":"i1","events":{"transactions":[{"event_id":"e1",
          "customer":"c1","time":"2026-03-01T10:00:00Z","amount":{"currency_code":"USD",
          "minor_units":"500"},"kind":"purchase"}]}})",
       other},
      {"/clv.v1.IngestService/IngestStream", "{}", other},
      {"/clv.v1.IngestService/GetWatermark", R"({"producer_id":"p"})"},
      {"/clv.v1.CustomerService/GetCustomer", R"({"customer":"1"})"},
      {"/clv.v1.CustomerService/ListCustomers", R"({"page":{"page_size":3}})"},
      {"/clv.v1.CustomerService/UpsertCustomers", table_of_customers},
      {"/clv.v1.CustomerService/ForgetCustomer", R"({"request_id":"g1","customer":"none"})", other},
      {"/clv.v1.CustomerService/ExportCustomer", R"({"customer":"none"})", other},
      {"/clv.v1.ModelService/ListModels", "{}"},
      {"/clv.v1.ModelService/GetModel", R"({"name":"models/1"})"},
      {"/clv.v1.ModelService/ExportModel", R"({"name":"models/1"})"},
      {"/clv.v1.ModelService/ValidateModel", "{}"},
      {"/clv.v1.ModelService/ImportModel", R"({"request_id":"m1"})"},
      {"/clv.v1.ModelService/PromoteModel",
       R"({"alias":"aliases/test","model":"models/1"})",
       other},
      {"/clv.v1.ModelService/RollbackModel", R"({"alias":"aliases/test"})", other},
      {"/clv.v1.ModelService/RetireModel", R"({"name":"models/99"})"},
      {"/clv.v1.ModelService/FitModel", R"({"request_id":"t1"})", other},
      {"/clv.v1.ScoringService/ScoreSummaries",
       R"({"parameters":{"unit":"week","currency_code":"USD","purchase":{"model":"bg_nbd",
          "parameters":{"r":0.24,"alpha":4.4,"a":0.79,"b":2.4}}},
          "rows":[{"customer":"c","x":2,"t_x":10,"T":30}],"horizon":39})"},
      {"/clv.v1.ScoringService/ScoreCustomers", R"({"customers":["1"]})"},
      {"/clv.v1.ScoringService/StartBatchScore", R"({"request_id":"s1"})", other},
      {"/clv.v1.ScoringService/ListScores", R"({"page":{"page_size":3}})"},
      {"/clv.v1.ScoringService/StreamScores", "{}", other},
      {"/clv.v1.SegmentService/CreateSegment",
       R"({"request_id":"c1","segment":{"name":"segments/a","scheme":"value_tier"}})"},
      {"/clv.v1.SegmentService/GetSegment", R"({"name":"segments/a"})"},
      {"/clv.v1.SegmentService/ListSegments", R"({"page_size":3})"},
      {"/clv.v1.SegmentService/UpdateSegment",
       R"({"segment":{"name":"segments/a","etag":"999"},"update_mask":["description"]})"},
      {"/clv.v1.SegmentService/DeleteSegment", R"({"name":"segments/none","etag":"9"})"},
      {"/clv.v1.SegmentService/PreviewSegment", R"({"scheme":"value_tier","options_json":"{}"})"},
      {"/clv.v1.SegmentService/EvaluateSegments",
       R"({"request_id":"v1","name":"segments/a"})",
       other},
      {"/clv.v1.SegmentService/ListSegmentMembers", R"({"page":{"page_size":3}})"},
      {"/clv.v1.ActionService/Propose", R"({"now_us":"1000000000000000","page_size":3})", other},
      {"/clv.v1.ActionService/Decide",
       R"({"request_id":"d1","now_us":"1000000000000000","page_size":3,"z":1,"margin":0.4,
          "budget":{"currency_code":"USD","minor_units":"2000"},"policy_json":"{}"})"},
      {"/clv.v1.ActionService/ListDecisions", R"({"page":{"page_size":3}})"},
      {"/clv.v1.ActionService/StartDecide",
       R"({"decide":{"request_id":"d2","now_us":"1000000000000000"}})",
       other},
      {"/clv.v1.ActionService/RecordOutcomes",
       R"({"request_id":"o1","source":"crm","outcomes":{"row_count":1,"columns":[
          {"name":"customer","texts":{"values":["c1"]}},
          {"name":"time","times":{"values":["1000000000000000"]}},
          {"name":"kind","texts":{"values":["reply"]}}]}})"},
      {"/clv.v1.ActionService/MeasureEffect", R"({"options_json":"{}"})"},
      {"/clv.v1.ActionService/GetReceipt", R"({"decision_id":"none"})"},
      {"/clv.v1.ReportService/RunReport",
       R"({"report":"desk_triage","options_json":"{}","stateless":true,"inputs":[
          {"name":"ticket_events","row_count":1,"columns":[
          {"name":"ticket","texts":{"values":["T"]}},{"name":"kind","texts":{"values":["created"]}},
          {"name":"time","times":{"values":["1773651600000000"]}},
          {"name":"customer","texts":{"values":["c"]}}]}]})"},
      {"/clv.v1.DeskService/ImportTickets",
       DESK() R"(,"source":"crm","request_id":"t1","tickets":{"row_count":1,"columns":[
          {"name":"ticket","texts":{"values":["T1"]}},{"name":"customer","texts":{"values":["c"]}},
          {"name":"created","texts":{"values":["2026-03-16 08:00"]}}]}})"},
      {"/clv.v1.DeskService/TriageTickets", DESK(R"(,"options_json":"{}")") "}"},
      {"/clv.v1.DeskService/ListClocks", DESK() "}"},
      {"/clv.v1.DeskService/TellDue", DESK() "}", other},
      {"/clv.v1.DeskService/AssignTickets", DESK() "}"},
      {"/clv.v1.DeskService/ClaimTicket", DESK() R"(,"ticket":"T1","agent":"ann"})"},
      {"/clv.v1.DeskService/SweepTickets", DESK() "}", other},
      {"/clv.v1.DeskService/PlanSurveys", DESK() "}", other},
      {"/clv.v1.DeskService/PlanFollowUps", DESK() "}", other},
      {"/clv.v1.DeskService/ReportPerformance", DESK() "}"},
      {"/clv.v1.DeskService/GetTimeline", DESK() R"(,"ticket":"T1"})"},
      {"/clv.v1.JobService/GetJob", R"({"name":"jobs/999999"})"},
      {"/clv.v1.JobService/ListJobs", R"({"page_size":3})", other},
      {"/clv.v1.JobService/WatchJob", R"({"name":"jobs/999999"})", other},
      {"/clv.v1.JobService/CancelJob", R"({"name":"jobs/999999"})"},
      {"/clv.v1.AdminService/StartBackup", R"({"request_id":"b1"})", other},
      {"/clv.v1.AdminService/StartIntegrityCheck", R"({"request_id":"h1"})", other},
      {"/clv.v1.AdminService/ReloadConfig", "{}"},
      {"/clv.v1.AdminService/SetLogLevel", R"({"level":"info"})"},
      {"/clv.v1.AdminService/SetMode", "{}"},
  };
  return all;
}
#undef DESK

std::unique_ptr<pb::Message> request_of(const sample& s) {
  const clvd::method* m = clvd::find_method(s.path);
  if (m == nullptr) throw std::logic_error(s.path);
  message_ptr request(m->request.New());
  const auto status = pb::util::JsonStringToMessage(s.json, request.get());
  if (!status.ok()) throw std::logic_error(std::string(s.path) + ": " + status.ToString());
  return request;
}

std::vector<spoiled> spoil(const pb::Message& good) {
  std::vector<spoiled> all;
  for (const path& p : paths_of(good, false)) {
    for (const bad_value& bad : bad_values(p.back())) {
      place at = find(good, p);
      bad.set(*at.holder, p.back());
      all.push_back({text_of(p) + " = " + bad.name, std::move(at.root)});
    }
  }
  return all;
}

std::vector<bad_bytes> with_bad_texts(const pb::Message& good) {
  const std::string mark = "@bad text@";
  std::vector<bad_bytes> all;
  for (const path& p : paths_of(good, false)) {
    if (p.back()->type() != pb::FieldDescriptor::TYPE_STRING) continue;
    place at = find(good, p);
    set_text(*at.holder, p.back(), mark);
    std::string bytes = at.root->SerializeAsString();
    bytes.replace(bytes.find(mark), 2, "\xff\xfe");
    all.push_back({text_of(p), bytes});
  }
  return all;
}

std::vector<bad_bytes> with_unknown_fields(const pb::Message& good) {
  std::vector<path> all_messages = paths_of(good, true);
  all_messages.emplace_back();  // the request itself
  std::vector<bad_bytes> all;
  for (const path& p : all_messages) {
    place at = find(good, p);
    pb::Message& to = p.empty() ? *at.root : inside(*at.holder, p.back());
    to.GetReflection()->MutableUnknownFields(&to)->AddVarint(1999, 1);
    all.push_back({text_of(p), at.root->SerializeAsString()});
  }
  return all;
}

}  // namespace clv::test
