/* log_notice.h - what log shows of SELinux itself: policies loaded, booleans
 * switched, and its errors, which are no denials. */
#ifndef SC_CLI_LOG_NOTICE_H
#define SC_CLI_LOG_NOTICE_H

#include "audit/tally.h"
#include "base/buf.h"

/* What failed: "security_compute_sid: a_t -> b_t : process, context ...". */
void sc_put_fault(struct sc_buf *out, const struct sc_notice *n);

/* A notice of event @e; an error, with its count in @width columns. */
void sc_log_notice(struct sc_buf *out, const struct sc_event *e,
		   const struct sc_notice *n, bool colour);
void sc_log_notice_json(struct sc_buf *out, const struct sc_event *e,
			const struct sc_notice *n);

void sc_log_fault(struct sc_buf *out, const struct sc_fault *f, int width);
void sc_log_fault_json(struct sc_buf *out, const struct sc_fault *f);

#endif
