-- wrk's script: one transaction for each request, never the same twice. TOKEN and ROUND come from the environment.
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  n = 0
  round = tonumber(os.getenv("ROUND"))
  date = os.date("!%Y-%m-%d")
  headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. os.getenv("TOKEN") }
end

local body = '{"acquirerId":"48201000","merchantId":"M%06d","terminalId":"T%07d","batchNo":"%06d","stan":"%06d","rrn":"%012d",'
  .. '"localDate":"%s","type":"SALE","amountMinor":%d,"currency":"CNY","capturedAt":"%sT10:00:00Z"}'

function request()
  n = n + 1
  local merchant = 1 + (n % 100) * 2 + id
  local text = string.format(body, merchant, merchant, round, math.floor(n / 100), n, date, 100 + n % 100000, date)
  return wrk.format("POST", "/v1/transactions", headers, text)
end
