#include "retention/effects/effect_file.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>
#include <boost/system/system_error.hpp>
#include <cmath>

#include "math/json.hpp"

namespace clv::retention {
namespace {

namespace json = boost::json;

constexpr std::string_view format = "clv.effect/1";

json::object part_json(const effect_part& p) {
  json::array beta, stumps;
  for (const double b : p.model.beta) beta.push_back(b);
  for (const stump& s : p.model.stumps) {
    stumps.push_back(json::array{static_cast<double>(s.column), s.cut, s.left, s.right});
  }
  return {{"weight", p.weight},
          {"logit", p.model.logit},
          {"intercept", p.model.intercept},
          {"beta", std::move(beta)},
          {"stumps", std::move(stumps)}};
}

json::object arm_json(const effect_arm& arm) {
  json::array folds, centres;
  for (const double c : arm.fit.centres) centres.push_back(c);
  for (const effect_model& m : arm.models) {
    json::array parts;
    for (const effect_part& p : m) parts.push_back(part_json(p));
    folds.push_back(std::move(parts));
  }
  const estimate slope = arm.fit.beta2.value_or(estimate{});
  return {{"action", arm.action},
          {"policy", arm.policy},
          {"effect", arm.fit.beta1.mean},
          {"effect_se", arm.fit.beta1.se},
          {"slope", slope.mean},
          {"slope_se", slope.se},
          {"centres", std::move(centres)},
          {"folds", std::move(folds)}};
}

double number(const json::object& o, std::string_view name) {
  return o.at(name).to_number<double>();
}

// Columns of the matrix that do not exist would be read beyond its end.
effect_part read_part(const json::object& o, const covariate_design& design) {
  const auto columns = static_cast<Eigen::Index>(design.terms.size());
  effect_part p{.weight = number(o, "weight")};
  p.model.logit = o.at("logit").as_bool();
  p.model.intercept = number(o, "intercept");
  const json::array& beta = o.at("beta").as_array();
  p.model.beta.resize(static_cast<Eigen::Index>(beta.size()));
  for (std::size_t j = 0; j < beta.size(); ++j) {
    p.model.beta[static_cast<Eigen::Index>(j)] = beta[j].to_number<double>();
  }
  for (const json::value& v : o.at("stumps").as_array()) {
    const json::array& s = v.as_array();
    p.model.stumps.push_back({static_cast<Eigen::Index>(s.at(0).to_number<double>()),
                              s.at(1).to_number<double>(),
                              s.at(2).to_number<double>(),
                              s.at(3).to_number<double>()});
    const Eigen::Index column = p.model.stumps.back().column;
    if (column < 0 || column >= columns) throw error(status::invalid, "a stump has no such column");
  }
  if (p.model.beta.size() > 0 && p.model.beta.size() != columns) {
    throw error(status::invalid, "beta does not fit the terms");
  }
  return p;
}

effect_arm read_arm(const json::object& o, const covariate_design& design) {
  effect_arm arm{.action = json::value_to<std::string>(o.at("action")),
                 .policy = json::value_to<std::string>(o.at("policy"))};
  arm.fit.beta1 = {.mean = number(o, "effect"), .se = number(o, "effect_se")};
  arm.fit.beta2 = estimate{.mean = number(o, "slope"), .se = number(o, "slope_se")};
  for (const json::value& c : o.at("centres").as_array()) {
    arm.fit.centres.push_back(c.to_number<double>());
  }
  for (const json::value& fold : o.at("folds").as_array()) {
    arm.models.emplace_back();
    for (const json::value& part : fold.as_array()) {
      arm.models.back().push_back(read_part(part.as_object(), design));
    }
  }
  if (arm.models.empty() || arm.models.size() != arm.fit.centres.size()) {
    throw error(status::invalid, "folds and centres do not fit");
  }
  return arm;
}

// Raw columns and terms refer to each other by place.
void check_design(const covariate_design& d) {
  for (const churn_column& c : d.raw) {
    if (c.feature >= d.features.size()) throw error(status::invalid, "a column has no covariate");
    if (c.kind > churn_kind::level) throw error(status::invalid, "a column has no kind");
  }
  for (const design_term& t : d.terms) {
    if (t.one >= d.raw.size() || t.other >= d.raw.size()) {
      throw error(status::invalid, "a term has no column");
    }
  }
}

effect_file read_parsed(const json::object& o) {
  if (json::value_to<std::string>(o.at("format")) != format) {
    throw error(status::invalid, "its format is not " + std::string(format));
  }
  effect_file f{.design = read_design(o.at("design").as_object()),
                .units = number(o, "units"),
                .chances = o.at("chances").as_bool()};
  check_design(f.design);
  for (const json::value& arm : o.at("arms").as_array()) {
    f.arms.push_back(read_arm(arm.as_object(), f.design));
  }
  return f;
}

[[noreturn]] void refuse(const std::string& why) {
  throw error(status::invalid,
              "the effect model cannot be read: " + why,
              "give table 'model' as report 'effects' made it");
}

}  // namespace

estimate customer_effect(const effect_arm& arm, const Eigen::MatrixXd& z, Eigen::Index row) {
  std::vector<double> gaps;
  double d = 0, spread = 0;
  for (std::size_t k = 0; k < arm.models.size(); ++k) {
    gaps.push_back(effect_at(arm.models[k], z, row) - arm.fit.centres[k]);
    d += gaps.back();
  }
  const auto folds = static_cast<double>(gaps.size());
  d /= folds;
  for (const double gap : gaps) spread += (gap - d) * (gap - d);
  const estimate slope = arm.fit.beta2.value_or(estimate{});
  const double b = std::clamp(slope.mean, 0.0, 1.0);
  const double line = arm.fit.beta1.se * arm.fit.beta1.se + slope.se * d * slope.se * d;
  return {.mean = arm.fit.beta1.mean + b * d,
          .se = std::sqrt(line + b * b * (folds - 1) / folds * spread),
          .n = arm.fit.beta1.n};
}

std::string to_json(const effect_file& f) {
  json::array arms;
  for (const effect_arm& arm : f.arms) arms.push_back(arm_json(arm));
  json::object o{{"format", format},
                 {"units", f.units},
                 {"chances", f.chances},
                 {"design", design_json(f.design)},
                 {"arms", std::move(arms)}};
  return math::to_json(json::value(std::move(o)));
}

effect_file read_effect_file(std::string_view text) {
  try {
    return read_parsed(math::parse_json(text).as_object());
  } catch (const boost::system::system_error& e) {
    refuse(e.what());
  } catch (const std::out_of_range&) {
    refuse("a member is missing");
  } catch (const std::invalid_argument&) {
    refuse("a member is of the wrong kind");
  } catch (const error& e) {
    refuse(e.what());
  }
}

}  // namespace clv::retention
