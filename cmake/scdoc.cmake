# SPDX-License-Identifier: GPL-2.0-or-later
# Makes one manual page: cmake -DSCDOC=… -DSOURCE=PAGE.scd -DRESULT=PAGE -DVERSION=… -DSCHEMAS=…
#                        -DEXAMPLES=… -P scdoc.cmake
# A line "; include FILE" (a comment to scdoc) is replaced by that file of the same directory,
# "; options NAME..." by these options of common-options.scd and those that all commands take, and
# @VERSION@, @SCHEMAS@ and @EXAMPLES@ (directories of the installed program) by their values.
cmake_minimum_required(VERSION 3.18)

get_filename_component(directory ${SOURCE} DIRECTORY)
file(READ ${SOURCE} text)
while(text MATCHES "; include ([a-z.-]+)\n")
  set(name ${CMAKE_MATCH_1})
  file(READ ${directory}/${name} part)
  string(REPLACE "; include ${name}\n" "${part}" text "${text}")
endwhile()
while(text MATCHES "; options ([a-z ]+)\n")
  set(line "; options ${CMAKE_MATCH_1}\n")
  string(REPLACE " " ";" names "${CMAKE_MATCH_1};help;usage;version")
  file(READ ${directory}/common-options.scd common)
  set(chosen "")
  set(between "")
  foreach(name IN LISTS names)
    string(REGEX MATCH "(\\*-.\\*, )?\\*--${name}\\*[^\n]*\n(\t[^\n]*\n)+" part "${common}")
    if(part STREQUAL "")
      message(FATAL_ERROR "${SOURCE}: common-options.scd has no --${name}")
    endif()
    string(APPEND chosen "${between}${part}")
    set(between "\n")
  endforeach()
  string(REPLACE "${line}" "${chosen}" text "${text}")
endwhile()
string(CONFIGURE "${text}" text @ONLY)
file(WRITE ${RESULT}.scd "${text}")
execute_process(COMMAND ${SCDOC} INPUT_FILE ${RESULT}.scd OUTPUT_FILE ${RESULT} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${SCDOC} < ${RESULT}.scd: ${status}")
endif()
