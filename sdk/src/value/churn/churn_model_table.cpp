#include <algorithm>
#include <array>
#include <cmath>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "features/cells.hpp"
#include "value/churn/churn_model.hpp"

namespace clv {
namespace {

using features::number_at;
using features::text_at;

constexpr std::string_view association = "association, not cause";

std::string_view name_of(churn_kind kind) {
  constexpr std::array<std::string_view, 3> names{"number", "missing", "level"};
  return names[static_cast<std::size_t>(kind)];
}

std::string term_name(const churn_feature& f, const churn_column& c) {
  if (c.kind == churn_kind::number) return f.name;
  return f.name + " = " + c.level;
}

// A level of which all or none churned has no finite coefficient but for the penalty.
std::string status_of(const churn_column& c) {
  if (!c.same_as.empty()) return "same rows as " + c.same_as;
  if (c.kind == churn_kind::number || (c.churned > 0 && c.churned < c.n)) return "ok";
  return c.churned > 0 ? "separated: all churned" : "separated: none churned";
}

std::vector<column_spec> specs() {
  return {{"term", type::utf8},
          {"feature", type::utf8},
          {"level", type::utf8},
          {"kind", type::utf8},
          {"coefficient", type::f64},
          {"standard_error", type::f64},
          {"odds_ratio", type::f64},
          {"lower", type::f64},
          {"upper", type::f64},
          {"center", type::f64},
          {"scale", type::f64},
          {"mean", type::f64},
          {"n", type::f64},
          {"status", type::utf8},
          {"association", type::utf8}};
}

constexpr std::optional<double> none;
constexpr std::optional<std::string_view> no_text;

// Rows of the model table. The optional numbers are, in order, those after `kind`.
class model_writer {
 public:
  explicit model_writer(double z) : writer_(specs()), z_(z) {}

  void baseline(const churn_baseline& b, double rows) {
    for (std::size_t i = 0; i < b.size(); ++i) {
      const bool timed = !b.time_column.empty();
      writer_.row(timed ? "(baseline " + std::to_string(i) + ")" : "(intercept)",
                  b.time_column,
                  no_text,
                  timed ? "baseline" : "intercept",
                  b.coefficients[i],
                  b.standard_errors[i],
                  none,
                  none,
                  none,
                  timed ? std::optional(b.knots[i]) : none,
                  none,
                  b.mean_time,
                  rows,
                  "ok",
                  no_text);
    }
  }
  void calibration(const churn_model& m) {
    if (!m.calibrated) return;
    constant("(calibration intercept)", "calibration", m.calibration_intercept);
    constant("(calibration slope)", "calibration", m.calibration_slope);
  }
  void use(const churn_model& m) {
    writer_.row("(use)",
                no_text,
                m.audit_only ? "audit_only" : "decision",
                "use",
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                "ok",
                no_text);
  }
  void reference(const churn_feature& f) {
    writer_.row(f.name + " = " + f.reference,
                f.name,
                f.reference,
                "reference",
                0.0,
                none,
                1.0,
                none,
                none,
                none,
                none,
                none,
                f.reference_n,
                "reference",
                association);
  }
  void column(const churn_feature& f, const churn_column& c) {
    const bool number = c.kind == churn_kind::number;
    const bool out = !c.same_as.empty();
    const auto ratio = [&](double side) {
      return out ? none : std::optional(std::exp(c.coefficient + side * z_ * c.standard_error));
    };
    writer_.row(term_name(f, c),
                f.name,
                number ? no_text : std::optional<std::string_view>(c.level),
                out ? "same_as" : name_of(c.kind),
                out ? none : std::optional(c.coefficient),
                out ? none : std::optional(c.standard_error),
                ratio(0),
                ratio(-1),
                ratio(1),
                number ? std::optional(f.center) : none,
                number ? std::optional(f.scale) : none,
                c.mean,
                c.n,
                status_of(c),
                association);
  }
  std::shared_ptr<const table> sealed(const std::string& extra) { return writer_.sealed(extra); }

 private:
  void constant(const char* term, const char* kind, double value) {
    writer_.row(term,
                no_text,
                no_text,
                kind,
                value,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                "ok",
                no_text);
  }
  report_writer writer_;
  double z_;
};

// What a row of the model table says.
struct model_row {
  std::string term, feature, level, kind;
  std::optional<double> coefficient, standard_error, center, scale, mean, n;
};

class model_reader {
 public:
  explicit model_reader(const table& t) : t_(t) {}

