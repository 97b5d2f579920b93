#include "retention/effects/covariate_design.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>
#include <cmath>
#include <map>

#include "features/cells.hpp"
#include "value/churn/churn_data.hpp"

namespace clv::retention {
namespace {

namespace json = boost::json;
using raw_columns = std::vector<std::vector<double>>;

constexpr std::size_t most_levels = 50;

void note(issues& notes, const std::string& column, const std::string& what) {
  notes.push_back({.code = status::ok,
                   .level = log_level::warn,
                   .column = column,
                   .message = "covariate '" + column + "' " + what});
}

std::string shown(const churn_column& c, const std::vector<churn_feature>& features) {
  const std::string& name = features[c.feature].name;
  return c.level.empty() ? name : name + " = " + c.level;
}

struct moments {
  double mean = 0, sd = 0;
};

moments moments_of(const std::vector<double>& x) {
  moments m;
  for (const double each : x) m.mean += each;
  m.mean /= static_cast<double>(x.size());
  for (const double each : x) m.sd += (each - m.mean) * (each - m.mean);
  m.sd = std::sqrt(m.sd / static_cast<double>(x.size()));
  return m;
}

bool constant(const moments& m) {
  return !(m.sd > 1e-12 * (1 + std::abs(m.mean)));
}

// One covariate to its raw columns, without looking at values more than needed.
void encode_number(const column& c, const std::vector<std::size_t>& rows, covariate_design& d) {
  std::vector<double> there;
  for (const std::size_t row : rows) {
    if (const auto v = features::number_at(c, row)) there.push_back(*v);
  }
  const moments m = there.empty() ? moments{} : moments_of(there);
  d.features.push_back({.name = c.name(), .center = m.mean, .scale = constant(m) ? 1 : m.sd});
  const std::size_t feature = d.features.size() - 1;
  d.raw.push_back({.feature = feature, .kind = churn_kind::number});
  if (there.size() == rows.size()) return;
  d.raw.push_back(
      {.feature = feature, .kind = churn_kind::missing, .level = std::string(missing_level)});
}

void encode_text(const column& c, const std::vector<std::size_t>& rows, covariate_design& d) {
  std::map<std::string, double> levels;
  for (const std::size_t row : rows) {
    const std::string text = features::text_at(c, row);
    ++levels[text.empty() ? std::string(missing_level) : text];
    if (levels.size() <= most_levels) continue;
    throw error({.code = status::invalid,
                 .column = c.name(),
                 .message = "report 'effects': covariate '" + c.name() + "' has more than " +
                            std::to_string(most_levels) + " different texts",
                 .hint = "group them first, or leave the column out"});
  }
  const auto top = std::max_element(levels.begin(), levels.end(), [](const auto& a, const auto& b) {
    return a.second < b.second;
  });
  d.features.push_back(
      {.name = c.name(), .numeric = false, .reference = top->first, .reference_n = top->second});
  for (const auto& [level, n] : levels) {
    if (level == top->first) continue;
    d.raw.push_back({.feature = d.features.size() - 1, .kind = churn_kind::level, .level = level});
  }
}

raw_columns raw_values(const covariate_design& d,
                       const std::vector<const column*>& cells,
                       const std::vector<std::size_t>& rows) {
  raw_columns out(d.raw.size(), std::vector<double>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t r = 0; r < d.raw.size();) {
      const std::size_t f = d.raw[r].feature;
      const churn_feature& of = d.features[f];
      const auto number = of.numeric ? features::number_at(*cells[f], rows[i]) : std::nullopt;
      std::string text = of.numeric ? std::string() : features::text_at(*cells[f], rows[i]);
      for (; r < d.raw.size() && d.raw[r].feature == f; ++r) {
        out[r][i] = churn_design_value(d.raw[r], of, number, text);
      }
    }
  }
  return out;
}

std::vector<double> values_of(const design_term& t, const raw_columns& raw) {
  std::vector<double> x = raw[t.one];
  if (t.product) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] *= raw[t.other][i];
  }
  return x;
}

// Adds what differs between units and from all terms before.
class term_list {
 public:
  term_list(covariate_design& to, const raw_columns& raw, issues& notes)
      : to_(to), raw_(raw), notes_(notes) {}

  void add(design_term t) {
    std::vector<double> x = values_of(t, raw_);
    const moments m = moments_of(x);
    if (constant(m)) return note(notes_, t.name, "has one value only: set aside");
    t.centre = m.mean;
    t.scale = m.sd;
    const auto [least, most] = std::minmax_element(x.begin(), x.end());
    t.least = *least;
    t.most = *most;
    for (double& each : x) each = (each - m.mean) / m.sd;
    for (std::size_t k = 0; k < kept_.size(); ++k) {
      if (!follows(x, kept_[k])) continue;
      return note(notes_, t.name, "says the same as '" + to_.terms[k].name + "': set aside");
    }
    to_.terms.push_back(std::move(t));
    kept_.push_back(std::move(x));
  }

 private:
  // Whether standardised columns are the same up to their sign.
  static bool follows(const std::vector<double>& a, const std::vector<double>& b) {
    const double sign = a[0] * b[0] < 0 ? -1 : 1;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!(std::abs(a[i] - sign * b[i]) <= 1e-9 * (1 + std::abs(a[i])))) return false;
    }
    return true;
  }

  covariate_design& to_;
  const raw_columns& raw_;
  issues& notes_;
  raw_columns kept_;
};

