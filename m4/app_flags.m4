# APP_ADD(VAR, FLAGS): append each flag the compiler and linker take.
AC_DEFUN([APP_ADD], [m4_foreach_w([flag], [$2], [
  AC_MSG_CHECKING([whether $CC takes flag])
  app_save="$CFLAGS"; CFLAGS="$CFLAGS -Werror flag"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
    [AC_MSG_RESULT([yes]); $1="$$1 flag"], [AC_MSG_RESULT([no])])
  CFLAGS="$app_save"])])

# Warnings, with what each group is for.
AC_DEFUN([APP_WARNINGS], [
  AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [warnings are errors])])
  APP_CFLAGS="-std=gnu17"
  dnl The usual net.
  APP_ADD([APP_CFLAGS], [-Wall -Wextra -Wshadow -Wundef -Wredundant-decls])
  dnl Silent narrowing is how money and lengths get lost.
  APP_ADD([APP_CFLAGS], [-Wconversion -Wsign-conversion -Wdouble-promotion -Wfloat-equal])
  dnl Format strings and fixed buffers.
  APP_ADD([APP_CFLAGS], [-Wformat=2 -Wformat-overflow=2 -Wformat-truncation=2
    -Wformat-signedness -Wstringop-overflow=4 -Wwrite-strings -Wvla])
  dnl Pointers and casts.
  APP_ADD([APP_CFLAGS], [-Wcast-qual -Wcast-align -Wpointer-arith -Wnull-dereference])
  dnl Every function is declared once, in a header, with a prototype.
  APP_ADD([APP_CFLAGS], [-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition])
  dnl A new enum value must be handled where the enum is switched on.
  APP_ADD([APP_CFLAGS], [-Wswitch-enum -Wimplicit-fallthrough])
  dnl Copy-and-paste slips.
  APP_ADD([APP_CFLAGS], [-Wduplicated-cond -Wduplicated-branches -Wlogical-op
    -Walloc-zero -Wjump-misses-init])
  dnl Reproducible builds; dead functions stay visible to the linker.
  APP_ADD([APP_CFLAGS], [-Wdate-time -fno-common -fvisibility=hidden -ffunction-sections])
  AS_IF([test "x$enable_werror" = xyes], [APP_CFLAGS="$APP_CFLAGS -Werror"])
  AC_SUBST([APP_CFLAGS])])

AC_DEFUN([APP_HARDENING], [
  APP_HARDEN="" APP_LDFLAGS=""
  APP_ADD([APP_HARDEN], [-fstack-protector-strong -fstack-clash-protection
    -fcf-protection -fPIE])
  APP_ADD([APP_LDFLAGS], [-pie -pthread -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
    -Wl,--as-needed])
  APP_HARDEN="$APP_HARDEN -pthread"
  AC_SUBST([APP_HARDEN]) AC_SUBST([APP_LDFLAGS])])

# --enable-sanitize[=address,undefined|thread]
AC_DEFUN([APP_SANITIZE], [
  AC_ARG_ENABLE([sanitize], [AS_HELP_STRING([--enable-sanitize@<:@=LIST@:>@],
    [build with sanitizers, default address,undefined])])
  AS_CASE(["x$enable_sanitize"],
    [x|xno], [APP_HARDEN="$APP_HARDEN -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"],
    [xyes], [app_san=address,undefined], [app_san=$enable_sanitize])
  AS_IF([test "x$app_san" != x],
    [APP_HARDEN="$APP_HARDEN -fsanitize=$app_san -fno-sanitize-recover=all -fno-omit-frame-pointer -O1"])])

AC_DEFUN([APP_COVERAGE], [
  AC_ARG_ENABLE([coverage], [AS_HELP_STRING([--enable-coverage], [count lines with gcov])])
  AS_IF([test "x$enable_coverage" = xyes],
    [APP_HARDEN="$APP_HARDEN --coverage -O0 -U_FORTIFY_SOURCE"])])
