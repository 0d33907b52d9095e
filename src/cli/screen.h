/*
 * screen.h - a terminal as a whole, given back as it was.
 *
 * What is drawn goes to the terminal's other screen, so that what stood there
 * before is there again afterwards.
 */
#ifndef SC_CLI_SCREEN_H
#define SC_CLI_SCREEN_H

#include "base/buf.h"
#include "base/error.h"

#include <stdio.h>
#include <termios.h>

struct sc_screen {
	int in; /* keys come from here; -1: not open */
	int out;
	bool own_in; /* standard input is no terminal: it is another file */
	bool on;
	struct termios before;
};

enum sc_key {
	SC_KEY_NONE,
	SC_KEY_OTHER,
	SC_KEY_QUIT,
	SC_KEY_UP,
	SC_KEY_DOWN,
	SC_KEY_FIRST,
	SC_KEY_LAST,
};

/* Is @out a terminal that can be drawn on? */
bool sc_screen_can(FILE *out);

/* Errors: SC_ESYSTEM. */
int sc_screen_open(FILE *out, struct sc_screen *s, struct sc_error *err)
	SC_MUST_USE;
void sc_screen_close(struct sc_screen *s); /* an SC_CLEAN() function */

/* Give it back for a while, and take it again: the caller draws all anew. */
void sc_screen_off(struct sc_screen *s);
int sc_screen_on(struct sc_screen *s, struct sc_error *err) SC_MUST_USE;

/* Rows and columns as they are now; 24 and 80 if it does not tell. */
void sc_screen_size(const struct sc_screen *s, size_t *rows, size_t *columns);

/* The next key that was pressed, without waiting. */
enum sc_key sc_screen_key(struct sc_screen *s);

/* Draw @lines, each ended by a newline and of any length: what does not fit
 * into @rows rows or the width is left out. */
int sc_screen_draw(const struct sc_screen *s, struct sc_str lines, size_t rows,
		   struct sc_error *err) SC_MUST_USE;

#endif