// The raw columns of the covariate `name`, except indicators of what is missing.
std::vector<std::size_t> columns_of(const covariate_design& d, const std::string& name) {
  std::vector<std::size_t> out;
  for (std::size_t r = 0; r < d.raw.size(); ++r) {
    const bool own = d.features[d.raw[r].feature].name == name;
    if (own && d.raw[r].kind != churn_kind::missing) out.push_back(r);
  }
  return out;
}

void add_interaction(const covariate_design& d, const std::string& text, term_list& to) {
  const std::size_t star = text.find('*');
  const std::string one = text.substr(0, star);
  const std::string other = star == std::string::npos ? std::string() : text.substr(star + 1);
  const auto left = columns_of(d, one), right = columns_of(d, other);
  if (left.empty() || right.empty()) {
    throw error(status::invalid,
                "effects option 'interactions' has '" + text +
                    "', expected texts like \"a*b\" of two names in option 'covariates'");
  }
  for (const std::size_t a : left) {
    for (const std::size_t b : right) {
      to.add({.name = shown(d.raw[a], d.features) + " x " + shown(d.raw[b], d.features),
              .one = a,
              .other = b,
              .product = true});
    }
  }
}

}  // namespace

Eigen::MatrixXd covariate_design::matrix(const table& from,
                                         const std::vector<std::size_t>& rows,
                                         std::string_view input,
                                         std::string_view owner) const {
  std::vector<const column*> cells;
  for (const churn_feature& f : features)
    cells.push_back(&features::need(from, f.name, input, owner));
  const raw_columns values = raw_values(*this, cells, rows);
  Eigen::MatrixXd z(static_cast<Eigen::Index>(rows.size()),
                    static_cast<Eigen::Index>(terms.size()));
  for (std::size_t t = 0; t < terms.size(); ++t) {
    const std::vector<double> x = values_of(terms[t], values);
    for (std::size_t i = 0; i < x.size(); ++i) {
      z(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(t)) =
          (std::clamp(x[i], terms[t].least, terms[t].most) - terms[t].centre) / terms[t].scale;
    }
  }
  return z;
}

covariate_design make_design(const table& from,
                             const std::vector<std::size_t>& rows,
                             const std::vector<std::string>& names,
                             const std::vector<std::string>& interactions,
                             issues& notes) {
  covariate_design d;
  std::vector<const column*> cells;
  for (const std::string& name : names) {
    cells.push_back(&features::need(from, name, "experiment", "effects"));
    const bool number = is_numeric_column(*cells.back());
    number ? encode_number(*cells.back(), rows, d) : encode_text(*cells.back(), rows, d);
  }
  const raw_columns raw = raw_values(d, cells, rows);
  term_list terms(d, raw, notes);
  for (std::size_t f = 0, r = 0; f < d.features.size(); ++f) {
    if (columns_of(d, d.features[f].name).empty()) {
      note(notes, d.features[f].name, "has one value only: set aside");
    }
    for (; r < d.raw.size() && d.raw[r].feature == f; ++r) {
      terms.add({.name = shown(d.raw[r], d.features), .one = r, .other = r});
    }
  }
  for (const std::string& text : interactions) add_interaction(d, text, terms);
  return d;
}

json::object design_json(const covariate_design& d) {
  json::array covariates, raw, terms;
  for (const churn_feature& f : d.features) {
    covariates.push_back(json::object{{"name", f.name},
                                      {"numeric", f.numeric},
                                      {"centre", f.center},
                                      {"scale", f.scale},
                                      {"reference", f.reference}});
  }
  for (const churn_column& c : d.raw) {
    raw.push_back(json::object{
        {"covariate", c.feature}, {"kind", static_cast<int>(c.kind)}, {"level", c.level}});
  }
  for (const design_term& t : d.terms) {
    terms.push_back(json::object{{"name", t.name},
                                 {"one", t.one},
                                 {"other", t.other},
                                 {"product", t.product},
                                 {"centre", t.centre},
                                 {"scale", t.scale},
                                 {"least", t.least},
                                 {"most", t.most}});
  }
  return {
      {"covariates", std::move(covariates)}, {"raw", std::move(raw)}, {"terms", std::move(terms)}};
}

covariate_design read_design(const json::object& from) {
  covariate_design d;
  for (const json::value& v : from.at("covariates").as_array()) {
    const json::object& o = v.as_object();
    d.features.push_back({.name = json::value_to<std::string>(o.at("name")),
                          .numeric = o.at("numeric").as_bool(),
                          .center = o.at("centre").to_number<double>(),
                          .scale = o.at("scale").to_number<double>(),
                          .reference = json::value_to<std::string>(o.at("reference"))});
  }
  for (const json::value& v : from.at("raw").as_array()) {
    const json::object& o = v.as_object();
    d.raw.push_back({.feature = o.at("covariate").to_number<std::size_t>(),
                     .kind = static_cast<churn_kind>(o.at("kind").to_number<int>()),
                     .level = json::value_to<std::string>(o.at("level"))});
  }
  for (const json::value& v : from.at("terms").as_array()) {
    const json::object& o = v.as_object();
    d.terms.push_back({.name = json::value_to<std::string>(o.at("name")),
                       .one = o.at("one").to_number<std::size_t>(),
                       .other = o.at("other").to_number<std::size_t>(),
                       .product = o.at("product").as_bool(),
                       .centre = o.at("centre").to_number<double>(),
                       .scale = o.at("scale").to_number<double>(),
                       .least = o.at("least").to_number<double>(),
                       .most = o.at("most").to_number<double>()});
    if (!(d.terms.back().least <= d.terms.back().most)) {
      throw error(status::invalid,
                  "term '" + d.terms.back().name + "' has least above most",
                  "give the model as report 'effects' made it");
    }
  }
  return d;
}

}  // namespace clv::retention
