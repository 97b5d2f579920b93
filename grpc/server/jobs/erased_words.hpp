// What free words in a kept job may say of a customer who is forgotten.
#pragma once

#include <clv/v1/job_service.pb.h>

#include <string>

namespace clvd {

// Replaces each free text of the job that holds the customer's id, at any depth: warnings (a plugin
// says what it likes), an error's message and details, messages within the result. Names, numbers
// and states stay, also where they hold the same letters. Whether anything was replaced.
bool erase_words(clv::v1::Job& job, const std::string& customer);

}  // namespace clvd
