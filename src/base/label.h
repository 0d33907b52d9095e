/*
 * label.h - the parts of a context as text: "user:role:type:level".
 */
#ifndef SC_BASE_LABEL_H
#define SC_BASE_LABEL_H

#include "base/str.h"

enum sc_label_part {
	SC_LABEL_USER,
	SC_LABEL_ROLE,
	SC_LABEL_TYPE,
	SC_LABEL_LEVEL, /* all that follows the type, "s0:c1,c2" */
};

/* That part of @label; .s is NULL if @label has not so many. */
static inline struct sc_str sc_label_part(struct sc_str label,
					  enum sc_label_part part)
{
	struct sc_str out = { 0 };

	for (unsigned i = 0; i < part; i++)
		if (!sc_take_short(&label, ':', &out))
			return (struct sc_str){ 0 };
	if (part != SC_LABEL_LEVEL && sc_take_short(&label, ':', &out))
		return out;
	return label;
}

/* The type in @label, or all of a text that is none. */
static inline struct sc_str sc_label_type(struct sc_str label)
{
	struct sc_str type = sc_label_part(label, SC_LABEL_TYPE);

	return type.s ? type : label;
}

#endif
