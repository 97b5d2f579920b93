// Pareto/NBD with covariates that change over time: fitted, and each customer scored on its own
// path. See MODELS.md, "Covariates that change".
#include <Eigen/Eigenvalues>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "math/optimize.hpp"
#include "models/pareto_time_varying.hpp"
#include "value/fitting/covariate_paths.hpp"
#include "value/reports.hpp"
#include "value/trust/report_options.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 2> inputs{
    {{"transactions", "transactions", true, ""},
     {"covariates", "", true, "customer,time and those named by transaction and life"}}};
constexpr std::array<report_option, 7> options{{
    {"transaction", "\"\"", "comma list of covariates of the purchase rate"},
    {"life", "\"\"", "comma list of covariates of the death rate"},
    {"horizon", "52", "units of time ahead, for expected_purchases"},
    {"unit", "\"week\"", "time unit: day or week"},
    {"as_of", "", "last day observed; left out: the last day of the log"},
    {"time_zone", "\"UTC\"", "whose midnight separates days"},
    {"currency", "\"\"", "of which events; empty: the log must have one"},
}};
constexpr std::array<report_output, 2> outputs{
    {{"", "parameter,value,standard_error,log_likelihood,status"},
     {"scores", "customer,x,t_x,T,p_alive,expected_purchases"}}};

std::vector<std::string> listed(const settings& s, std::string_view option) {
  std::vector<std::string> names;
  const std::string list = s.text(option, "");
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    if (end == at) s.refuse(option, "a comma list of names, none empty");
    names.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

struct request {
  process_covariates names;
  summarize_options log;
  double horizon = 52;
};

// The coordinates of the search: ln r, ln alpha, ln s, ln beta and the coefficients, with the
// covariates centred and scaled and T at most 1; undone by a linear map to ln alpha and so on.
struct coordinates {
  Eigen::MatrixXd to_logs;  // d (ln r, ln alpha, ln s, ln beta, coefficients) / d coordinates
  double longest = 1;       // the largest T

  coordinates(const covariate_paths& all, const process_covariates& names);
  varying_parameters at(const Eigen::VectorXd& where, std::size_t transaction) const;
};

// Mean and standard deviation over all steps of covariate k of `names`.
std::pair<double, double> moments(const covariate_paths& all,
                                  std::vector<double> covariate_path::*values,
                                  std::size_t k,
                                  std::size_t names) {
  double count = 0, sum = 0, squares = 0;
  for (const bool second : {false, true}) {
    for (const covariate_path& p : all.paths) {
      for (std::size_t i = k; i < (p.*values).size(); i += names) {
        const double v = (p.*values)[i];
        if (second) {
          squares += (v - sum / count) * (v - sum / count);
        } else {
          sum += v;
          ++count;
        }
      }
    }
  }
  const double deviation = std::sqrt(squares / count);
  return {sum / count, deviation > 0 ? deviation : 1};
}

coordinates::coordinates(const covariate_paths& all, const process_covariates& names) {
  const std::size_t nz = names.transaction.size(), nv = names.life.size();
  const auto n = static_cast<Eigen::Index>(4 + nz + nv);
  to_logs = Eigen::MatrixXd::Identity(n, n);
  longest = 0;
  for (const covariate_path& p : all.paths) longest = std::max(longest, p.T);
  if (!(longest > 0)) longest = 1;
  const auto place = [&](std::size_t k, std::size_t count, Eigen::Index scale, auto values) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto [mean, deviation] = moments(all, values, i, count);
      const auto at = static_cast<Eigen::Index>(k + i);
      to_logs(at, at) = 1 / deviation;
      to_logs(scale, at) = mean / deviation;  // what the centre did goes into the scale
    }
  };
  place(4, nz, 1, &covariate_path::transaction);
  place(4 + nz, nv, 3, &covariate_path::life);
}

