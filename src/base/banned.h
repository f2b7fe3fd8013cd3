/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions that this project does not use, as compile errors; forced into every source by CMake.
 * Those of strings write or read without a bound. The others answer as the locale says:
 * base/ascii.h and base/number.h do not.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <argp.h> /* its inline functions use some of them */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>
#include <wctype.h>

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef strtok
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atoll

#undef isalnum
#undef isalpha
#undef isblank
#undef iscntrl
#undef isdigit
#undef isgraph
#undef islower
#undef isprint
#undef ispunct
#undef isspace
#undef isupper
#undef isxdigit
#undef tolower
#undef toupper
#undef iswdigit /* of musl */
#pragma GCC poison isalnum isalpha isblank iscntrl isdigit isgraph islower isprint ispunct isspace
#pragma GCC poison isupper isxdigit tolower toupper strcasecmp strncasecmp strcasestr
#pragma GCC poison iswalnum iswalpha iswcntrl iswdigit iswprint iswspace towlower towupper
#pragma GCC poison strcoll strxfrm alphasort atof strtod strtof strtold strfmon

#endif
