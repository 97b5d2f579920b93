// A model made ready to score customers: what score() and scorer share, so that both give the same
// bits.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clv/scorer.hpp"
#include "value/links.hpp"
#include "value/scoring/outlook.hpp"
#include "value/scoring/parameter_points.hpp"
#include "value/scoring/score_plan.hpp"

namespace clv {

// Two steps: the outlook of a purchase history (customers with equal ones share it), then the value
// of a customer with that outlook and an own spend. [any]
class valuation {
 public:
  valuation(std::shared_ptr<const fitted_model> m, score_plan plan);
  valuation(const valuation&) = delete;  // its parts point at each other
  valuation& operator=(const valuation&) = delete;

  const fitted_model& model() const { return *model_; }
  const score_plan& plan() const { return plan_; }
  const std::string& saved_model() const { return saved_; }  // as save_model() writes it
  const std::vector<std::string>& covariates() const { return links_names_; }

  // covariates in the order of covariates(). `beside`, when not empty, receives the further
  // quantities of the plan in their order.
  outlook look(const observation& o,
               values covariates,
               std::span<double> beside,
               std::vector<double>& scratch) const;
  // `o` is null for a model of spend alone; `seen` has x = 0 where there is no own spend.
  customer_score value(const outlook* o, const observation& seen) const;
  // The same from a whole observation: own spend only with x >= 1 and a spend above zero.
  static observation own_spend(double x, double mean_spend);

 private:
  // Of one spend, for customers without own spend computed once.
  struct spend_outlook {
    double mean = 0;      // expected spend; may be infinite
    double log_mean = 0;  // of ln S_1
    double variance = 0;  // of ln S_1
    double spread = 0;    // of ln E[Z] over the parameter points
  };
  future_maker maker_for(values covariates) const;
  outlook_parts parts() const;
  void look_beside(values p, const observation& o, std::span<double> out) const;
  spend_outlook spend_of(const observation& seen) const;
  double spend_spread(const observation& seen) const;
  void value_interval(const outlook& o, const spend_outlook& s, customer_score& out) const;
  value_status status_of(bool own, bool finite) const;

  std::shared_ptr<const fitted_model> model_;
  score_plan plan_;
  std::string saved_;
  std::vector<std::string> links_names_;
  std::optional<linked_parameters> links_;  // only where there are coefficients
  std::vector<parameter_point> purchase_points_, spend_points_;
  std::optional<count_terms> counts_;
  std::optional<outlooks> common_;  // of all customers, without covariates
  spend_outlook population_;
};

}  // namespace clv
