# Language levels, warnings and sanitizers of everything built here, as one target to link.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(clv_defaults INTERFACE)
add_library(clv::defaults ALIAS clv_defaults)
target_compile_features(clv_defaults INTERFACE cxx_std_20 c_std_11)
target_compile_options(clv_defaults INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-missing-field-initializers
  $<$<BOOL:${CLV_WERROR}>:-Werror>
  $<$<BOOL:${CLV_SPLIT_DEBUG}>:-g>
  # gcc 12 reports std::string concatenation as overlapping (gcc bug 105651, fixed in 13), and under
  # further names where <string> is precompiled.
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict>
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<NOT:$<BOOL:${CMAKE_DISABLE_PRECOMPILE_HEADERS}>>>:-Wno-stringop-overflow$<SEMICOLON>-Wno-array-bounds>
  # Less tidying of memory: a tenth of the compiler's time, for some 100 MB more.
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<BOOL:${CLV_UNITY}>>:--param=ggc-min-expand=1000$<SEMICOLON>--param=ggc-min-heapsize=1048576>
  # The same bits everywhere: no fused multiply-add that one compiler takes and another does not.
  -ffp-contract=off
  -fvisibility=hidden
  $<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
if(CLV_SANITIZE)
  target_compile_options(clv_defaults INTERFACE -fsanitize=${CLV_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  # What gcc 12 cannot see through its own instrumentation; the sanitizers look for both as they run.
  target_compile_options(clv_defaults INTERFACE
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized$<SEMICOLON>-Wno-mismatched-new-delete>)
  target_link_options(clv_defaults INTERFACE -fsanitize=${CLV_SANITIZE})
endif()
