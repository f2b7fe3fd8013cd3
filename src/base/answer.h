/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_ANSWER_H
#define BASE_ANSWER_H

/* What is known of a yes-or-no question; all zero is a start. */
enum answer {
	ANSWER_UNKNOWN,
	ANSWER_NO,
	ANSWER_YES,
};

#endif
