// The names in score_options::quantities.
#pragma once

#include <string_view>

#include "value/scoring/score_plan.hpp"

namespace clv {

// Fills wanted, beside and litt_asked from a comma list; "" asks for all columns of schema
// "scores" that the model can give. Throws error{invalid} naming the word and what is available.
void parse_quantities(std::string_view text, const fitted_model& m, score_plan& plan);

}  // namespace clv
