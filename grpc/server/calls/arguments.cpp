#include "calls/arguments.hpp"

namespace clvd {

std::string text_argument(const char* field, const std::string& text) {
  if (text.find('\0') != std::string::npos) {
    throw invalid_field("INVALID_VALUE", field, "the text holds a NUL");
  }
  return text;
}

std::string id_argument(const char* field, const std::string& id) {
  constexpr std::size_t longest = 128;
  if (id.size() > longest) throw invalid_field("INVALID_VALUE", field, "above 128 bytes");
  return text_argument(field, id);
}

void add_warnings(const std::vector<note>& notes,
                  google::protobuf::RepeatedPtrField<clv::v1::Warning>& to) {
  for (const note& n : notes) {
    clv::v1::Warning& warning = *to.Add();
    warning.set_plugin(n.plugin);
    warning.set_message(n.message);
  }
}

}  // namespace clvd
