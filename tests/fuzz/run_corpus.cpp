// Runs a libFuzzer function over a folder of seeds: each whole, cut off at many lengths, and
// changed in a few places (seeded, the same every time): bytes that tell, pieces of other seeds,
// pieces taken out or said twice. Prints what it ran; aborts where the target does.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

long long runs = 0;
bool finished = false;
std::string kept_as;  // where the input in progress is written before it runs; "" = nowhere

void run(const std::string& bytes) {
  if (!kept_as.empty()) std::ofstream(kept_as, std::ios::binary | std::ios::trunc) << bytes;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  ++runs;
}

class mutator {
 public:
  explicit mutator(const std::vector<std::string>& seeds) : seeds_(seeds) {}

  std::string change(std::string text) {
    for (std::size_t n = 1 + below(4); n > 0; --n) {
      const std::size_t at = below(text.size() + 1);
      switch (below(6)) {
        case 0:
          if (at < text.size()) text[at] = telling();
          break;
        case 1:
          text.insert(at, 1, telling());
          break;
        case 2:
          text.erase(at, below(9));
          break;
        case 3:
          text.insert(at, text.substr(at, below(17)));
          break;
        case 4:
          text.insert(at, piece());
          break;
        default:
          if (at < text.size()) text[at] = static_cast<char>(random_());
      }
    }
    return text;
  }

 private:
  const std::vector<std::string>& seeds_;
  std::mt19937 random_{20260131};

  std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }
  char telling() {
    constexpr std::string_view bytes = "\",\n\r\\.-+0987654321:TZeE[]{}/\xEF\xC3 \x00";
    return bytes[below(bytes.size())];
  }
  std::string piece() {
    const std::string& other = seeds_[below(seeds_.size())];
    return other.substr(below(other.size()), 1 + below(32));
  }
};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// In one order on every machine.
std::vector<std::string> seeds_in(const std::string& where) {
  if (!std::filesystem::is_directory(where)) return {text_of(where)};
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(where))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const auto& path : paths) seeds.push_back(text_of(path));
  return seeds;
}

void run_around(const std::string& seed, mutator& mutants, int many) {
  run(seed);
  const std::size_t step = seed.size() / 64 + 1;
  for (std::size_t length = 0; length < seed.size(); length += step) run(seed.substr(0, length));
  for (int i = 0; i < many; ++i) run(mutants.change(seed));
}

}  // namespace

// run_corpus FOLDER|FILE [MUTANTS_PER_SEED]; a single file is only run. With CLV_FUZZ_KEEP=PATH the
// input that aborts is found there.
int main(int count, char** arguments) {
  if (count < 2) return 2;
  if (const char* keep = std::getenv("CLV_FUZZ_KEEP")) kept_as = keep;
  const std::vector<std::string> seeds = seeds_in(arguments[1]);
  const bool alone = !std::filesystem::is_directory(arguments[1]);
  const int many = alone ? 0 : count > 2 ? std::atoi(arguments[2]) : 500;
  mutator mutants(seeds);
  // No input may end the process: a server would be gone.
  std::atexit([] {
    if (!finished) std::abort();
  });
  for (const std::string& seed : seeds) alone ? run(seed) : run_around(seed, mutants, many);
  finished = true;
  std::printf("%zu seeds, %lld runs\n", seeds.size(), runs);
  return seeds.empty() ? 1 : 0;
}
