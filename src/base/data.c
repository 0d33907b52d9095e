#include "base/data.h"

struct sc_str sc_data(const char *name)
{
	for (const struct sc_data_file *f = sc_data_files; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f->text;
	return (struct sc_str){ 0 };
}
