/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VIEW_TERMINAL_H
#define VIEW_TERMINAL_H

/* Columns of the terminal on stdout; else COLUMNS of the environment, else 80. */
int terminal_columns(void);
/* Its rows; else LINES of the environment, else 24. */
int terminal_rows(void);

#endif