  model_row read(std::size_t row) const {
    const auto text = [&](const char* name) { return text_at(get(name), row); };
    const auto number = [&](const char* name) { return number_at(get(name), row); };
    return {.term = text("term"),
            .feature = text("feature"),
            .level = text("level"),
            .kind = text("kind"),
            .coefficient = number("coefficient"),
            .standard_error = number("standard_error"),
            .center = number("center"),
            .scale = number("scale"),
            .mean = number("mean"),
            .n = number("n")};
  }

 private:
  const column& get(const char* name) const {
    return features::need(t_, name, "model", "churn_score");
  }
  const table& t_;
};

[[noreturn]] void refuse(const model_row& r, const std::string& what) {
  throw error(status::invalid,
              "report 'churn_score': table 'model', term '" + r.term + "': " + what,
              "give the main table that churn_fit returned, as it is");
}

double needed(const model_row& r, const std::optional<double>& value, const char* name) {
  if (!value) refuse(r, std::string(name) + " is empty");
  return *value;
}

// The feature of the row, new when the row's name is not the last one's.
std::size_t feature_of(const model_row& r, churn_model& m) {
  if (m.features.empty() || m.features.back().name != r.feature) {
    m.features.push_back({.name = r.feature});
  }
  return m.features.size() - 1;
}

void take_column(const model_row& r, churn_model& m) {
  churn_column c{.feature = feature_of(r, m),
                 .level = r.level,
                 .mean = needed(r, r.mean, "mean"),
                 .n = r.n.value_or(0),
                 .coefficient = needed(r, r.coefficient, "coefficient"),
                 .standard_error = r.standard_error.value_or(0)};
  churn_feature& f = m.features.back();
  c.kind = r.kind == "number"    ? churn_kind::number
           : r.kind == "missing" ? churn_kind::missing
                                 : churn_kind::level;
  f.numeric = c.kind != churn_kind::level;
  if (c.kind == churn_kind::number) {
    f.center = needed(r, r.center, "center");
    f.scale = needed(r, r.scale, "scale");
    if (!(f.scale > 0)) refuse(r, "scale is not above 0");
  }
  m.columns.push_back(std::move(c));
}

void take_baseline(const model_row& r, churn_model& m, bool first) {
  if (first) {
    m.baseline.coefficients.clear();
    m.baseline.standard_errors.clear();
    m.baseline.time_column = r.feature;
    m.baseline.mean_time = r.mean.value_or(0);
    m.rows = r.n.value_or(0);
  }
  m.baseline.coefficients.push_back(needed(r, r.coefficient, "coefficient"));
  m.baseline.standard_errors.push_back(r.standard_error.value_or(0));
  if (r.kind == "baseline") m.baseline.knots.push_back(needed(r, r.center, "center"));
}

void take_calibration(const model_row& r, churn_model& m) {
  m.calibrated = true;
  const bool slope = r.term == "(calibration slope)";
  (slope ? m.calibration_slope : m.calibration_intercept) = needed(r, r.coefficient, "coefficient");
}

void take_row(const model_row& r, churn_model& m, bool& has_baseline) {
  if (r.kind == "intercept" || r.kind == "baseline") {
    take_baseline(r, m, !has_baseline);
    has_baseline = true;
  } else if (r.kind == "calibration") {
    take_calibration(r, m);
  } else if (r.kind == "use") {
    m.audit_only = r.level == "audit_only";
  } else if (r.kind == "reference") {
    churn_feature& f = m.features[feature_of(r, m)];
    f.numeric = false;
    f.reference = r.level;
    f.reference_n = r.n.value_or(0);
  } else if (r.kind == "number" || r.kind == "level" || r.kind == "missing") {
    take_column(r, m);
  } else if (r.kind != "same_as") {
    refuse(r, "'" + r.kind + "' is not a kind of term");
  }
}

}  // namespace

std::shared_ptr<const table> churn_model_table(const churn_model& m,
                                               double z,
                                               const std::string& extra) {
  model_writer to(z);
  to.baseline(m.baseline, m.rows);
  to.calibration(m);
  to.use(m);
  std::size_t at = 0;
  for (std::size_t i = 0; i < m.features.size(); ++i) {
    const churn_feature& f = m.features[i];
    if (!f.numeric) to.reference(f);
    for (; at < m.columns.size() && m.columns[at].feature == i; ++at) to.column(f, m.columns[at]);
  }
  return to.sealed(extra);
}

churn_model read_churn_model(const table& t) {
  const model_reader reader(t);
  churn_model m;
  bool has_baseline = false;
  for (std::size_t row = 0; row < t.rows(); ++row) take_row(reader.read(row), m, has_baseline);
  if (!has_baseline) {
    throw error(status::invalid,
                "report 'churn_score': table 'model' has no intercept and no baseline",
                "give the main table that churn_fit returned, as it is");
  }
  return m;
}

}  // namespace clv
