# io - one file per foreign library, the only includer of its header.
noinst_LIBRARIES += libio.a
libio_a_SOURCES =
libio_a_CFLAGS = $(AM_CFLAGS) $(PQ_CFLAGS) $(HIREDIS_CFLAGS) $(JSONC_CFLAGS) \
	$(CURL_CFLAGS) $(FCGI_CFLAGS) $(EVENT_CFLAGS)
IO_LIBS = libio.a libbase.a $(PQ_LIBS) $(HIREDIS_LIBS) $(JSONC_LIBS) \
	$(CURL_LIBS) $(FCGI_LIBS) $(EVENT_LIBS)
