-- wrk's script: one transaction for each request, never the same twice, by a bearer token (MODE=token) or signed with an API key (MODE=signed).
-- Every request is signed in both, and in one the signature is not sent: what the client spends is the same, and the difference is the router's.
-- TOKEN, KEY (id:base64), BATCH and MERCHANTS come from the environment.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct evp_md_st EVP_MD;
  const EVP_MD *EVP_sha256(void);
  unsigned char *SHA256(const unsigned char *d, size_t n, unsigned char *md);
  unsigned char *HMAC(const EVP_MD *md, const void *key, int key_len, const unsigned char *d, size_t n, unsigned char *out, unsigned int *len);
  int EVP_EncodeBlock(unsigned char *t, const unsigned char *f, int n);
  int EVP_DecodeBlock(unsigned char *t, const unsigned char *f, int n);
]]
local crypto = ffi.load("crypto.so.3")
local hash = ffi.new("unsigned char[32]")
local text = ffi.new("unsigned char[64]")
local length = ffi.new("unsigned int[1]")
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

local body = '{"acquirerId":"48201000","merchantId":"M%06d","terminalId":"T%07d","batchNo":"%06d","stan":"%06d","rrn":"%012d",'
  .. '"localDate":"%s","type":"SALE","amountMinor":%d,"currency":"CNY","capturedAt":"%sT10:00:00Z"}'

local function base64()
  return ffi.string(text, crypto.EVP_EncodeBlock(text, hash, 32))
end

function init(args)
  n = 0
  batch = tonumber(os.getenv("BATCH"))
  merchants = tonumber(os.getenv("MERCHANTS"))
  date = os.date("!%Y-%m-%d")
  signed = os.getenv("MODE") == "signed"
  local key_id, base = os.getenv("KEY"):match("^([^:]+):(.+)$")
  key = ffi.new("unsigned char[48]")
  crypto.EVP_DecodeBlock(key, base, #base)
  sha256 = crypto.EVP_sha256()
  parameters = '("@method" "@path" "@query" "content-digest");created=%d;keyid="' .. key_id .. '";nonce="%d-%012d"'
  to_sign = '"@method": POST\n"@path": /v1/transactions\n"@query": ?\n"content-digest": sha-256=:%s:\n"@signature-params": %s'
  frame = "POST /v1/transactions HTTP/1.1\r\nHost: " .. wrk.host .. "\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s"
  by_token = "Authorization: Bearer " .. os.getenv("TOKEN") .. "\r\n"
  by_key = "Content-Digest: sha-256=:%s:\r\nSignature-Input: sig1=%s\r\nSignature: sig1=:%s:\r\n"
end

function request()
  n = n + 1
  local each = merchants / 2
  local merchant = 1 + (n % each) * 2 + id
  local sale = string.format(body, merchant, merchant, batch, math.floor(n / each), n, date, 100000 + n % 100000, date)
  crypto.SHA256(sale, #sale, hash)
  local digest = base64()
  local input = string.format(parameters, os.time(), id, n)
  local base = string.format(to_sign, digest, input)
  crypto.HMAC(sha256, key, 32, base, #base, hash, length)
  local headers = string.format(by_key, digest, input, base64())
  return string.format(frame, #sale, signed and headers or by_token, sale)
end
