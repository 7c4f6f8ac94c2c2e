#include "service/ask.h"
#include "service/cleanup.h"
#include "service/drift.h"
#include "service/ledger.h"
#include "service/notice.h"
#include "service/orphan.h"
#include "service/poll.h"
#include "service/poll_queue.h"
#include "service/purchase.h"
#include "service/rate.h"
#include "service/reconcile.h"
#include "service/sweep.h"
#include "service/sync.h"
#include "worker/task.h"

/* clang-format off */
const struct task tasks[] = {
    /* name,      sweep ms, without Redis, plan, settle, alone */
    {"lease",     1000,     50, purchase_plan,      purchase_settle, false},
    {"poll",       250,      0, poll_plan,          poll_settle, false},
    {"refill",    1000,      0, poll_queue_refill,  NULL, false},
    {"ask",        500,    100, ask_plan,           ask_settle, false},
    {"deliver",    500,      0, notice_plan,        notice_settle, false},
    {"expire",    1000,      0, sweep_expire,       NULL, false},
    {"orders",    5000,      0, sweep_orders,       NULL, false},
    {"reconcile", 1000,      0, reconcile_plan,     reconcile_settle, false},
    {"orphans",   5000,      0, orphan_cancel_plan, orphan_cancel_settle, false},
    {"listing",  60000,      0, orphan_list_plan,   orphan_list_settle, false},
    {"forget",   60000,      0, cleanup_messages,   NULL, false},
    {"cleanup", 3600000,     0, cleanup_rest,       NULL, false},
    {"prove",      1000,     0, ledger_prove,       NULL, false},
    {"drift",    15000,      0, drift_watch,        NULL, false},
    {"rollup",   60000,      0, ledger_roll,        NULL, false},
    {"rates",      5000,      0, rate_count,         NULL, false},
    {"prices",   60000,      0, sync_prices_plan,   sync_prices_settle, true},
    {"balances", 60000,      0, sync_balances_plan, sync_balances_settle, false},
};
/* clang-format on */
const size_t tasks_count = sizeof(tasks) / sizeof(tasks[0]);
