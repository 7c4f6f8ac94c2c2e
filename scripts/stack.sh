# stack.sh - a private, complete Numlease on this machine, for quickstart and
# the system tests: PostgreSQL, Redis, simulated providers, API pool, worker
# and nginx, all below one folder, reached by unix sockets and one TLS port.
# Sourced by a bash script that has set:
#	STACK_VAR   the folder of all state (made here, absolute, < 80 bytes)
#	STACK_APP   the prefix of an installation made by `make install`
# shellcheck shell=bash
# shellcheck disable=SC2154 # the ports are read from a file
stack_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

stack_init() {
	run=$STACK_VAR/run log=$STACK_VAR/log etc=$STACK_VAR/etc
	share=$STACK_APP/share/numlease
	[ "${#STACK_VAR}" -lt 80 ] || die "the path $STACK_VAR is too long for unix sockets (limit 80)"
	# None before the packages are installed, which is no failure here.
	pg_bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1) || pg_bin=
	user=$(id -un) other=()
	if [ "$(id -u)" -eq 0 ]; then # PostgreSQL refuses root, and so should all
		user=numlease
		id "$user" >/dev/null 2>&1 ||
		    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$user"
		other=(setpriv --reuid "$user" --regid "$user" --clear-groups env HOME="$STACK_VAR")
	fi
	mkdir -p "$run" "$log" "$etc"
	[ "$(id -u)" -ne 0 ] || chown "$user:" "$STACK_VAR" "$run" "$log" "$etc"
	chmod 700 "$run" "$etc"
	export PGHOST=$run PGUSER=$user PGDATABASE=numlease
	unset PGPORT PGPASSWORD PGSERVICE
	if [ -r "$etc/ports" ]; then . "$etc/ports"; fi
}

die() { echo "$(basename "$0"): $*" >&2; exit 1; }

as_user() { "${other[@]}" "$@"; }

