# SPDX-License-Identifier: GPL-2.0-or-later
# Makes one manual page: cmake -DSCDOC=… -DSOURCE=PAGE.scd -DRESULT=PAGE -DVERSION=… -DSCHEMAS=… -P scdoc.cmake
# Before scdoc sees the source, "; include FILE" lines (comments to scdoc) become that file of the
# same folder, "; fields SCHEMA" lines the fields of that JSON Schema, and @VERSION@ and @SCHEMAS@
# what they stand for.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/json-fields.cmake)

get_filename_component(folder ${SOURCE} DIRECTORY)
file(READ ${SOURCE} text)
while(text MATCHES "; include ([a-z.-]+)\n")
  file(READ ${folder}/${CMAKE_MATCH_1} part)
  string(REPLACE "; include ${CMAKE_MATCH_1}\n" "${part}" text "${text}")
endwhile()
while(text MATCHES "; fields ([a-z.-]+)\n")
  json_fields(${folder}/../schema/${CMAKE_MATCH_1} part)
  string(REPLACE "; fields ${CMAKE_MATCH_1}\n" "${part}" text "${text}")
endwhile()
string(REPLACE "@VERSION@" "${VERSION}" text "${text}")
string(REPLACE "@SCHEMAS@" "${SCHEMAS}" text "${text}")
file(WRITE ${RESULT}.scd "${text}")
execute_process(COMMAND ${SCDOC} INPUT_FILE ${RESULT}.scd OUTPUT_FILE ${RESULT} COMMAND_ERROR_IS_FATAL ANY)
