-- wrk's script: one transaction for each request, never the same twice. TOKEN, ROUND, MERCHANTS (an even number) and THREADS come
-- from the environment, and RATE: requests a second of all threads, 0: as many as go. With a rate, request k is due k/RATE after the
-- start and is sent then, or as soon as a connection is free: the clock does not wait for answers.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanos; } settle_time;
  int clock_gettime(int clock, settle_time *time);
]]
local MONOTONIC = 1
local at = ffi.new("settle_time")
local function now()
  ffi.C.clock_gettime(MONOTONIC, at)
  return tonumber(at.seconds) * 1000 + tonumber(at.nanos) / 1e6
end

local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  n = 0
  due = 0
  round = tonumber(os.getenv("ROUND"))
  pairsOfMerchants = tonumber(os.getenv("MERCHANTS")) / 2
  date = os.date("!%Y-%m-%d")
  headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. os.getenv("TOKEN") }
  local rate = tonumber(os.getenv("RATE"))
  if rate > 0 then
    every = 1000 * tonumber(os.getenv("THREADS")) / rate
    delay = wait
  end
end

-- Milliseconds until the next request.
function wait()
  if due == 0 then
    due = now()
  end
  due = due + every
  return math.max(0, math.floor(due - now()))
end

local body = '{"acquirerId":"48201000","merchantId":"M%06d","terminalId":"T%07d","batchNo":"%06d","stan":"%06d","rrn":"%012d",'
  .. '"localDate":"%s","type":"SALE","amountMinor":%d,"currency":"CNY","capturedAt":"%sT10:00:00Z"}'

function request()
  n = n + 1
  local merchant = 1 + (n % pairsOfMerchants) * 2 + id
  local text = string.format(body, merchant, merchant, round, math.floor(n / pairsOfMerchants), n, date, 100 + n % 100000, date)
  return wrk.format("POST", "/v1/transactions", headers, text)
end