varying_parameters coordinates::at(const Eigen::VectorXd& where, std::size_t transaction) const {
  const Eigen::VectorXd logs = to_logs * where;
  varying_parameters p{.r = std::exp(logs[0]),
                       .alpha = longest * std::exp(logs[1]),
                       .s = std::exp(logs[2]),
                       .beta = longest * std::exp(logs[3])};
  for (Eigen::Index k = 4; k < logs.size(); ++k) {
    const bool first = static_cast<std::size_t>(k) < 4 + transaction;
    (first ? p.transaction : p.life).push_back(logs[k]);
  }
  return p;
}

class varying_work {
 public:
  varying_work(report_inputs in, request asked) : in_(std::move(in)), asked_(std::move(asked)) {}
  double read();
  double search();
  double score();
  std::shared_ptr<outcome> result() const { return result_; }

 private:
  bool evaluate(const Eigen::VectorXd& at, double& value, Eigen::VectorXd& gradient) const;
  fit_status judge(const Eigen::MatrixXd& hessian) const;
  void give_parameters();
  std::string seal() const;

  report_inputs in_;
  request asked_;
  covariate_paths all_;
  std::optional<coordinates> place_;
  std::optional<math::maximizer> search_;
  std::size_t next_ = 0;
  std::shared_ptr<table> scores_ = std::make_shared<table>();
  std::shared_ptr<outcome> result_ = std::make_shared<outcome>();
};

double varying_work::read() {
  all_ =
      read_covariate_paths(in_.of("transactions"), in_.of("covariates"), asked_.names, asked_.log);
  place_.emplace(all_, asked_.names);
  Eigen::VectorXd start = Eigen::VectorXd::Zero(place_->to_logs.rows());
  start.head(4) << std::log(0.5), std::log(0.3), std::log(0.5), std::log(0.3);
  search_.emplace(
      [this](const Eigen::VectorXd& at, double& value, Eigen::VectorXd& gradient) {
        return evaluate(at, value, gradient);
      },
      start,
      math::maximize_options{});
  return 1;
}

// Per customer, so that the tolerance means the same for any number of them.
bool varying_work::evaluate(const Eigen::VectorXd& at,
                            double& value,
                            Eigen::VectorXd& gradient) const {
  const varying_parameters p = place_->at(at, asked_.names.transaction.size());
  std::vector<double> slopes(p.size());
  value = 0;
  for (const covariate_path& path : all_.paths) value += log_likelihood(p, path, slopes);
  slopes[0] *= p.r;
  slopes[1] *= p.alpha;
  slopes[2] *= p.s;
  slopes[3] *= p.beta;
  const double customers = static_cast<double>(all_.paths.size());
  value /= customers;
  const Eigen::Map<const Eigen::VectorXd> by_logs(slopes.data(), at.size());
  gradient = place_->to_logs.transpose() * by_logs / customers;
  return std::isfinite(value) && gradient.allFinite();
}

double varying_work::search() {
  if (!search_->advance()) return std::min(0.99, 0.01 * search_->iterations());
  give_parameters();
  return 1;
}

fit_status varying_work::judge(const Eigen::MatrixXd& hessian) const {
  constexpr double level = 1e-9, edge = 9.21, tolerance = 1e-6;  // edge: ln 1e4
  if (!std::isfinite(search_->value())) return fit_status::not_converged;
  double repeats = 0;
  for (const covariate_path& path : all_.paths) repeats += path.x;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(-hessian);
  const auto& l = solver.eigenvalues();
  const bool at_edge = search_->at().head(4).cwiseAbs().maxCoeff() > edge;
  if (repeats == 0) return fit_status::not_identified;
  if (at_edge) return fit_status::at_boundary;
  if (!(l[0] > level * l[l.size() - 1])) return fit_status::not_identified;
  if (search_->free_gradient_norm() > tolerance) return fit_status::not_converged;
  return fit_status::converged;
}

std::string varying_work::seal() const {
  std::string text = "pareto_nbd_time_varying|" + in_.of("transactions").fingerprint() + "|" +
                     in_.of("covariates").fingerprint() + "|" + asked_.log.unit + "|" +
                     asked_.log.time_zone + "|" + asked_.log.currency + "|" +
                     std::to_string(asked_.log.as_of_us);
  for (const std::string& name : asked_.names.transaction) text += "|transaction." + name;
  for (const std::string& name : asked_.names.life) text += "|life." + name;
  return text;
}

