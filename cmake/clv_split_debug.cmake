# clv_split_debug(target folder): what is installed of the library into `folder` holds no debug
# information; that lies in folder/.debug/NAME.debug, where gdb, addr2line and others look by themselves,
# tied to it by build id and debug link. The build tree's own file keeps everything. To be called after
# install(TARGETS).
function(clv_split_debug target folder)
  if(NOT CMAKE_OBJCOPY)
    message(FATAL_ERROR "CLV_SPLIT_DEBUG needs objcopy (package binutils)")
  endif()
  target_link_options(${target} PRIVATE -Wl,--build-id=sha1)
  install(CODE "
    set(clv_folder \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${folder}\")
    set(clv_library \"\${clv_folder}/$<TARGET_FILE_NAME:${target}>\")
    set(clv_debug \"\${clv_folder}/.debug/$<TARGET_FILE_NAME:${target}>.debug\")
    file(MAKE_DIRECTORY \"\${clv_folder}/.debug\")
    # In three steps, so that installing twice does the same: a link is not added to a link.
    foreach(clv_step RANGE 2)
      set(clv_step_0 --only-keep-debug \"$<TARGET_FILE:${target}>\" \"\${clv_debug}\")
      set(clv_step_1 --strip-unneeded --remove-section=.gnu_debuglink \"\${clv_library}\")
      set(clv_step_2 \"--add-gnu-debuglink=\${clv_debug}\" \"\${clv_library}\")
      execute_process(COMMAND \"${CMAKE_OBJCOPY}\" \${clv_step_\${clv_step}}
        COMMAND_ERROR_IS_FATAL ANY)
    endforeach()
    file(CHMOD \"\${clv_debug}\" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
    message(STATUS \"Installing: \${clv_debug}\")")
endfunction()
