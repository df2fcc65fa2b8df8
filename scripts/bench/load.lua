-- Sends prepared requests over all connections and counts the answers by status.
--
-- wrk -s load.lua <address> -- <file> <again|once> <pause in ms>
--
-- The file holds whole HTTP requests, each after a line with its length. "again" starts over at the end.
-- "once" sends each request once, lets the connections rest while the last answers come, and ends when
-- all are answered: what was answered is then exactly what was sent.

local ffi = require("ffi")
ffi.cdef([[
    typedef struct { long seconds; long nanoseconds; } moment;
    int clock_gettime(int clock, moment *now);
    int getpid(void);
    int kill(int process, int signal);
]])
local MONOTONIC, INTERRUPT, NOT_FOUND = 1, 2, 404
local REST = 3600 * 1000
local FILLER = "GET /none HTTP/1.1\r\nHost: bench\r\n\r\n"
local moment = ffi.new("moment")
local threads = {}

local function now()
    ffi.C.clock_gettime(MONOTONIC, moment)
    return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

function setup(thread)
    table.insert(threads, thread)
end

function init(args)
    local file = assert(io.open(args[1], "rb"))
    requests, sent = {}, 0
    for line in file:lines() do
        requests[#requests + 1] = file:read(tonumber(line))
    end
    file:close()
    once = args[2] == "once"
    answered, first, last, statuses = 0, 0, 0, ""
    counts = {}
    if once then
        response = count
    end
    local pause = tonumber(args[3])
    if once or pause > 0 then
        delay = function() return once and sent == #requests and REST or pause end
    end
end

function request()
    if first == 0 then
        -- wrk asks once beforehand, to see how many requests a text holds, and sends nothing.
        first = -1
        return FILLER
    end
    if first == -1 then
        first = now()
    end
    if sent == #requests then
        if once then
            return FILLER
        end
        sent = 0
    end
    sent = sent + 1
    return requests[sent]
end

function count(status)
    if status == NOT_FOUND then
        return
    end
    counts[status] = (counts[status] or 0) + 1
    answered = answered + 1
    if answered == #requests then
        last = now()
        -- The main thread would sleep until the time is over; being interrupted, it ends in order.
        ffi.C.kill(ffi.C.getpid(), INTERRUPT)
    end
end

function done(summary, latency)
    local thread = threads[1]
    local first, last = thread:get("first"), thread:get("last")
    local seconds = last > 0 and last - first or summary.duration / 1e6
    local statuses = {}
    for status, number in pairs(thread:get("counts")) do
        statuses[#statuses + 1] = string.format('"%d": %d', status, number)
    end
    local errors = summary.errors
    io.write(string.format(
        '\nRESULT {"seconds": %.6f, "requests": %d, "p50_us": %d, "p95_us": %d, "p99_us": %d, "bad_statuses": %d, '
            .. '"broken": %d, "complete": %s, "statuses": {%s}}\n',
        seconds, summary.requests, latency:percentile(50), latency:percentile(95), latency:percentile(99), errors.status,
        errors.connect + errors.read + errors.write + errors.timeout,
        tostring(last > 0), table.concat(statuses, ", ")
    ))
end