// Standard errors by the delta method from the Hessian in the search's coordinates.
void varying_work::give_parameters() {
  const double customers = static_cast<double>(all_.paths.size());
  const Eigen::MatrixXd hessian = search_->hessian() * customers;
  const fit_status status = judge(hessian);
  const varying_parameters p = place_->at(search_->at(), asked_.names.transaction.size());
  std::vector<std::string> names{"r", "alpha", "s", "beta"};
  std::vector<double> values{p.r, p.alpha, p.s, p.beta};
  for (const std::string& name : asked_.names.transaction) names.push_back("transaction." + name);
  for (const std::string& name : asked_.names.life) names.push_back("life." + name);
  values.insert(values.end(), p.transaction.begin(), p.transaction.end());
  values.insert(values.end(), p.life.begin(), p.life.end());
  Eigen::MatrixXd covariance;
  if (status == fit_status::converged) {
    covariance = place_->to_logs * (-hessian).inverse() * place_->to_logs.transpose();
  }
  auto t = std::make_shared<table>();
  column& parameter = t->add("parameter", type::utf8);
  column& value = t->add("value", type::f64);
  column& standard_error = t->add("standard_error", type::f64);
  column& log_likelihood = t->add("log_likelihood", type::f64);
  column& said = t->add("status", type::utf8);
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto i = static_cast<Eigen::Index>(k);
    parameter.push(std::string_view(names[k]));
    value.push(values[k]);
    if (covariance.size() > 0) {
      standard_error.push(std::sqrt(covariance(i, i)) * (k < 4 ? values[k] : 1));
    } else {
      standard_error.push_absent();
    }
    log_likelihood.push(search_->value() * customers);
    said.push(name_of(status));
  }
  t->seal(seal());
  result_->tables[""] = std::move(t);
}

double varying_work::score() {
  constexpr std::size_t at_once = 200;
  if (next_ == 0) {
    scores_->add("customer", type::utf8);
    for (const char* name : {"x", "t_x", "T"}) scores_->add(name, type::f64);
    scores_->find("t_x")->set_unit(asked_.log.unit);
    scores_->find("T")->set_unit(asked_.log.unit);
    for (const char* name : {"p_alive", "expected_purchases"}) scores_->add(name, type::f64);
  }
  const varying_parameters p = place_->at(search_->at(), asked_.names.transaction.size());
  const std::size_t end = std::min(next_ + at_once, all_.paths.size());
  for (; next_ < end; ++next_) {
    const covariate_path& path = all_.paths[next_];
    auto& columns = scores_->columns();
    columns[0].push(std::string_view(all_.customers[next_]));
    columns[1].push(path.x);
    columns[2].push(path.t_x);
    columns[3].push(path.T);
    columns[4].push(p_alive(p, path));
    columns[5].push(expected_purchases(p, path, asked_.horizon));
  }
  if (next_ < all_.paths.size()) {
    return static_cast<double>(next_) / static_cast<double>(all_.paths.size());
  }
  scores_->seal(seal() + "|" + std::to_string(asked_.horizon));
  result_->tables["scores"] = scores_;
  return 1;
}

job begin(report_inputs in, std::string_view options_json) {
  const settings s = settings_of(pareto_nbd_time_varying_report, options_json);
  request asked{.names = {listed(s, "transaction"), listed(s, "life")},
                .log = log_options(s),
                .horizon = s.number_in("horizon", 52, 0, 1e6)};
  if (asked.names.transaction.empty() && asked.names.life.empty()) {
    s.refuse("transaction", "the name of a covariate, here or in life");
  }
  auto work = std::make_shared<varying_work>(std::move(in), std::move(asked));
  return job({{"read", [work] { return work->read(); }},
              {"fit", [work] { return work->search(); }},
              {"score", [work] { return work->score(); }}},
             work->result());
}

}  // namespace

constinit const report pareto_nbd_time_varying_report{
    .name = "pareto_nbd_time_varying",
    .summary =
        "Pareto/NBD with covariates that change over time, fitted and scored on each "
        "customer's own path",
    .needs_model = false,
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
