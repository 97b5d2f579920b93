// Runs a libFuzzer function over a folder of seeds: each whole, cut off at every length, and with a
// few bytes changed (seeded, the same every time). Prints what it ran; aborts where the target
// does.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

long long runs = 0;

void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  ++runs;
}

void run_around(const std::string& seed) {
  constexpr std::string_view telling = "\",\n\r\\.-+0987654321:TZ\xEF\xC3 \x00";
  constexpr int mutants = 500;
  for (std::size_t length = 0; length <= seed.size(); ++length) run(seed.substr(0, length));
  std::mt19937 random(20260131);
  for (int i = 0; i < mutants && !seed.empty(); ++i) {
    std::string mutant = seed;
    for (std::uint_fast32_t change = 0; change <= random() % 4; ++change) {
      const std::size_t at = random() % mutant.size();
      const char byte = telling[random() % telling.size()];
      if (random() % 2 == 0) {
        mutant[at] = byte;
      } else {
        mutant.insert(at, 1, byte);
      }
    }
    run(mutant);
  }
}

}  // namespace

int main(int count, char** arguments) {
  int seeds = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      run_around({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
      ++seeds;
    }
  }
  std::printf("%d seeds, %lld runs\n", seeds, runs);
  return seeds > 0 ? 0 : 1;
}
