#include "service/ask.h"
#include "service/cleanup.h"
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
    /* name,      sweep ms, without Redis, plan, settle */
    {"lease",     1000,     50, purchase_plan,      purchase_settle},
    {"poll",       250,      0, poll_plan,          poll_settle},
    {"refill",    1000,      0, poll_queue_refill,  NULL},
    {"ask",        500,    100, ask_plan,           ask_settle},
    {"deliver",    500,      0, notice_plan,        notice_settle},
    {"expire",    1000,      0, sweep_expire,       NULL},
    {"orders",    5000,      0, sweep_orders,       NULL},
    {"reconcile", 1000,      0, reconcile_plan,     reconcile_settle},
    {"orphans",   5000,      0, orphan_cancel_plan, orphan_cancel_settle},
    {"listing",  60000,      0, orphan_list_plan,   orphan_list_settle},
    {"forget",   60000,      0, cleanup_messages,   NULL},
    {"cleanup", 3600000,     0, cleanup_rest,       NULL},
    {"prove",      1000,     0, ledger_prove,       NULL},
    {"rollup",   60000,      0, ledger_roll,        NULL},
    {"rates",      5000,      0, rate_count,         NULL},
    {"prices",   60000,      0, sync_prices_plan,   sync_prices_settle},
    {"balances", 60000,      0, sync_balances_plan, sync_balances_settle},
};
/* clang-format on */
const size_t tasks_count = sizeof(tasks) / sizeof(tasks[0]);
