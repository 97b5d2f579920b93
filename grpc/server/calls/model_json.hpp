// The model file ("clv.model/1") as JSON: written from parameters, and read for its currency.
#pragma once

#include <clv/v1/scoring_service.pb.h>

#include <string>

#include "calls/handles.hpp"

namespace clvd {

// A model file with the given parameters; numbers keep all their bits. Throws call_error for a
// number that is not finite (JSON has none).
std::string model_json(const clv::v1::ModelParameters& parameters);

// clv_model_save and clv_model_load. Throw call_error.
std::string saved_model(const clv_model& model);
model_ptr loaded_model(const std::string& model_json);

// What a saved model says of itself; "" where it does not.
struct model_words {
  std::string currency, unit, time_zone;
};
model_words words_of(const std::string& model_json);

}  // namespace clvd
