#include <string.h>

#include "crypto/vault.h"
#include "unit/crypto/crypto_fixture.h"

static struct ctx c;

static enum err
load(const char *text, mode_t mode)
{
	const char *path = fixture_file(text, mode);
	struct keyring *ring = NULL;
	enum err e = keyring_open(&c, path, &ring);

	(void)unlink(path);
	CU_ASSERT_EQUAL(ring != NULL, e == OK);
	keyring_close(&ring);
	return e;
}

static void
first_key_leads(void)
{
	struct keyring *ring;
	const unsigned char *key;

	c = fixture_ctx();
	ring =
	    fixture_ring(&c, "# a comment\n7 " KEY_TWO "\n\n1 " KEY_ONE "\n");
	CU_ASSERT_EQUAL(keyring_count(ring), 2);
	CU_ASSERT_EQUAL(keyring_id(ring, 0), 7);
	CU_ASSERT_EQUAL(keyring_id(ring, 1), 1);
	key = keyring_find(ring, 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(key);
	CU_ASSERT_EQUAL(key[0], 0x60);
	CU_ASSERT_EQUAL(key[31], 0x52);
	CU_ASSERT_PTR_NULL(keyring_find(ring, 2));
	CU_ASSERT_PTR_NULL(keyring_find(ring, 0));
	keyring_close(&ring);
	CU_ASSERT_PTR_NULL(ring);
	keyring_close(&ring);
	arena_free(&c.mem);
}

static void
bad_texts(void)
{
	static const char *const list[] = {
	    "",
	    "# nothing but a comment\n",
	    KEY_ONE "\n",
	    "0 " KEY_ONE "\n",
	    "-1 " KEY_ONE "\n",
	    "4294967296 " KEY_ONE "\n",
	    "x " KEY_ONE "\n",
	    "1  " KEY_ONE "\n",
	    "1 " KEY_ONE " \n",
	    "1 " KEY_ONE "00\n",
	    "1 60303ae2\n",
	    "1 " KEY_ONE "\r\n",
	    "1 g0303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752\n",
	    "1 " KEY_ONE "\n1 " KEY_TWO "\n",
	    "1 " KEY_ONE "\n2 " KEY_TWO "\n3 " KEY_ONE "\n4 " KEY_ONE
	    "\n5 " KEY_ONE "\n6 " KEY_ONE "\n7 " KEY_ONE "\n8 " KEY_ONE
	    "\n9 " KEY_ONE "\n",
	};

	c = fixture_ctx();
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		CU_ASSERT_EQUAL(load(list[i], 0600), ERR_INTERNAL);
	CU_ASSERT_EQUAL(load("1 " KEY_ONE, 0600), OK);
	CU_ASSERT_EQUAL(load("4294967295 " KEY_ONE "\n", 0400), OK);
	arena_free(&c.mem);
}

static void
bad_modes(void)
{
	static const mode_t open_to_others[] = {
	    0604, 0602, 0601, 0620, 0660, 0644, 0666, 0777};
	size_t n = sizeof(open_to_others) / sizeof(open_to_others[0]);

	c = fixture_ctx();
	for (size_t i = 0; i < n; i++)
		CU_ASSERT_EQUAL(
		    load("1 " KEY_ONE "\n", open_to_others[i]), ERR_INTERNAL);
	/* A group may read what root owns, nothing else. */
	CU_ASSERT_EQUAL(
	    load("1 " KEY_ONE "\n", 0640), geteuid() == 0 ? OK : ERR_INTERNAL);
	arena_free(&c.mem);
}

static void
bad_files(void)
{
	const char *path = fixture_file("1 " KEY_ONE "\n", 0600);
	char *link_path;
	struct keyring *ring = NULL;

	c = fixture_ctx();
	link_path = arena_fmt(c.mem, "%s-link", path);
	CU_ASSERT_EQUAL_FATAL(symlink(path, link_path), 0);
	CU_ASSERT_EQUAL(keyring_open(&c, link_path, &ring), ERR_INTERNAL);
	CU_ASSERT_EQUAL(keyring_open(&c, "/nonexistent", &ring), ERR_INTERNAL);
	CU_ASSERT_EQUAL(keyring_open(&c, "/tmp", &ring), ERR_INTERNAL);
	CU_ASSERT_EQUAL(keyring_open(&c, "/dev/null", &ring), ERR_INTERNAL);
	CU_ASSERT_PTR_NULL(ring);
	(void)unlink(link_path);
	(void)unlink(path);
	arena_free(&c.mem);
}

static void
made_once(void)
{
	const char *path = fixture_file("", 0600);
	struct vault v;
	struct stat st;

	c = fixture_ctx();
	CU_ASSERT_EQUAL(keyring_add_file(&c, path), ERR_CONFLICT);
	(void)unlink(path);
	CU_ASSERT_EQUAL_FATAL(keyring_add_file(&c, path), OK);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0600);
	CU_ASSERT_EQUAL(keyring_add_file(&c, path), ERR_CONFLICT);
	CU_ASSERT_EQUAL_FATAL(vault_open(&c, path, path, path, &v), OK);
	CU_ASSERT_EQUAL(keyring_id(v.master, 0), 1);
	vault_close(&v);
	CU_ASSERT_PTR_NULL(v.master);
	CU_ASSERT_EQUAL(
	    vault_open(&c, path, "/nonexistent", path, &v), ERR_INTERNAL);
	CU_ASSERT_EQUAL(
	    vault_open(&c, path, path, "/nonexistent", &v), ERR_INTERNAL);
	CU_ASSERT_PTR_NULL(v.master);
	(void)unlink(path);
	arena_free(&c.mem);
}

SUITE("keyring", {"the first key leads, the others stay", first_key_leads},
    {"a malformed file is refused", bad_texts},
    {"a file that others can read is refused", bad_modes},
    {"a link, a directory, a device or nothing is refused", bad_files},
    {"a key file is made once and never overwritten", made_once})
