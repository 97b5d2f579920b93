// A struct_size that is no size of the struct, in every struct that a function takes or fills:
// refused, and nothing handed out. The headers say which structs those are.
#include <map>
#include <regex>

#include "header_text.hpp"
#include "scenario.hpp"

namespace clv_hostile {
namespace {

struct place {
  const char* type;  // as it stands in a declaration, const where the function only reads it
  uint32_t* (*size)(inputs&, outputs&);
};

#define IN(name, type)                                                            \
  {                                                                               \
    "const " #type "*", [](inputs& in, outputs&) { return &in.name.struct_size; } \
  }
#define OUT(name, type)                                                       \
  {                                                                           \
#type "*", [](inputs&, outputs & out) { return &out.v.name.struct_size; } \
  }

const std::vector<place>& places() {
  static const std::vector<place> all{IN(csv, clv_csv_options),
                                      IN(summarize, clv_summarize_options),
                                      IN(fit, clv_fit_options),
                                      IN(score, clv_score_options),
                                      IN(segment, clv_segment_options),
                                      IN(simulate, clv_simulate_options),
                                      IN(report, clv_report_options),
                                      IN(plugin, clv_plugin_options),
                                      IN(decide, clv_decide_options),
                                      IN(engine, clv_engine_options),
                                      IN(ingest, clv_ingest_options),
                                      IN(source, clv_source),
                                      IN(answer, clv_answer),
                                      IN(alias, clv_alias_options),
                                      IN(read, clv_read_options),
                                      IN(first, clv_batch),
                                      OUT(entry, clv_diag_entry),
                                      OUT(info, clv_column_info),
                                      OUT(progress, clv_progress),
                                      OUT(batch, clv_batch),
                                      OUT(score, clv_score),
                                      OUT(history, clv_history),
                                      OUT(answer, clv_answer)};
  return all;
}
#undef IN
#undef OUT

// The structs of a declaration, in its words.
std::vector<std::string> structs_of(const std::string& parameters) {
  static const std::regex one("(const )?(clv_\\w+)\\* ");
  std::vector<std::string> found;
  for (std::sregex_iterator i(parameters.begin(), parameters.end(), one), end; i != end; ++i) {
    const std::string type = (*i)[1].str() + (*i)[2].str() + "*";
    for (const place& p : places()) {
      if (type == p.type) found.push_back(type);
    }
  }
  return found;
}

class broken_structs : public testing::TestWithParam<std::size_t> {};

void expect_refused(const scenario& tested, const place& where, uint32_t size) {
  inputs in;
  const call work = tested.prepare(in);
  outputs out;
  const diag_ptr diag = new_diag();
  uint32_t* const at = where.size(in, out);
  const uint32_t right = std::exchange(*at, size);
  EXPECT_EQ(work(in, out, diag.get()), CLV_E_INVALID) << where.type << " of " << size << " bytes";
  EXPECT_EQ(*at, size) << "it wrote to a struct whose size it does not know";
  *at = right;
  EXPECT_TRUE(out.same_as_new()) << where.type << " of " << size << " bytes";
  if (clv_diag_count(diag.get()) == 0) return;  // some take no diag
  EXPECT_NE(said(diag).find("struct_size"), std::string::npos) << said(diag);
}

TEST_P(broken_structs, are_refused_by_their_size) {
  const scenario& tested = scenarios()[GetParam()];
  const std::map<std::string, std::string> headers = declarations();
  const auto found = headers.find(tested.function);
  ASSERT_NE(found, headers.end());
  for (const std::string& type : structs_of(found->second)) {
    for (const place& p : places()) {
      if (type != p.type) continue;
      for (const uint32_t size : {0U, 1U, 6U, 4104U, 0xFFFFFFF8U}) expect_refused(tested, p, size);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(of,
                         broken_structs,
                         testing::Range(std::size_t{0}, scenarios().size()),
                         [](const auto& one) { return scenarios()[one.param].function; });

}  // namespace
}  // namespace clv_hostile
