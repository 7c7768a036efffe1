-- What bench/load.py reads. Any answer but the page's own is an error, a redirect of a page that answers 200 included.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("others", 0)
end

function init(args)
  expected = tonumber(args[1]) or 200
end

function response(status, headers, body)
  if status ~= expected then others = others + 1 end
end

function done(summary, latency, requests)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do errors = errors + thread:get("others") end
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "p50": %f, "p95": %f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, errors))
end
