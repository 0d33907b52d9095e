#include "policy/structure.h"

#include "policy/claim.h"

#include <stdlib.h>

struct check {
	const struct sc_policy *policy;
	const struct sc_base_names *base;
	struct sc_found found;
	struct sc_str block;   /* the one being read */
	struct sc_names types; /* declared in it */
	bool inherits;         /* it inherits from the base: has "process" */
	size_t rules, declared, blocks;
	uint64_t numbers; /* of ioctl, in all ranges */
	bool is_rules;    /* sc_structure_is_rules() */
};

/* A type of the block: "process", "NAME.process", or one that it declares. */
static bool is_own(const struct check *c, struct sc_str name)
{
	struct sc_str block;
	struct sc_str rest = name;

	if (sc_take_until(&rest, '.', &block) && sc_str_eq(block, c->block))
		name = rest;
	return (c->inherits && sc_str_eq(name, SC_STR("process"))) ||
	       sc_names_has(&c->types, name);
}

/* ---- rules */

/* Types that others gave their name to: not ours, to compare with. */
static void check_extended_source(struct check *c, const struct sc_cil *rule)
{
	struct sc_str source = sc_cil_word(rule, 1), rest = source;

	if (!sc_policy_has(c->policy, SC_NAME_TYPE, source) ||
	    sc_take_prefix(&rest, SC_STR(SC_PROBE)))
		(void)sc_find(&c->found, "structure/foreign-source", rule->line,
			      "has a rule for '" SC_FMT
			      "', which is no type of the policy",
			      SC_ARG(source));
}

static void check_source(struct check *c, const struct sc_cil *rule)
{
	struct sc_str source = sc_cil_word(rule, 1);

	if (c->is_rules)
		check_extended_source(c, rule);
	else if (!is_own(c, source))
		(void)sc_find(&c->found, "structure/foreign-source", rule->line,
			      "has a rule for '" SC_FMT
			      "', which is no type of '" SC_FMT "'",
			      SC_ARG(source), SC_ARG(c->block));
}

static void check_target(struct check *c, const struct sc_cil *rule)
{
	struct sc_str target = sc_cil_word(rule, 2);

	if (!target.n)
		(void)sc_find(&c->found, "structure/target", rule->line,
			      "has a rule without a target");
	else if (sc_policy_has(c->policy, SC_NAME_ATTRIBUTE, target) ||
		 sc_names_has(&c->base->attributes, target))
		(void)sc_find(&c->found, "structure/attribute-target",
			      rule->line,
			      "has a rule on '" SC_FMT
			      "', an attribute of many types",
			      SC_ARG(target));
}

static bool is_reserved(struct sc_str word)
{
	static const struct sc_str words[] = {
		SC_STR("all"), SC_STR("and"), SC_STR("or"),
		SC_STR("xor"), SC_STR("not"), SC_STR("*"),
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sc_str_eq(word, words[i]))
			return true;
	return false;
}

/* (CLASS (PERM...)): words alone. "(file (all))" is every permission. */
static void check_access(struct check *c, const struct sc_cil *rule)
{
	const struct sc_cil *access = sc_cil_at(rule, 3);
	const struct sc_cil *perms = sc_cil_at(access, 1);

	if (!access || !access->is_list || !perms || !perms->is_list ||
	    !sc_cil_word(access, 0).n || sc_cil_at(access, 2) ||
	    sc_cil_at(rule, 4)) {
		(void)sc_find(
			&c->found, "structure/access", rule->line,
			"has a rule that does not name its class and permissions");
		return;
	}
	for (const struct sc_cil *i = perms->first; i; i = i->next)
		if (i->is_list || is_reserved(i->text))
			(void)sc_find(
				&c->found, "structure/expression", i->line,
				"has permissions as an expression, or all of them");
}

/* As the compiler reads it: hexadecimal, octal or decimal. */
static uint64_t number_of(struct sc_str word)
{
	char text[32] = "";

	if (word.n < sizeof(text))
		memcpy(text, word.s, word.n);
	return strtoull(text, NULL, 0);
}

/* The compiler takes each number of a range by itself. */
static void count_numbers(struct check *c, const struct sc_cil *range)
{
	uint64_t first = number_of(sc_cil_word(range, 1));
	uint64_t last = number_of(sc_cil_word(range, 2));
	uint64_t before = c->numbers;

	c->numbers += last >= first && last <= UINT16_MAX ? last - first : 0;
	if (before <= SC_MODULE_NUMBERS && c->numbers > SC_MODULE_NUMBERS)
		(void)sc_find(&c->found, "structure/size", range->line,
			      "has ranges of more than %d numbers",
			      SC_MODULE_NUMBERS);
}

