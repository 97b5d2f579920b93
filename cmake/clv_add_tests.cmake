# clv_add_tests(<program> [PREFIX <prefix>] FILES <name>... [WITH <file>...] <what clv_add_test takes>...)
#
# Files of tests that need the same: NAME_test.cpp is ctest's <prefix>NAME_test, alone in its process.
# With CLV_UNITY all are one program, compiled and linked in half the time that one each would take,
# and a target <prefix>NAME_test builds it; otherwise each is a program of that name. WITH: sources
# that all of them need. What two files keep for themselves has two names.
function(clv_add_tests program)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NO_PCH" "PREFIX" "FILES;WITH;${clv_test_lists}")
  if(CLV_UNITY)
    list(TRANSFORM arg_FILES APPEND _test.cpp OUTPUT_VARIABLE arg_SOURCES)
    list(APPEND arg_SOURCES ${arg_WITH})
    clv_add_test_program(${program})
    target_link_libraries(${program} PRIVATE clv_one_file_main)
    # One unit, so that two things of one name are an error and never one of them taken for both.
    set_target_properties(${program} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0
      UNITY_BUILD_CODE_BEFORE_INCLUDE "${clv_may_shadow}")
    target_compile_options(${program} PRIVATE
      $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
  endif()
  foreach(file IN LISTS arg_FILES)
    set(name ${arg_PREFIX}${file}_test)
    if(CLV_UNITY)
      clv_add_test_run(${name} ${program} --only-file=${file}_test.cpp)
      add_custom_target(${name} DEPENDS ${program})
    else()
      set(arg_SOURCES ${file}_test.cpp ${arg_WITH})
      clv_add_test_program(${name})
      target_link_libraries(${name} PRIVATE GTest::gtest_main)
      clv_add_test_run(${name} ${name})
    endif()
  endforeach()
endfunction()
