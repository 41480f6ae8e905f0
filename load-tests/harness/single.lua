-- wrk's script: one transaction for each request, never the same twice. TOKEN, BATCH and MERCHANTS come from the environment. Every request has
-- the same length, so that it is made by one format: what the client spends is not the router's. Two threads, each with half of the merchants.
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

local body = '{"acquirerId":"48201000","merchantId":"M%06d","terminalId":"T%07d","batchNo":"%06d","stan":"%06d","rrn":"%012d",'
  .. '"localDate":"%s","type":"SALE","amountMinor":%d,"currency":"CNY","capturedAt":"%sT10:00:00Z"}'

function init(args)
  n = 0
  batch = tonumber(os.getenv("BATCH"))
  merchants = tonumber(os.getenv("MERCHANTS"))
  date = os.date("!%Y-%m-%d")
  local length = #string.format(body, 1, 1, 1, 1, 1, date, 100000, date)
  frame = "POST /v1/transactions HTTP/1.1\r\nHost: " .. wrk.host .. "\r\nAuthorization: Bearer " .. os.getenv("TOKEN")
    .. "\r\nContent-Type: application/json\r\nContent-Length: " .. length .. "\r\n\r\n" .. body
end

function request()
  n = n + 1
  local each = merchants / 2
  local merchant = 1 + (n % each) * 2 + id
  return string.format(frame, merchant, merchant, batch, math.floor(n / each), n, date, 100000 + n % 100000, date)
end

-- With RATE above 0: request k of both threads is due k/RATE after the start and is sent then, or as soon as a connection is free: the clock
-- does not wait for answers.
local rate = tonumber(os.getenv("RATE") or "0")
if rate > 0 then
  local ffi = require("ffi")
  ffi.cdef [[
    typedef struct { long seconds; long nanos; } settle_time;
    int clock_gettime(int clock, settle_time *time);
  ]]
  local MONOTONIC = 1
  local at = ffi.new("settle_time")
  local every = 1000 * 2 / rate
  local due

  function delay()
    ffi.C.clock_gettime(MONOTONIC, at)
    local now = tonumber(at.seconds) * 1000 + tonumber(at.nanos) / 1e6
    due = (due or now) + every
    return math.max(0, math.floor(due - now))
  end
end
