#include "security/tls.hpp"

#include <fcntl.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "calls/errors.hpp"
#include "ops/log.hpp"
#include "security/certificate.hpp"
#include "security/owned_file.hpp"

namespace clvd {
namespace {

namespace fs = std::filesystem;

constexpr unsigned provider_seconds = 1;

certificate_texts read_texts(const tls_files& files) {
  certificate_texts texts;
  texts.certificate = read_owned_file(files.certificate, owned::config);
  texts.key = read_owned_file(files.key, owned::secret);
  if (!files.client_ca.empty()) texts.client_ca = read_owned_file(files.client_ca, owned::config);
  return texts;
}

std::string make_private_folder() {
  const char* runtime = std::getenv("RUNTIME_DIRECTORY");
  std::string path = (runtime != nullptr ? std::string(runtime) : "/tmp") + "/clvd-tls-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {  // mode 0700
    throw start_error(failed, "cannot make '" + path + "': " + std::strerror(errno));
  }
  return path;
}

// gRPC compares whole seconds of modification time to see whether a file changed while it read the
// pair: each generation has a second of its own.
void write_at(const std::string& path, const std::string& text, std::int64_t generation) {
  replace_file(path, text);
  const timespec time{static_cast<time_t>(generation), 0};
  const timespec both[2] = {time, time};
  utimensat(AT_FDCWD, path.c_str(), both, 0);
}

}  // namespace

struct tls::impl {
  tls_files files;
  events on;
  std::string folder;
  std::int64_t generation = 0;
  certificate_texts served;
  std::shared_ptr<grpc::experimental::FileWatcherCertificateProvider> provider;
  std::mutex mutex;  // guards all above after construction, and stopping
  std::condition_variable wake;
  bool stopping = false;
  std::thread thread;

  ~impl() {
    provider.reset();  // joins its thread, which reads the folder
    std::error_code ignored;
    if (!folder.empty()) fs::remove_all(folder, ignored);
  }

  // Key, certificate and authorities change at one moment: "now" is a link to their folder.
  void put(const certificate_texts& texts) {
    const std::string next = folder + "/" + std::to_string(++generation);
    fs::create_directory(next);
    write_at(next + "/certificate.pem", texts.certificate, generation);
    write_at(next + "/key.pem", texts.key, generation);
    write_at(next + "/client_ca.pem", texts.client_ca, generation);
    fs::create_symlink(next, folder + "/new");
    fs::rename(folder + "/new", folder + "/now");
    fs::remove_all(folder + "/" + std::to_string(generation - 2));  // nobody reads it any more
    served = texts;
  }

  // Throws start_error or std::filesystem's errors.
  void look() {
    const std::lock_guard lock(mutex);
    const certificate_texts texts = read_texts(files);
    const std::int64_t now = std::time(nullptr);
    const std::int64_t end = check_certificates(texts, now);
    const bool same = texts.certificate == served.certificate && texts.key == served.key &&
                      texts.client_ca == served.client_ca;
    if (!same) put(texts);
    if (!same && generation > 1) log_info("certificates", {{"seconds_left", end - now}});
    if (on.looked) on.looked(static_cast<double>(end - now));
  }

  void failure(const std::string& why) {
    if (on.failed) on.failed();
    log_error("certificates", {{"text", why + "; the old ones stay"}});
  }

  void keep_looking() {
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, files.look_again, [this] { return stopping; })) {
      lock.unlock();
      try {
        look();
      } catch (const std::exception& e) {
        failure(e.what());
      }
      lock.lock();
    }
  }
};

tls::tls(tls_files files, events on) : impl_(std::make_unique<impl>()) {
  impl_->files = std::move(files);
  impl_->on = std::move(on);
  impl_->folder = make_private_folder();
  impl_->look();
  const std::string now = impl_->folder + "/now";
  const std::string authorities = impl_->files.client_ca.empty() ? "" : now + "/client_ca.pem";
  impl_->provider = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      now + "/key.pem", now + "/certificate.pem", authorities, provider_seconds);
  impl_->thread = std::thread([this] { impl_->keep_looking(); });
}

tls::~tls() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->wake.notify_all();
  if (impl_->thread.joinable()) impl_->thread.join();
}

std::shared_ptr<grpc::ServerCredentials> tls::credentials() const {
  grpc::experimental::TlsServerCredentialsOptions o(impl_->provider);
  o.watch_identity_key_cert_pairs();
  if (impl_->files.client_ca.empty()) {
    o.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  } else {
    o.watch_root_certs();
    o.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return grpc::experimental::TlsServerCredentials(o);
}

void tls::reload() {
  try {
    impl_->look();
  } catch (const std::exception& e) {
    impl_->failure(e.what());
    call_error error(grpc::StatusCode::FAILED_PRECONDITION,
                     "CERTIFICATES_UNUSABLE",
                     "the new certificates cannot be used; the ones from before stay");
    error.hidden = e.what();
    throw error;
  }
}

void tls::check(const tls_files& files) {
  check_certificates(read_texts(files), std::time(nullptr));
}

}  // namespace clvd
