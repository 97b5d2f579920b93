/* A host that loads libclv late and by hand, as PHP FFI, ctypes and koffi do, twice over. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char** argv) {
  for (int i = 0; i < 2 && argc > 1; ++i) {
    void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
      puts(dlerror());
      return 1;
    }
    uint32_t (*abi)(void) = NULL;
    const char* (*version)(void) = NULL;
    *(void**)&abi = dlsym(library, "clv_abi");
    *(void**)&version = dlsym(library, "clv_version");
    if (abi == NULL || version == NULL || abi() >> 16 != 1) return 2;
    if (strcmp(version(), "0.1.0") != 0) return 3;
    if (dlsym(library, "sqlite3_open_v2") == NULL) return 4; /* the system's, shared by all */
    if (dlclose(library) != 0) return 5;
  }
  return argc > 1 ? 0 : 6;
}
