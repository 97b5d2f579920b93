// What every report promises, for every row of the table; and sdk/REPORTS.md is what the table
// says.
#include "clv/report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "clv/engine.hpp"
#include "clv/error.hpp"
#include "clv/schema.hpp"
#include "math/json.hpp"

namespace clv {
namespace {

class every_report : public testing::TestWithParam<const report*> {
 protected:
  const report& r() const { return *GetParam(); }
};

TEST_P(every_report, says_what_it_is_and_what_it_gives) {
  EXPECT_FALSE(r().summary.empty());
  EXPECT_FALSE(r().summary.ends_with("."));
  EXPECT_FALSE(r().outputs.empty());
  std::set<std::string_view> names;
  for (const report_output& o : r().outputs) {
    EXPECT_TRUE(names.insert(o.name).second) << o.name;
    EXPECT_FALSE(o.columns.empty()) << o.name;
  }
  EXPECT_EQ(names.count(""), 1u) << "the main table";
  EXPECT_EQ(&find_report(r().name), &r());
}

// What engine::apply is to record must be rows that engine::record takes.
TEST_P(every_report, records_rows_of_a_schema_that_can_be_recorded) {
  for (const report_output& o : r().outputs) {
    if (o.records.empty()) continue;
    const auto known = recordable();
    EXPECT_NE(std::find(known.begin(), known.end(), o.records), known.end()) << o.records;
    const std::string given = "," + std::string(o.columns) + ",";
    for (const field& f : find_schema(o.records).fields) {
      const bool there = given.find("," + std::string(f.name) + ",") != std::string::npos;
      EXPECT_TRUE(there || !f.required) << o.records << " needs " << f.name;
    }
  }
}

TEST_P(every_report, takes_tables_that_can_be_named) {
  std::set<std::string_view> names;
  for (const report_input& i : r().inputs) {
    EXPECT_TRUE(names.insert(i.name).second) << i.name;
    if (i.schema.empty()) {
      EXPECT_FALSE(i.columns.empty()) << i.name << ": which columns does it read?";
    } else {
      EXPECT_NO_THROW(find_schema(i.schema)) << i.name;
    }
  }
}

TEST_P(every_report, has_defaults_that_are_json) {
  for (const report_option& o : r().options) {
    EXPECT_FALSE(o.meaning.empty()) << o.name;
    if (!o.fallback.empty()) {
      EXPECT_NO_THROW(math::parse_json(o.fallback)) << o.name;
    }
  }
}

TEST_P(every_report, refuses_an_option_it_does_not_know_before_any_work) {
  try {
    r().begin({}, R"({"no_such_option":1})");
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::invalid);
    EXPECT_NE(std::string(e.what()).find("no_such_option"), std::string::npos) << e.what();
  }
}

TEST_P(every_report, names_a_table_or_model_that_is_missing_or_too_much) {
  const auto complaint = [&](report_inputs in) {
    try {
      begin_report(r().name, std::move(in), "");
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  const bool needs = r().needs_model ||
                     std::any_of(r().inputs.begin(), r().inputs.end(), [](const report_input& i) {
                       return i.required;
                     });
  if (needs) {
    EXPECT_NE(complaint({}).find(std::string(r().name)), std::string::npos);
  }
  report_inputs extra;
  extra.tables["no_such_table"] = std::make_shared<const table>();
  EXPECT_NE(complaint(extra).find("no_such_table"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(table,
                         every_report,
                         testing::ValuesIn(reports().begin(), reports().end()),
                         [](const auto& each) { return std::string(each.param->name); });

void describe_inputs(const report& r, std::ostream& out) {
  for (const report_input& i : r.inputs) {
    out << "* table `" << i.name << "`" << (i.required ? "" : " (optional)") << ": ";
    if (i.schema.empty()) {
      out << "columns " << i.columns;
    } else {
      out << "schema `" << i.schema << "`";
    }
    out << "\n";
  }
  if (r.needs_model) out << "* a model\n";
}

// The text that sdk/REPORTS.md must have below its first rule.
std::string described() {
  std::ostringstream out;
  std::set<std::string_view> sorted;
  for (const report* r : reports()) sorted.insert(r->name);
  for (const std::string_view name : sorted) {
    const report& r = find_report(name);
    out << "\n## " << r.name << "\n\n" << r.summary << ".\n\n";
    describe_inputs(r, out);
    for (const report_option& o : r.options) {
      out << "* option `" << o.name << "`";
      if (!o.fallback.empty()) out << " (default `" << o.fallback << "`)";
      out << ": " << o.meaning << "\n";
    }
    for (const report_output& o : r.outputs) {
      out << "* gives " << (o.name.empty() ? "the main table" : "`" + std::string(o.name) + "`")
          << ": " << o.columns;
      if (!o.records.empty()) out << "; recorded as `" << o.records << "`";
      out << "\n";
    }
  }
  return out.str();
}

TEST(reports, are_described_as_they_are) {
  std::ifstream file(CLV_REPORTS_FILE);
  ASSERT_TRUE(file) << CLV_REPORTS_FILE;
  std::stringstream text;
  text << file.rdbuf();
  const std::string whole = text.str();
  const auto rule = whole.find("\n---\n");
  ASSERT_NE(rule, std::string::npos);
  EXPECT_EQ(whole.substr(rule + 5), described()) << "put this below the rule of sdk/REPORTS.md";
}

}  // namespace
}  // namespace clv
