#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/file.h"
#include "harness/scratch_dir.h"
#include "harness/suite.h"

static struct ctx c;
static char dir[SCRATCH_DIR_SIZE];

static void
start(void)
{
	c = (struct ctx){.mem = arena_new("test", 4 << 20)};
	scratch_dir_open(dir);
}

static void
stop(void)
{
	scratch_dir_close(dir);
	arena_free(&c.mem);
}

static void
whole(void)
{
	static char big[10001];
	const char *text = NULL;
	size_t len = 1;

	start();
	CU_ASSERT_EQUAL(
	    file_read(&c, scratch_dir_write(dir, "e", ""), 10, &text, &len),
	    OK);
	CU_ASSERT_STRING_EQUAL(text, "");
	CU_ASSERT_EQUAL(len, 0);
	memset(big, 'x', 10000);
	CU_ASSERT_EQUAL(
	    file_read(&c, scratch_dir_write(dir, "b", big), 10000, &text, NULL),
	    OK);
	CU_ASSERT_STRING_EQUAL(text, big);
	stop();
}

static void
refused(void)
{
	const char *text;
	size_t len;

	start();
	CU_ASSERT_EQUAL(
	    file_read(&c, scratch_dir_write(dir, "b", "12345"), 4, &text, &len),
	    ERR_TOO_LARGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.err_why, "over 4 bytes"));
	CU_ASSERT_EQUAL(
	    file_read(&c, "/nowhere/x", 4, &text, &len), ERR_NOT_FOUND);
	CU_ASSERT_STRING_EQUAL(
	    c.err_why, "/nowhere/x: No such file or directory");
	CU_ASSERT_EQUAL(file_read(&c, dir, 4, &text, &len), ERR_INTERNAL);
	stop();
}

static void
open_to_all(void)
{
	const char *path;

	start();
	path = scratch_dir_write(dir, "k", "key");
	CU_ASSERT_FALSE(file_is_open_to_all(path));
	CU_ASSERT_EQUAL(chmod(path, 0640), 0);
	CU_ASSERT_FALSE(file_is_open_to_all(path));
	CU_ASSERT_EQUAL(chmod(path, 0604), 0);
	CU_ASSERT_TRUE(file_is_open_to_all(path));
	CU_ASSERT_EQUAL(chmod(path, 0602), 0);
	CU_ASSERT_TRUE(file_is_open_to_all(path));
	stop();
}

SUITE("file", {"a file is read whole", whole},
    {"what is too large, absent or no file is refused", refused},
    {"a file open to others is told", open_to_all})
