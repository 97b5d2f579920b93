// Windows of about a megabyte over a file or a text, so that no file is ever held whole.
#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "clv/csv.hpp"

namespace clv::data {

class csv_source {
 public:
  explicit csv_source(const csv_options& options);

  // What was not consumed of the last window, then the next megabyte. The view lives until the next
  // call. Throws error{io} naming the file.
  std::string_view next(std::size_t consumed);
  bool last() const { return last_; }  // the last window reached the end
  const std::string& label() const { return label_; }
  double fraction() const;  // read so far, below 1; 0 for a pipe
  double windows() const;   // how many windows the whole will be, at least 1; 1 for a pipe

 private:
  struct file_closer {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };

  void open();
  [[noreturn]] void fail(const char* what) const;

  std::string path_;
  std::string_view text_;
  std::string label_;
  std::unique_ptr<std::FILE, file_closer> file_;
  std::string buffer_;
  std::size_t begin_ = 0, end_ = 0, size_ = 0;
  bool last_ = false;
};

}  // namespace clv::data