static void check_numbers(struct check *c, const struct sc_cil *numbers)
{
	size_t n = 0;

	for (const struct sc_cil *i = numbers->first; i; i = i->next) {
		if (i->is_list ? !sc_cil_is(i, SC_STR("range"))
			       : is_reserved(i->text))
			(void)sc_find(&c->found, "structure/expression",
				      i->line, "has numbers as an expression");
		else if (i->is_list)
			count_numbers(c, i);
		if (++n == SC_RULE_NUMBERS + 1)
			(void)sc_find(&c->found, "structure/size", i->line,
				      "has a rule with more than %d numbers",
				      SC_RULE_NUMBERS);
	}
}

/* (ioctl CLASS (NUMBER | (range A B)...)) */
static void check_extended(struct check *c, const struct sc_cil *rule)
{
	const struct sc_cil *access = sc_cil_at(rule, 3);
	const struct sc_cil *numbers = sc_cil_at(access, 2);

	if (!sc_cil_is(access, SC_STR("ioctl")) || !numbers ||
	    !numbers->is_list || sc_cil_at(rule, 4))
		(void)sc_find(
			&c->found, "structure/access", rule->line,
			"has an extended rule that is not (ioctl CLASS (NUMBERS))");
	else
		check_numbers(c, numbers);
}

static bool is_plain_rule(const struct sc_cil *form)
{
	return sc_cil_is(form, SC_STR("allow")) ||
	       sc_cil_is(form, SC_STR("dontaudit"));
}

static bool is_extended_rule(const struct sc_cil *form)
{
	return sc_cil_is(form, SC_STR("allowx")) ||
	       sc_cil_is(form, SC_STR("dontauditx"));
}

bool sc_structure_is_rules(const struct sc_cil *top)
{
	for (const struct sc_cil *f = top->first; f; f = f->next)
		if (!is_plain_rule(f) && !is_extended_rule(f))
			return false;
	return top->first;
}

static bool check_rule(struct check *c, const struct sc_cil *form)
{
	bool plain = is_plain_rule(form);

	if (!plain && !is_extended_rule(form))
		return false;
	check_source(c, form);
	check_target(c, form);
	if (plain)
		check_access(c, form);
	else
		check_extended(c, form);
	if (++c->rules == SC_MODULE_RULES + 1)
		(void)sc_find(&c->found, "structure/size", form->line,
			      "has more than %d rules", SC_MODULE_RULES);
	return true;
}

/* ---- declarations */

/* Each of them is, or may be, a domain to judge. */
static bool check_count(struct check *c, const struct sc_cil *form, size_t *n,
			const char *what)
{
	if (++*n == SC_MODULE_NAMES + 1)
		(void)sc_find(&c->found, "structure/size", form->line,
			      "has more than %d %s", SC_MODULE_NAMES, what);
	return true;
}

static bool check_declaration(struct check *c, const struct sc_cil *form)
{
	struct sc_str first = sc_cil_word(form, 1);

	if (sc_cil_is(form, SC_STR("type"))) /* noted before */
		return check_count(c, form, &c->declared, "types");
	if (sc_cil_is(form, SC_STR("blockinherit"))) {
		if (!sc_names_has(&c->base->blocks, first))
			(void)sc_find(&c->found, "structure/foreign-block",
				      form->line,
				      "inherits '" SC_FMT
				      "', which is not of the base",
				      SC_ARG(first));
		return true;
	}
	if (!sc_cil_is(form, SC_STR("roletype")))
		return false;
	if (!(sc_str_eq(first, SC_STR("system_r")) &&
	      is_own(c, sc_cil_word(form, 2))) &&
	    !(sc_str_eq(first, SC_STR("object_r")) &&
	      sc_names_has(&c->types, sc_cil_word(form, 2))))
		(void)sc_find(&c->found, "structure/role", form->line,
			      "has a role other than system_r, or a foreign "
			      "type");
	return true;
}

/* What the host's own programs need to reach ports and files: their rules are
 * on these. It gives the container nothing. */