wait_for() { # what, seconds, command...
	local what=$1 end=$((SECONDS + $2))
	shift 2
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

alive() { # the process of the pid file is there and still ours
	local pid
	pid=$(cat "$run/$1.pid" 2>/dev/null) || return 1
	[ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && grep -qz . "/proc/$pid/cmdline" 2>/dev/null
}

launch() { # name, command...: in the background, output to its log
	local name=$1
	shift
	# A plain command and no function, so that $! is the program itself.
	"${other[@]}" setsid "$@" >>"$log/$name.log" 2>&1 </dev/null &
	echo $! >"$run/$name.pid"
}

failed() { # a part did not come up: show why
	echo "$1 did not start; the end of $log/$1.log:" >&2
	tail -n 20 "$log/$1.log" >&2
	exit 1
}

stop_one() { # name, signal
	local pid end
	alive "$1" || { rm -f "$run/$1.pid"; return 0; }
	pid=$(cat "$run/$1.pid")
	kill -"$2" "$pid"
	end=$((SECONDS + 30))
	while alive "$1"; do # not: until its parent has noticed
		[ $SECONDS -lt $end ] || { kill -KILL "$pid"; break; }
		sleep 0.05
	done
	rm -f "$run/$1.pid"
}

renew() { # name, program: end a process that is older than its program
	if [ "$STACK_APP/sbin/$2" -nt "$run/$1.pid" ]; then stop_one "$1" TERM; fi
}

start_postgres() { # STACK_POSTGRES: more words for the server
	if [ ! -e "$STACK_VAR/pg/PG_VERSION" ]; then
		as_user mkdir -p "$STACK_VAR/pg"
		as_user "$pg_bin/initdb" -D "$STACK_VAR/pg" -U "$user" --locale=C.UTF-8 -E UTF8 \
		    --auth=peer --no-sync >"$log/postgres.log" 2>&1 || failed postgres
	fi
	if ! alive postgres; then
		as_user sh -c 'echo "local all all peer map=stack" >"$1/pg_hba.conf"
		    printf "stack %s %s\n" "$2" "$2" "$2" numlease_app >"$1/pg_ident.conf"' \
		    sh "$STACK_VAR/pg" "$user"
		# shellcheck disable=SC2086 # words on purpose
		launch postgres "$pg_bin/postgres" -D "$STACK_VAR/pg" -k "$run" \
		    -c listen_addresses= -c max_connections=200 -c shared_buffers=64MB ${STACK_POSTGRES:-}
	fi
	wait_for postgres 30 as_user "$pg_bin/pg_isready" -q -d postgres || failed postgres
	as_user "$pg_bin/psql" -qAtc "SELECT 1 FROM pg_database WHERE datname = 'numlease'" postgres |
	    grep -q 1 || as_user "$pg_bin/createdb" numlease
}

# The login of the daemons. It may do nothing but act as their roles, which
# migrate up has made: so a role that is not taken shows at once.
app_login() {
	as_user "$pg_bin/psql" -qAtX -v ON_ERROR_STOP=1 >>"$log/migrate.log" 2>&1 <<-'EOT' || failed migrate
	SELECT 'CREATE ROLE numlease_app LOGIN NOINHERIT'
	 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'numlease_app') \gexec
	SET client_min_messages = error;
	GRANT numlease_api, numlease_admin, numlease_worker TO numlease_app;
	EOT
}

launch_app() { # name, program: a daemon, which logs in as numlease_app
	app_login
	launch "$1" env NUMLEASE_DATABASE_CONNINFO="host=$run user=numlease_app dbname=numlease" \
	    "$STACK_APP/sbin/$2" -c "$etc/numlease.conf"
}

start_redis() {
	alive redis || launch redis redis-server --port 0 --unixsocket "$run/redis.sock" \
	    --dir "$run" --save "" --appendonly no
	wait_for redis 10 as_user redis-cli -s "$run/redis.sock" ping || failed redis
}

start_sandbox() { # name, dialect, port wanted, key, further options
	local name=$1 dialect=$2 port=$3 key=$4
	shift 4
	renew "$name" numlease-sandbox
	if ! alive "$name"; then
		rm -f "$run/$name.port"
		launch "$name" "$STACK_APP/sbin/numlease-sandbox" --listen "127.0.0.1:$port" \
		    --dialect "$dialect" --name "$name" --key "$key" --port-file "$run/$name.port" "$@"
	fi
	wait_for "$name" 10 test -s "$run/$name.port" || failed "$name"
}

start_api() {
	renew api numlease-api
	alive api || launch_app api numlease-api
	wait_for api 15 test -S "$run/api.sock" || failed api
}

start_nginx() { # STACK_NGINX: more NAME=value words for scripts/nginx-conf
	if ! alive nginx; then
		as_user mkdir -p "$run/tmp"
		# shellcheck disable=SC2086 # words on purpose
		"$stack_dir/nginx-conf" "$share/nginx" "$etc/nginx" WEB="$share/web" RUN="$run" \
		    LOG="$log" TMP="$run/tmp" CERT="$etc/tls.crt" KEY="$etc/tls.key" WORKERS=2 \
		    HTTPS_PORT="$https_port" HTTP_PORT="$http_port" ${STACK_NGINX:-}
		[ "$(id -u)" -ne 0 ] || chown -R "$user:" "$etc/nginx"
		launch nginx nginx -p "$run" -e "$log/nginx-error.log" -c "$etc/nginx/numlease.conf"
	fi
	wait_for nginx 10 curl -sf --cacert "$etc/tls.crt" "https://localhost:$https_port/api/health" || failed nginx
}

start_worker() { # name
	renew "$1" numlease-worker
	alive "$1" || launch_app "$1" numlease-worker
}

stack_own() { # hand files to the user that the programs run as
	chmod 600 "$@"
	[ "$(id -u)" -ne 0 ] || chown "$user:" "$@"
}

stack_setup() { # TLS and HTTP port wanted: ports, certificate, keys and settings
	if [ ! -e "$etc/ports" ]; then
		printf 'https_port=%s\nhttp_port=%s\n' \
		    "$("$stack_dir/free-port" "$1")" "$("$stack_dir/free-port" "$2")" >"$etc/ports"
		. "$etc/ports"
	fi
	if [ ! -e "$etc/tls.key" ]; then
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 \
		    -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
		    -keyout "$etc/tls.key" -out "$etc/tls.crt" 2>/dev/null
	fi
	stack_settings >"$etc/numlease.conf"
	stack_own "$etc"/*.* "$etc/ports"
	ctl key init >/dev/null
}

ctl() { as_user "$STACK_APP/bin/numleasectl" -c "$etc/numlease.conf" "$@"; }

stack_conf() { # the settings of all programs
	cat <<-EOT
	database.conninfo = host=$run user=$user dbname=numlease
	redis.address = $run/redis.sock
	api.socket = $run/api.sock
	auth.socket = $run/auth.sock
	admin.socket = $run/admin.sock
	site.origin = https://localhost:$https_port
	keys.master = $etc/master.key
	keys.jwt = $etc/jwt.key
	keys.receipt = $etc/receipt.key
	password.memory = 16M
	worker.poll_interval = 1s
	webhook.allow_private = on
	EOT
}

stack_settings() { # the same, with the lines of STACK_CONF in place of its own
	{ stack_conf; printf '%s\n' "${STACK_CONF:-}"; } |
	    awk -F ' *= *' 'NF > 1 { line[$1] = $0 } END { for (k in line) print line[k] }' | sort
}
