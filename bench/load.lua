-- load - sends the requests of a file in turn, for wrk:
--	wrk -s load.lua URL -- FILE RUN
-- A line of FILE is METHOD, path, bearer token or "-", body or "", divided by
-- tabs. Every POST has an Idempotency-Key of its own, which begins with RUN.
-- Prints one line: requests, microseconds, failed, p50 and p99 (us).
local threads = 0

function setup(thread)
	thread:set("number", threads)
	threads = threads + 1
end

local function headers_of(token, body)
	local headers = { Host = wrk.headers["Host"] }
	if token ~= "-" then
		headers["Authorization"] = "Bearer " .. token
	end
	if body ~= "" then
		headers["Content-Type"] = "application/json"
	end
	return headers
end

function init(args)
	run, all, n = args[2], {}, number * 7
	for line in io.lines(args[1]) do
		local method, path, token, body = line:match("^(%S+)\t(%S+)\t(%S+)\t(.*)$")
		local headers = headers_of(token, body)
		local one = { method = method, path = path, headers = headers, body = body }
		if method == "GET" then
			one.ready = wrk.format(method, path, headers)
		end
		all[#all + 1] = one
	end
end

function request()
	n = n + 1
	local one = all[n % #all + 1]
	if one.ready then
		return one.ready
	end
	one.headers["Idempotency-Key"] = run .. "-" .. number .. "-" .. n
	return wrk.format(one.method, one.path, one.headers, one.body)
end

function done(summary, latency)
	local e = summary.errors
	print(string.format("RESULT %d %d %d %d %d", summary.requests, summary.duration,
	    e.status + e.connect + e.read + e.write + e.timeout,
	    latency:percentile(50), latency:percentile(99)))
end
