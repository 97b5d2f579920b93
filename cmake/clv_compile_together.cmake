# clv_compile_together(<target> <file>...)
#
# With CLV_UNITY, the files of one folder are compiled ten at a time: most of what the compiler does
# for a short file is reading headers and instantiating what its neighbours instantiate too. Files not
# named here are compiled alone. So what two files of one folder keep for themselves has two names;
# and every file still includes what it uses: the presets for development and the sanitizers build
# without this and would tell.
function(clv_compile_together target)
  if(NOT CLV_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # gcc would take the files of a unit for headers, whose unnamed namespaces are many.
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
  foreach(file IN LISTS ARGN)
    get_filename_component(folder ${file} DIRECTORY)
    get_filename_component(folder "${folder}" NAME)
    string(MAKE_C_IDENTIFIER "of_${folder}" folder)
    list(APPEND ${folder} ${file})
    list(LENGTH ${folder} so_far)
    math(EXPR group "(${so_far} - 1) / 10")
    set_source_files_properties(${file} PROPERTIES UNITY_GROUP ${folder}_${group})
  endforeach()
endfunction()
