# APP_LIBRARY(PREFIX, MODULES, DEBIAN-PACKAGE): look a library up; what is
# missing is collected, so that one run of configure names every package.
AC_DEFUN([APP_LIBRARY], [
  PKG_CHECK_MODULES([$1], [$2], [],
    [app_missing="$app_missing $3"
     AC_MSG_WARN([$2 not found (Debian package $3)])])])

AC_DEFUN([APP_LIBRARIES_DONE], [
  AS_IF([test "x$app_missing" != x],
    [AC_MSG_ERROR([missing libraries; on Debian: apt-get install$app_missing])])])
