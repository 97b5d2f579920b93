#include "data/csv_source.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace clv::data {
namespace {

constexpr std::size_t unit_bytes = std::size_t{1} << 20U;

}  // namespace

csv_source::csv_source(const csv_options& options)
    : path_(options.path), text_(options.text), label_(path_.empty() ? "the text" : path_) {}

std::string_view csv_source::next(std::size_t consumed) {
  if (path_.empty()) {
    begin_ += consumed;
    end_ = std::min(text_.size(), end_ + unit_bytes);
    last_ = end_ == text_.size();
    return text_.substr(begin_, end_ - begin_);
  }
  if (!file_) open();
  buffer_.erase(0, consumed);
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + unit_bytes);
  const std::size_t got = std::fread(buffer_.data() + kept, 1, unit_bytes, file_.get());
  if (std::ferror(file_.get()) != 0) fail("cannot be read");
  buffer_.resize(kept + got);
  end_ += got;
  last_ = got < unit_bytes;
  return buffer_;
}

double csv_source::fraction() const {
  const std::size_t size = path_.empty() ? text_.size() : size_;
  return size == 0 ? 0.0 : std::min(0.999, static_cast<double>(end_) / static_cast<double>(size));
}

double csv_source::windows() const {
  const std::size_t size = path_.empty() ? text_.size() : size_;
  return std::max(1.0, static_cast<double>(size) / static_cast<double>(unit_bytes));
}

void csv_source::open() {
  file_.reset(std::fopen(path_.c_str(), "rb"));
  if (!file_) fail("cannot be opened");
  std::error_code unknown;  // a pipe has no size; its progress stays at 0
  const auto size = std::filesystem::file_size(path_, unknown);
  size_ = unknown ? 0 : static_cast<std::size_t>(size);
}

void csv_source::fail(const char* what) const {
  throw error(status::io,
              label_ + " " + what + ": " + std::generic_category().message(errno),
              "check the path and its permissions");
}

}  // namespace clv::data