static bool is_of_labels(struct sc_str attribute)
{
	static const struct sc_str names[] = {
		SC_STR("file_type"),
		SC_STR("non_auth_file_type"),
		SC_STR("non_security_file_type"),
		SC_STR("port_type"),
		SC_STR("unreserved_port_type"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sc_str_eq(attribute, names[i]))
			return true;
	return false;
}

static void check_member(struct check *c, const struct sc_cil *form,
			 const struct sc_cil *member)
{
	bool is_label = is_of_labels(sc_cil_word(form, 1));

	if (member->is_list ||
	    !(is_label ? sc_names_has(&c->types, member->text)
		       : is_own(c, member->text)))
		(void)sc_find(&c->found, "structure/attribute", form->line,
			      "puts a foreign type into '" SC_FMT "'",
			      SC_ARG(sc_cil_word(form, 1)));
}

static bool check_membership(struct check *c, const struct sc_cil *form)
{
	struct sc_str attribute = sc_cil_word(form, 1);
	const struct sc_cil *members = sc_cil_at(form, 2);

	if (!sc_cil_is(form, SC_STR("typeattributeset")))
		return false;
	if (!sc_str_eq(attribute, SC_STR("domain")) &&
	    !sc_str_eq(attribute, SC_STR("mcs_constrained_type")) &&
	    !is_of_labels(attribute)) {
		(void)sc_find(&c->found, "structure/attribute", form->line,
			      "joins the attribute '" SC_FMT "'",
			      SC_ARG(attribute));
		return true;
	}
	if (members && !members->is_list)
		check_member(c, form, members); /* CIL takes a word alone */
	for (const struct sc_cil *i = members ? members->first : NULL; i;
	     i = i->next)
		check_member(c, form, i);
	return true;
}

/* ---- the whole */

static void check_statement(struct check *c, const struct sc_cil *form)
{
	if (!form->is_list || !form->first || form->first->is_list) {
		(void)sc_find(&c->found, "structure/statement", form->line,
			      "has something that is no statement");
		return;
	}
	if (check_rule(c, form) || check_declaration(c, form) ||
	    check_membership(c, form) || sc_claim_is(form))
		return;
	(void)sc_find(&c->found, "structure/statement", form->line,
		      "has '" SC_FMT "', which is not for a container's module",
		      SC_ARG(form->first->text));
}

/* Types come first in no order: note them before the rules are read. */
static void note_block(struct check *c, const struct sc_cil *block)
{
	c->block = sc_cil_word(block, 1);
	c->types = (struct sc_names){ 0 };
	c->inherits = false;
	for (const struct sc_cil *f = block->first; f; f = f->next) {
		if (sc_cil_is(f, SC_STR("type")) &&
		    !SC_PUSH(c->found.arena, &c->types, sc_cil_word(f, 1)))
			c->found.no_memory = true;
		if (sc_cil_is(f, SC_STR("blockinherit")))
			c->inherits = true;
	}
}

/* A name of the base's own, or of a domain that a proof compares with. */
static bool is_taken(const struct check *c, struct sc_str block)
{
	return sc_names_has(&c->base->blocks, block) ||
	       sc_take_prefix(&block, SC_STR(SC_PROBE));
}

static void check_block(struct check *c, const struct sc_cil *block)
{
	const struct sc_cil *first = sc_cil_at(block, 2);

	note_block(c, block);
	(void)check_count(c, block, &c->blocks, "blocks");
	if (is_taken(c, c->block))
		(void)sc_find(&c->found, "structure/block-name", block->line,
			      "opens the block '" SC_FMT
			      "', a name that selcage keeps for "
			      "itself",
			      SC_ARG(c->block));
	for (const struct sc_cil *f = first; f; f = f->next)
		check_statement(c, f);
}

int sc_structure_check(const struct sc_policy *p,
		       const struct sc_source *module, const struct sc_cil *top,
		       const struct sc_base_names *base, struct sc_arena *a,
		       struct sc_findings *out, struct sc_error *err)
{
	struct check c = { .policy = p,
			   .base = base,
			   .found = { module->name, a, out, false },
			   .is_rules = sc_structure_is_rules(top) };

	if (module->text.n > SC_MODULE_BYTES)
		(void)sc_find(&c.found, "structure/size", 1,
			      "has more than %zu bytes", SC_MODULE_BYTES);
	for (const struct sc_cil *f = top->first; f; f = f->next) {
		if (sc_cil_is(f, SC_STR("block")))
			check_block(&c, f);
		else if (!c.is_rules || !check_rule(&c, f))
			(void)sc_find(&c.found, "structure/statement", f->line,
				      "has '" SC_FMT
				      "' outside of the module's block",
				      SC_ARG(f->is_list && f->first
						     ? f->first->text
						     : f->text));
	}
	return c.found.no_memory ? sc_no_memory(err) : 0;
}
